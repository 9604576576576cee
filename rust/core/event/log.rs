//! ECS `log`: where in Mesos's source a line of its log comes from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;
use crate::clock::Timestamp;

/// ECS `log`, of a line that Mesos logged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Log<'a> {
    /// Severity of the line: `info`, `warning`, `error` or `fatal`. After a fatal line the process ends.
    pub level: Text<'a>,
    /// Where it comes from.
    pub origin: LogOrigin<'a>,
}

/// ECS `log.origin`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LogOrigin<'a> {
    /// The place in the source.
    pub file: LogOriginFile<'a>,
}

/// ECS `log.origin.file`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LogOriginFile<'a> {
    /// Source file, without its folder: `master.cpp`.
    pub name: Text<'a>,
    /// Line in it.
    pub line: u32,
}

/// `mesos.repeated`: lines that came so often that they were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Repeated {
    /// How many lines of this place and kind this event stands for. None of them has an event of its own.
    pub count: u64,
    /// When the first of them was logged.
    pub first: Timestamp,
    /// When the last was, which is the one that `error.message` quotes.
    pub last: Timestamp,
}
