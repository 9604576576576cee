//! What was measured, compared with the targets.

pub mod charts;
pub mod docs;
mod lines;
mod rows;
pub mod svg;
pub mod table;
pub mod units;

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Serialize};

pub use units::Unit;

use crate::{
    machine,
    run::{Part, Samples, Spread, named},
};

/// One run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version that was measured.
    pub version: String,
    /// Processor, cores, kernel.
    pub machine: String,
    /// A short run.
    pub quick: bool,
    /// What was measured.
    pub parts: Vec<String>,
    /// The comparisons.
    pub rows: Vec<Row>,
    /// What could not be measured.
    pub problems: Vec<String>,
    /// Every value, by `subject/value`.
    pub values: BTreeMap<String, Spread>,
}

/// One measure of everybody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// What.
    pub title: String,
    /// In which unit.
    pub unit: Unit,
    /// Ours.
    pub ours: Option<f64>,
    /// Others', by the keys of [`crate::subject::Name`].
    pub peers: BTreeMap<String, f64>,
    /// What the machine itself takes.
    pub limit: Option<f64>,
    /// The comparisons.
    pub verdicts: Vec<Verdict>,
}

/// Ours in terms of something else, and what that is to be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// What ours is compared with.
    pub against: String,
    /// Ours in terms of that.
    pub ratio: f64,
    /// What it is to be, where anything is wanted of it.
    pub target: Option<f64>,
    /// At most that, or else at least.
    pub at_most: bool,
    /// Whether `ratio` is a value of the row's unit rather than a ratio.
    pub absolute: bool,
    /// Between what the true ratio is, where many pairs were measured.
    pub interval: Option<[f64; 2]>,
}

impl Verdict {
    /// Whether the target is met, where there is one.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        self.target.map(|target| if self.at_most { self.ratio <= target } else { self.ratio >= target })
    }
}

impl Report {
    /// Of these samples.
    #[must_use]
    pub fn new(samples: Samples, parts: &[Part], quick: bool) -> Self {
        let values = samples.spreads();
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            machine: machine::describe(),
            quick,
            parts: parts.iter().map(named).collect(),
            rows: rows::rows(&values),
            problems: samples.problems().to_vec(),
            values,
        }
    }

    /// The median of a value, if it was measured.
    #[must_use]
    pub fn median(&self, name: &str) -> Option<f64> {
        self.values.get(name).map(|spread| spread.median)
    }
}

/// Writes it as JSON.
///
/// # Errors
/// It cannot be written.
pub fn save(report: &Report, path: &Path) -> Result<(), String> {
    let mut text = serde_json::to_string_pretty(report).map_err(|error| error.to_string())?;
    text.push('\n');
    write(path, &text)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
