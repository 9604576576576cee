//! What the allocator was told, or offered, in words.

use anstyle::Style;
use mesos_audit_core::event::{
    allocation::{Allocation, Operation, Quota, Unavailability},
    mesos::{AuthzResource, Resources},
};

use super::{palette, text::Text, units};

pub(super) fn tell(allocation: &Allocation, text: &mut Text) {
    if let Some(state) = &allocation.state {
        text.value(Style::new(), state);
    }
    amounts("amounts", allocation.resources.as_ref(), text);
    if let Some(Quota { guarantees, limits }) = &allocation.quota {
        if guarantees.is_none() && limits.is_none() {
            text.remark("no quota");
        }
        amounts("guaranteed", guarantees.as_ref(), text);
        amounts("limited to", limits.as_ref(), text);
    }
    if let Some(weight) = allocation.weight {
        text.field("weight", &weight.to_string());
    }
    for (label, list) in [
        ("roles", &allocation.roles),
        ("suppressed", &allocation.suppressed_roles),
        ("hosts", &allocation.hosts),
    ] {
        if !list.is_empty() {
            text.field(label, &list.join(","));
        }
    }
    if let Some(status) = &allocation.inverse_offer {
        text.value(Style::new(), status);
    }
    if let Some(Unavailability { start, duration }) = &allocation.unavailability {
        if let Some(start) = start {
            text.field("away from", &start.to_string());
        }
        match duration {
            Some(nanos) => text.field("for", &units::duration(*nanos)),
            None => text.remark("for ever"),
        }
    }
    if let Some(seconds) = allocation.refuse_seconds {
        text.field("not again for", &format!("{seconds} s"));
    }
    allocation.operations.iter().for_each(|operation| tell_operation(operation, text));
}

fn amounts(label: &str, resources: Option<&Resources>, text: &mut Text) {
    if let Some(resources) = resources {
        text.remark(label);
        text.value(palette::QUIET, &units::amounts(resources));
    }
}

fn tell_operation(operation: &Operation, text: &mut Text) {
    if let Some(kind) = &operation.kind {
        text.value(Style::new().bold(), kind);
    }
    for (label, list) in [("of", &operation.consumed), ("to", &operation.converted)] {
        if !list.is_empty() {
            let all: Vec<_> = list.iter().map(resource).collect();
            text.field(label, &all.join(";"));
        }
    }
}

/// `cpus:1 for web by ops`
fn resource(resource: &AuthzResource) -> String {
    let mut told = resource.name.as_deref().unwrap_or("resource").to_owned();
    if let Some(amount) = resource.amount {
        told += &format!(":{amount}");
    }
    for (word, value) in
        [("volume", &resource.volume_id), ("for", &resource.role), ("by", &resource.principal)]
    {
        if let Some(value) = value {
            told += &format!(" {word} {value}");
        }
    }
    told
}
