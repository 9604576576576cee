//! The program behind the fault tests and `cargo xtask soak`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use mesos_audit_faults::{sender, soak};

#[derive(Debug, Parser)]
#[command(version, about = "Faults, and whether every event is accounted for")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Submits records as commands on stdin say.
    Send {
        /// The module's configuration.
        config: PathBuf,
        /// Where it counts what it sends.
        tally: PathBuf,
        /// Its number among the processes that write to this log.
        run: u32,
    },
    /// Random faults at full rate; succeeds if every event is accounted for.
    Soak {
        /// How long.
        #[arg(long, default_value_t = 1)]
        minutes: u64,
        /// To do the same again, as far as the machine lets it.
        #[arg(long)]
        seed: Option<u64>,
    },
}

fn main() -> ExitCode {
    // The product's own command, so that this crate's tests need no program of another one.
    if std::env::args().nth(1).is_some_and(|command| command == "verify") {
        return mesos_audit::cli::main();
    }
    let result = match Arguments::parse().command {
        Command::Send { config, tally, run } => sender::run(&config, &tally, run).map(|()| true),
        Command::Soak { minutes, seed } => soak::soak(minutes, seed),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
