//! What is measured, each in a process of its own that prints its results as one JSON object.

mod burst;
mod decision;
mod growth;
mod hot;
mod idle;
mod isolated;
mod throughput;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};

use crate::{event::Kind, subject::Name};

/// Results by name.
pub type Values = BTreeMap<String, f64>;

/// How long nothing must be written until an output counts as complete: longer than our worker's nap while records come.
const QUIET: Duration = Duration::from_millis(30);

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// Each call of bursts that the queue holds.
    Hot,
    /// One call at a time, with nothing in the caches.
    Isolated,
    /// Events per second until the file is complete.
    Throughput,
    /// The same with more and more events, and threads.
    Growth,
    /// A process in which nothing happens.
    Idle,
    /// The longest call of 100,000, with what the queue does by default when it is full.
    Burst,
    /// What the module adds to a call of Mesos's own approver.
    Decision,
}

/// The command line of such a process.
#[derive(Clone, Debug, Args)]
pub struct Task {
    /// Who.
    #[arg(long)]
    pub subject: Name,
    /// What.
    #[arg(long)]
    pub measure: Measure,
    /// Which event.
    #[arg(long, default_value_t, value_enum)]
    pub kind: Kind,
    /// How many events, where that can be chosen.
    #[arg(long, default_value_t = 0)]
    pub events: u64,
    /// How many threads.
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
    /// The empty folder for its output, if this is the process to measure in. Without, it is started for that.
    #[arg(long)]
    pub folder: Option<PathBuf>,
}

impl Task {
    /// Does it, here, with output to an empty folder.
    ///
    /// # Errors
    /// It could not be measured.
    pub fn run(&self, folder: &Path) -> Result<Values, String> {
        match self.measure {
            Measure::Hot => hot::measure(self, folder),
            Measure::Isolated => isolated::measure(self, folder),
            Measure::Throughput => throughput::measure(self, folder),
            Measure::Growth => growth::measure(self, folder),
            Measure::Idle => idle::measure(self, folder),
            Measure::Burst => burst::measure(self, folder),
            Measure::Decision => decision::measure(self, folder),
        }
    }
}

fn values<const N: usize>(list: [(&str, f64); N]) -> Values {
    list.map(|(name, value)| (name.to_owned(), value)).into()
}
