//! `[errors]`: which lines of Mesos's own log become events.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::range;
use crate::error::Error;

/// Which lines of Mesos's own log (glog) become events, where the module `org_mesos_audit_Anonymous` is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Errors {
    /// From which severity on: `warning`, `error`, `fatal`, or `off` for none. Mesos's own `--logging_level` goes first:
    /// what it does not log is not seen here.
    pub level: Level,
    /// Whether the lines about security that Mesos logs as INFO become events as well: a login over SASL with wrong
    /// credentials, or one that was given up, and a framework that is refused.
    pub security_lines: bool,
    /// How many different lines of one place in Mesos's source become events of their own within `interval_s`. More of
    /// them, and lines that repeat the same text, are counted, and told in one event with the count and the last line.
    /// 1 to 1,000.
    pub burst: usize,
    /// Seconds after which lines that were counted are told. 1 to 3,600.
    pub interval_s: u64,
    /// How long a fatal line may hold the thread that logged it, until it is on the disk, in milliseconds: the process
    /// aborts then. 0 to 10,000.
    pub fatal_ms: u64,
}

impl Default for Errors {
    fn default() -> Self {
        Self { level: Level::Warning, security_lines: true, burst: 20, interval_s: 10, fatal_ms: 1_000 }
    }
}

/// From which severity on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Warnings, errors and fatal lines.
    #[default]
    Warning,
    /// Errors and fatal lines.
    Error,
    /// Lines after which the process ends.
    Fatal,
    /// None.
    Off,
}

impl Errors {
    pub(super) fn validate(&self) -> Result<(), Error> {
        range("errors.burst", self.burst as u64, 1, 1_000)?;
        range("errors.interval_s", self.interval_s, 1, 3_600)?;
        range("errors.fatal_ms", self.fatal_ms, 0, 10_000)
    }

    /// Whether there are lines that would become events.
    #[must_use]
    pub fn watches(&self) -> bool {
        self.level != Level::Off || self.security_lines
    }

    /// The least severity, by glog's numbers, of which every line becomes an event.
    #[must_use]
    pub const fn severity(&self) -> i32 {
        match self.level {
            Level::Warning => 1,
            Level::Error => 2,
            Level::Fatal => 3,
            Level::Off => i32::MAX,
        }
    }

    /// The interval as such.
    #[must_use]
    pub const fn interval(&self) -> Duration {
        Duration::from_secs(self.interval_s)
    }
}
