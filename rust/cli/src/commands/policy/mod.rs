//! `mesos-audit policy`.

mod dry_run;
mod explain;

use std::{
    io::{self, IsTerminal},
    path::PathBuf,
};

use clap::{Subcommand, ValueEnum};
use mesos_audit_core::{
    config,
    event::OwnedEvent,
    policy::{METADATA_LACKS, Policy},
};
use serde_json::Value;

use crate::report::{Status, complain};

const EXAMPLES: &str = "\
Examples:
  grep miner-1 mesos-master.jsonl | mesos-audit policy explain --config audit.toml
  mesos-audit policy explain --dry-run --config new.toml /var/log/mesos-audit/mesos-master*.jsonl*

A log holds what the policy of its time has let through: an event that was recorded as metadata lacks what a rule may ask for,
and what was skipped is not there to be judged.

Exit status:
  0  said
  1  lines that are no events, or a configuration that Mesos would not start with
  2  wrong usage, or a file that cannot be read";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say which rule decides on events, and why; with --dry-run, what a policy would keep of whole logs
    #[command(after_long_help = EXAMPLES)]
    Explain(Args),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files with events, JSON or FlatBuffers, compressed (.gz) or not; `-` for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,
    /// The configuration whose policy it is [default: none, which takes the default policy]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Sum up, by rule, instead of explaining each event
    #[arg(long)]
    dry_run: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What level `metadata` would leave out of the event, field by field.
fn lacking(event: &OwnedEvent) -> Vec<(&'static str, Value)> {
    let value = serde_json::to_value(event).unwrap_or_default();
    let found = |path: &'static str| {
        let at = path.split('.').fold(&value, |at, key| &at[key]);
        (!at.is_null()).then(|| (path, at.clone()))
    };
    METADATA_LACKS.into_iter().filter_map(found).collect()
}

pub(crate) fn run(Command::Explain(args): &Command) -> io::Result<Status> {
    let policy = config::load(args.config.as_deref()).and_then(|loaded| Policy::new(&loaded.config.policy));
    let policy = match policy {
        Ok(policy) => policy,
        Err(error) => {
            complain(error);
            let readable = args.config.as_ref().is_none_or(|path| std::fs::read(path).is_ok());
            return Ok(if readable { Status::Wrong } else { Status::Failed });
        }
    };
    if args.files.iter().any(|path| path.as_os_str() == "-") && io::stdin().is_terminal() {
        crate::report::note("reads events from standard input");
    }
    if args.dry_run { dry_run::run(args, &policy) } else { explain::run(args, &policy) }
}
