//! `mesos.audit`: what mesos-audit tells about itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Text,
    health::Ledger,
    integrity::{Chain, Seal},
    policy::PolicyState,
};

/// `mesos.audit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Audit<'a> {
    /// Version of mesos-audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Text<'a>>,
    /// The configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Config<'a>>,
    /// The file that begins with this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<LogFile<'a>>,
    /// Events lost since the last such event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Dropped<'a>>,
    /// What failed inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault<'a>>,
    /// How this file, or this run, joins what was recorded before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<Chain>,
    /// The records since the last seal, sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
    /// Syncs (fdatasync) that failed since the last such event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_failures: Option<SyncFailures>,
    /// Decisions that were given without their record on disk (`authorization.durable`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrecorded: Option<Unrecorded<'a>>,
    /// What this run has recorded and lost so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Ledger<'a>>,
    /// Which policy is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyState<'a>>,
}

/// `mesos.audit.sync_failures`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SyncFailures {
    /// How many.
    pub count: u64,
}

/// `mesos.audit.unrecorded`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Unrecorded<'a> {
    /// How many decisions since the last such event.
    pub count: u64,
    /// What became of them, by configuration: `denied`, or `allowed` to be given as the authorizer made them.
    pub answer: Text<'a>,
}

/// `mesos.audit.config`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Config<'a> {
    /// Path of the file; absent where the defaults are used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text<'a>>,
    /// SHA-256 of the file's bytes, in hexadecimal, as `sha256sum` prints it; of no bytes where the defaults
    /// are used.
    pub sha256: Text<'a>,
}

/// `mesos.audit.file`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LogFile<'a> {
    /// Why it begins: `start`, `size` or `time` (rotation), or what somebody else did to the file before:
    /// `deleted`, `moved`, `replaced` or `truncated`.
    pub reason: Text<'a>,
    /// Where the events before this one are; absent where that cannot be known. An archive gets `.gz` appended
    /// when it is compressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Text<'a>>,
}

/// `mesos.audit.dropped`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Dropped<'a> {
    /// How many.
    pub count: u64,
    /// `queue_full`, `deadline`, `oversized`, `stopped`, `write_failed` or `panic` (inside mesos-audit).
    pub reason: Text<'a>,
}

/// `mesos.audit.fault`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fault<'a> {
    /// `panic` (Rust) or `exception` (C++).
    pub kind: Text<'a>,
    /// How many times since the last such event.
    pub count: u64,
}
