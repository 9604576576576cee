//! A disk that gives errors, is slow, or never answers.

use std::fs;

use mesos_audit_faults::bed::Bed;

use crate::{PATIENT, TestResult, bed, verified, wait_for, whole};

/// What one call may take on a machine that does other things as well: far less than a disk that hangs.
const SOON: u64 = 5_000_000_000;

/// A small queue, so that what does not fit is soon dropped.
const SMALL: &str = "[queue]\nbytes = 131072\nrecord_bytes = 4096\n";

fn is_failing(bed: &Bed) -> bool {
    bed.status().is_ok_and(|status| status.output.failing_since.is_some())
}

#[test]
fn errors_and_then_none() -> TestResult {
    let mut bed = bed(&format!("rotate_bytes = 0\n{PATIENT}"))?;
    let disk = bed.disk()?;
    let mut child = bed.start()?;
    for (errno, said) in [(libc::EIO, "Input/output error"), (libc::ENOSPC, "No space left on device")] {
        child.tell("burst 2 500")?;
        disk.order(&format!("write error {errno}"))?;
        child.tell("burst 2 500")?;
        wait_for("it says that it cannot write", || is_failing(&bed))?;
        assert!(bed.status()?.output.error.is_some_and(|error| error.starts_with(said)), "{said}");
        disk.works()?;
        assert_eq!(child.tell("drain")?, "drained true");
        wait_for("it says that it can write", || !is_failing(&bed))?;
    }
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0, "what waited fits in memory");
    whole(&bed, &[sent])
}

#[test]
fn errors_for_long_cost_what_does_not_fit_in_memory() -> TestResult {
    let mut bed = bed(PATIENT)?;
    let disk = bed.disk()?;
    let mut child = bed.start()?;
    disk.order(&format!("write error {}", libc::EIO))?;
    // More than the backlog holds.
    child.tell("burst 2 15000")?;
    wait_for("it drops", || bed.status().is_ok_and(|status| status.last_drop.is_some()))?;
    disk.works()?;
    let (sent, dropped) = child.end()?;
    assert!(dropped > 0 && dropped < sent.total(), "{dropped} of {}", sent.total());
    assert_eq!(bed.account()?.runs[0].dropped.keys().collect::<Vec<_>>(), ["write_failed"]);
    whole(&bed, &[sent])
}

#[test]
fn a_sync_that_fails_is_no_record_on_disk() -> TestResult {
    let mut bed = bed(&format!("durability = \"strict\"\n{PATIENT}[integrity]\nseal_ms = 20\n"))?;
    let disk = bed.disk()?;
    disk.order(&format!("sync error {}", libc::EIO))?;
    let mut child = bed.start()?;
    assert_eq!(child.tell("durably 3 20000")?, "durably 0 3", "each is told at once that it is not");
    wait_for("it says so", || bed.status().is_ok_and(|status| status.output.unsynced_since.is_some()))?;
    assert_eq!(bed.state()?.synced, 0, "nor does a seal count as on the disk");
    disk.works()?;
    assert_eq!(child.tell("durably 3 20000")?, "durably 3 0");
    wait_for("it says so", || bed.status().is_ok_and(|status| status.output.unsynced_since.is_none()))?;
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0, "all of it was written");
    assert_eq!(bed.state()?.synced, 0, "what was in doubt stays in doubt");
    assert!(bed.account()?.own.contains_key("audit_sync_failed"));
    whole(&bed, &[sent])
}

#[test]
fn a_slow_disk_holds_nobody_up_and_every_loss_is_counted() -> TestResult {
    for (full, reason) in [("drop", "queue_full"), ("block", "deadline")] {
        let mut bed = bed(&format!("{SMALL}when_full = \"{full}\"\nblock_ms = 5\n"))?;
        let disk = bed.disk()?;
        let mut child = bed.start()?;
        disk.order("write wait 200")?;
        child.tell("burst 2 4000")?;
        disk.works()?;
        let (sent, dropped) = child.end()?;
        assert!(sent.slowest < SOON, "a call took {} ms", sent.slowest / 1_000_000);
        assert!(dropped > 0 && dropped < sent.total(), "{dropped} of {}", sent.total());
        assert_eq!(bed.account()?.runs[0].dropped.keys().collect::<Vec<_>>(), [reason]);
        whole(&bed, &[sent])?;
    }
    Ok(())
}

#[test]
fn a_disk_that_hangs_holds_up_neither_the_callers_nor_the_end() -> TestResult {
    let mut bed = bed(SMALL)?;
    let disk = bed.disk()?;
    let mut child = bed.start()?;
    child.tell("burst 2 100")?;
    assert_eq!(child.tell("drain")?, "drained true");
    disk.order("write hang")?;
    child.tell("burst 2 10000")?;
    assert_eq!(child.tell("durably 2 100")?, "durably 0 2");
    let first = child.leave()?;
    assert!(first.slowest < SOON, "a call took {} ms", first.slowest / 1_000_000);
    disk.works()?;
    let mut child = bed.start()?;
    child.tell("burst 2 100")?;
    let (second, _) = child.end()?;
    let account = bed.account()?;
    account.runs[0].tail(&first)?;
    assert!(account.runs[0].recorded >= 200, "what was written before");
    account.runs[1].is_complete(&second)?;
    verified(&bed)?;
    Ok(())
}

#[test]
fn killed_in_the_middle_of_a_rotation() -> TestResult {
    for order in ["rename kill", "renamed kill"] {
        let mut bed = bed(&format!("rotate_bytes = 65536\n{PATIENT}"))?;
        let disk = bed.disk()?;
        let mut child = bed.start()?;
        disk.order(order)?;
        // It may be dead before it can say that it has sent all.
        let _ = child.tell("burst 2 1000");
        let first = child.gone()?;
        assert_eq!(bed.live().exists(), order == "renamed kill");
        disk.works()?;
        let mut child = bed.start()?;
        child.tell("burst 2 100")?;
        let (second, _) = child.end()?;
        let account = bed.account()?;
        assert_eq!(account.runs[1].after, "unsealed", "{order}: not moved, and not lost");
        account.runs[0].tail(&first)?;
        assert_eq!((account.runs[0].gaps(), account.torn), (0, 0));
        account.runs[1].is_complete(&second)?;
        let verified = verified(&bed)?;
        assert!(verified.has("crash") && verified.report["missing"] == 0, "{:#}", verified.report);
    }
    Ok(())
}

/// What the state of the seals knows of a process that was killed while it was idle.
#[test]
fn a_cut_after_a_kill_is_no_crash() -> TestResult {
    let mut bed = bed(&format!("{PATIENT}[integrity]\nseal_ms = 20\n"))?;
    let mut child = bed.start()?;
    child.tell("burst 2 100")?;
    assert_eq!(child.tell("drain")?, "drained true");
    let text = || fs::read_to_string(bed.live()).unwrap_or_default();
    wait_for("all is sealed, and the state knows it", || {
        text().lines().last().is_some_and(|line| line.contains("\"audit_seal\""))
            && bed.state().is_ok_and(|state| state.written == state.block)
    })?;
    child.kill()?;
    assert_eq!(bed.verify()?.code, 0, "nothing is missing");
    let mut lines: Vec<_> = text().lines().map(str::to_owned).collect();
    // The last seal, and what it seals.
    lines.pop();
    while lines.last().is_some_and(|line| !line.contains("\"audit_seal\"")) {
        lines.pop();
    }
    fs::write(bed.live(), lines.join("\n") + "\n").map_err(|error| error.to_string())?;
    let verified = bed.verify()?;
    assert_eq!(verified.code, 1, "{:#}", verified.report);
    assert!(verified.has("truncated"), "{:#}", verified.report);
    Ok(())
}
