//! The field groups that the Elastic Common Schema defines, no more of each than we fill.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Action;

/// ECS `ecs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Ecs {
    /// Version of ECS.
    pub version: String,
}

/// ECS `event`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Event {
    /// Unique for ever: the process's run id and the sequence number.
    pub id: String,
    /// Counts from 1 in a process run, without gaps.
    pub sequence: u64,
    /// Version of this schema, `MAJOR.MINOR`.
    pub schema: String,
    /// `event`, or `pipeline_error` where mesos-audit reports on itself.
    pub kind: Kind,
    /// ECS categories.
    pub category: Vec<Category>,
    /// ECS types.
    #[serde(rename = "type")]
    pub types: Vec<EventType>,
    /// What was recorded. The first field to filter by.
    pub action: Action,
    /// Success or failure of what the event tells. A denial is a failure; where it was never decided,
    /// `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Nanoseconds between question and answer, by a monotonic clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// Why, in Mesos's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Always `mesos`.
    pub module: String,
    /// Always `mesos.audit`.
    pub dataset: String,
}

/// ECS `event.kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something happened in Mesos.
    Event,
    /// mesos-audit reports a loss or a fault of its own.
    PipelineError,
}

/// ECS `event.category`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Category {
    Api,
    Authentication,
    Configuration,
    File,
    Host,
    Process,
    Web,
}

/// ECS `event.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum EventType {
    Access,
    Allowed,
    Change,
    Creation,
    Denied,
    End,
    Error,
    Info,
    Start,
}

/// ECS `event.outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Outcome {
    Success,
    Failure,
    Unknown,
}

/// ECS `error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Error {
    /// What Mesos, or mesos-audit, said.
    pub message: String,
}

/// ECS `user`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct User {
    /// The Mesos principal.
    pub name: String,
}

/// ECS `source`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Source {
    /// The address as Mesos prints it: a libprocess UPID (`id@ip:port`), or `unix` for a Unix domain socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// IP address of the connection's other end; perhaps a proxy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// TCP port of the connection's other end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What `X-Forwarded-For` claims. Any client can write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_for: Option<String>,
}

/// ECS `http`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Http {
    /// The request.
    pub request: HttpRequest,
}

/// ECS `http.request`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HttpRequest {
    /// `GET`, `POST`, ...
    pub method: String,
}

/// ECS `url`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Url {
    /// Path, with Mesos's process name in front: `/master/state`.
    pub path: String,
    /// Names of the query's parameters. Values are never recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query_keys: Vec<String>,
}

/// ECS `user_agent`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct UserAgent {
    /// The header as sent.
    pub original: String,
}

/// ECS `host`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Host {
    /// Host name.
    pub name: String,
}

/// ECS `process`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Random id of this run of the process, in hexadecimal; the first part of `event.id`.
    pub entity_id: String,
}

/// ECS `service`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Service {
    /// `mesos-master`, `mesos-agent`, or the program's name where both run in one process.
    pub name: String,
    /// Always `mesos`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of Mesos.
    pub version: String,
    /// The node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<ServiceNode>,
}

/// ECS `service.node`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ServiceNode {
    /// Name from the configuration's `service.node`.
    pub name: String,
}
