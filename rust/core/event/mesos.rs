//! The `mesos` object: what ECS has no field for.
//!
//! One object per thing that Mesos names, the same wherever the thing turns up, so that events join by their
//! ids: `mesos.task.id` of an authorization is `mesos.task.id` of the launch and of each status.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;

pub use super::audit::{Audit, Config, Dropped, Fault, LogFile, SyncFailures, Unrecorded};

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
    pub container: Option<Container<'a>>,
    /// Authentication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authn: Option<Authn<'a>>,
    /// Authorization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authz: Option<Authz<'a>>,
    /// The API call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<Api<'a>>,
    /// The module of mesos-audit that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<Module<'a>>,
    /// mesos-audit's own state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<Audit<'a>>,
    /// Paths of fields that were cut to keep the line short.
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
    pub resources: Option<Resources<'a>>,
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

/// A label's key. Values are never recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Label<'a> {
    /// Key.
    pub key: Text<'a>,
}

/// Amounts of the resources that Mesos knows by name, summed over roles and reservations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Resources<'a> {
    /// CPUs, possibly fractional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpus: Option<f64>,
    /// Memory in MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mem: Option<f64>,
    /// Disk in MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<f64>,
    /// GPUs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus: Option<f64>,
    /// Port ranges, `31000-31005,31010-31010`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ports: Option<Text<'a>>,
}

/// `mesos.task`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Task<'a> {
    /// TaskID. Unique within a framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
    /// `TASK_RUNNING`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Text<'a>>,
    /// `REASON_...` of the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text<'a>>,
    /// Who reported the state: `SOURCE_EXECUTOR`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Text<'a>>,
    /// Result of its health check: `healthy` or `unhealthy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Text<'a>>,
    /// Operating-system user that it runs as, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Text<'a>>,
    /// Keys of its labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label<'a>>,
    /// Resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources<'a>>,
}

/// `mesos.executor`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Executor<'a> {
    /// ExecutorID. Unique within a framework and agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
    /// `DEFAULT` or `CUSTOM`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text<'a>>,
    /// Operating-system user that it runs as, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Text<'a>>,
    /// Resources of the executor itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources<'a>>,
}

/// `mesos.container`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Container<'a> {
    /// ContainerID; of a nested container with its parents in front, `parent.child`, as Mesos prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
    /// Docker's name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
    /// `DOCKER` or `MESOS`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text<'a>>,
    /// Image name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Text<'a>>,
    /// `privileged` where Docker is asked for a privileged container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privilege: Option<Text<'a>>,
    /// Docker's network mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Text<'a>>,
    /// Operating-system user that its command runs as, where it says so (nested and standalone containers).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Text<'a>>,
    /// Sandbox on the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<Text<'a>>,
}

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
    pub resource: Option<AuthzResource<'a>>,
    /// Machine acted on (maintenance).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine<'a>>,
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

/// A resource as the object of an authorization.
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
