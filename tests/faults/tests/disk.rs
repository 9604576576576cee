//! What befalls the disk.

use std::{fs, thread::sleep, time::Duration};

use rustix::process::Resource;

use crate::{PATIENT, TestResult, bed, sized, wait_for, whole};

#[test]
fn full_and_then_space_again() -> TestResult {
    let Some(mut bed) = sized("", "2m")? else { return Ok(()) };
    let mut child = bed.start()?;
    // Twice what file system and backlog hold together; the queue holds it all, so the worker needs a moment.
    child.tell("burst 2 30000")?;
    wait_for("it drops", || child.tell("dropped").is_ok_and(|answer| answer != "dropped 0"))?;
    assert_eq!(child.tell("burst 1 1")?, "done", "nobody waits for the disk");
    let said = || bed.status().ok().and_then(|status| status.output.error);
    wait_for("the status tells it", || said().is_some_and(|error| error.contains("No space left")))?;
    bed.space()?.remount("size=64m")?;
    child.tell("burst 2 100")?;
    let (sent, dropped) = child.end()?;
    assert!(dropped > 0 && dropped < sent.total(), "{dropped} of {}", sent.total());
    let account = bed.account()?;
    assert_eq!(account.runs[0].dropped.keys().collect::<Vec<_>>(), ["write_failed"]);
    whole(&bed, &[sent])
}

#[test]
fn full_for_a_moment_costs_nothing() -> TestResult {
    let Some(mut bed) = sized("rotate_bytes = 524288", "2m")? else { return Ok(()) };
    let mut child = bed.start()?;
    child.tell("burst 2 5000")?;
    sleep(Duration::from_millis(400));
    bed.space()?.remount("size=64m")?;
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0, "what waits fits in memory");
    whole(&bed, &[sent])
}

#[test]
fn killed_on_a_full_disk() -> TestResult {
    let Some(mut bed) = sized(PATIENT, "2m")? else { return Ok(()) };
    let mut child = bed.start()?;
    child.tell("flow 2")?;
    sleep(Duration::from_millis(400));
    let first = child.kill()?;
    bed.space()?.remount("size=64m")?;
    let mut child = bed.start()?;
    child.tell("burst 2 100")?;
    let (second, _) = child.end()?;
    let account = bed.account()?;
    account.runs[0].tail(&first)?;
    assert_eq!(account.runs[0].gaps(), 0);
    account.runs[1].is_complete(&second)?;
    assert_eq!(account.runs[1].after, "unsealed");
    crate::verified(&bed)?;
    Ok(())
}

#[test]
fn read_only_in_mid_run() -> TestResult {
    let Some(mut bed) = sized(&format!("rotate_bytes = 65536\n{PATIENT}"), "64m")? else { return Ok(()) };
    let mut child = bed.start()?;
    child.tell("burst 2 500")?;
    bed.space()?.protect()?;
    child.tell("burst 2 2000")?;
    assert_eq!(child.tell("drain")?, "drained true");
    let before = fs::read_dir(bed.logs()).map_or(0, |entries| entries.count());
    bed.space()?.remount("bind,rw")?;
    for _ in 0..30 {
        sleep(Duration::from_millis(100));
        child.tell("burst 1 10")?;
    }
    assert!(fs::read_dir(bed.logs()).is_ok_and(|entries| entries.count() > before), "rotated again");
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    whole(&bed, &[sent])
}

#[test]
fn read_only_at_the_start_is_refused() -> TestResult {
    let Some(mut bed) = sized("", "2m")? else { return Ok(()) };
    bed.space()?.remount("ro")?;
    let refused = bed.start().expect_err("nothing can be written");
    assert!(refused.contains("Read-only file system") && refused.lines().count() == 1, "{refused}");
    bed.space()?.remount("rw")?;
    let mut child = bed.start()?;
    child.tell("burst 1 10")?;
    let (sent, _) = child.end()?;
    whole(&bed, &[sent])
}

/// Any write may fail (here: with EFBIG), and after some bytes as well.
#[test]
fn writes_that_fail_now_and_then() -> TestResult {
    let mut bed = bed(&format!("rotate_bytes = 0\n{PATIENT}"))?;
    let mut child = bed.start()?;
    for _ in 0..5 {
        child.tell("burst 2 500")?;
        child.tell("drain")?;
        let size = fs::metadata(bed.live()).map_err(|error| error.to_string())?.len();
        // In the middle of a line.
        child.limit(Resource::Fsize, Some(size + 10_001))?;
        child.tell("burst 2 500")?;
        sleep(Duration::from_millis(100));
        child.limit(Resource::Fsize, None)?;
    }
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    whole(&bed, &[sent])
}
