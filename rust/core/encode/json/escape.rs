//! Strings, quoted and escaped.

use crate::format::escape::instead;

/// Writes `text` as a JSON string and returns the room that is left; none where there is too little. Escapes what
/// JSON demands (RFC 8259: `"`, `\` and below U+0020), DEL and C1, which terminals obey, and U+2028 and U+2029, which
/// end lines.
#[inline]
pub(super) fn write<'r>(text: &str, room: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let bytes = text.as_bytes();
    // Nearly all texts need no escape at all.
    if !is_clean(bytes) {
        return slowly(text, room);
    }
    let (quoted, rest) = room.split_at_mut_checked(bytes.len() + 2)?;
    quoted[0] = b'"';
    quoted[1..=bytes.len()].copy_from_slice(bytes);
    quoted[bytes.len() + 1] = b'"';
    Some(rest)
}

/// Eight at a time, as ordinary numbers: of a loop over bytes the compiler makes wide instructions that pay on long
/// texts only, and ours have some thirty bytes.
#[inline]
fn is_clean(bytes: &[u8]) -> bool {
    let (chunks, _) = bytes.as_chunks::<8>();
    if let Some(last) = bytes.last_chunk::<8>() {
        // What the chunks leave, and some of what they have.
        chunks.iter().fold(marks(*last), |found, chunk| found | marks(*chunk)) == 0
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let mut both = [0; 8];
        both[..4].copy_from_slice(first);
        both[4..].copy_from_slice(last);
        marks(both) == 0
    } else {
        !bytes.iter().any(|byte| needs_escape(*byte))
    }
}

/// Not zero if any of the bytes needs an escape, or may be part of a character that does: all that is no ASCII is looked at
/// slowly. A borrow that runs into the next byte can mark it wrongly, but only from one that is marked rightly.
#[inline]
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

#[inline]
const fn needs_escape(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte >= 0x7f)
}

#[cold]
fn slowly<'r>(text: &str, room: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let mut rest = put(b"\"", room)?;
    let mut done = 0;
    for (at, each) in text.char_indices() {
        if let Some(escape) = instead(each, &mut [0; 6]) {
            rest = put(escape, put(&text.as_bytes()[done..at], rest)?)?;
            done = at + each.len_utf8();
        }
    }
    put(b"\"", put(&text.as_bytes()[done..], rest)?)
}

/// Writes bytes as they are and returns the room that is left.
#[inline]
pub(super) fn put<'r>(bytes: &[u8], room: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let (place, rest) = room.split_at_mut_checked(bytes.len())?;
    place.copy_from_slice(bytes);
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut room = vec![0; 6 * text.len() + 2];
        let rest = write(text, &mut room).unwrap().len();
        room.truncate(room.len() - rest);
        String::from_utf8(room).unwrap()
    }

    #[test]
    fn what_must_be_escaped_is() {
        assert_eq!(escaped("a\"b\\c\n\r\t\u{1b}\u{7f}\u{0}é"), r#""a\"b\\c\n\r\t\u001b\u007f\u0000é""#);
        assert_eq!(escaped(""), "\"\"");
        let ends = "\u{80}\u{9b}\u{9f}\u{a0}\u{2027}\u{2028}\u{2029}\u{202a}";
        assert_eq!(escaped(ends), "\"\\u0080\\u009b\\u009f\u{a0}\u{2027}\\u2028\\u2029\u{202a}\"");
    }

    #[test]
    fn one_bad_byte_is_found_wherever_it_is() {
        for length in 1..70 {
            for good in [b' ', b'!', b'#', b'[', b']', b'~'] {
                assert!(is_clean(&vec![good; length]));
            }
            for at in 0..length {
                for bad in [0, 0x1f, b'"', b'\\', 0x7f, 0x80, 0xc2, 0xff] {
                    let mut bytes = vec![b'~'; length];
                    bytes[at] = bad;
                    assert!(!is_clean(&bytes), "{bad} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        for text in ["abc", "a\nb", "\u{1}", "0123456789abcdef"] {
            let length = escaped(text).len();
            for room in 0..length {
                assert!(write(text, &mut vec![0; room]).is_none());
            }
            assert_eq!(write(text, &mut vec![0; length]).map(|rest| rest.len()), Some(0));
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_read_back(text in "(\\PC|[\u{0}-\u{a0}\u{2027}-\u{202a}]){0,80}") {
            let json = escaped(&text);
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            let obeyed = |c: char| c.is_control() || ['\u{2028}', '\u{2029}'].contains(&c);
            proptest::prop_assert!(!json.contains(obeyed));
        }
    }
}
