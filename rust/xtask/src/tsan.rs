//! ThreadSanitizer over a real process with a real log: Mesos's threads (as the senders stand for them), the worker and
//! the thread that looks after the archives, while faults befall them at random.
//!
//! The sanitizer is no stable option of rustc; `RUSTC_BOOTSTRAP` lets a stable one take it. The standard library is not
//! built with it; what is missed by that, and would be taken for a race, is in tests/faults/native/tsan.supp.

use std::{fs, process::Command};

use crate::{
    root::at,
    run::{Result, cargo, command, each_line},
    soak::PROGRAM,
};

/// Named, so that what it needs of build scripts and macros is taken as it was built for all else.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
const REPORTS: &str = "target/tsan/reports";
const FLAGS: &str = "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer";

/// Runs it for a minute. Tells whether every event was accounted for and no race was seen.
pub(crate) fn soak() -> Result<bool> {
    let package = ["build", "--locked", "--package", "mesos-audit-faults"];
    let mut build = cargo(&[&package[..], &["--target", TRIPLE]].concat());
    build.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", FLAGS);
    if !each_line(build, |line| println!("{line}"))? {
        return Ok(false);
    }
    let reports = at(REPORTS);
    match fs::remove_dir_all(&reports) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => fs::create_dir_all(&reports)?,
    }
    let program = at("target").join(TRIPLE).join(PROGRAM);
    let mut soak: Command = command(&program.display().to_string(), &["soak", "--minutes", "1"]);
    // Into files: nobody reads what the senders say on stderr.
    let known = at("tests/faults/native/tsan.supp");
    let options = format!("log_path={} suppressions={}", reports.join("race").display(), known.display());
    soak.env("TSAN_OPTIONS", options);
    let accounted = each_line(soak, |line| println!("{line}"))?;
    let mut clean = true;
    for entry in fs::read_dir(&reports)? {
        clean = false;
        println!("{}", fs::read_to_string(entry?.path())?);
    }
    Ok(accounted && clean)
}
