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

fn explained(policy: &Policy, event: &OwnedEvent) -> Value {
    let facts = Facts::of_event(event);
    let verdict = policy.judge(&facts);
    let before: Vec<_> = (0..verdict.index.min(policy.len()))
        .filter_map(|index| {
            let key = policy.objection(index, &facts)?;
            Some(json!({"rule": policy.rule(index).0, "differs": key, "is": compared(event, &facts, key)}))
        })
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
    for index in 0..verdict.index.min(policy.len()) {
        if let Some(key) = policy.objection(index, &facts) {
            let is = compared(event, &facts, key);
            let rule = policy.rule(index).0;
            if is.is_empty() {
                writeln!(out, "  not {rule}: it has no {key}")?;
            } else {
                writeln!(out, "  not {rule}: its {key} differs: {}", printable(&is.join(", ")))?;
            }
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
