//! The whole run: what is measured how often, and in which order.

mod plan;
mod progress;
mod samples;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use clap::{Args, ValueEnum};

pub use plan::Part;
pub use samples::{Samples, Spread};

use crate::{
    instructions,
    measure::{Task, Values},
    mesos, report,
};
use progress::Progress;

/// What to measure, and what becomes of it.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Within two minutes: fewer and shorter rounds, growth to 10^5 events, without the real Mesos and without
    /// instruction counts.
    #[arg(long)]
    pub quick: bool,
    /// Only these parts.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Writes docs/performance.json, its pictures, and the generated part of docs/performance.md.
    #[arg(long, conflicts_with = "only")]
    pub write_docs: bool,
    /// Makes this run's instruction counts the ones that later runs are compared with.
    #[arg(long)]
    pub accept: bool,
}

impl Options {
    fn parts(&self) -> Vec<Part> {
        let wanted = |part: &Part| match self.only.as_slice() {
            [] => !self.quick || !matches!(part, Part::Mesos | Part::Instructions),
            only => only.contains(part),
        };
        Part::value_variants().iter().copied().filter(wanted).collect()
    }
}

/// Measures and reports. Tells whether all could be measured.
///
/// # Errors
/// The results cannot be written.
pub fn run(options: &Options) -> Result<bool, String> {
    // Of a run that was killed.
    let _ = std::fs::remove_dir_all(scratches());
    let parts = options.parts();
    let steps = plan::steps(&parts, options.quick);
    let mut samples = Samples::default();
    let mut progress = Progress::over(steps.len());
    for step in &steps {
        progress.step(&step.title());
        match child(&step.task) {
            Ok(values) => samples.add(step.task.subject.key(), values),
            Err(error) => samples.problem(format!("{}: {error}", step.title())),
        }
    }
    progress.done();
    if parts.contains(&Part::Instructions) {
        match instructions::measure(options.accept, &mut |what| progress.step(what)) {
            Ok(values) => samples.add("instructions", values),
            Err(error) => samples.problem(format!("instructions: {error}")),
        }
    }
    if parts.contains(&Part::Mesos)
        && let Err(error) = mesos::measure(&mut samples, &mut |what| progress.step(what))
    {
        samples.problem(format!("mesos: {error}"));
    }
    progress.done();

    let complete = samples.problems().is_empty();
    let report = report::Report::new(samples, &parts, options.quick);
    anstream::println!("{}", report::table::render(&report));
    report::save(&report, &checkout().join("target/bench/latest.json"))?;
    if options.write_docs {
        report::docs::write(&report, &checkout().join("docs"))?;
    }
    Ok(complete)
}

/// Runs one measurement in a process of its own, whose output is removed when it has ended: under a process that still runs,
/// some would write what is gone once more, beside the next measurement.
///
/// # Errors
/// It cannot be started, or has failed.
pub fn child(task: &Task) -> Result<Values, String> {
    let folder = scratch()?;
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args(["measure", "--subject", task.subject.key()]);
    command.args(["--measure", &named(&task.measure), "--kind", &named(&task.kind)]);
    command.args(["--events", &task.events.to_string(), "--threads", &task.threads.to_string()]);
    let output = command.arg("--folder").arg(folder.path()).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
        return Err(format!("{last} ({})", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))
}

/// What it is called on the command line.
#[must_use]
pub fn named(value: &impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |name| name.get_name().to_owned())
}

/// A folder for what is written, on the disk of the checkout, gone when it is dropped.
///
/// # Errors
/// It cannot be made.
pub fn scratch() -> Result<tempfile::TempDir, String> {
    let parent = scratches();
    std::fs::create_dir_all(&parent).map_err(|error| format!("{}: {error}", parent.display()))?;
    tempfile::tempdir_in(&parent).map_err(|error| format!("{}: {error}", parent.display()))
}

fn scratches() -> PathBuf {
    checkout().join("target/bench/runs")
}

/// The checkout.
#[must_use]
pub fn checkout() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
