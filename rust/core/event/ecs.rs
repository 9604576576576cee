//! The field groups that the Elastic Common Schema defines, no more of each than we fill.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Action, Text};

/// ECS `ecs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Ecs<'a> {
    /// Version of ECS.
    pub version: Text<'a>,
}

/// ECS `event`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Event<'a> {
    /// Unique for ever: the process's run id and the sequence number.
    pub id: Text<'a>,
    /// Counts from 1 in a process run, without gaps.
    pub sequence: u64,
    /// Version of this schema, `MAJOR.MINOR`.
    pub schema: Text<'a>,
    /// `event`, or `pipeline_error` where mesos-audit reports on itself.
    pub kind: Kind,
    /// ECS categories.
    pub category: Cow<'a, [Category]>,
    /// ECS types.
    #[serde(rename = "type")]
    pub types: Cow<'a, [EventType]>,
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
    pub reason: Option<Text<'a>>,
    /// Always `mesos`.
    pub module: Text<'a>,
    /// Always `mesos.audit`.
    pub dataset: Text<'a>,
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
pub struct Error<'a> {
    /// What Mesos, or mesos-audit, said.
    pub message: Text<'a>,
}

/// ECS `trace`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Trace<'a> {
    /// The same in every event of one task, on the master and on the agents: 32 hexadecimal digits, made of the framework's
    /// id and the task's (see "How events join").
    pub id: Text<'a>,
}

/// ECS `user`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct User<'a> {
    /// The Mesos principal.
    pub name: Text<'a>,
}

/// ECS `source`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Source<'a> {
    /// The address as Mesos prints it: a libprocess UPID (`id@ip:port`), or `unix` for a Unix domain socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Text<'a>>,
    /// IP address of the connection's other end; perhaps a proxy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<Text<'a>>,
    /// TCP port of the connection's other end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What `X-Forwarded-For` claims. Any client can write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_for: Option<Text<'a>>,
}

/// ECS `http`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Http<'a> {
    /// The request.
    pub request: HttpRequest<'a>,
}

/// ECS `http.request`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HttpRequest<'a> {
    /// `GET`, `POST`, ...
    pub method: Text<'a>,
    /// mesos-audit's own id of the request: the same in its `authentication`, its `api_request` and, where
    /// `authorization.http_request_id` is set, in the decisions that were made for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
}

/// ECS `url`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Url<'a> {
    /// Path, with Mesos's process name in front: `/master/state`.
    pub path: Text<'a>,
    /// Names of the query's parameters. Values are never recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query_keys: Vec<Text<'a>>,
}

/// ECS `user_agent`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct UserAgent<'a> {
    /// The header as sent.
    pub original: Text<'a>,
}

/// ECS `host`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Host<'a> {
    /// Host name.
    pub name: Text<'a>,
}

/// ECS `process`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Process<'a> {
    /// Process id.
    pub pid: u32,
    /// Random id of this run of the process, in hexadecimal; the first part of `event.id`.
    pub entity_id: Text<'a>,
}

/// ECS `service`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Service<'a> {
    /// `mesos-master`, `mesos-agent`, or the program's name where both run in one process.
    pub name: Text<'a>,
    /// Always `mesos`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// Version of Mesos.
    pub version: Text<'a>,
    /// The node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<ServiceNode<'a>>,
}

/// ECS `service.node`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ServiceNode<'a> {
    /// Name from the configuration's `service.node`.
    pub name: Text<'a>,
}

// What every event of a process shares is borrowed, not copied; who must keep it has it owned.

impl Host<'_> {
    pub(super) fn borrowed(&self) -> Host<'_> {
        Host { name: (*self.name).into() }
    }

    pub(crate) fn owned(&self) -> Host<'static> {
        Host { name: self.name.to_string().into() }
    }
}

impl Process<'_> {
    pub(super) fn borrowed(&self) -> Process<'_> {
        Process { pid: self.pid, entity_id: (*self.entity_id).into() }
    }

    pub(crate) fn owned(&self) -> Process<'static> {
        Process { pid: self.pid, entity_id: self.entity_id.to_string().into() }
    }
}

impl Service<'_> {
    pub(super) fn borrowed(&self) -> Service<'_> {
        Service {
            name: (*self.name).into(),
            kind: (*self.kind).into(),
            version: (*self.version).into(),
            node: self.node.as_ref().map(|node| ServiceNode { name: (*node.name).into() }),
        }
    }

    pub(crate) fn owned(&self) -> Service<'static> {
        Service {
            name: self.name.to_string().into(),
            kind: self.kind.to_string().into(),
            version: self.version.to_string().into(),
            node: self.node.as_ref().map(|node| ServiceNode { name: node.name.to_string().into() }),
        }
    }
}
