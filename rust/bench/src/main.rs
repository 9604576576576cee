//! The program that `cargo xtask bench` starts. It starts itself, once for each thing that is measured.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mesos_audit_bench::{instructions, measure, run};

#[derive(Debug, Parser)]
#[command(name = "mesos-audit-bench", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures everything, or the parts that are named, and reports it.
    Run(run::Options),
    /// Measures one thing and prints it as JSON. Started by `run`.
    Measure(measure::Task),
    /// Does a fixed amount of work for callgrind. Started by `run`.
    Work(instructions::Work),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Measure(task) => alone(&task).map(|()| true),
        Command::Work(work) => work.run().map(|()| true),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            anstream::eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// One measurement: here, if it has a folder, which whoever started this process takes away again.
fn alone(task: &measure::Task) -> Result<(), String> {
    let values = match &task.folder {
        Some(folder) => task.run(folder)?,
        None => run::child(task)?,
    };
    println!("{}", serde_json::to_string(&values).map_err(|error| error.to_string())?);
    // Not a return: libraries' static destructors under their running threads measure nothing.
    std::process::exit(0)
}
