//! The coverage table of docs/events.md is written by hand; that it is complete and true in what a machine can see is checked here.

use std::{collections::BTreeSet, fs, path::Path};

use mesos_audit_core::{decode::action_number, event::Action};

use crate::root::at;

/// The section's tables: cells of each row, headings and rulers left out.
fn rows() -> Vec<Vec<String>> {
    let text = fs::read_to_string(at("docs/events.md")).unwrap();
    let start = text.find("## Coverage").expect("a section");
    let end = text[start..].find("## How events join").expect("the section after it") + start;
    let lines: Vec<_> = text[start..end].lines().collect();
    let is_heading = |index: usize| lines.get(index + 1).is_some_and(|next| next.starts_with("| ---"));
    lines
        .iter()
        .enumerate()
        .filter(|(index, line)| line.starts_with("| ") && !line.starts_with("| ---") && !is_heading(*index))
        .map(|(_, line)| {
            let cells = line.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

/// What stands in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Names of all functions in Rust files below.
fn functions(path: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn every_action_is_in_the_coverage_table() {
    let rows = rows();
    let told: BTreeSet<_> = rows.iter().flatten().flat_map(|cell| quoted(cell)).collect();
    for action in Action::ALL {
        assert!(
            told.contains(action.name()),
            "docs/events.md, Coverage: nothing tells when there is {action}"
        );
    }
}

#[test]
fn every_authorization_action_is_in_the_coverage_table_with_its_number() {
    let rows = rows();
    let known: Vec<(i32, &str)> =
        rows.iter().filter_map(|row| Some((row[0].parse().ok()?, quoted(&row[1]).next()?))).collect();
    assert_eq!(known.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=53).collect::<Vec<_>>());
    for (number, name) in known {
        assert_eq!(action_number(name), Some(number), "{name}");
    }
}

#[test]
fn every_row_names_tests_that_exist_or_says_why_there_is_none() {
    let mut known = BTreeSet::new();
    for folder in ["tests", "rust"] {
        functions(&at(folder), &mut known);
    }
    for row in rows() {
        let shown = row.last().expect("a cell");
        let tests: Vec<_> = quoted(shown).collect();
        assert!(!tests.is_empty() || shown.starts_with("none"), "no test and no reason: {row:?}");
        for test in tests {
            assert!(known.contains(test), "there is no test `{test}`: {row:?}");
        }
    }
}
