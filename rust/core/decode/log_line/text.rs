//! How much of a line is kept, and what it names.
//!
//! A line is made of Mesos's own words and of what others chose: names, ids, addresses, errors. Some lines end in a whole
//! message as protobuf prints it, environment and all. Those are cut before it: by what is known about the line, and, where
//! nothing is, by how such a print looks.

use std::net::SocketAddr;

/// The part of a line that is kept, and whether that is not all.
pub(super) fn kept<'a>(text: &'a str, ends_at: Option<&str>) -> (&'a str, bool) {
    let whole = unframed(text.trim());
    let mut end = whole.find(['\n', '\r']).unwrap_or(whole.len());
    let is_dumped = end < whole.len() && whole[end..].lines().any(is_printed_field);
    let line = &whole[..end];
    if let Some(last) = ends_at {
        end = line.find(last).map_or(end, |at| at + last.len());
    }
    for at in [line.find("{\""), printed_message(line), is_dumped.then(|| printed_text(line)).flatten()] {
        end = end.min(at.unwrap_or(end));
    }
    let kept = line[..end].trim_end();
    (kept, kept.len() < whole.len())
}

/// Without the row of asterisks over it: Mesos's warnings at the start stand between two.
fn unframed(text: &str) -> &str {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().bytes().all(|byte| byte == b'*') => rest.trim_start(),
        _ => text,
    }
}

/// `name: "..."` or `name {`, alone on its line.
fn is_printed_field(line: &str) -> bool {
    let line = line.trim();
    let name = line.trim_start_matches(is_of_name);
    name.len() < line.len() && (name == " {" || name.starts_with(": ")) || line == "}"
}

/// Where the first `name {` begins.
fn printed_message(line: &str) -> Option<usize> {
    line.match_indices(" {").find_map(|(at, _)| name_before(line, at))
}

/// Where the first `name: "` begins.
fn printed_text(line: &str) -> Option<usize> {
    line.match_indices(": \"").find_map(|(at, _)| name_before(line, at))
}

/// Where the field's name that ends at `at` begins, if there is one.
fn name_before(line: &str, at: usize) -> Option<usize> {
    let start = line[..at].trim_end_matches(is_of_name).len();
    (start < at).then_some(start)
}

/// Fields of Mesos's messages have small letters, digits and underscores.
fn is_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

/// The first libprocess address in the text after one of the words; `id@ip:port`, as Mesos prints a UPID.
pub(super) fn peer<'a>(text: &'a str, after: &[&str]) -> Option<&'a str> {
    after.iter().find_map(|word| {
        let (_, rest) = text.split_once(word)?;
        let token = &rest[..rest.find([' ', '\'']).unwrap_or(rest.len())];
        let at = token.find('@')? + 1;
        // A principal may come right behind it, in parentheses.
        let is_of_socket = |c: char| c.is_ascii_hexdigit() || "[].:".contains(c);
        let end = at + token[at..].find(|c| !is_of_socket(c)).unwrap_or(token.len() - at);
        let upid = token[..end].trim_end_matches(':');
        upid[at..].parse::<SocketAddr>().ok().map(|_| upid)
    })
}

/// What is between two texts, each of which is there once only: what somebody chose, and put one of them into, is not
/// taken for Mesos's words.
pub(super) fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    let (found, rest) = rest.split_once(behind)?;
    (!rest.contains(behind) && !found.contains(before)).then_some(found).filter(|found| !found.is_empty())
}

/// A word: no space in it.
pub(super) fn word_after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    let end = rest.find([' ', ':', ',']).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_messages_are_cut_off() {
        for (text, expected) in [
            ("Agent lost", "Agent lost"),
            ("\n**** DEADLOCK ****\nmore", "**** DEADLOCK ****"),
            ("Failed: name: \"web\"\ncommand {\n  value: \"x --password y\"\n}", "Failed:"),
            ("Failed: value: \"x\"\nvalue: \"secret\"\n", "Failed:"),
            ("Failed to launch command { value: \"secret\" } now", "Failed to launch"),
            ("Bad JSON {\"secret\": 1}", "Bad JSON"),
            ("Offers [ a, b ] {of} x: \"y\"", "Offers [ a, b ] {of} x: \"y\""),
        ] {
            assert_eq!(kept(text, None), (expected, expected.len() < text.trim().len()), "{text}");
        }
        let line = "Authorization failed for task 't' of framework F: Framework F is not authorized to launch task name: \"n\"\ntask_id {\n";
        let (text, cut) = kept(line, Some(" is not authorized to launch task"));
        assert!(cut && text.ends_with("is not authorized to launch task"), "{text}");
    }

    #[test]
    fn what_a_line_names_is_found_or_nothing_is() {
        let line = "Authentication of scheduler-1@10.0.0.1:4567 was unsuccessful: Invalid credentials";
        assert_eq!(peer(line, &["Authentication of "]), Some("scheduler-1@10.0.0.1:4567"));
        assert_eq!(peer("agent at slave(1)@[::1]:5051: no", &[" at "]), Some("slave(1)@[::1]:5051"));
        assert_eq!(peer("X from a@1.2.3.4:5(b): no", &[" from "]), Some("a@1.2.3.4:5"));
        assert_eq!(peer("agent at nowhere", &[" at "]), None);
        assert_eq!(between("task 'a' of framework F: x", "task '", "' of framework "), Some("a"));
        assert_eq!(between("task 'a' of framework X' of framework F", "task '", "' of framework "), None);
        assert_eq!(word_after("of framework F-1: x", " framework "), Some("F-1"));
    }

    proptest! {
        #[test]
        fn any_text_is_cut_somewhere(text in "\\PC{0,60}(\n|\\{|\"|: | ){0,4}\\PC{0,60}") {
            let (kept, cut) = kept(&text, Some("o"));
            prop_assert!(text.contains(kept));
            prop_assert!(!kept.contains('\n'));
            prop_assert!(cut || kept == text.trim());
            let _ = (peer(&text, &[" ", ""]), between(&text, " ", ":"), word_after(&text, " "));
        }
    }
}
