//! The arguments of `trace`.

use std::path::PathBuf;

use clap::ValueEnum;

const EXAMPLES: &str = "\
Examples:
  Everything that happened to a task, with the logs of the master and of its agent:
      mesos-audit trace web-1 mesos-master.jsonl agent-7.jsonl

  The same for other programs:
      mesos-audit trace --format json web-1 *.jsonl | jq '.missing'

Steps are shown in the order of cause and effect. The clocks of two machines may differ: a gap may be negative then.

Exit status:
  0  no step is missing, as far as the task has come
  1  steps are missing, or lines that were read are no events
  2  wrong usage, no such task in the files, or a file that cannot be read";

/// Show what happened to a task, from who asked for it to its end, across the logs of master and agents
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The task's id, or its `trace.id`
    #[arg(value_name = "TASK_ID")]
    pub(crate) task: String,

    /// Audit files, of the master and of the agents
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The framework's id, where several frameworks have a task of that id
    #[arg(long, value_name = "ID")]
    pub(crate) framework: Option<String>,

    /// How it is shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// When to use colours; NO_COLOR is respected
    #[arg(long, value_enum, default_value_t = crate::commands::tail::Color::Auto, value_name = "WHEN")]
    pub(crate) color: crate::commands::tail::Color,
}

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A tree for people
    Text,
    /// One object: task, framework, steps with their events, what is missing
    Json,
}
