//! Where a value begins and ends: after a name, in quotes, in brackets.

use std::ops::Range;

use super::scrub::MARKER;

/// A quote: the character, and how many backslashes are in front of it where it stands in a text that is quoted itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) byte: u8,
    escapes: usize,
}

/// Ends a word, whatever it is.
pub(super) fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>')
}

/// The quote that begins there, and how long it is.
pub(super) fn quote(text: &[u8], at: usize) -> Option<(Quote, usize)> {
    // In what is quoted three times there are seven; more is no quoting.
    let escapes = text[at..].iter().take(8).take_while(|byte| **byte == b'\\').count();
    let byte = *text.get(at + escapes)?;
    matches!(byte, b'"' | b'\'' | b'`').then_some((Quote { byte, escapes }, escapes + 1))
}

/// The quote in front of that place.
pub(super) fn quote_before(text: &[u8], at: usize) -> Option<Quote> {
    let byte = *text[..at].last()?;
    let escapes = text[..at - 1].iter().rev().take(8).take_while(|byte| **byte == b'\\').count();
    matches!(byte, b'"' | b'\'' | b'`').then_some(Quote { byte, escapes })
}

impl Quote {
    /// Where what it quotes ends, and where its other end does. Both are the end of the text where there is none.
    pub(super) fn close(self, text: &[u8], from: usize) -> (usize, usize) {
        let mut escapes = 0;
        for (at, byte) in (from..).zip(&text[from..]) {
            if *byte == b'\\' {
                escapes += 1;
                continue;
            }
            // A quote within has its own backslash, and so has each backslash; all of them have been escaped as often as
            // the quotes were.
            let within =
                escapes > self.escapes && !(escapes - self.escapes).is_multiple_of(2 * (self.escapes + 1));
            if *byte == self.byte && !within {
                return (at - escapes.min(self.escapes), at + 1);
            }
            escapes = 0;
        }
        (text.len(), text.len())
    }
}

/// What is between a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Separator {
    /// Where the value begins.
    pub(super) end: usize,
    /// A colon, not an equals sign.
    pub(super) colon: bool,
    /// The quote that the name is in.
    pub(super) quote: Option<Quote>,
}

/// `=`, `:`, `: `, ` = `, `=>`, `":"`, behind a name that ends there.
pub(super) fn separator(text: &[u8], from: usize) -> Option<Separator> {
    let mut at = from;
    let named = quote(text, at);
    if let Some((_, length)) = named {
        at += length;
    }
    at += usize::from(text.get(at) == Some(&b']'));
    at = skip_blanks(text, at);
    let colon = match text.get(at)? {
        b':' => true,
        b'=' => false,
        _ => return None,
    };
    at += 1;
    match text.get(at) {
        // `scope::name`, `scheme://`.
        Some(b':') if colon => return None,
        Some(b'/') if colon && text.get(at + 1) == Some(&b'/') => return None,
        Some(b'=' | b'>') => at += 1,
        _ => {}
    }
    Some(Separator { end: skip_blanks(text, at), colon, quote: named.map(|(quote, _)| quote) })
}

/// What is between a flag and its value where no equals sign is: blanks, `", "` of a list in JSON, `" arguments: "` of protobuf's text.
pub(super) fn flag_separator(text: &[u8], from: usize) -> Option<usize> {
    const ARGUMENT: &[u8] = b"arguments:";
    let Some((_, length)) = quote(text, from) else {
        let at = skip_blanks(text, from);
        return (at > from && text.get(at).is_some_and(|byte| *byte != b'-')).then_some(at);
    };
    let mut at = skip_blanks(text, from + length);
    if text.get(at) == Some(&b',') {
        at = skip_blanks(text, at + 1);
    } else if text[at..].starts_with(ARGUMENT) {
        at = skip_blanks(text, at + ARGUMENT.len());
    } else if at == from + length {
        return None;
    }
    // Within the quotes a dash would be the next flag's.
    let (_, length) = quote(text, at)?;
    text.get(at + length).is_some_and(|byte| *byte != b'-').then_some(at)
}

pub(super) fn skip_blanks(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// A value that begins there: without its quotes, and what of it is still the value when it has none.
pub(super) fn value(text: &[u8], from: usize, escaped: bool) -> Range<usize> {
    if text[from..].starts_with(MARKER.as_bytes()) {
        return word(text, from);
    }
    match text.get(from) {
        Some(b'{' | b'[') => bracket(text, from, escaped),
        _ => match quote(text, from) {
            Some((quote, length)) => {
                let (end, after) = quote.close(text, from + length);
                if quote.escapes > 0 {
                    return from + length..end;
                }
                let joined = joined(text, after);
                if joined > after { from..joined } else { from + length..end }
            }
            None => word(text, from),
        },
    }
}

/// Where what a shell joins ends: "a"'b'c is one word.
fn joined(text: &[u8], mut at: usize) -> usize {
    loop {
        let next = match quote(text, at) {
            Some((quote, length)) => quote.close(text, at + length).1,
            None if text.get(at).is_some_and(u8::is_ascii_alphanumeric) => word(text, at).end,
            None => return at,
        };
        at = next.max(at + 1).min(text.len());
    }
}

/// A word, without the punctuation behind it.
pub(super) fn word(text: &[u8], from: usize) -> Range<usize> {
    let mut end = from.min(text.len());
    while let Some(&byte) = text.get(end) {
        if byte == b'\\' {
            match text.get(end + 1) {
                // The end of what is quoted around it.
                Some(b'"' | b'\'' | b'`' | b'\\') => break,
                Some(b' ') => end += 1,
                _ => {}
            }
        } else if ends_word(byte) {
            break;
        }
        end += 1;
    }
    while end > from
        && matches!(text[end - 1], b',' | b';' | b')' | b']' | b'}')
        && !text[from..end].ends_with(MARKER.as_bytes())
    {
        end -= 1;
    }
    from..end
}

/// From a bracket to the one that closes it.
fn bracket(text: &[u8], from: usize, escaped: bool) -> Range<usize> {
    let (mut depth, mut quoted, mut escapes) = (0_usize, false, 0_usize);
    for (at, byte) in (from..).zip(&text[from..]) {
        match byte {
            b'\\' => {
                escapes += 1;
                continue;
            }
            b'"' if escaped || usize::is_multiple_of(escapes, 2) => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return from..at + 1;
                }
            }
            _ => {}
        }
        escapes = 0;
    }
    from..text.len()
}
