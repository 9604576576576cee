//! `mesos.authn` and `mesos.authz`: who somebody is, and what they may do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;

/// `mesos.authn`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Authn<'a> {
    /// `sasl` (frameworks and agents over libprocess) or `http`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text<'a>>,
    /// `cram-md5`, `basic`, `bearer`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Text<'a>>,
    /// HTTP realm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realm: Option<Text<'a>>,
    /// What the authenticator said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<AuthnResult>,
    /// The principal's claims that name a framework (`fid`), an executor (`eid`) or a container (`cid`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim<'a>>,
}

/// What an authenticator said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthnResult {
    /// Authenticated.
    Success,
    /// Bad or missing credentials.
    Failure,
    /// Known, yet refused (HTTP 403).
    Forbidden,
    /// The authenticator failed.
    Error,
    /// Mesos stopped waiting: a timeout, or the other side began anew.
    Discarded,
}

/// `mesos.authz`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Authz<'a> {
    /// Mesos's name of the action: `RUN_TASK`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Text<'a>>,
    /// Mesos's number of the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_id: Option<i32>,
    /// What the authorizer decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Object named by a plain value: a role, a path, a principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<Text<'a>>,
    /// Role that the object belongs to (quota, weight).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Text<'a>>,
    /// Weight asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Resource acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Box<AuthzResource<'a>>>,
    /// Machine acted on (maintenance).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<Box<Machine<'a>>>,
    /// The subject's claims that name a framework (`fid`), an executor (`eid`) or a container (`cid`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim<'a>>,
    /// Decisions by kind, where they were counted instead of recorded one by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// What an authorizer decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Permitted.
    Allowed,
    /// Refused.
    Denied,
    /// The authorizer failed. Mesos treats it as a refusal.
    Error,
    /// Mesos stopped waiting.
    Discarded,
}

/// A resource as the object of an authorization or of an operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct AuthzResource<'a> {
    /// `cpus`, `mem`, `disk`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
    /// Amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Role that it is, or shall be, reserved for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Text<'a>>,
    /// Principal of the reservation or the volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Text<'a>>,
    /// Id of the persistent volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_id: Option<Text<'a>>,
}

/// A machine under maintenance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Machine<'a> {
    /// Host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Text<'a>>,
    /// IP address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<Text<'a>>,
}

/// A subject's claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Claim<'a> {
    /// `fid`, `eid` or `cid`.
    pub key: Text<'a>,
    /// The id.
    pub value: Text<'a>,
}

/// Decisions by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Counts {
    /// Permitted.
    pub allowed: u64,
    /// Refused.
    pub denied: u64,
    /// Failed.
    pub errors: u64,
}
