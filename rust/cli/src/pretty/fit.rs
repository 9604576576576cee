//! A pretty line in the width of a terminal: one event stays one row.

use unicode_width::UnicodeWidthChar;

/// The columns of the terminal that stdout is; none where it is something else.
#[must_use]
pub fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Shortens Mesos's ids to their first eight digits and cuts what does not fit, with an ellipsis. Styles cost no width, and are ended.
#[must_use]
pub fn fit(line: &str, width: usize) -> String {
    let mut fitted = String::with_capacity(line.len());
    let (mut room, mut styled, mut rest) = (width, false, line);
    while let Some(next) = rest.chars().next() {
        if let Some(length) = style(rest) {
            fitted.push_str(&rest[..length]);
            styled = true;
            rest = &rest[length..];
            continue;
        }
        let (piece, after) = match uuid(rest) {
            Some(length) => (format!("{}\u{2026}", &rest[..8]), &rest[length..]),
            None => (next.to_string(), &rest[next.len_utf8()..]),
        };
        let needed: usize = piece.chars().map(|c| c.width().unwrap_or(0)).sum();
        // The last column is the ellipsis's, unless nothing comes after.
        if needed > room || (needed == room && has_text(after)) {
            fitted.push('\u{2026}');
            if styled {
                fitted.push_str("\u{1b}[0m");
            }
            return fitted;
        }
        room -= needed;
        fitted.push_str(&piece);
        rest = after;
    }
    fitted
}

/// The length of a style's sequence (`ESC [ ... m`) at the beginning. Values have none: they are neutralised before.
fn style(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\u{1b}[")?;
    let end = body.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    (body.as_bytes()[end] == b'm').then_some(end + 3)
}

fn has_text(mut text: &str) -> bool {
    while let Some(length) = style(text) {
        text = &text[length..];
    }
    !text.is_empty()
}

/// The length of a UUID at the beginning. Mesos's ids begin with one.
fn uuid(text: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(..36)?;
    let fits = |(index, byte): (usize, &u8)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    bytes.iter().enumerate().all(fits).then_some(36)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_shortened_and_long_lines_cut() {
        let id = "db1fde3d-5a55-4e71-b3f3-8378640ea99a-0001";
        assert_eq!(fit(&format!("framework {id} done"), 80), "framework db1fde3d\u{2026}-0001 done");
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abcde\u{2026}");
        assert_eq!(fit("\u{1b}[1mabcdefg\u{1b}[0m", 6), "\u{1b}[1mabcde\u{2026}\u{1b}[0m");
        assert_eq!(fit("\u{1b}[1mabcdef\u{1b}[0m", 6), "\u{1b}[1mabcdef\u{1b}[0m");
    }

    proptest::proptest! {
        #[test]
        fn never_wider(line in "(\\PC|\u{1b}\\[[0-9;]{1,4}m){0,60}", width in 1..80_usize) {
            let plain: String = fit(&line, width).split("\u{1b}[").enumerate().map(|(index, part)| {
                if index == 0 { part.to_owned() } else { part.split_once('m').map_or("", |(_, text)| text).to_owned() }
            }).collect();
            let columns: usize = plain.chars().map(|c| c.width().unwrap_or(0)).sum();
            proptest::prop_assert!(columns <= width, "{columns} > {width}: {plain:?}");
        }
    }
}
