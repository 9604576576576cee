//! What befalls the process.

use std::{thread::sleep, time::Duration};

use crate::{PATIENT, TestResult, bed, verified, whole};

/// Not for cryptography: for moments that differ.
fn random(below: u64) -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the kernel has random bytes");
    u64::from_ne_bytes(bytes) % below
}

#[test]
fn killed_at_full_rate_again_and_again() -> TestResult {
    killed_in_its_prime("json")
}

#[test]
fn killed_at_full_rate_in_the_middle_of_a_frame() -> TestResult {
    killed_in_its_prime("flatbuffers")
}

fn killed_in_its_prime(format: &str) -> TestResult {
    // Small files, so that some die while a file is turned.
    let mut bed =
        bed(&format!("format = \"{format}\"\nrotate_bytes = 1048576\n{PATIENT}[integrity]\nseal_ms = 20\n"))?;
    let mut sent = Vec::new();
    for _ in 0..8 {
        let mut child = bed.start()?;
        child.tell("flow 2")?;
        sleep(Duration::from_millis(random(200)));
        sent.push(child.kill()?);
    }
    let mut child = bed.start()?;
    child.tell("burst 2 100")?;
    sent.push(child.end()?.0);

    let account = bed.account()?;
    assert_eq!(account.runs.len(), sent.len());
    assert!(account.torn < 9, "at the most the record that each was killed in");
    for (number, (run, sent)) in account.runs.iter().zip(&sent).enumerate() {
        let tail = run.tail(sent).map_err(|error| format!("run {number}: {error}"))?;
        assert_eq!(run.gaps(), 0, "run {number}: what is there is all there was up to the last one");
        assert_eq!(run.dropped(), 0);
        eprintln!("run {number}: {} sent, the last {tail} died with it", sent.total());
    }
    account.runs.last().expect("the last one").is_complete(&sent[8])?;
    assert_eq!(account.runs[0].after, "first");
    for run in &account.runs[1..] {
        assert_eq!(run.after, "unsealed");
    }
    // Not 0: what was in memory is lost, and nobody counted it.
    let verified = verified(&bed)?;
    assert_eq!(verified.code, 3, "{:#}", verified.report);
    assert!(verified.has("crash"), "{:#}", verified.report);
    Ok(())
}

#[test]
fn killed_while_idle_loses_nothing() -> TestResult {
    // What was written last is not sealed yet.
    let mut bed = bed(&format!("{PATIENT}[integrity]\nseal_ms = 60000\n"))?;
    for _ in 0..2 {
        let mut child = bed.start()?;
        child.tell("burst 2 500")?;
        assert_eq!(child.tell("drain")?, "drained true");
        let sent = child.kill()?;
        let account = bed.account()?;
        account.runs.last().expect("a run").is_complete(&sent)?;
        assert_eq!(account.torn, 0);
    }
    let verified = verified(&bed)?;
    assert!(verified.has("adopted"), "{:#}", verified.report);
    Ok(())
}

#[test]
fn a_million_events_at_once() -> TestResult {
    let mut bed = bed("")?;
    let mut child = bed.start()?;
    child.tell("burst 2 500000")?;
    let (sent, dropped) = child.end()?;
    assert_eq!(sent.total(), 1_000_000);
    let account = bed.account()?;
    assert_eq!(account.runs[0].dropped(), dropped, "every one that is dropped is announced");
    assert_eq!(account.runs[0].recorded + dropped, 1_000_000);
    eprintln!("{dropped} of a million dropped; the longest call took {} us", sent.slowest / 1_000);
    whole(&bed, &[sent])
}

#[test]
fn a_worker_that_panics_goes_on_and_is_reported() -> TestResult {
    // Panics while it announces and writes: nothing is lost. With records in its hands: exactly those.
    for (places, lost) in [(["Told", "Announcing", "Writing", "Written"], 0), (["Taken"; 4], 20)] {
        let mut bed = bed(&format!("rotate_bytes = 65536\n{PATIENT}[integrity]\nseal_ms = 20\n"))?;
        let mut child = bed.start()?;
        for place in places {
            child.tell("burst 2 200")?;
            child.tell(&format!("break {place} 5"))?;
        }
        let (sent, dropped) = child.end()?;
        assert_eq!(dropped, lost, "{places:?}");
        let account = bed.account()?;
        assert_eq!(account.runs[0].dropped.get("panic").copied().unwrap_or(0), lost);
        assert!(account.own.contains_key("audit_worker_restarted"), "{:?}", account.own);
        let verified = verified(&bed)?;
        assert!(verified.has("worker_restarted") && !verified.has("ledger"), "{:#}", verified.report);
        assert_eq!(verified.report["dropped"]["panic"].as_u64().unwrap_or(0), lost);
        whole(&bed, &[sent])?;
    }
    Ok(())
}

#[test]
fn stopped_and_continued() -> TestResult {
    let mut bed = bed(&format!("{PATIENT}[integrity]\nseal_ms = 50\n"))?;
    let mut child = bed.start()?;
    child.tell("flow 2")?;
    for _ in 0..4 {
        sleep(Duration::from_millis(30));
        child.pause();
        sleep(Duration::from_millis(150));
        child.resume();
    }
    child.tell("halt")?;
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    whole(&bed, &[sent])
}

#[test]
fn forked_while_it_sends() -> TestResult {
    let mut bed = bed(&format!("rotate_bytes = 0\n{PATIENT}"))?;
    let mut child = bed.start()?;
    child.tell("flow 2")?;
    child.tell("fork 40")?;
    child.tell("halt")?;
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    let account = bed.account()?;
    assert_eq!(account.own.get("audit_log_opened"), Some(&1), "the children wrote nothing");
    whole(&bed, &[sent])
}

#[test]
fn out_of_file_descriptors() -> TestResult {
    let mut bed = bed(&format!("rotate_bytes = 65536\n{PATIENT}"))?;
    let mut child = bed.start()?;
    child.limit(rustix::process::Resource::Nofile, Some(64))?;
    child.tell("hog")?;
    child.tell("burst 2 2000")?;
    assert_eq!(child.tell("drain")?, "drained true", "written all the same");
    // Without what lies beside the log: its key, its state, its status.
    let is_log = |name: &str| name.ends_with(".jsonl") || name.ends_with(".jsonl.gz");
    let logs = || {
        let entries = std::fs::read_dir(bed.logs()).into_iter().flatten().flatten();
        entries.filter(|entry| is_log(&entry.file_name().to_string_lossy())).count()
    };
    assert_eq!(logs(), 1, "nothing could be rotated");
    child.tell("release")?;
    for _ in 0..30 {
        sleep(Duration::from_millis(100));
        child.tell("burst 1 10")?;
    }
    assert!(logs() > 1, "rotated as soon as it could be");
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    whole(&bed, &[sent])
}

#[test]
fn a_second_process_is_refused() -> TestResult {
    let mut bed = bed(PATIENT)?;
    let mut child = bed.start()?;
    child.tell("flow 1")?;
    let refused = bed.start().expect_err("one process writes to a file");
    assert!(refused.contains("another process"), "{refused}");
    assert_eq!(refused.trim_end().lines().count(), 1, "{refused}");
    child.tell("halt")?;
    let (sent, _) = child.end()?;
    whole(&bed, &[sent])
}

#[test]
fn a_clock_that_jumps() -> TestResult {
    let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    if !std::path::Path::new(library).exists() {
        eprintln!("SKIPPED: no {library}, which the package libfaketime has");
        return Ok(());
    }
    let mut bed = bed(&format!("rotate_bytes = 65536\n{PATIENT}[integrity]\nseal_ms = 20\n"))?;
    let clock = bed.file("clock");
    let put = |offset: &str| {
        // In one step: a file that is read while it is written is a clock that stands at no time at all.
        let new = clock.with_extension("new");
        std::fs::write(&new, offset).and_then(|()| std::fs::rename(&new, &clock)).map_err(|e| e.to_string())
    };
    put("+0")?;
    bed.set("LD_PRELOAD", library);
    bed.set("FAKETIME_TIMESTAMP_FILE", &clock.display().to_string());
    bed.set("FAKETIME_NO_CACHE", "1");
    // Only the wall clock can be set.
    bed.set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let mut sent = Vec::new();
    for offsets in [["+2d", "-2d", "+400d"], ["-5y", "+0", "+1h"]] {
        let mut child = bed.start()?;
        for offset in offsets {
            child.tell("burst 2 300")?;
            put(offset)?;
            child.tell("burst 2 300")?;
            sleep(Duration::from_millis(40));
        }
        let (one, dropped) = child.end()?;
        assert_eq!(dropped, 0);
        sent.push(one);
    }
    let log = std::fs::read_to_string(bed.live()).map_err(|error| error.to_string())?;
    assert!(log.contains("\"@timestamp\":\"202"), "the clock was another one");
    whole(&bed, &sent)
}
