//! Text from strangers, made harmless to a terminal and to the eye.

use std::borrow::Cow;

/// The text with everything escaped, as `\u{1b}`, that is not seen as itself: controls (ESC, newlines, C1), marks that turn the direction of writing, and
/// characters without width.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    escape_into(&mut shown, text, |_| false);
    Cow::Owned(shown)
}

/// A value that cannot be taken for more than one: as it is where it is one plain word, in quotes otherwise, with quotes, backslashes and hidden characters
/// escaped.
#[must_use]
pub fn quoted(value: &str) -> Cow<'_, str> {
    let plain = |c: char| !c.is_whitespace() && c != '"' && !is_hidden(c);
    if !value.is_empty() && value.chars().all(plain) {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(in_quotes(value))
    }
}

/// A value among others with commas between them.
pub(super) fn element(value: &str) -> Cow<'_, str> {
    if value.contains(',') { Cow::Owned(in_quotes(value)) } else { quoted(value) }
}

fn in_quotes(value: &str) -> String {
    let mut shown = String::with_capacity(value.len() + 16);
    shown.push('"');
    escape_into(&mut shown, value, |c| matches!(c, '"' | '\\'));
    shown.push('"');
    shown
}

fn escape_into(shown: &mut String, text: &str, backslash: impl Fn(char) -> bool) {
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            if backslash(c) {
                shown.push('\\');
            }
            shown.push(c);
        }
    }
}

/// Whether a terminal would act on it or show nothing, or a reader could not tell it from a space.
fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || (c.is_whitespace() && c != '\u{3000}')
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hidden_characters_are_shown() {
        for (text, shown) in [
            ("plain", "plain"),
            ("Grüße-日本", "Grüße-日本"),
            (r"CORP\alice", r"CORP\alice"),
            ("", r#""""#),
            ("two words", r#""two words""#),
            ("\x1b[31mred", r#""\u{1b}[31mred""#),
            ("a\nb\r\t\0\u{7f}\u{9b}", r#""a\u{a}b\u{d}\u{9}\u{0}\u{7f}\u{9b}""#),
            ("\u{202e}evil\u{2066}\u{200b}\u{2028}", r#""\u{202e}evil\u{2066}\u{200b}\u{2028}""#),
            (r#"x" outcome "y\"#, r#""x\" outcome \"y\\""#),
            // Not the same as a real escape, which is in quotes.
            (r"\u{1b}", r"\u{1b}"),
        ] {
            assert_eq!(quoted(text), shown);
        }
        assert_eq!(printable("no quotes\nhere"), r"no quotes\u{a}here");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text: String, odd in "[\\p{C}\\p{Z}\\p{M}]{0,8}") {
            for text in [text, odd] {
                for shown in [printable(&text), quoted(&text)] {
                    prop_assert!(!shown.contains(is_hidden));
                    prop_assert_eq!(shown.lines().count().max(1), 1);
                }
            }
        }
    }
}
