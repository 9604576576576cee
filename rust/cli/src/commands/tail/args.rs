//! The arguments of `tail`.

use std::{ffi::OsStr, path::PathBuf};

use clap::ValueEnum;
use jiff::Timestamp;
use mesos_audit_core::event::Action;

use crate::filter::{Clause, Filter, Unknown, check_path, parse_time};

const EXAMPLES: &str = "\
Examples:
  What happens now, and what happened last:
      mesos-audit tail -f /var/log/mesos-audit/mesos-master.jsonl

  Everything that was refused in the last hour:
      mesos-audit tail --outcome denied,failure --since 1h *.jsonl

  Who launched what, as a table for other programs:
      mesos-audit tail --all --action task_launch --format json FILE |
          jq -r '[.user.name, .mesos.task.id] | @tsv'

  Any field; several conditions must all be met:
      mesos-audit tail --all --where mesos.authz.action=RUN_TASK \\
          --where 'user.name!=ops' --where 'mesos.task.id~web' FILE

Lines that are no events are counted and reported on stderr.

Exit status:
  0  all lines that were read are events
  1  some are not
  2  wrong usage, or a file that cannot be read";

/// Show the events of audit files, one line each, and follow them as they grow
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Audit files, shown one after the other; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Wait for more; rotated files are followed by name
    #[arg(short, long)]
    pub(crate) follow: bool,

    /// Show the last LINES wanted events of each file [default: 10, or all with --since or --until]
    #[arg(short = 'n', long, value_name = "LINES", conflicts_with = "all")]
    lines: Option<u64>,

    /// Show all wanted events
    #[arg(short, long)]
    all: bool,

    /// How events are shown: for people, or each line as it is in the file
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub(crate) format: Format,

    /// When to use colours; NO_COLOR is respected
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,

    /// Show whole lines on a terminal, instead of cutting them and Mesos's ids to its width
    #[arg(long)]
    pub(crate) wide: bool,

    /// Explain columns and colours first
    #[arg(long)]
    pub(crate) legend: bool,

    /// Only events with this field: PATH=VALUE, PATH!=VALUE (also where it is missing) or PATH~PART
    #[arg(short = 'w', long = "where", value_name = "CONDITION", help_heading = "Filters")]
    conditions: Vec<Clause>,

    /// Only these actions
    #[arg(long, value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(Action::ALL.map(Action::name)), hide_possible_values = true, help_heading = "Filters")]
    action: Vec<String>,

    /// Only this outcome, decision or authentication result: success, failure, allowed, denied, ...
    #[arg(long, value_delimiter = ',', value_parser = ["success", "failure", "unknown", "allowed", "denied", "error", "discarded", "forbidden"], hide_possible_values = true, help_heading = "Filters")]
    outcome: Vec<String>,

    /// Only this principal
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    user: Vec<String>,

    /// Only this task
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    task: Vec<String>,

    /// Only this framework
    #[arg(long, value_name = "ID_OR_NAME", help_heading = "Filters")]
    framework: Vec<String>,

    /// Only this agent
    #[arg(long, value_name = "ID_OR_HOST", help_heading = "Filters")]
    agent: Vec<String>,

    /// Only events at or after this time (RFC 3339), or this long ago: 15m, 2h, 3d
    #[arg(long, value_name = "TIME", value_parser = parse_time, help_heading = "Filters")]
    since: Option<Timestamp>,

    /// Only events before this time
    #[arg(long, value_name = "TIME", value_parser = parse_time, help_heading = "Filters")]
    until: Option<Timestamp>,
}

/// How events are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line for people
    Pretty,
    /// The line as it is in the file
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How much of what is in a file already is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    All,
    Last(u64),
}

impl Args {
    pub(crate) fn scope(&self) -> Scope {
        match self.lines {
            Some(lines) => Scope::Last(lines),
            // A window of time says itself how much is wanted.
            None if self.all || self.since.is_some() || self.until.is_some() => Scope::All,
            None => Scope::Last(10),
        }
    }

    pub(crate) fn filter(&self) -> Filter {
        let shortcuts: [(&[&str], &Vec<String>); 6] = [
            (&["event.action"], &self.action),
            (&["event.outcome", "mesos.authz.decision", "mesos.authn.result"], &self.outcome),
            (&["user.name"], &self.user),
            (&["mesos.task.id"], &self.task),
            (&["mesos.framework.id", "mesos.framework.name"], &self.framework),
            (&["mesos.agent.id", "mesos.agent.hostname"], &self.agent),
        ];
        let given = shortcuts.into_iter().filter(|(_, values)| !values.is_empty());
        let clauses = given.map(|(paths, values)| Clause::any(paths, values.clone()));
        Filter::new(clauses.chain(self.conditions.iter().cloned()).collect(), self.since, self.until)
    }

    /// Fields in conditions that no event of this version has.
    pub(crate) fn unknown_fields(&self) -> Vec<(String, Unknown)> {
        let paths = self.conditions.iter().flat_map(Clause::paths);
        paths.filter_map(|path| check_path(&path).err().map(|unknown| (path, unknown))).collect()
    }

    /// Whether the file is stdin.
    pub(crate) fn is_stdin(file: &OsStr) -> bool {
        file == "-"
    }
}
