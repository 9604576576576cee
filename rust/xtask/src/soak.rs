//! Faults at random, by the program of tests/faults.

use std::path::Path;

use crate::{
    build,
    root::at,
    run::{Result, cargo, command, each_line},
};

/// The program, where cargo puts what it builds for tests.
pub(crate) const PROGRAM: &str = "debug/mesos-audit-faults";

/// The same as the benchmarks', which need the core optimised as well.
const TARGET: &str = "target/bench/build";

/// Goes on for so many minutes. Tells whether every event was accounted for.
pub(crate) fn soak(minutes: u64, seed: Option<u64>) -> Result<bool> {
    build::prepare()?;
    let package = ["build", "--release", "--locked", "--package", "mesos-audit-faults"];
    let mut output = Vec::new();
    let built = cargo(&[&package[..], &["--target-dir", TARGET]].concat());
    if !each_line(built, |line| output.push(line.to_owned()))? {
        return Err(output[output.len().saturating_sub(40)..].join("\n").into());
    }
    run(&at(TARGET).join("release/mesos-audit-faults"), minutes, seed)
}

/// The same for a minute, with the program that `cargo test` has built: its core is optimised as well, and three minutes of
/// building are not spent on one that would do no more.
pub(crate) fn tested() -> Result<bool> {
    run(&at("target").join(PROGRAM), 1, None)
}

fn run(program: &Path, minutes: u64, seed: Option<u64>) -> Result<bool> {
    let mut soak = command(&program.display().to_string(), &["soak", "--minutes", &minutes.to_string()]);
    if let Some(seed) = seed {
        soak.args(["--seed", &seed.to_string()]);
    }
    Ok(soak.status()?.success())
}
