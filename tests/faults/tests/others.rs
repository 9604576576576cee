//! What others do to the files.

use std::{fs, thread::sleep, time::Duration};

use crate::{PATIENT, TestResult, bed, whole};

fn said(error: std::io::Error) -> String {
    error.to_string()
}

#[test]
fn deleted_at_full_rate() -> TestResult {
    let mut bed = bed(PATIENT)?;
    let mut child = bed.start()?;
    child.tell("flow 2")?;
    for _ in 0..3 {
        sleep(Duration::from_millis(50));
        fs::remove_file(bed.live()).map_err(said)?;
        // It looks four times a second.
        sleep(Duration::from_millis(500));
        assert!(bed.live().exists());
    }
    child.tell("halt")?;
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    whole(&bed, &[sent])
}

/// Files that wait for their sync must not take the place of one that is gone with the process.
#[test]
fn deleted_while_files_wait_to_be_closed() -> TestResult {
    let mut bed = bed(&format!("rotate_bytes = 65536\n{PATIENT}"))?;
    let disk = bed.disk()?;
    let mut child = bed.start()?;
    disk.order("sync wait 400")?;
    for _ in 0..4 {
        // More files than may wait.
        child.tell("burst 2 20000")?;
        assert_eq!(child.tell("drain")?, "drained true");
        fs::remove_file(bed.live()).map_err(said)?;
        sleep(Duration::from_millis(300));
    }
    disk.works()?;
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    whole(&bed, &[sent])
}

/// No look at the file is due any more, and no copy is begun, when the process ends.
#[test]
fn deleted_just_before_the_end() -> TestResult {
    for leaves in [false, true] {
        let mut bed = bed(PATIENT)?;
        let mut child = bed.start()?;
        child.tell("burst 2 1000")?;
        assert_eq!(child.tell("drain")?, "drained true");
        child.tell("burst 2 100")?;
        fs::remove_file(bed.live()).map_err(said)?;
        if leaves {
            let sent = child.leave()?;
            bed.account()?.runs[0].is_complete(&sent)?;
        } else {
            let (sent, dropped) = child.end()?;
            assert_eq!(dropped, 0);
            whole(&bed, &[sent])?;
        }
    }
    Ok(())
}

#[test]
fn moved_and_replaced() -> TestResult {
    let mut bed = bed(PATIENT)?;
    let mut child = bed.start()?;
    child.tell("burst 2 1000")?;
    child.tell("drain")?;
    fs::rename(bed.live(), bed.logs().join("audit-0.jsonl")).map_err(said)?;
    sleep(Duration::from_millis(400));
    child.tell("burst 2 1000")?;
    child.tell("drain")?;
    fs::write(bed.logs().join("new"), "").map_err(said)?;
    fs::rename(bed.logs().join("new"), bed.live()).map_err(said)?;
    sleep(Duration::from_millis(400));
    child.tell("burst 2 1000")?;
    let (sent, dropped) = child.end()?;
    assert_eq!(dropped, 0);
    whole(&bed, &[sent])
}
