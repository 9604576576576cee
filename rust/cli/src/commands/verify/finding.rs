//! What was found, and what follows from it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::head::Head;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Weight {
    /// Worth knowing; takes nothing from the proof.
    Note,
    /// Something is missing, for a reason that is no tampering, or was not given.
    Missing,
    /// It could not be checked at all.
    Unchecked,
    /// Somebody changed something.
    Tampered,
}

/// A line in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: u64,
}

/// One thing that was found.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    pub(super) weight: Weight,
    /// A word for programs.
    pub(super) kind: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) block: Option<u64>,
    /// First and last sequence number that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sequence: Option<(u64, u64)>,
    pub(super) message: String,
}

impl Finding {
    pub(super) fn new(weight: Weight, kind: &'static str, message: impl Into<String>) -> Self {
        Self { weight, kind, place: None, block: None, sequence: None, message: message.into() }
    }

    pub(super) fn tampered(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(Weight::Tampered, kind, message)
    }

    pub(super) fn missing(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(Weight::Missing, kind, message)
    }

    pub(super) fn note(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(Weight::Note, kind, message)
    }

    pub(super) fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    pub(super) fn block(mut self, block: u64) -> Self {
        self.block = Some(block);
        self
    }

    pub(super) fn sequence(mut self, first: u64, last: u64) -> Self {
        self.sequence = Some((first, last));
        self
    }
}

/// One file, as far as it was read.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FileSummary {
    pub(super) file: String,
    pub(super) lines: u64,
    pub(super) seals: u64,
    /// First and last block of which it has the seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) blocks: Option<(u64, u64)>,
    /// Findings of the weight `tampered` in it.
    pub(super) tampered: u64,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    Complete,
    Incomplete,
    Unchecked,
    Tampered,
}

/// Everything that was found. Its size has a bound, whatever the files hold.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    pub(super) files: Vec<FileSummary>,
    pub(super) findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub(super) more: u64,
    /// Records that are known to be missing, those dropped not counted.
    pub(super) missing: u64,
    /// Records that the log itself says were dropped, by reason.
    pub(super) dropped: BTreeMap<String, u64>,
    /// Records that seals cover.
    pub(super) sealed: u64,
    /// Events of Mesos whose number is that which their process had counted.
    pub(super) accounted: u64,
    /// The last genuine seal of each chain.
    pub(super) heads: Vec<Head>,
    /// Noted heads that are in the log.
    #[serde(skip)]
    pub(super) found: Vec<Head>,
    #[serde(skip)]
    weights: [u64; 4],
}

const MOST: usize = 1000;

impl Report {
    pub(super) fn add(&mut self, finding: Finding) {
        self.weights[finding.weight as usize] += 1;
        if finding.weight == Weight::Tampered
            && let Some(place) = &finding.place
            && let Some(file) = self.files.iter_mut().find(|file| file.file == place.file)
        {
            file.tampered += 1;
        }
        if self.findings.len() < MOST {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    /// Tells of a head that was noted, and is not in the log.
    pub(super) fn miss(&mut self, head: &Head, part: bool) {
        if self.found.contains(head) {
            return;
        }
        let message = format!(
            "block {} of chain {}, whose seal was noted, is not among the files",
            head.block, head.chain
        );
        self.add(if part {
            Finding::missing("head", message)
        } else {
            Finding::tampered("head", message + ": what was there then was cut off or replaced")
                .block(head.block)
        });
    }

    pub(super) fn has(&self, weight: Weight) -> bool {
        self.weights[weight as usize] > 0
    }

    pub(super) fn verdict(&self) -> Verdict {
        if self.has(Weight::Tampered) {
            Verdict::Tampered
        } else if self.has(Weight::Unchecked) {
            Verdict::Unchecked
        } else if self.has(Weight::Missing) || !self.dropped.is_empty() {
            Verdict::Incomplete
        } else {
            Verdict::Complete
        }
    }
}
