//! `mesos-audit status`: how the processes are that write audit logs.

mod show;

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use clap::ValueEnum;
use mesos_audit_core::{clock::Timestamp, health::Status as Told};
use serde_json::json;

use crate::report::{Status, complain};

const HELP: &str = "\
For each log, its writer is
  healthy   it runs, writes, and loses nothing
  dropping  it has lost records within the last heartbeat (health.heartbeat_s)
  degraded  within the last heartbeat a sync failed, or its worker had to be restarted
  failing   its output cannot be written, or not be brought to the disk
  stale     it is gone, or has not been heard of for three heartbeats
  stopped   it ended as it should

Examples:
  mesos-audit status /var/log/mesos-audit/mesos-master.jsonl
  mesos-audit status --watch /var/log/mesos-audit/*.status
  mesos-audit status --format json /var/log/mesos-audit/mesos-agent.jsonl | jq .counters.dropped

Exit status:
  0  all are healthy
  1  one is not
  2  wrong usage, or a file that cannot be read";

/// Show how the processes are that write audit logs
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Args {
    /// Status files (`health.state`), or the logs beside which they are
    #[arg(required = true, value_name = "FILE|LOG")]
    files: Vec<PathBuf>,

    /// Show it again every second, until interrupted
    #[arg(short, long)]
    watch: bool,

    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: an object per line
    Json,
}

/// How a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Healthy,
    Dropping,
    Degraded,
    Failing,
    Stale,
    Stopped,
}

impl Verdict {
    const fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Dropping => "dropping",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
            Self::Stale => "stale",
            Self::Stopped => "stopped",
        }
    }

    fn of(told: &Told, now: Timestamp, gone: bool) -> Self {
        let beat = i64::try_from(told.heartbeat_s.min(3_600) * 1_000_000).unwrap_or(i64::MAX);
        let age = now.as_micros().saturating_sub(told.updated.as_micros());
        let recent = |at: Option<Timestamp>| {
            at.is_some_and(|at| now.as_micros().saturating_sub(at.as_micros()) <= beat)
        };
        if told.ended.is_some() {
            Self::Stopped
        } else if gone || age > 3 * beat {
            Self::Stale
        } else if told.output.failing_since.is_some() || told.output.unsynced_since.is_some() {
            Self::Failing
        } else if recent(told.last_drop) {
            Self::Dropping
        } else if recent(told.last_fault) {
            Self::Degraded
        } else {
            Self::Healthy
        }
    }
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let terminal = io::stdout().is_terminal();
    loop {
        let mut out = Vec::new();
        let status = look(args, &mut out)?;
        let mut stdout = anstream::stdout().lock();
        if args.watch && terminal && args.format == Format::Text {
            // Home, and what was below goes: less flicker than to clear first.
            stdout.write_all(b"\x1b[H\x1b[J")?;
        }
        stdout.write_all(&out)?;
        stdout.flush()?;
        if !args.watch {
            return Ok(status);
        }
        thread::sleep(Duration::from_secs(1));
    }
}

fn look(args: &Args, out: &mut Vec<u8>) -> io::Result<Status> {
    let mut worst = Status::Fine;
    for path in &args.files {
        let path = file(path);
        let told = match Told::read(&path) {
            Ok(told) => told,
            Err(error) => {
                complain(format_args!("{}: {error}", path.display()));
                worst = worst.max(Status::Failed);
                continue;
            }
        };
        let now = Timestamp::now();
        let verdict = Verdict::of(&told, now, told.is_gone() == Some(true));
        if verdict != Verdict::Healthy {
            worst = worst.max(Status::Wrong);
        }
        match args.format {
            Format::Text => show::text(&told, verdict, now, out)?,
            Format::Json => {
                let mut value = serde_json::to_value(&told)?;
                value["status"] = json!(verdict.name());
                writeln!(out, "{value}")?;
            }
        }
    }
    Ok(worst)
}

/// A log's status is beside it.
fn file(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".status");
    let is_status = path.extension().is_some_and(|end| end == "status");
    // `health.state` may have any name.
    if is_status || (!Path::new(&beside).exists() && Told::read(path).is_ok()) {
        path.to_owned()
    } else {
        beside.into()
    }
}
