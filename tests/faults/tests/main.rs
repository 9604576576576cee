//! What can befall a log and the process that writes it: real files, a real process, and at the end every event
//! that was sent is recorded, announced as dropped, or the tail that a SIGKILL took.

mod disk;
mod failing;
mod others;
mod process;

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use mesos_audit_faults::{
    bed::{Bed, Verified},
    space::Space,
    tally::Sent,
};

type TestResult = mesos_audit_faults::Result<()>;

/// Long enough for whatever happens here: nothing is dropped for want of room.
const PATIENT: &str = "[queue]\nwhen_full = \"block\"\nblock_ms = 10000\n";

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_mesos-audit-faults"))
}

fn bed(config: &str) -> mesos_audit_faults::Result<Bed> {
    Bed::new(program(), config)
}

/// A log on a file system of its own, where that is possible.
fn sized(config: &str, size: &str) -> mesos_audit_faults::Result<Option<Bed>> {
    if !Space::is_possible() {
        eprintln!("SKIPPED: no mount namespaces for this user on this machine");
        return Ok(None);
    }
    Bed::sized(program(), config, size).map(Some)
}

/// Waits for something that comes some time.
fn wait_for(what: &str, mut is: impl FnMut() -> bool) -> TestResult {
    let patience = Instant::now() + Duration::from_secs(60);
    while !is() {
        if Instant::now() > patience {
            return Err(format!("waited in vain: {what}"));
        }
        sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Nothing was ever tampered with, whatever else `verify` finds.
fn verified(bed: &Bed) -> mesos_audit_faults::Result<Verified> {
    let verified = bed.verify()?;
    if matches!(verified.code, 0 | 3) { Ok(verified) } else { Err(format!("{:#}", verified.report)) }
}

/// A log of processes that all ended: everything sent is recorded or announced, and proven.
fn whole(bed: &Bed, sent: &[Sent]) -> TestResult {
    let account = bed.account()?;
    assert_eq!(account.torn, 0);
    assert_eq!(account.runs.len(), sent.len());
    for (run, sent) in account.runs.iter().zip(sent) {
        run.is_complete(sent)?;
    }
    let dropped: u64 = account.runs.iter().map(mesos_audit_faults::account::Run::dropped).sum();
    let verified = verified(bed)?;
    assert_eq!(verified.code, if dropped == 0 { 0 } else { 3 }, "{:#}", verified.report);
    let told = verified.report["dropped"].as_object().into_iter().flatten();
    assert_eq!(told.filter_map(|(_, count)| count.as_u64()).sum::<u64>(), dropped);
    Ok(())
}
