//! `mesos-audit verify` with ledgers that agree with the log, and such that do not; `mesos-audit status`.

mod common;

use std::fs;

use common::{
    Dir, run,
    sealed::Run,
    verifying::{edit, kinds, only, ran, verify},
};
use mesos_audit_core::{
    clock::Timestamp,
    event::health::{Ledger, Suppressed},
    health::{Access, Output, Status, pid_space},
};
use serde_json::json;

#[test]
fn a_log_that_agrees_with_its_ledgers_is_complete() {
    let dir = Dir::new();
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    run.records(600);
    run.ledger(600, 0);
    run.rotate(&dir.path("audit-1.jsonl"));
    run.records(7);
    run.ledger(607, 0);
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, &report["accounted"]), (0, &json!(607)), "{report:#}");
    assert!(ran(&dir, &[]).out.contains("607 events of Mesos, as many as were counted"));
    // The second file alone: nothing to start from, and nothing to complain about.
    fs::remove_file(dir.path("audit-1.jsonl")).unwrap();
    let (code, report) = verify(&dir, &["--part"]);
    assert_eq!((code, kinds(&report)), (0, vec![]), "{report:#}");
}

#[test]
fn what_a_ledger_says_and_the_log_has_not_is_missing() {
    let dir = Dir::new();
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    run.records(5);
    run.ledger(5, 0);
    run.records(3);
    run.dropped(2);
    run.ledger(12, 6);
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, &report["missing"], report["findings"].as_array().unwrap().len()), (3, &json!(4), 2));
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("4 of 7 recorded events between records 8 and 13 are missing"), "{message}");
    assert!(message.contains("the seals are whole"), "{message}");
    let message = report["findings"][1]["message"].as_str().unwrap();
    assert!(message.starts_with("4 of 6 losses (queue_full) between"), "{message}");
    // Whoever has no key cannot rule out that somebody made the digests anew.
    assert_eq!(verify(&dir, &["nokey"]).0, 1);
}

#[test]
fn more_than_was_counted_and_ledgers_that_go_back_are_told() {
    let dir = Dir::new();
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    run.records(5);
    run.ledger(4, 0);
    run.ledger(3, 0);
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (3, vec!["ledger", "ledger"]), "{report:#}");
}

#[test]
fn a_ledger_says_how_many_a_removal_has_cost_and_counts_none_twice() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(2, 6);
    run.records(2);
    run.ledger(14, 0);
    run.end();
    edit(&log, |lines| drop(lines.remove(4)));
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, &report["missing"]), (1, &json!(1)), "{report:#}");
    assert_eq!(only(&report, "ledger")["weight"], "note");
    // An altered ledger is not believed.
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.records(2);
    run.ledger(2, 0);
    run.end();
    edit(&log, |lines| lines[4] = lines[4].replace("\"recorded\":2", "\"recorded\":9"));
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (1, vec!["altered"]), "{report:#}");
}

#[test]
fn panics_of_the_worker_are_named_and_those_that_were_not_told_are_missed() {
    let dir = Dir::new();
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    let says = |worker_restarts| Ledger { worker_restarts, ..Ledger::default() };
    run.restarted(2);
    run.tell(says(2));
    run.tell(says(2));
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (0, vec!["worker_restarted"]), "{report:#}");
    let message = only(&report, "worker_restarted")["message"].as_str().unwrap();
    assert!(message.starts_with("mesos-audit itself failed 2 times between records 1 and 4"), "{message}");

    let mut run = Run::start(&dir.path("audit.jsonl"), "run2");
    run.tell(says(1));
    run.end();
    let (code, report) = verify(&dir, &[]);
    assert_eq!(code, 3, "{report:#}");
    let message = only(&report, "ledger")["message"].as_str().unwrap();
    assert!(message.starts_with("1 of 1 restarts of the worker between"), "{message}");
}

fn status() -> Status {
    let now = Timestamp::now();
    Status {
        format: 1,
        pid: std::process::id(),
        pid_space: pid_space(),
        run: "5eed".into(),
        service: "mesos-\u{1b}master".into(),
        host: "h".into(),
        version: "0.1.0".into(),
        log: "/audit.jsonl".into(),
        started: now,
        updated: now,
        ended: None,
        heartbeat_s: 300,
        output: Output::default(),
        last_drop: None,
        last_fault: None,
        counters: Default::default(),
        seal: None,
    }
}

#[test]
fn an_end_that_was_cut_off_together_with_the_state_is_missed_by_the_status_file() {
    let dir = Dir::new();
    let log = dir.path("audit.jsonl");
    let mut run = Run::start(&log, "run1");
    run.blocks(2, 6);
    run.ledger(12, 0);
    run.end();
    // Header, records, ledger, and four seals.
    let counters = Ledger { events: 18, ..Ledger::default() };
    let told = Status { run: "run1".into(), ended: Some(Timestamp::now()), counters, ..status() };
    told.write(&dir.path("audit.jsonl.status"), Access::default()).unwrap();
    assert_eq!(verify(&dir, &[]).0, 0);

    // The last ledger and the seal behind it, and the state that would tell.
    fs::remove_file(dir.path("audit.jsonl.seal")).unwrap();
    edit(&log, |lines| lines.truncate(16));
    let (code, report) = verify(&dir, &[]);
    assert_eq!((code, kinds(&report)), (3, vec!["end", "status"]), "{report:#}");
    let message = only(&report, "status")["message"].as_str().unwrap();
    assert!(message.contains("run1 had made 18 records, and the log ends with its record 16"), "{message}");
    assert_eq!(kinds(&verify(&dir, &["--part"]).1), [""; 0], "a part says nothing of its end");

    // One that runs may be ahead of its log by what is on its way.
    let told = Status { ended: None, ..told };
    told.write(&dir.path("audit.jsonl.status"), Access::default()).unwrap();
    assert_eq!(kinds(&verify(&dir, &[]).1), ["end"]);
}

#[test]
fn a_status_is_judged() {
    let dir = Dir::new();
    let path = dir.path("audit.jsonl.status");
    let now = Timestamp::now();
    let long_ago = Timestamp::from_micros(now.as_micros() - 1_000_000_000);
    let failing = Output { failing_since: Some(now), error: Some("no space".into()), ..Output::default() };
    let unsynced = Output { unsynced_since: Some(now), sync_error: Some("EIO".into()), ..Output::default() };
    let sound = status();
    for (status, code, word) in [
        (sound.clone(), 0, "healthy"),
        (Status { last_drop: Some(long_ago), ..sound.clone() }, 0, "healthy"),
        (Status { last_drop: Some(now), ..sound.clone() }, 1, "dropping"),
        (Status { output: failing, ..sound.clone() }, 1, "failing"),
        (Status { output: unsynced, ..sound.clone() }, 1, "failing"),
        (Status { last_fault: Some(now), ..sound.clone() }, 1, "degraded"),
        (Status { last_fault: Some(long_ago), ..sound.clone() }, 0, "healthy"),
        (Status { updated: long_ago, ..sound.clone() }, 1, "stale"),
        // No process has that id.
        (Status { pid: u32::MAX, ..sound.clone() }, 1, "stale"),
        (Status { pid: u32::MAX, pid_space: Some("elsewhere".into()), ..sound.clone() }, 0, "healthy"),
        (Status { ended: Some(now), ..sound.clone() }, 1, "stopped"),
    ] {
        status.write(&path, Access::default()).unwrap();
        for file in [dir.path("audit.jsonl"), path.clone()] {
            let ran = run(["status".into(), file.into_os_string()]);
            assert_eq!(ran.code, code, "{word}: {}", ran.out);
            assert!(ran.out.starts_with(word) && !ran.out.contains('\u{1b}'), "{}", ran.out);
        }
        let ran = run(["status", "--format", "json", path.to_str().unwrap()]);
        let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((ran.code, &json["status"]), (code, &json!(word)));
    }
    fs::write(&path, "{").unwrap();
    assert_eq!(run(["status", path.to_str().unwrap()]).code, 2);
    assert_eq!(run(["status", "/nowhere.jsonl"]).code, 2);
    assert_eq!(run(["status"]).code, 2);
}

#[test]
fn a_status_tells_what_the_rules_skipped() {
    let dir = Dir::new();
    let path = dir.path("audit.jsonl.status");
    let skipped = |rule: &'static str, count| Suppressed { rule: rule.into(), count };
    let suppressed = vec![skipped("noise", 3), skipped("\u{1b}[2J", 1)];
    let counters = Ledger { suppressed, ..Ledger::default() };
    Status { counters, ..status() }.write(&path, Access::default()).unwrap();
    let ran = run(["status", path.to_str().unwrap()]);
    assert!(
        ran.out.contains("skipped   3 (rule noise), 1 (rule ") && !ran.out.contains('\u{1b}'),
        "{}",
        ran.out
    );
    status().write(&path, Access::default()).unwrap();
    assert!(!run(["status", path.to_str().unwrap()]).out.contains("skipped"));
}
