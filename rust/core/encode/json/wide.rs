//! Short texts, copied and looked at many bytes at a time.
//!
//! Ours have some thirty bytes: a call of memcpy, and a loop over what wide instructions leave, take longer than all of this.

use super::escape::needs_escape;

/// Bytes that are looked at together.
const WIDE: usize = 16;

/// Copies a text that is short and needs no escape. Tells whether it did; if not, what it wrote is nothing. Both are of one length.
#[inline]
pub(super) fn copy_clean(from: &[u8], to: &mut [u8]) -> bool {
    let copied = match from.len() {
        ..4 | 65.. => None,
        32.. => ends::<32>(from, to),
        16.. => ends::<16>(from, to),
        8.. => ends::<8>(from, to),
        4.. => ends::<4>(from, to),
    };
    copied.is_some()
}

/// Of `N` to `2 * N` bytes: the first and the last, which overlap.
#[inline]
fn ends<const N: usize>(from: &[u8], to: &mut [u8]) -> Option<()> {
    let (first, last) = (from.first_chunk::<N>()?, from.last_chunk::<N>()?);
    *to.first_chunk_mut()? = *first;
    *to.last_chunk_mut()? = *last;
    let marked = if N < WIDE {
        let mut both = [b' '; WIDE];
        both[..N].copy_from_slice(first);
        both[WIDE - N..].copy_from_slice(last);
        is_marked(&both)
    } else {
        let wide =
            |bytes: &[u8; N]| bytes.as_chunks().0.iter().fold(false, |found, wide| found | is_marked(wide));
        wide(first) | wide(last)
    };
    (!marked).then_some(())
}

pub(super) fn is_clean(bytes: &[u8]) -> bool {
    let (wide, rest) = bytes.as_chunks();
    !wide.iter().any(is_marked) && !rest.iter().any(|byte| needs_escape(*byte))
}

/// Whether any of the bytes needs an escape.
#[cfg(target_arch = "x86_64")]
#[inline]
fn is_marked(bytes: &[u8; WIDE]) -> bool {
    use safe_arch::{
        cmp_eq_mask_i8_m128i as equal, cmp_lt_mask_i8_m128i as less, load_unaligned_m128i as load,
        move_mask_i8_m128i as marks, set_splat_i8_m128i as all,
    };
    let bytes = load(bytes);
    let is = |byte: u8| equal(bytes, all(byte.cast_signed()));
    // Signed: what is no ASCII is less as well.
    marks(less(bytes, all(0x20)) | is(0x7f) | is(b'"') | is(b'\\')) != 0
}

#[cfg(not(target_arch = "x86_64"))]
use portable::is_marked;

/// The same on any processor.
#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable {
    use super::WIDE;

    pub(super) fn is_marked(bytes: &[u8; WIDE]) -> bool {
        bytes.as_chunks().0.iter().fold(0, |found, word| found | marks(*word)) != 0
    }

    /// Not zero if any of the bytes needs an escape. A borrow that runs into the next byte can mark it wrongly, but only from one that
    /// is marked rightly.
    const fn marks(bytes: [u8; 8]) -> u64 {
        const ONES: u64 = u64::from_ne_bytes([1; 8]);
        const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
        // Wrong above 0x80, where the word's own top bit is set already.
        const fn less(word: u64, than: u8) -> u64 {
            word.wrapping_sub(ONES * than as u64)
        }
        let word = u64::from_ne_bytes(bytes);
        let quote = less(word ^ (ONES * b'"' as u64), 1);
        let backslash = less(word ^ (ONES * b'\\' as u64), 1);
        let delete = less(word ^ (ONES * 0x7f), 1);
        (less(word, 0x20) | quote | backslash | delete | word) & TOPS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it is clean, which whoever copies must say as well; and then it is copied.
    fn clean(bytes: &[u8]) -> bool {
        let mut to = vec![0; bytes.len()];
        let copied = copy_clean(bytes, &mut to);
        assert!(!copied || to == bytes);
        assert_eq!(copied, is_clean(bytes) && (4..=64).contains(&bytes.len()), "{bytes:?}");
        is_clean(bytes)
    }

    #[test]
    fn one_bad_byte_is_found_wherever_it_is() {
        for length in 0..150 {
            for good in [b' ', b'!', b'#', b'[', b']', b'~'] {
                assert!(clean(&vec![good; length]));
            }
            for at in 0..length {
                for bad in [0, 0x1f, b'"', b'\\', 0x7f, 0x80, 0xc2, 0xff] {
                    let mut bytes = vec![b'~'; length];
                    bytes[at] = bad;
                    assert!(!clean(&bytes), "{bad} at {at} of {length}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn all_is_judged_as_byte_by_byte(bytes: Vec<u8>, good in "[ !#-Z^-~]{0,100}", at: usize, bad: u8) {
            let mut nearly = good.clone().into_bytes();
            if let Some(place) = at.checked_rem(nearly.len()) {
                nearly[place] = bad;
            }
            for bytes in [bytes, good.into_bytes(), nearly] {
                proptest::prop_assert_eq!(clean(&bytes), !bytes.iter().any(|byte| needs_escape(*byte)));
            }
        }

        #[test]
        fn every_processor_marks_the_same(bytes: [u8; WIDE], at in 0..WIDE, good in "[ !#-Z^-~]{16}") {
            let mut nearly: [u8; WIDE] = good.as_bytes().try_into().unwrap();
            nearly[at] = bytes[at];
            for bytes in [bytes, nearly] {
                let marked = bytes.iter().any(|byte| needs_escape(*byte));
                proptest::prop_assert_eq!((is_marked(&bytes), portable::is_marked(&bytes)), (marked, marked));
            }
        }
    }
}
