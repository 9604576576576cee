//! What runs: tasks, executors, containers, and the resources that they are given.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;

/// A label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Label<'a> {
    /// Key.
    pub key: Text<'a>,
    /// Keyed hash of its value, `hmac:` and 32 hexadecimal digits: equal values have equal hashes. Absent without `redact.key_file`.
    #[serde(default, skip_serializing_if = "is_readable")]
    pub value: Option<Text<'a>>,
}

/// Whether that is no hash. A value as Mesos has it cannot be written, whatever way it takes.
fn is_readable(value: &Option<Text<'_>>) -> bool {
    !value.as_ref().is_some_and(|value| value.starts_with(crate::redact::HASH_PREFIX))
}

/// What is run, without what looks like a secret (docs/privacy.md).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Command<'a> {
    /// The command line; of a program with arguments, these joined by blanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Text<'a>>,
    /// What is fetched into the sandbox before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uris: Vec<Text<'a>>,
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
    /// What it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Box<Command<'a>>>,
    /// Its labels.
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
    /// What it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Box<Command<'a>>>,
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
    /// What it runs (nested and standalone containers).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Box<Command<'a>>>,
    /// Sandbox on the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<Text<'a>>,
}
