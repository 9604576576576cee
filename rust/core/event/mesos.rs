//! The `mesos` object: what ECS has no field for.
//!
//! One object per thing that Mesos names, the same wherever the thing turns up, so that events join by their
//! ids: `mesos.task.id` of an authorization is `mesos.task.id` of the launch and of each status.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Text, allocation::Allocation, log::Repeated};

pub use super::access::{Authn, AuthnResult, Authz, AuthzResource, Claim, Counts, Decision, Machine};
pub use super::audit::{Audit, Config, Dropped, Fault, LogFile, SyncFailures, Unrecorded};
pub use super::policy::{Applied, Counted, PolicyState};
pub use super::task::{Command, Container, Executor, Label, Resources, Task};

// What few events have is boxed: all of them are moved from stage to stage.
/// `mesos`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Mesos<'a> {
    /// The part of Mesos that called, where the callback tells: a hook does, an authorizer serves either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<Component>,
    /// The C++ method that Mesos called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback: Option<Text<'a>>,
    /// The role that the resources are allocated to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Text<'a>>,
    /// The framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<Framework<'a>>,
    /// The agent (Mesos's API also says slave).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent<'a>>,
    /// The task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task<'a>>,
    /// The executor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executor: Option<Executor<'a>>,
    /// The container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Box<Container<'a>>>,
    /// Authentication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authn: Option<Box<Authn<'a>>>,
    /// Authorization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authz: Option<Authz<'a>>,
    /// What the allocator was told, or offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Box<Allocation<'a>>>,
    /// The API call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<Api<'a>>,
    /// The module of mesos-audit that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<Box<Module<'a>>>,
    /// mesos-audit's own state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<Box<Audit<'a>>>,
    /// The policy that decided on this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Applied<'a>>,
    /// Events that were counted, for which this event stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<Box<Counted>>,
    /// Lines that were counted, for which this event stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeated: Option<Box<Repeated>>,
    /// Paths of fields that were cut: to keep the line short, or because what follows may hold secrets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub truncated: Vec<Text<'a>>,
}

/// Who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Component {
    Master,
    Agent,
}

/// `mesos.framework`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Framework<'a> {
    /// FrameworkID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
    /// Name that the framework gave itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
    /// Principal that it registered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Text<'a>>,
    /// Operating-system user that its tasks run as unless they say otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Text<'a>>,
    /// Roles that it is subscribed to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Text<'a>>,
    /// Host that its scheduler runs on, by its own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Text<'a>>,
}

/// `mesos.agent`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Agent<'a> {
    /// AgentID (SlaveID).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
    /// Host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Text<'a>>,
    /// Port of its API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    /// Attributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute<'a>>,
    /// Resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Box<Resources<'a>>>,
}

/// An agent's attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Attribute<'a> {
    /// Name.
    pub key: Text<'a>,
    /// Value, written as Mesos's `--attributes` has it.
    pub value: Text<'a>,
}

/// `mesos.api`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Api<'a> {
    /// `type` of the v1 call: `GET_STATE`, `ACCEPT`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_type: Option<Text<'a>>,
}

/// `mesos.module`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Module<'a> {
    /// Exported name: `org_mesos_audit_Hook`, ...
    pub name: Text<'a>,
    /// Names of the parameters that it was given. Values are never recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Text<'a>>,
}
