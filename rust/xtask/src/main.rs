//! What a newcomer runs, and CI.
//!
//! Exit codes: 0 all is well, 1 something failed, 2 wrong usage.

mod bench;
mod build;
mod demo;
mod docs;
mod fuzz;
mod progress;
mod root;
mod run;
mod soak;
mod test;
mod tsan;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, shows and tests mesos-audit.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Builds the module: build/libmesos_audit.so for the preset `release`.
    Build {
        /// A preset of CMakePresets.json.
        #[arg(long, default_value = "release")]
        preset: String,
    },
    /// Starts a real Mesos with the module, does a day's work on it, and shows the audit trail as it grows.
    Demo {
        /// Also draws what is shown, as SVG.
        #[arg(long)]
        picture: Option<std::path::PathBuf>,
    },
    /// Builds everything and runs every test.
    Test,
    /// Measures how fast the module is, beside others and in a real Mesos.
    Bench {
        /// Options of the measuring program; `cargo xtask bench -- --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Kills, pauses, deletes and fills up at random, at full rate, and accounts for every event.
    Soak {
        /// How long.
        #[arg(long, default_value_t = 1)]
        minutes: u64,
        /// As an earlier run has printed it: the same faults again.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Feeds what reads bytes of strangers with inputs that libFuzzer makes up.
    Fuzz {
        /// Seconds for each target.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Writes the JSON Schema and the reference parts of docs/ from the source.
    Docs {
        /// Only tells whether they are up to date.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Build { preset } => build::prepare().and_then(|()| build::module(&preset)).map(|_| true),
        Command::Demo { picture } => demo::demo(picture.as_deref()),
        Command::Test => test::test(),
        Command::Bench { options } => bench::bench(&options),
        Command::Soak { minutes, seed } => soak::soak(minutes, seed),
        Command::Fuzz { seconds } => fuzz::fuzz(seconds),
        Command::Docs { check } => docs::docs(check),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            anstream::eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
