//! Any single change to a valid set of files is found, and an altered record is named.

mod common;

use std::fs;

use common::{
    Dir,
    verifying::{edit, lines, rotated, verify},
};
use proptest::prelude::*;
use serde_json::Value;

#[derive(Clone, Debug)]
enum Mutation {
    Flip { file: usize, at: usize, bit: u8 },
    Remove { file: usize, line: usize },
    Double { file: usize, line: usize },
    Swap { file: usize, line: usize },
    Move { file: usize, line: usize, to: usize },
    Cut { file: usize, line: usize },
    Join { file: usize, line: usize },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let big = 0..1_000_000_usize;
    (0..7_u8, 0..3_usize, big.clone(), big, 0..8_u8).prop_map(|(kind, file, line, to, bit)| match kind {
        0 | 1 => Mutation::Flip { file, at: line, bit },
        2 => Mutation::Remove { file, line },
        3 => Mutation::Double { file, line },
        4 => Mutation::Swap { file, line },
        5 => Mutation::Move { file, line, to },
        6 if bit < 4 => Mutation::Cut { file, line },
        _ => Mutation::Join { file, line },
    })
}

/// Applies it; gives the line (from 0) if it altered just one.
fn apply(dir: &Dir, mutation: &Mutation) -> Option<(String, usize)> {
    let name = |file: usize| dir.path(["audit-1.jsonl", "audit-2.jsonl", "audit.jsonl"][file]);
    let mut altered = None;
    match *mutation {
        Mutation::Flip { file, at, bit } => {
            let mut bytes = fs::read(name(file)).unwrap();
            let at = at % bytes.len();
            let newline = bytes[at] == b'\n';
            bytes[at] ^= 1 << bit;
            if !newline && bytes[at] != b'\n' {
                let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count();
                altered = Some((name(file).display().to_string(), line));
            }
            fs::write(name(file), bytes).unwrap();
        }
        Mutation::Remove { file, line } => edit(&name(file), |lines| {
            lines.remove(line % lines.len());
        }),
        Mutation::Double { file, line } => edit(&name(file), |lines| {
            let line = line % lines.len();
            lines.insert(line, lines[line].clone());
        }),
        Mutation::Swap { file, line } => edit(&name(file), |lines| {
            let line = line % (lines.len() - 1);
            lines.swap(line, line + 1);
        }),
        Mutation::Move { file, line, to } => edit(&name(file), |lines| {
            let (from, to) = (line % lines.len(), to % lines.len());
            let moved = lines.remove(from);
            let to = if to == from { (to + 1) % (lines.len() + 1) } else { to };
            lines.insert(to, moved);
        }),
        Mutation::Cut { file, line } => edit(&name(file), |lines| {
            let keep = line % lines.len();
            lines.truncate(keep);
        }),
        Mutation::Join { file, line } => edit(&name(file), |lines| {
            let line = line % (lines.len() - 1);
            let next = lines.remove(line + 1);
            lines[line] += &next;
        }),
    }
    altered
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn each_is_found_and_an_altered_record_is_named(mutation in mutation()) {
        let dir = Dir::new();
        rotated(&dir);
        let whole = ["audit-1.jsonl", "audit-2.jsonl", "audit.jsonl"].map(|name| dir.path(name));
        let whole: Vec<_> = whole.iter().map(|path| (path.display().to_string(), lines(path))).collect();
        let altered = apply(&dir, &mutation);
        let (code, report) = verify(&dir, &[]);
        prop_assert_eq!(code, 1, "{:#}", report);
        if let Some((file, line)) = altered {
            let (_, lines) = whole.iter().find(|(name, _)| *name == file).unwrap();
            let event: Value = serde_json::from_str(&lines[line]).unwrap();
            let sequence = &event["event"]["sequence"];
            let named = report["findings"].as_array().unwrap().iter().any(|finding| {
                finding["file"] == file.as_str()
                    && finding["line"] == line + 1
                    && finding["sequence"] == serde_json::json!([sequence, sequence])
            });
            prop_assert!(named, "{}:{} in {:#}", file, line + 1, report);
        }
    }
}
