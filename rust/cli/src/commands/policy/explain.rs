//! Which rule decides on an event, and why none before it does.

use std::io::{self, BufWriter, Write};

use mesos_audit_core::{
    config::PolicyLevel as Level,
    event::OwnedEvent,
    policy::{Facts, Policy},
};
use serde_json::{Value, json};

use super::{super::events::each_event, Args, Format, lacking};
use crate::{pretty::printable, report::Status};

pub(super) fn run(args: &Args, policy: &Policy) -> io::Result<Status> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    let status = each_event(&args.files, true, |event, _| {
        if written.is_ok() {
            written = match args.format {
                Format::Json => writeln!(out, "{}", explained(policy, &event)),
                Format::Text => tell(&mut out, policy, &event),
            };
        }
    });
    written?;
    out.flush()?;
    Ok(status)
}

fn without(event: &OwnedEvent) -> Vec<&'static str> {
    lacking(event).into_iter().map(|(path, _)| path).collect()
}

/// Why a rule before the one that decides does not.
struct Objection<'a> {
    rule: &'a str,
    /// What it asks for.
    key: &'static str,
    /// What the event has there.
    is: Vec<String>,
}

/// In the rules' order.
fn before<'a>(
    policy: &'a Policy,
    event: &OwnedEvent,
    facts: &Facts<'_>,
    decides: usize,
) -> impl Iterator<Item = Objection<'a>> {
    (0..decides.min(policy.len())).filter_map(move |index| {
        let key = policy.objection(index, facts)?;
        Some(Objection { rule: policy.rule(index).0, key, is: compared(event, facts, key) })
    })
}

fn explained(policy: &Policy, event: &OwnedEvent) -> Value {
    let facts = Facts::of_event(event);
    let verdict = policy.judge(&facts);
    let before: Vec<_> = before(policy, event, &facts, verdict.index)
        .map(|Objection { rule, key, is }| json!({"rule": rule, "differs": key, "is": is}))
        .collect();
    let mut said = json!({
        "event": event.event.id, "action": event.event.action, "policy": policy.digest(),
        "rule": verdict.rule, "level": verdict.level, "before": before,
    });
    if verdict.level == Level::Metadata {
        said["without"] = json!(without(event));
    }
    said
}

/// What the event has where the rule asks for `key`.
fn compared(event: &OwnedEvent, facts: &Facts<'_>, key: &str) -> Vec<String> {
    let names = |named: Value| match named {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect(),
        _ => Vec::new(),
    };
    match key {
        "authorization" => {
            let authz = event.mesos.authz.as_ref();
            authz.and_then(|authz| authz.action.as_deref()).map(str::to_owned).into_iter().collect()
        }
        "action" => names(json!(event.event.action)),
        "outcome" => names(json!(event.event.outcome)),
        "type" => names(json!(event.event.types)),
        "category" => names(json!(event.event.category)),
        _ => {
            let mut all: Vec<_> = facts.of_key(key).into_iter().map(str::to_owned).collect();
            // A framework is its principal's, and most act for their own.
            all.dedup();
            all
        }
    }
}

fn tell(out: &mut impl Write, policy: &Policy, event: &OwnedEvent) -> io::Result<()> {
    let facts = Facts::of_event(event);
    let verdict = policy.judge(&facts);
    let (id, action) = (printable(&event.event.id), event.event.action);
    writeln!(out, "{id} {action}: {} by rule {}", verdict.level.name(), verdict.rule)?;
    for Objection { rule, key, is } in before(policy, event, &facts, verdict.index) {
        if is.is_empty() {
            writeln!(out, "  not {rule}: it has no {key}")?;
        } else {
            writeln!(out, "  not {rule}: its {key} differs: {}", printable(&is.join(", ")))?;
        }
    }
    if verdict.level == Level::Metadata {
        let without = without(event);
        if !without.is_empty() {
            writeln!(out, "  without {}", without.join(", "))?;
        }
    }
    Ok(())
}
