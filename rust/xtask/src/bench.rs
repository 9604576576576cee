//! Builds what measures, and what is measured; the program of rust/bench does the rest.

use std::path::PathBuf;

use mesos_testbed::{Progress, Testbed, install_packages};

use crate::{
    build,
    progress::Steps,
    root::at,
    run::{Result, cargo, command, each_line},
};

/// The peers in C++, and callgrind.
const PACKAGES: &[&str] = &["libgoogle-glog-dev", "libspdlog-dev", "valgrind"];

/// Apart from what others build, so that neither builds the other's things anew.
const TARGET: &str = "target/bench/build";
const PEERS: &str = "target/bench/peers";

/// Measures. Tells whether all could be measured.
pub(crate) fn bench(options: &[String]) -> Result<bool> {
    build::prepare()?;
    let steps = Steps::default();
    install_packages(PACKAGES, &steps)?;
    let testbed = Testbed::provision(&steps)?;
    steps.done();
    let module = build::module("release")?;
    let peers = peers(&testbed, &steps)?;

    steps.step("building the measuring program");
    let package = ["build", "--release", "--locked", "--package", "mesos-audit-bench"];
    built(&steps, cargo(&[&package[..], &["--target-dir", TARGET]].concat()))?;
    steps.done();

    let mut program = command(&at(TARGET).join("release/mesos-audit-bench").display().to_string(), &["run"]);
    program.args(options);
    program.env("MESOS_AUDIT_BENCH_PEERS", peers).env("MESOS_AUDIT_BENCH_MODULE", module);
    Ok(program.status()?.success())
}

fn peers(testbed: &Testbed, steps: &Steps) -> Result<PathBuf> {
    steps.step("building the peers");
    let needs: Vec<_> = testbed.libmesos_needs().iter().map(|path| path.display().to_string()).collect();
    let mut configure = command("cmake", &["-S", "rust/bench/peers", "-B", PEERS, "-G", "Ninja"]);
    configure.arg(format!("-DLIBMESOS={}", testbed.libmesos().display()));
    configure.arg(format!("-DNEEDS={}", needs.join(";")));
    built(steps, configure)?;
    built(steps, command("cmake", &["--build", PEERS]))?;
    steps.done();
    Ok(at(PEERS))
}

/// Runs it, and shows what it said if it fails.
fn built(steps: &Steps, command: std::process::Command) -> Result<()> {
    let mut output = Vec::new();
    let succeeded = each_line(command, |line| {
        steps.detail(line);
        output.push(line.to_owned());
    })?;
    if succeeded {
        return Ok(());
    }
    Err(output[output.len().saturating_sub(40)..].join("\n").into())
}
