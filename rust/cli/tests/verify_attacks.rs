//! `mesos-audit verify`: every attack of docs/integrity.md.

mod common;

use std::fs;

use common::{
    Dir, events, run,
    sealed::Run,
    verifying::{edit, kinds, lines, only, put, ran, rotated, verify},
};
use mesos_audit_core::config::Integrity;
use serde_json::Value;

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
fn the_last_block_of_a_run_that_was_killed_is_not_taken_for_lost_once_the_state_knows_it_was_written() {
    for confirmed in [false, true] {
        let dir = Dir::new();
        let log = dir.path("audit.jsonl");
        let mut run = Run::start(&log, "run1");
        run.blocks(2, 4);
        if confirmed {
            run.sealer.confirm().unwrap();
        }
        drop(run);
        edit(&log, |lines| lines.truncate(7));
        let (code, report) = verify(&dir, &[]);
        let (expected, kind) = if confirmed { (1, "truncated") } else { (3, "crash") };
        assert_eq!((code, kinds(&report)), (expected, vec![kind]), "{report:#}");
        Run::start(&log, "run2").end();
        assert_eq!(verify(&dir, &[]).0, expected, "nor after the next start");
    }
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

/// Who has the machine, its state and every file of a log can cut off its end and say that the state was lost; not where
/// somebody has noted the head elsewhere.
#[test]
fn what_was_cut_off_is_missed_by_who_noted_the_head() {
    let dir = Dir::new();
    rotated(&dir);
    let log = dir.path("audit.jsonl");
    let text = |path: &std::path::Path| path.display().to_string();
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 0, "{report:#}");
    let head = &report["heads"][0];
    let noted = format!(
        "{}:{}:{}",
        head["chain"].as_str().unwrap(),
        head["block"].as_u64().unwrap(),
        head["mac"].as_str().unwrap()
    );
    assert_eq!(verify(&dir, &["--head", &noted]).0, 0);
    let told = run(["verify", "--key", &text(&dir.path("audit.jsonl.key")), &text(&dir.path(""))]).out;
    assert!(told.contains(&format!("\nhead: {noted}\n")), "{told}");

    // The log goes on: the head of then is in it still.
    Run::start(&log, "run9").end();
    assert_eq!(verify(&dir, &["--head", &noted]).0, 0);

    edit(&log, |lines| lines.truncate(2));
    for beside in [".seal", ".status"] {
        let _ = fs::remove_file(text(&log) + beside);
    }
    assert_eq!(verify(&dir, &[]).0, 3, "without the head that is not proven");
    let (code, report) = verify(&dir, &["--head", &noted]);
    assert_eq!(code, 1, "{report:#}");
    assert!(kinds(&report).contains(&"head"), "{report:#}");
    // Another seal in its place is none.
    let other = format!("{}{}", &noted[..noted.len() - 1], if noted.ends_with('0') { '1' } else { '0' });
    assert_eq!(verify(&dir, &["--head", &other]).0, 1);
    assert_eq!(run(["verify", "--head", "nonsense", &text(&log)]).code, 2);
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
    alone.write("audit.jsonl", events(3));
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
