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
