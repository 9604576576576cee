//! The command line: what commands there are, and which one runs.

use std::{io, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    commands::{config, hash, modules, policy, schema, status, tail, trace, verify},
    report::{Status, complain},
};

const EXIT_CODES: &str = "\
Exit status:
  0  all is well
  1  something is wrong with the data: lines that are no events, a configuration that Mesos would not start with,
     a process that is not healthy
  2  wrong usage, or a file that cannot be read or written
  3  of verify: no sign of tampering, but not proven complete";

/// Follows and reads the audit trail of a Mesos cluster, and helps to set it up.
#[derive(Debug, Parser)]
#[command(name = "mesos-audit", version, propagate_version = true, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Tail(tail::Args),
    Trace(trace::Args),
    Verify(verify::Args),
    Status(status::Args),
    Modules(modules::Args),
    Hash(hash::Args),
    /// Check a configuration file, or show what can be set
    #[command(subcommand)]
    Config(config::Command),
    /// Say what a policy makes of events
    #[command(subcommand)]
    Policy(policy::Command),
    /// Print the JSON Schema of an event
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Runs the command that the process's arguments ask for.
#[must_use]
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(status) => status.into(),
        // Whoever reads us has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Fine.into(),
        Err(error) => {
            complain(format_args!("standard output: {error}"));
            Status::Failed.into()
        }
    }
}

/// An error is one of writing to stdout; commands report all others themselves.
fn run(command: Command) -> io::Result<Status> {
    match command {
        Command::Tail(args) => tail::run(&args),
        Command::Trace(args) => trace::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Modules(args) => modules::run(&args),
        Command::Hash(args) => hash::run(&args),
        Command::Config(command) => config::run(&command),
        Command::Policy(command) => policy::run(&command),
        Command::Schema => schema::run(),
        Command::Completions { shell } => {
            // Into memory first: clap_complete panics where a write fails.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "mesos-audit", &mut script);
            io::Write::write_all(&mut io::stdout(), &script)?;
            Ok(Status::Fine)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
