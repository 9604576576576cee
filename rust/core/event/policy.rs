//! `mesos.policy`, `mesos.counted` and `mesos.audit.policy`: what was decided on an event, and by which policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Action, Text};
use crate::clock::Timestamp;

/// `mesos.policy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Applied<'a> {
    /// Digest of the rules that were in force: the same for the same rules, however the file is written.
    pub digest: Text<'a>,
    /// Id of the rule that matched; `default` where none did.
    pub rule: Text<'a>,
}

/// `mesos.counted`: events that were only counted (level `count`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Counted {
    /// What their `event.action` would be.
    pub action: Action,
    /// How many this event stands for. None of them has an event of its own.
    pub count: u64,
    /// When the first of them happened.
    pub first: Timestamp,
    /// When the last did.
    pub last: Timestamp,
}

/// `mesos.audit.policy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct PolicyState<'a> {
    /// Digest of the rules in force, as in `mesos.policy.digest`.
    pub digest: Text<'a>,
    /// How many rules there are.
    pub rules: u64,
    /// Digest of the rules that were in force before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Text<'a>>,
    /// Other keys of the file that differ from what the process runs with: they need a restart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub restart: Vec<Text<'a>>,
}
