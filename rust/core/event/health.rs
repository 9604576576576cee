//! `mesos.audit.ledger`: what a run has recorded and lost, so that a reader can count for himself.
//!
//! All numbers are of this process run, from its start to just before the event, except where they say otherwise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Text, mesos::Dropped};

/// `mesos.audit.ledger`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Ledger<'a> {
    /// Events that tell of Mesos: all but those whose action begins with `audit_`; `audit_record_unreadable` is
    /// among them, since it stands for such an event.
    pub recorded: u64,
    /// Decisions and events that are told only as numbers, in `authorization_summary` and `events_counted`.
    pub counted_only: u64,
    /// Decisions and events that the policy has skipped, by rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppressed: Vec<Suppressed<'a>>,
    /// All events, seals included.
    pub events: u64,
    /// Their bytes, newlines included.
    pub bytes: u64,
    /// Records that were lost and announced, by reason; only the reasons that there were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped<'a>>,
    /// Writes to the output that failed, each attempt counted. What was to be written was tried again.
    pub write_failures: u64,
    /// Syncs (fdatasync) that failed.
    pub sync_failures: u64,
    /// Panics of the worker outside of a record, after each of which it went on: those told by `audit_worker_restarted`
    /// before.
    pub worker_restarts: u64,
    /// Callbacks that failed inside mesos-audit.
    pub callback_faults: u64,
    /// The queue between Mesos and the worker.
    pub queue: QueueUse,
    /// How long writes to the output took since the ledger before.
    pub write_latency_us: WriteLatency,
}

/// `mesos.audit.ledger.suppressed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Suppressed<'a> {
    /// Id of the rule.
    pub rule: Text<'a>,
    /// How many.
    pub count: u64,
}

/// `mesos.audit.ledger.queue`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct QueueUse {
    /// The most bytes that were seen to wait.
    pub high_water_bytes: u64,
    /// How many can wait (`queue.bytes`).
    pub capacity_bytes: u64,
}

/// `mesos.audit.ledger.write_latency_us`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct WriteLatency {
    /// The longest, in microseconds.
    pub max: u64,
    /// The mean, in microseconds.
    pub mean: u64,
    /// How many writes there were.
    pub writes: u64,
}
