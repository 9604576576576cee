//! The fuzzers of fuzz/, without cargo-fuzz: the flags that it gives are stable ones, as long as no sanitizer is wanted.
//!
//! What is fuzzed is safe Rust, so that a panic is what there is to be found.

use std::fs;

use crate::{
    root::at,
    run::{Result, cargo, command, each_line},
};

const TARGET: &str = "target/fuzz";
/// Named, so that the flags are for the fuzzers only and not for build scripts as well.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";
const TARGETS: [&str; 7] = ["config", "filter", "frames", "log", "policy", "record", "scrub"];

/// Runs each target for so many seconds, on the corpus of the tree and on what earlier runs have found. Tells whether all
/// held; the input that did not is in target/fuzz/found.
pub(crate) fn fuzz(seconds: u64) -> Result<bool> {
    let package = ["build", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml"];
    let mut build = cargo(&[&package[..], &["--target", TRIPLE, "--target-dir", TARGET]].concat());
    build.env("RUSTFLAGS", FLAGS);
    let mut output = Vec::new();
    if !each_line(build, |line| output.push(line.to_owned()))? {
        return Err(output[output.len().saturating_sub(40)..].join("\n").into());
    }
    let mut held = true;
    for target in TARGETS {
        // New inputs go into the first folder; that of the tree is only read.
        let corpus = at(TARGET).join("corpus").join(target);
        let found = at(TARGET).join("found").join(target);
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&found)?;
        let program = at(TARGET).join(TRIPLE).join("release").join(target).display().to_string();
        let mut run = command(
            &program,
            &[
                &format!("-max_total_time={seconds}"),
                "-max_len=4096",
                "-timeout=10",
                &format!("-artifact_prefix={}/", found.display()),
            ],
        );
        run.arg(&corpus).arg(at("fuzz/corpus").join(target));
        let mut said = Vec::new();
        let this_held = each_line(run, |line| said.push(line.to_owned()))?;
        let last = said.iter().rfind(|line| line.starts_with('#')).map_or("nothing", String::as_str);
        println!("{target}: {last}");
        if !this_held {
            held = false;
            println!("{}", said[said.len().saturating_sub(40)..].join("\n"));
        }
    }
    Ok(held)
}
