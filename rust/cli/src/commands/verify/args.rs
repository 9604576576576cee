//! The arguments of `verify`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::head::Head;

const HELP: &str = "\
The files are those of a log with its rotated ones, in any order, compressed (.gz) or not, or a directory of them.
The state (FILE.seal beside the live log) tells where the log must end: without it, whatever was cut off
at the end is not missed, unless the status file (FILE.status) knows more records. Without --key nothing is proven: who alters a record can make its digest anew.

Ledgers (audit_ledger events) tell how many events a run has recorded and lost; they are sealed like any other. They
are compared with what is here, so that also what never reached the log is known by number and reason. A
run that was killed has no last ledger: what it had in memory is lost, and not known.

The head is the last seal. Noted on another machine, it proves with --head that no later hand cut off what was there
then, even if it had the state and every file on this machine.

Examples:
  mesos-audit verify --key master.key /var/log/mesos-audit/mesos-master*.jsonl*
  mesos-audit verify --key keys/ --format json /var/log/mesos-audit | jq .verdict
  mesos-audit verify --key keys/ --head $(cat noted-head) /var/log/mesos-audit

Exit status:
  0  intact and complete: every record that was made is there, as it was made
  1  tampered with: each place is named
  2  wrong usage, a file that cannot be read, a key that does not fit
  3  no sign of tampering, but not proven complete: records are missing for a reason that is told, or something
     that the proof needs was not given (the key, the state, earlier files)";

/// Prove that audit files are what was written, and that nothing is missing
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Args {
    /// Audit files, or directories of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// File with the root key, or a directory of such files; may be given several times
    #[arg(short, long, value_name = "FILE")]
    pub(crate) key: Vec<PathBuf>,

    /// The state of the chain [default: FILE.seal beside a log]
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// A head that was noted earlier, CHAIN:BLOCK:MAC as this command tells it: the log must have that seal still; may
    /// be given several times
    #[arg(long, value_name = "HEAD")]
    pub(crate) head: Vec<Head>,

    /// The files are a part of the log: what came before and after them is not asked for
    #[arg(long)]
    pub(crate) part: bool,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}
