//! An event as one line for people.

mod allocation;
mod describe;
mod fit;
mod legend;
mod palette;
mod text;
mod units;
mod visible;

pub use fit::{fit, terminal_width};
use jiff::Timestamp;
pub use legend::legend;
use mesos_audit_core::event::{AuditEvent, SCHEMA_VERSION, ecs::Outcome};
use serde_json::Value;
pub use visible::{printable, quoted};

use self::text::Text;

/// Makes lines of events. Nothing that a value holds can break the line, reach the terminal's controls, or pass for another field.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    color: bool,
}

/// Columns that are padded to these widths, in characters.
const SERVICE: usize = 6;
const ACTION: usize = 21;
const VERDICT: usize = 9;

impl Printer {
    /// With ANSI colours or without.
    #[must_use]
    pub fn new(color: bool) -> Self {
        Self { color }
    }

    /// One line, without newline: when, where, what, how it ended, who, from where, on what, why.
    #[must_use]
    pub fn line(&self, event: &AuditEvent) -> String {
        let mut text = Text::new(self.color);
        text.column(palette::TIME, &time(&event.timestamp.to_string()), 0);
        text.column(palette::SERVICE, &service(event), SERVICE);
        text.column(palette::action(event.event.action), event.event.action.name(), ACTION);
        match verdict(event) {
            Some(word) => text.column(palette::verdict(word), word, VERDICT),
            None => text.column(palette::QUIET, "-", VERDICT),
        }
        describe::who(event, &mut text);
        describe::what(event, &mut text);
        describe::why(event, &mut text);
        text.finish()
    }

    /// An event that this version's schema does not fit, as far as it is understood.
    #[must_use]
    pub fn foreign(&self, event: &Value) -> String {
        let at = |path: &str| event.pointer(path).and_then(Value::as_str);
        let mut text = Text::new(self.color);
        text.column(palette::TIME, &time(at("/@timestamp").unwrap_or("-")), 0);
        text.column(palette::SERVICE, &short_service(at("/service/name").unwrap_or("-")), SERVICE);
        text.column(palette::OTHER, &quoted(at("/event/action").unwrap_or("-")), ACTION);
        match at("/event/outcome") {
            Some(word) => text.column(palette::verdict(word), &quoted(word), VERDICT),
            None => text.column(palette::QUIET, "-", VERDICT),
        }
        for (label, path) in [
            ("user", "/user/name"),
            ("from", "/source/ip"),
            ("task", "/mesos/task/id"),
            ("framework", "/mesos/framework/id"),
            ("agent", "/mesos/agent/id"),
            ("reason", "/event/reason"),
        ] {
            if let Some(value) = at(path) {
                text.field(label, value);
            }
        }
        let schema = at("/event/schema").unwrap_or("unknown");
        text.remark(&format!(
            "(schema {}, this program knows {SCHEMA_VERSION}: see --format json)",
            quoted(schema)
        ));
        text.finish()
    }
}

/// `2026-11-23 15:05:15.123Z`, which `--since` understands.
fn time(text: &str) -> String {
    text.parse::<Timestamp>()
        .map_or_else(|_| quoted(text).into_owned(), |time| format!("{time:.3}").replacen('T', " ", 1))
}

/// `master` or `agent`, whichever called; where that is not told, the service's own name.
fn service(event: &AuditEvent) -> String {
    let mut name = match event.mesos.component {
        Some(component) => describe::component(component).to_owned(),
        None => short_service(&event.service.name),
    };
    if let Some(node) = &event.service.node {
        name = format!("{name}@{}", quoted(&node.name));
    }
    name
}

fn short_service(name: &str) -> String {
    quoted(name.strip_prefix("mesos-").unwrap_or(name)).into_owned()
}

/// The most telling word for how it ended.
fn verdict(event: &AuditEvent) -> Option<&'static str> {
    let decision = event.mesos.authz.as_ref().and_then(|authz| authz.decision).map(describe::decision);
    let result = event.mesos.authn.as_ref().and_then(|authn| authn.result).map(describe::result);
    decision.or(result).or(event.event.outcome.map(|outcome| match outcome {
        Outcome::Success => "success",
        Outcome::Failure => "failure",
        Outcome::Unknown => "unknown",
    }))
}
