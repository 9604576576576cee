//! Strings, quoted and escaped.

use super::wide::{copy_clean, is_clean};
use crate::format::escape::instead;

/// Writes `text` as a JSON string and returns the room that is left; none where there is too little. Escapes what
/// JSON demands (RFC 8259: `"`, `\` and below U+0020), DEL and C1, which terminals obey, and U+2028 and U+2029, which
/// end lines.
///
/// Of nearly all texts this is all, and it calls nothing.
#[inline]
pub(super) fn write<'r>(text: &str, room: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let bytes = text.as_bytes();
    let [open, inside @ .., close] = room.get_mut(..bytes.len() + 2)? else { return None };
    (*open, *close) = (b'"', b'"');
    if copy_clean(bytes, inside) { room.get_mut(bytes.len() + 2..) } else { carefully(text, room) }
}

/// The same, of whatever length, and whatever is in it.
#[inline(never)]
fn carefully<'r>(text: &str, room: &'r mut [u8]) -> Option<&'r mut [u8]> {
    if is_clean(text.as_bytes()) {
        put(b"\"", put(text.as_bytes(), put(b"\"", room)?)?)
    } else {
        slowly(text, room)
    }
}

/// Or may be part of a character that does: all that is no ASCII is looked at slowly.
#[inline]
pub(super) const fn needs_escape(byte: u8) -> bool {
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
