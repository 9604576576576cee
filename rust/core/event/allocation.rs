//! `mesos.allocation`: what the master's allocator was told and what it offered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Text,
    mesos::{AuthzResource, Resources},
};
use crate::clock::Timestamp;

/// `mesos.allocation`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Allocation<'a> {
    /// The amounts that were offered, allocated, recovered, held or asked for; of an agent that is added or updated,
    /// all that it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources<'a>>,
    /// Of an added framework: `active`, or `inactive` where it gets no offers yet. Of recovered resources what they
    /// were until now: `allocated` (a task or an executor had them) or `offered`. Of the list of agents that may be
    /// used: `restricted`, or `open` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Text<'a>>,
    /// Roles of an added or updated framework for which it wants no offers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppressed_roles: Vec<Text<'a>>,
    /// Roles whose offers are suppressed or revived; absent: all of the framework's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Text<'a>>,
    /// How long a framework does not want to be offered these resources again, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_seconds: Option<f64>,
    /// The role's weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The role's quota; empty: none any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota<'a>>,
    /// When the agent's machine will not be there. Absent from `maintenance_updated`: no maintenance is planned any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailability: Option<Unavailability>,
    /// What a framework said of an inverse offer: `ACCEPT`, `DECLINE` or `UNKNOWN`. Absent: nothing; it was rescinded, or
    /// timed out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inverse_offer: Option<Text<'a>>,
    /// Changes of what an agent's resources are: reservations, volumes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation<'a>>,
    /// Host names of the only agents that may be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<Text<'a>>,
}

/// `mesos.allocation.quota`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Quota<'a> {
    /// What the role is to get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantees: Option<Resources<'a>>,
    /// What it must not exceed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Resources<'a>>,
}

/// `mesos.allocation.unavailability`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Unavailability {
    /// From when on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// For how many nanoseconds; absent: for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
}

/// One change of an agent's resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Operation<'a> {
    /// `RESERVE`, `UNRESERVE`, `CREATE`, `DESTROY`, ... where Mesos says: of an operator's operation it does, of a
    /// framework's the allocator only hears what became what.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text<'a>>,
    /// Resources that are no longer there as they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consumed: Vec<AuthzResource<'a>>,
    /// What they became.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub converted: Vec<AuthzResource<'a>>,
}
