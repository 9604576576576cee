//! Strings as JSON has them, appended to a buffer that grows. The JSON encoder has its own way, which is faster: the
//! tests hold the two alike.

/// Appends `text` as a JSON string. Escapes what JSON demands (RFC 8259: `"`, `\` and below U+0020), DEL and C1, which
/// terminals obey, and U+2028 and U+2029, which end lines.
pub(crate) fn push(text: &str, into: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    into.reserve(bytes.len() + 2);
    into.push(b'"');
    // Nearly all texts need no escape at all.
    if is_clean(bytes) {
        into.extend_from_slice(bytes);
    } else {
        slowly(text, into);
    }
    into.push(b'"');
}

/// How many bytes that appends.
pub(crate) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let longer = |of: char| instead(of, &mut [0; 6]).map_or(0, |escape| escape.len() - of.len_utf8());
    let more = if is_clean(bytes) { 0 } else { text.chars().map(longer).sum() };
    bytes.len() + 2 + more
}

/// No loop here has a branch in it, so the compiler makes them of wide instructions.
fn is_clean(bytes: &[u8]) -> bool {
    let any = |bytes: &[u8]| bytes.iter().fold(0, |any, byte| any | u8::from(needs_escape(*byte)));
    let (chunks, rest) = bytes.as_chunks::<16>();
    chunks.iter().fold(any(rest), |found, chunk| found | any(chunk)) == 0
}

/// Whether a byte needs an escape, or may be part of a character that does. Without `||`: a branch per byte would keep the
/// compiler from looking at all of a chunk at once.
const fn needs_escape(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte >= 0x7f)
}

fn slowly(text: &str, into: &mut Vec<u8>) {
    for each in text.chars() {
        match instead(each, &mut [0; 6]) {
            Some(escape) => into.extend_from_slice(escape),
            None => into.extend_from_slice(each.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// What is written for a character that cannot be written as it is.
pub(crate) fn instead(of: char, room: &mut [u8; 6]) -> Option<&[u8]> {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    Some(match of {
        '"' => b"\\\"",
        '\\' => b"\\\\",
        '\n' => b"\\n",
        '\r' => b"\\r",
        '\t' => b"\\t",
        _ if of.is_control() || matches!(of, '\u{2028}' | '\u{2029}') => {
            *room = *b"\\u0000";
            for (place, shift) in room[2..].iter_mut().zip([12, 8, 4, 0]) {
                *place = HEX[(u32::from(of) >> shift & 15) as usize];
            }
            room
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut bytes = Vec::new();
        push(text, &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_must_be_escaped_is() {
        assert_eq!(escaped("a\"b\\c\n\r\t\u{1b}\u{7f}\u{0}é"), r#""a\"b\\c\n\r\t\u001b\u007f\u0000é""#);
        assert_eq!(escaped(""), "\"\"");
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_read_back(text in "(\\PC|[\u{0}-\u{a0}\u{2027}-\u{202a}]){0,80}") {
            let json = escaped(&text);
            proptest::prop_assert_eq!(length(&text), json.len());
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            let obeyed = |c: char| c.is_control() || ['\u{2028}', '\u{2029}'].contains(&c);
            proptest::prop_assert!(!json.contains(obeyed));
        }
    }
}
