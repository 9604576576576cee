//! Messages of one text, as in `TaskID { value }`.

use super::wire::{Fields, Result, some_text};
use crate::event::Text;

/// The one text field of a message.
#[inline]
pub(super) fn id(message: &[u8], wanted: u32) -> Result<Option<Text<'_>>> {
    id_bytes(message, wanted).map(some_text)
}

/// Its bytes; none where it is absent.
#[inline]
pub(super) fn id_bytes(message: &[u8], wanted: u32) -> Result<&[u8]> {
    sole(message, wanted).map_or_else(|| one_of_several(message, wanted), Ok)
}

/// What is in the one field of a message that has no other, as it is with nearly all ids.
#[inline]
fn sole(message: &[u8], wanted: u32) -> Option<&[u8]> {
    // A tag and a length of one byte each.
    let [tag @ 0..0x80, length @ 0..0x80, value @ ..] = message else { return None };
    (u32::from(*tag) == wanted << 3 | 2 && usize::from(*length) == value.len()).then_some(value)
}

fn one_of_several(message: &[u8], wanted: u32) -> Result<&[u8]> {
    let mut found: &[u8] = &[];
    for field in Fields::of(message) {
        let (number, value) = field?;
        if number == wanted {
            found = value.bytes()?;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Of bytes that are nearly a message of one field, and of any others.
        #[test]
        fn an_id_is_read_the_same_at_once(
            tag in 0_u8..=0x92, length in 0_u8..=0x81, rest: Vec<u8>, fits: bool, wanted in 1_u32..20
        ) {
            let length = if fits { rest.len() as u8 } else { length };
            let mut message = vec![tag, length];
            message.extend(&rest);
            let as_wanted = [&[(wanted << 3 | 2) as u8], &message[1..]].concat();
            for message in [&message, &as_wanted, &rest] {
                proptest::prop_assert_eq!(id_bytes(message, wanted), one_of_several(message, wanted));
            }
        }
    }
}
