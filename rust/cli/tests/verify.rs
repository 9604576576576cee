//! `mesos-audit verify`: a log that is whole, what crashes leave, and every attack of docs/integrity.md.

mod common;

use std::{fs, io::Write, path::Path};

use common::{Dir, Ran, run, sealed::Run};
use mesos_audit_core::{chain::Cause, config::Integrity};
use serde_json::Value;

fn verify(dir: &Dir, more: &[&str]) -> (i32, Value) {
    let ran = ran(dir, &[&["--format", "json"], more].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err)))
}

fn ran(dir: &Dir, more: &[&str]) -> Ran {
    let logs = dir.path("");
    let key = dir.path("audit.jsonl.key");
    let mut args = vec!["verify", logs.to_str().unwrap()];
    if key.exists() && !more.contains(&"--key") && !more.contains(&"nokey") {
        args.extend(["--key", key.to_str().unwrap()]);
    }
    args.extend(more.iter().filter(|arg| **arg != "nokey"));
    run(args)
}

fn kinds(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

/// The one finding of that kind.
fn only<'a>(report: &'a Value, kind: &str) -> &'a Value {
    let all: Vec<_> =
        report["findings"].as_array().unwrap().iter().filter(|one| one["kind"] == kind).collect();
    assert_eq!(all.len(), 1, "{kind} in {report:#}");
    all[0]
}

/// Three files of one run: two archives and the live log; 5 blocks of 6 records in each.
fn rotated(dir: &Dir) {
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    for archive in ["audit-1.jsonl", "audit-2.jsonl"] {
        run.blocks(3, 6);
        run.rotate(&dir.path(archive));
    }
    run.blocks(3, 6);
    run.end();
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn put(path: &Path, lines: &[String]) {
    fs::write(path, lines.iter().map(|line| line.clone() + "\n").collect::<String>()).unwrap();
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let mut all = lines(path);
    change(&mut all);
    put(path, &all);
}

fn gzip(path: &Path) {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&fs::read(path).unwrap()).unwrap();
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    fs::write(name, encoder.finish().unwrap()).unwrap();
}

#[test]
fn a_whole_log_is_complete_in_any_order_compressed_or_not() {
    let dir = Dir::new();
    rotated(&dir);
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, &report["verdict"]), (0, &"complete".into()), "{report:#}");
    assert_eq!(report["findings"].as_array().unwrap().len(), 0);
    gzip(&dir.path("audit-1.jsonl"));
    // Both are there for a moment while archives are compressed.
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (0, vec!["copy"]), "{report:#}");
    fs::remove_file(dir.path("audit-1.jsonl")).unwrap();
    assert_eq!(verify(&dir, &[]).0, 0);
    let names = ["audit.jsonl", "audit-2.jsonl", "audit-1.jsonl.gz"].map(|name| dir.path(name));
    let mut args = vec!["verify".into(), "--key".into(), dir.path("audit.jsonl.key")];
    args.extend(names);
    let ran = run(args);
    assert_eq!(ran.code, 0);
    assert!(ran.out.ends_with("as they were written\n") && ran.out.lines().count() == 4, "{}", ran.out);
}

#[test]
fn a_live_log_and_several_runs_are_complete() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    for id in ["run1", "run2"] {
        let mut run = Run::start(&log, id);
        run.records(400);
        run.end();
    }
    let mut run = Run::start(&log, "run3");
    run.records(10);
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (0, vec!["unsealed"]), "{report:#}");
    assert_eq!(only(&report, "unsealed")["weight"], "note");
}

#[test]
fn what_was_dropped_is_counted_and_told() {
    let dir = Dir::new();
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    run.dropped(7);
    run.records(3);
    run.dropped(5);
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, &report["dropped"]["queue_full"]), (3, &12.into()));
    let text = ran(&dir, &[]).out;
    assert!(text.contains("12 records were dropped: queue_full"), "{text}");
}

#[test]
fn a_crash_is_told_apart_from_tampering() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(2, 5);
    run.records(4);
    drop(run);
    fs::OpenOptions::new().append(true).open(&log).unwrap().write_all(b"{\"torn\n").unwrap();
    let mut run = Run::start(&log, "run2");
    run.blocks(1, 3);
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (3, vec!["adopted", "crash"]), "{report:#}");
    assert!(only(&report, "adopted")["message"].as_str().unwrap().starts_with("5 records"));
    drop(run);

    // What was adopted is protected from then on.
    edit(&log, |lines| lines[15] = lines[15].replace("\"h\"", "\"H\""));
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, &only(&report, "altered")["line"]), (1, &16.into()), "{report:#}");
}

#[test]
fn a_crash_between_state_and_block_costs_what_was_not_written_and_is_no_tampering() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(2, 5);
    run.records(4);
    // In the state, not in the file.
    run.seal_unwritten(Cause::Time);
    drop(run);
    let mut run = Run::start(&log, "run2");
    run.records(3);
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 3, "{report:#}");
    // The records are there, adopted; their seal is not.
    assert_eq!(
        (only(&report, "crash")["sequence"].clone(), &report["missing"]),
        (serde_json::json!([19, 19]), &1.into())
    );

    // Without a restart, the state tells it.
    let dir = Dir::new();
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    run.records(4);
    run.seal_unwritten(Cause::Time);
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (3, vec!["unsealed", "crash"]), "{report:#}");
}

#[test]
fn a_state_that_is_behind_the_log_catches_up() {
    let dir = Dir::new();
    let (log, state) = (dir.path("audit.jsonl"), dir.path("audit.jsonl.seal"));
    let mut run = Run::start(&log, "run1");
    run.blocks(1, 5);
    let old = fs::read(&state).unwrap();
    run.blocks(3, 5);
    run.records(2);
    drop(run);
    // As after a power failure that the log's blocks survived.
    fs::write(&state, old).unwrap();
    let mut run = Run::start(&log, "run2");
    run.records(3);
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (3, vec!["adopted", "crash"]), "{report:#}");
}

#[test]
fn a_log_moved_away_or_emptied_while_nothing_runs() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(2, 5);
    run.end();
    fs::rename(&log, dir.path("audit-old.jsonl")).unwrap();
    let mut run = Run::start(&log, "run2");
    run.blocks(2, 5);
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 0, "{report:#}");

    fs::OpenOptions::new().write(true).truncate(true).open(&log).unwrap();
    Run::start(&log, "run3").end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 1, "{report:#}");
    assert!(only(&report, "truncated")["message"].as_str().unwrap().contains("run2"));
}

#[test]
fn truncation() {
    // At the end of the live log: in a block, at a seal, at every place.
    let dir = Dir::new();
    rotated(&dir);
    let whole = lines(&dir.path("audit.jsonl"));
    for keep in 2..whole.len() {
        put(&dir.path("audit.jsonl"), &whole[..keep]);
        let (code, report) = verify(&dir, &[]);
        assert_eq!(code, 1, "{keep}: {report:#}");
        only(&report, "truncated");
        // Nobody can make the state that belongs there: it holds a key.
        assert_eq!(verify(&dir, &["--part"]).0, 0, "a part says nothing of its end");
    }
    put(&dir.path("audit.jsonl"), &whole);
    // At the end of an archive.
    edit(&dir.path("audit-1.jsonl"), |lines| lines.truncate(lines.len() - 4));
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 1);
    only(&report, "removed");
}

#[test]
fn nothing_is_not_complete() {
    let dir = Dir::new();
    dir.write("audit.jsonl", "");
    assert_eq!(verify(&dir, &[]).0, 3);
    Run::start(&dir.path("audit.jsonl"), "run1").end();
    assert_eq!(verify(&dir, &[]).0, 0);
    dir.write("audit.jsonl", "");
    assert_eq!(verify(&dir, &[]).0, 1, "its state knows better");
}

#[test]
fn without_the_state_the_end_is_not_proven() {
    let dir = Dir::new();
    rotated(&dir);
    fs::remove_file(dir.path("audit.jsonl.seal")).unwrap();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (3, vec!["end"]));
}

#[test]
fn a_forged_state_is_found() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(2, 4);
    let old = fs::read(dir.path("audit.jsonl.seal")).unwrap();
    run.blocks(2, 4);
    run.end();
    let new = fs::read(dir.path("audit.jsonl.seal")).unwrap();
    // The attacker has today's key and wants the log to end earlier: the key cannot be turned back.
    let forge = |page: &[u8], with: &[u8]| -> Vec<u8> {
        let slot = |page: &[u8]| page.chunks(2048).find(|slot| slot[0] != 0).unwrap().to_vec();
        let (old, new) = (slot(page), slot(with));
        let mut state: Value = serde_json::from_slice(&old[64..]).unwrap();
        let other: Value = serde_json::from_slice(&new[64..]).unwrap();
        state["key"] = other["key"].clone();
        let mut body = state.to_string().into_bytes();
        body.resize(2048 - 64, b' ');
        let mut slot = blake3::hash(&body).to_hex().as_bytes().to_vec();
        slot.extend(body);
        slot.resize(4096, 0);
        slot
    };
    fs::write(dir.path("audit.jsonl.seal"), forge(&old, &new)).unwrap();
    edit(&log, |lines| lines.truncate(12));
    let (code, report) = verify(&dir, &[]);
    assert_eq!(
        (code, &only(&report, "state")["message"]),
        (1, &"the state does not hold the key that belongs to it: forged".into())
    );
}

/// Makes the seal's MAC with a key, by the description in docs/integrity.md alone.
fn remac(line: &str, key: [u8; 32]) -> String {
    let at = line.rfind("\"mac\":\"").unwrap() + 7;
    let zeros = format!("{}{}{}", &line[..at], "0".repeat(64), &line[at + 64..]);
    let key = blake3::derive_key("mesos-audit 2026 seal mac", &key);
    format!("{}{}{}", &line[..at], blake3::keyed_hash(&key, zeros.as_bytes()).to_hex(), &line[at + 64..])
}

fn digits(text: &str) -> [u8; 32] {
    mesos_audit_core::chain::unhex(text).unwrap()
}

#[test]
fn the_keys_are_as_described() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(2, 4);
    run.end();
    let file = fs::read_to_string(dir.path("audit.jsonl.key")).unwrap();
    let root = digits(file.split_whitespace().nth(2).unwrap());
    let mut key = blake3::derive_key("mesos-audit 2026 first block key", &root);
    let mut seals = 0;
    for line in lines(&log).iter().filter(|line| line.contains("audit_seal")) {
        assert_eq!(remac(line, key), *line);
        key = blake3::derive_key("mesos-audit 2026 next block key", &key);
        seals += 1;
    }
    assert_eq!(seals, 4);
}

#[test]
fn resealing_with_a_later_key() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(6, 4);
    drop(run);
    // Whoever takes the machine now has this key, and can alter a record and make its block's seal anew.
    let page = fs::read(dir.path("audit.jsonl.seal")).unwrap();
    let slot = page.chunks(2048).find(|slot| slot[0] != 0).unwrap();
    let state: Value = serde_json::from_slice(&slot[64..]).unwrap();
    let key = digits(state["key"].as_str().unwrap());
    edit(&log, |lines| {
        let old = blake3::hash((lines[7..11].join("\n") + "\n").as_bytes()).to_hex();
        lines[8] = lines[8].replace("\"h\"", "\"H\"");
        let new = blake3::hash((lines[7..11].join("\n") + "\n").as_bytes()).to_hex();
        assert!(lines[11].contains(old.as_str()));
        lines[11] = remac(&lines[11].replace(old.as_str(), &new), key);
    });
    let (code, report) = verify(&dir, &[]);
    let seal = only(&report, "seal");
    assert_eq!((code, &seal["line"], &seal["block"]), (1, &12.into(), &2.into()), "{report:#}");
    assert!(seal["message"].as_str().unwrap().contains("was made with the key of block 7"), "{report:#}");
}

#[test]
fn a_genuine_seal_in_a_wrong_place() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(4, 4);
    run.end();
    for (from, to) in [(16, 11), (6, 16), (6, 12)] {
        let whole = lines(&log);
        edit(&log, |lines| lines[to] = lines[from].clone());
        assert_eq!(verify(&dir, &[]).0, 1, "{from} in place of {to}");
        put(&log, &whole);
        edit(&log, |lines| lines.insert(to, lines[from].clone()));
        assert_eq!(verify(&dir, &[]).0, 1, "{from} before {to}");
        put(&log, &whole);
    }
    assert_eq!(verify(&dir, &[]).0, 0);
}

#[test]
fn an_unsealed_file_never_passes() {
    let dir = Dir::new();
    rotated(&dir);
    for name in ["audit-2.jsonl", "audit.jsonl"] {
        let whole = lines(&dir.path(name));
        edit(&dir.path(name), |lines| lines.retain(|line| !line.contains("audit_seal")));
        let (code, report) = verify(&dir, &[]);
        assert_eq!(
            (code, &only(&report, "unsealed_file")["file"]),
            (1, &dir.path(name).to_str().unwrap().into())
        );
        put(&dir.path(name), &whole);
    }
    let alone = Dir::new();
    alone.write("audit.jsonl", common::events(3));
    assert_eq!(verify(&alone, &[]).0, 1);
}

#[test]
fn whole_files_missing_replaced_or_doubled() {
    let dir = Dir::new();
    rotated(&dir);
    let middle = fs::read(dir.path("audit-2.jsonl")).unwrap();
    fs::remove_file(dir.path("audit-2.jsonl")).unwrap();
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 1);
    assert!(
        only(&report, "removed")["message"].as_str().unwrap().contains("or a file with them"),
        "{report:#}"
    );
    // By another one of the same chain.
    fs::copy(dir.path("audit-1.jsonl"), dir.path("audit-2.jsonl")).unwrap();
    assert_eq!(verify(&dir, &[]).0, 1);
    fs::write(dir.path("audit-2.jsonl"), &middle).unwrap();
    // A second version of it.
    let doctored = String::from_utf8(middle).unwrap().replace("/30/", "/31/");
    fs::write(dir.path("audit-3.jsonl"), doctored).unwrap();
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 1);
    only(&report, "duplicate");
    fs::remove_file(dir.path("audit-3.jsonl")).unwrap();
    // By one of another chain, which is whole in itself.
    let other = Dir::new();
    rotated(&other);
    fs::copy(other.path("audit-2.jsonl"), dir.path("audit-2.jsonl")).unwrap();
    assert_eq!(verify(&dir, &[]).0, 1);
    // The first: it may have been removed because it was old.
    fs::remove_dir_all(dir.path("")).unwrap();
    fs::create_dir(dir.path("")).unwrap();
    rotated(&dir);
    fs::remove_file(dir.path("audit-1.jsonl")).unwrap();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (3, vec!["start"]));
    assert_eq!(verify(&dir, &["--part"]).0, 0);
}

#[test]
fn wrong_key_no_key_and_no_such_key() {
    let dir = Dir::new();
    rotated(&dir);
    let other = Dir::new();
    rotated(&other);
    let wrong = other.path("audit.jsonl.key");
    let (code, report) = verify(&dir, &["--key", wrong.to_str().unwrap()]);
    assert_eq!((code, kinds(&report)[0]), (2, "wrong_key"));
    let (code, report) = verify(&dir, &["nokey"]);
    assert_eq!((code, kinds(&report)[0]), (3, "no_key"));
    edit(&dir.path("audit-1.jsonl"), |lines| lines[4] = lines[4].replace("/", "|"));
    assert_eq!(verify(&dir, &["nokey"]).0, 1, "an accident is found without a key");
    assert_eq!(ran(&dir, &["--key", "/nowhere"]).code, 2);
    assert_eq!(run(["verify", "/nowhere"]).code, 2);
    let junk = dir.write("junk.key", "secret");
    let ran = ran(&dir, &["--key", &junk]);
    assert!(ran.code == 2 && !ran.err.contains("secret"), "{}", ran.err);
}

#[test]
fn the_state_of_another_log_is_refused() {
    let (a, b) = (Dir::new(), Dir::new());
    Run::start(&a.path("audit.jsonl"), "run1").end();
    Run::start(&b.path("audit.jsonl"), "run1").end();
    let config = Integrity { state: Some(a.path("audit.jsonl.seal")), ..Integrity::default() };
    for log in [b.path("audit.jsonl"), b.path("fresh.jsonl")] {
        let error = Run::with(&log, "run2", &config).err().unwrap();
        assert!(error.contains("integrity.state: is the state of another log"), "{error}");
    }
    fs::remove_file(b.path("fresh.jsonl")).unwrap();
    fs::copy(a.path("audit.jsonl.seal"), b.path("audit.jsonl.seal")).unwrap();
    let (code, report) = verify(&b, &[]);
    assert_eq!((code, kinds(&report)), (1, vec!["state"]));
}

#[test]
fn a_lost_state_begins_a_new_chain_and_says_so() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    Run::start(&log, "run1").end();
    fs::remove_file(dir.path("audit.jsonl.seal")).unwrap();
    let mut run = Run::start(&log, "run2");
    run.records(3);
    run.rotate(&dir.path("audit-1.jsonl"));
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (1, vec!["new_chain"]), "{report:#}");
    // A third start takes up the new chain.
    Run::start(&log, "run3").end();
    assert_eq!(kinds(&verify(&dir, &[]).1), ["new_chain"]);
    fs::write(dir.path("audit.jsonl.seal"), [7; 4096]).unwrap();
    Run::start(&log, "run4").end();
    assert_eq!(kinds(&verify(&dir, &[]).1), ["new_chain", "new_chain"]);
}

mod single_mutations {
    use proptest::prelude::*;

    use super::*;

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
}

/// The worker itself, from its callbacks' bytes to the last seal.
#[test]
fn what_the_worker_writes_is_complete() {
    use mesos_audit_core::{
        clock::Timestamp,
        config::{Config, Loaded, Output},
        decode::{Callback, RawRecord},
        pipeline::Pipeline,
    };
    let dir = Dir::new();
    let output = Output { path: dir.path("audit.jsonl"), ..Output::default() };
    let integrity = Integrity { seal_ms: 10, ..Integrity::default() };
    let config = Config { output, integrity, ..Config::default() };
    let loaded = Loaded { config, path: None, sha256: "0".repeat(64) };
    for _ in 0..2 {
        let pipeline = Pipeline::start(&loaded, "1.11.0").unwrap();
        for number in 0..2_000 {
            // Field 100 is none of ours: an empty record of that callback.
            let record = RawRecord {
                timestamp: Timestamp::now(),
                callback: Callback::ModuleStart,
                fields: if number % 50 == 0 { vec![0xff; 9].into() } else { vec![].into() },
            };
            pipeline.submit(record);
        }
        assert!(pipeline.drain(std::time::Duration::from_secs(20)));
        // The last records are sealed in time, with nobody asking for it.
        let sealed = || lines(&dir.path("audit.jsonl")).last().unwrap().contains("audit_seal");
        let start = std::time::Instant::now();
        while !sealed() {
            assert!(start.elapsed().as_secs() < 20);
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        drop(pipeline);
    }
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (0, vec![]), "{report:#}");
    assert!(report["sealed"].as_u64().unwrap() > 4_000);
    let causes = ["start", "size", "time", "end"];
    let log = fs::read_to_string(dir.path("audit.jsonl")).unwrap();
    assert!(causes.iter().all(|cause| log.contains(&format!("\"cause\":\"{cause}\""))));
    for name in ["audit.jsonl.key", "audit.jsonl.seal"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(dir.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}
