//! `mesos-audit verify`: a log that is whole, and what crashes leave of one.

mod common;

use std::{fs, io::Write};

use common::{
    Dir, run,
    sealed::Run,
    verifying::{edit, gzip, kinds, lines, only, ran, rotated, verify},
};
use mesos_audit_core::{chain::Cause, config::Integrity};

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
    assert!(ran.out.ends_with("as they were written\n") && ran.out.lines().count() == 5, "{}", ran.out);
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

/// The header of a log's last run.
fn last_header(log: &std::path::Path) -> serde_json::Value {
    let mut headers = lines(log).into_iter().filter(|line| line.contains("\"audit_log_opened\""));
    let header: serde_json::Value = serde_json::from_str(&headers.next_back().unwrap()).unwrap();
    header["mesos"]["audit"]["chain"].clone()
}

#[test]
fn a_crash_in_the_middle_of_a_rotation_is_a_crash() {
    for replaced in [false, true] {
        let dir = Dir::new();
        let (log, archive) = (dir.path("audit.jsonl"), dir.path("audit-1.jsonl"));
        let mut run = Run::start(&log, "run1");
        run.blocks(3, 6);
        run.seal(Cause::Rotation);
        // As `sink::file::rotate` does it: the old one gets its name, then the new one, which is empty still.
        fs::rename(&log, &archive).unwrap();
        if replaced {
            fs::write(&log, "").unwrap();
        }
        drop(run);
        let mut run = Run::start(&log, "run2");
        run.records(2);
        run.end();
        let header = last_header(&log);
        assert_eq!(
            (&header["after"], &header["lost"]),
            (&serde_json::json!("unsealed"), &serde_json::json!(null)),
            "{header:#}"
        );
        assert_eq!(header["previous_file"], "audit-1.jsonl");
        let (code, report) = verify(&dir, &[]);
        assert_eq!((code, kinds(&report)), (3, vec!["crash"]), "{report:#}");
        // The state knows the file that this run began.
        fs::OpenOptions::new().write(true).truncate(true).open(&log).unwrap();
        Run::start(&log, "run3").end();
        let (code, report) = verify(&dir, &[]);
        assert_eq!(code, 1, "{report:#}");
        only(&report, "truncated");
    }
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

/// The worker itself, from its callbacks' bytes to the last seal.
#[test]
fn what_the_worker_writes_is_complete() {
    use mesos_audit_core::{
        clock::Timestamp,
        config::{Config, Loaded, Output},
        decode::Callback,
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
            let fields: &[u8] = if number % 50 == 0 { &[0xff; 9] } else { &[] };
            pipeline.submit(Timestamp::now(), Callback::ModuleStart, fields);
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
