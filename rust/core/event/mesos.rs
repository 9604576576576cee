//! The `mesos` object: what ECS has no field for.
//!
//! One object per thing that Mesos names, the same wherever the thing turns up, so that events join by their
//! ids: `mesos.task.id` of an authorization is `mesos.task.id` of the launch and of each status.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::integrity::{Chain, Seal};

/// `mesos`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Mesos {
    /// The part of Mesos that called, where the callback tells: a hook does, an authorizer serves either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<Component>,
    /// The C++ method that Mesos called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
    /// The role that the resources are allocated to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<Framework>,
    /// The agent (Mesos's API also says slave).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// The task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// The executor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executor: Option<Executor>,
    /// The container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
    /// Authentication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authn: Option<Authn>,
    /// Authorization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authz: Option<Authz>,
    /// The API call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<Api>,
    /// The module of mesos-audit that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<Module>,
    /// mesos-audit's own state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<Audit>,
    /// Paths of fields that were cut to keep the line short.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub truncated: Vec<String>,
}

impl Mesos {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
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
pub struct Framework {
    /// FrameworkID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name that the framework gave itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Principal that it registered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Operating-system user that its tasks run as unless they say otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Roles that it is subscribed to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Host that its scheduler runs on, by its own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
}

/// `mesos.agent`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Agent {
    /// AgentID (SlaveID).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Port of its API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    /// Attributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// An agent's attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Attribute {
    /// Name.
    pub key: String,
    /// Value, written as Mesos's `--attributes` has it.
    pub value: String,
}

/// A label's key. Values are never recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Label {
    /// Key.
    pub key: String,
}

/// Amounts of the resources that Mesos knows by name, summed over roles and reservations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Resources {
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
    pub ports: Option<String>,
}

/// `mesos.task`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Task {
    /// TaskID. Unique within a framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `TASK_RUNNING`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// `REASON_...` of the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who reported the state: `SOURCE_EXECUTOR`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Result of its health check: `healthy` or `unhealthy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// Operating-system user that it runs as, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Keys of its labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// Resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// `mesos.executor`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Executor {
    /// ExecutorID. Unique within a framework and agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `DEFAULT` or `CUSTOM`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Operating-system user that it runs as, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Resources of the executor itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// `mesos.container`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Container {
    /// ContainerID; of a nested container with its parents in front, `parent.child`, as Mesos prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Docker's name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `DOCKER` or `MESOS`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Image name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// `privileged` where Docker is asked for a privileged container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privilege: Option<String>,
    /// Docker's network mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Operating-system user that its command runs as, where it says so (nested and standalone containers).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Sandbox on the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
}

/// `mesos.authn`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Authn {
    /// `sasl` (frameworks and agents over libprocess) or `http`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `cram-md5`, `basic`, `bearer`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// HTTP realm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realm: Option<String>,
    /// What the authenticator said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<AuthnResult>,
    /// The principal's claims that name a framework (`fid`), an executor (`eid`) or a container (`cid`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
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
pub struct Authz {
    /// Mesos's name of the action: `RUN_TASK`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Mesos's number of the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_id: Option<i32>,
    /// What the authorizer decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Object named by a plain value: a role, a path, a principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Role that the object belongs to (quota, weight).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Weight asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Resource acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<AuthzResource>,
    /// Machine acted on (maintenance).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// The subject's claims that name a framework (`fid`), an executor (`eid`) or a container (`cid`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
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
pub struct AuthzResource {
    /// `cpus`, `mem`, `disk`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Role that it is, or shall be, reserved for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Principal of the reservation or the volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Id of the persistent volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_id: Option<String>,
}

/// A machine under maintenance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Machine {
    /// Host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// IP address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
}

/// A subject's claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Claim {
    /// `fid`, `eid` or `cid`.
    pub key: String,
    /// The id.
    pub value: String,
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
pub struct Api {
    /// `type` of the v1 call: `GET_STATE`, `ACCEPT`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_type: Option<String>,
}

/// `mesos.module`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Module {
    /// Exported name: `org_mesos_audit_Hook`, ...
    pub name: String,
    /// Names of the parameters that it was given. Values are never recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
}

/// `mesos.audit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Audit {
    /// Version of mesos-audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Config>,
    /// Events lost since the last such event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Dropped>,
    /// What failed inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// How this file, or this run, joins what was recorded before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<Chain>,
    /// The records since the last seal, sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

/// `mesos.audit.config`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Config {
    /// Path of the file; absent where the defaults are used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// SHA-256 of the file's bytes, in hexadecimal, as `sha256sum` prints it; of no bytes where the defaults
    /// are used.
    pub sha256: String,
}

/// `mesos.audit.dropped`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Dropped {
    /// How many.
    pub count: u64,
    /// `queue_full`, `deadline`, `oversized`, `stopped` or `write_failed`.
    pub reason: String,
}

/// `mesos.audit.fault`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fault {
    /// `panic` (Rust) or `exception` (C++).
    pub kind: String,
    /// How many times since the last such event.
    pub count: u64,
}
