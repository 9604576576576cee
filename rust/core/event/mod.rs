//! The audit event: owned, typed, versioned, and free of anything that Mesos or a sink would dictate.
//!
//! Field names are ECS 8 where ECS has one ([`ecs`]); all else is below `mesos` ([`mesos`]). The JSON Schema
//! in `schema/` and docs/events.md are generated from these types, so a doc comment here is what users read
//! there.

mod access;
mod action;
pub mod allocation;
mod audit;
mod classify;
mod draft;
pub mod ecs;
pub mod health;
pub mod integrity;
mod limit;
pub mod log;
pub mod mesos;
mod policy;
mod task;

pub use action::Action;
pub use draft::{Draft, Origin};
pub use limit::{Limits, MAX_LINE_BYTES};

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Text of an event: borrowed from the record that it was read from, or from the constants of the process, wherever it
/// can be. An event is made and written on the worker thread for each callback of a busy master.
pub type Text<'a> = Cow<'a, str>;

/// Version of the event's schema, written to every event as `event.schema`: `MAJOR.MINOR`. A new field or a
/// new value raises MINOR; a field removed, renamed or of another type raises MAJOR.
pub const SCHEMA_VERSION: &str = "1.2";

/// The ECS version that the field names follow.
pub const ECS_VERSION: &str = "8.17.0";

/// One audit event: one JSON object, one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AuditEvent<'a> {
    /// When Mesos called the module, by the host's clock: RFC 3339, UTC, microseconds, `Z`.
    #[serde(rename = "@timestamp")]
    pub timestamp: Timestamp,
    /// The ECS version that the field names follow.
    pub ecs: ecs::Ecs<'a>,
    /// What happened, in ECS's terms.
    pub event: ecs::Event<'a>,
    /// What went wrong, for errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ecs::Error<'a>>,
    /// The line of Mesos's log that this is, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Box<log::Log<'a>>>,
    /// The task that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<ecs::Trace<'a>>,
    /// Who did it: the authenticated principal, or the one that Mesos holds for the framework.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<ecs::User<'a>>,
    /// Where the request came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ecs::Source<'a>>,
    /// The HTTP request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<ecs::Http<'a>>,
    /// What was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<ecs::Url<'a>>,
    /// The client's program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<ecs::UserAgent<'a>>,
    /// The machine that recorded the event.
    pub host: ecs::Host<'a>,
    /// The process that recorded the event.
    pub process: ecs::Process<'a>,
    /// The Mesos service that recorded the event.
    pub service: ecs::Service<'a>,
    /// Everything that only Mesos has.
    #[serde(default)]
    pub mesos: mesos::Mesos<'a>,
}

/// An event that stands by itself, as it is read from a log.
pub type OwnedEvent = AuditEvent<'static>;

impl AuditEvent<'_> {
    /// The JSON Schema (draft 2020-12) of an event, as committed in `schema/audit_event.schema.json`.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        let mut schema = schemars::schema_for!(AuditEvent<'static>);
        schema.insert("title".into(), "mesos-audit event".into());
        schema.insert("$id".into(), format!("urn:mesos-audit:event:{SCHEMA_VERSION}").into());
        schema.to_value()
    }
}

#[cfg(test)]
mod fixtures;
