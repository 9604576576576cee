//! Strings as JSON has them, appended to a buffer that grows. The JSON encoder has its own way, which is faster: the
//! tests hold the two alike.

/// Appends `text` as a JSON string. Escapes what JSON demands (RFC 8259: `"`, `\` and below U+0020) and DEL, which
/// terminals obey.
pub(crate) fn push(text: &str, into: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    into.reserve(bytes.len() + 2);
    into.push(b'"');
    // Nearly all texts need no escape at all.
    if is_clean(bytes) {
        into.extend_from_slice(bytes);
    } else {
        slowly(bytes, into);
    }
    into.push(b'"');
}

/// How many bytes that appends.
pub(crate) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let escaped = |byte: &u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 1,
        byte => 5 * usize::from(needs_escape(*byte)),
    };
    let more = if is_clean(bytes) { 0 } else { bytes.iter().map(escaped).sum() };
    bytes.len() + 2 + more
}

/// No loop here has a branch in it, so the compiler makes them of wide instructions.
fn is_clean(bytes: &[u8]) -> bool {
    let any = |bytes: &[u8]| bytes.iter().fold(0, |any, byte| any | u8::from(needs_escape(*byte)));
    let (chunks, rest) = bytes.as_chunks::<16>();
    chunks.iter().fold(any(rest), |found, chunk| found | any(chunk)) == 0
}

/// Without `||`: a branch per byte would keep the compiler from looking at all of a chunk at once.
const fn needs_escape(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f)
}

fn slowly(bytes: &[u8], into: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        match byte {
            b'"' => into.extend_from_slice(b"\\\""),
            b'\\' => into.extend_from_slice(b"\\\\"),
            b'\n' => into.extend_from_slice(b"\\n"),
            b'\r' => into.extend_from_slice(b"\\r"),
            b'\t' => into.extend_from_slice(b"\\t"),
            control if needs_escape(*control) => {
                into.extend_from_slice(b"\\u00");
                into.push(HEX[usize::from(control >> 4)]);
                into.push(HEX[usize::from(control & 15)]);
            }
            plain => into.push(*plain),
        }
    }
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
        fn every_text_is_read_back(text in "(\\PC|[\u{0}-\u{80}]){0,80}") {
            let json = escaped(&text);
            proptest::prop_assert_eq!(length(&text), json.len());
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            proptest::prop_assert!(!json.bytes().any(|byte| byte < 0x20 || byte == 0x7f));
        }
    }
}
