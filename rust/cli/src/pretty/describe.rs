//! Who, on what, and why, in words. Each group of fields is told wherever it turns up, so an action that is added later needs nothing here.

use std::{borrow::Cow, net::IpAddr};

use anstyle::Style;
use mesos_audit_core::event::{
    Action, AuditEvent,
    ecs::Kind,
    health::Ledger,
    mesos::{
        Agent, Audit, Authn, AuthnResult, Authz, Component, Container, Decision, Executor, Framework, Mesos,
        Task,
    },
};

use super::{allocation, palette, text::Text, units, visible};

pub(super) const fn component(component: Component) -> &'static str {
    match component {
        Component::Master => "master",
        Component::Agent => "agent",
    }
}

pub(super) const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::Denied => "denied",
        Decision::Error => "error",
        Decision::Discarded => "discarded",
    }
}

pub(super) const fn result(result: AuthnResult) -> &'static str {
    match result {
        AuthnResult::Success => "success",
        AuthnResult::Failure => "failure",
        AuthnResult::Forbidden => "forbidden",
        AuthnResult::Error => "error",
        AuthnResult::Discarded => "discarded",
    }
}

/// The principal and where the request came from.
pub(super) fn who(event: &AuditEvent, text: &mut Text) {
    let asks = matches!(
        event.event.action,
        Action::Authentication | Action::Authorization | Action::AuthorizationSummary | Action::ApiRequest
    );
    match &event.user {
        Some(user) => text.value(palette::WHO, &user.name),
        None if asks => text.remark("(no principal)"),
        None => {}
    }
    let Some(source) = &event.source else { return };
    match (&source.ip, source.port) {
        (Some(ip), Some(port)) if ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()) => {
            text.field("from", &format!("[{ip}]:{port}"));
        }
        (Some(ip), Some(port)) => text.field("from", &format!("{ip}:{port}")),
        (Some(ip), None) => text.field("from", ip),
        (None, _) => maybe(text, "from", source.address.as_ref()),
    }
    maybe(text, "forwarded-for", source.forwarded_for.as_ref());
}

/// What it is about.
pub(super) fn what(event: &AuditEvent, text: &mut Text) {
    let mesos: &Mesos = &event.mesos;
    if let Some(authn) = &mesos.authn {
        tell_authn(authn, text);
    }
    if let Some(authz) = &mesos.authz {
        tell_authz(authz, text);
    }
    if let Some(http) = &event.http {
        text.value(Style::new(), &http.request.method);
    }
    if let Some(url) = &event.url {
        text.value(Style::new(), &url.path);
        list(text, "query", url.query_keys.iter());
    }
    maybe(text, "call", mesos.api.as_ref().and_then(|api| api.call_type.as_ref()));
    maybe(text, "client", event.user_agent.as_ref().map(|agent| &agent.original));
    maybe(text, "request", event.http.as_ref().and_then(|http| http.request.id.as_ref()));
    if let Some(log) = &event.log {
        let style = if log.level == "info" { palette::QUIET } else { palette::BAD };
        text.value(style, &log.level);
        text.field("at", &format!("{}:{}", log.origin.file.name, log.origin.file.line));
    }
    if let Some(counted) = &mesos.counted {
        text.words(Style::new().bold(), format_args!("{} {}", counted.count, counted.action));
    }
    if let Some(repeated) = &mesos.repeated {
        text.words(palette::WHY, format_args!("{} more", repeated.count));
    }
    if let Some(task) = &mesos.task {
        tell_task(task, text);
    }
    if let Some(executor) = &mesos.executor {
        tell_executor(executor, text);
    }
    if let Some(container) = &mesos.container {
        tell_container(container, text);
    }
    if let Some(framework) = &mesos.framework {
        tell_framework(framework, event.user.as_ref().map(|user| &*user.name), text);
    }
    if let Some(agent) = &mesos.agent {
        tell_agent(agent, text);
    }
    maybe(text, "role", mesos.role.as_ref());
    if let Some(allocation) = &mesos.allocation {
        allocation::tell(allocation, text);
    }
    if let Some(module) = &mesos.module {
        text.value(Style::new(), &module.name);
        list(text, "parameters", module.parameters.iter());
    }
    if let Some(audit) = &mesos.audit {
        tell_audit(audit, text);
    }
}

/// Why, how long it took, and what is missing.
pub(super) fn why(event: &AuditEvent, text: &mut Text) {
    if let Some(reason) = &event.event.reason {
        text.labelled("reason", palette::WHY, reason);
    }
    if event.event.kind == Kind::PipelineError {
        maybe(text, "in", event.mesos.callback.as_ref());
    }
    if let Some(error) = &event.error {
        text.labelled("error", palette::BAD, &error.message);
    }
    if let Some(nanos) = event.event.duration {
        text.remark(&format!("({})", units::duration(nanos)));
    }
    list(text, "cut", event.mesos.truncated.iter());
}

fn tell_authn(authn: &Authn, text: &mut Text) {
    for word in [&authn.kind, &authn.scheme].into_iter().flatten() {
        text.value(Style::new(), word);
    }
    maybe(text, "realm", authn.realm.as_ref());
    for claim in &authn.claims {
        text.field(&format!("claim {}", visible::quoted(&claim.key)), &claim.value);
    }
}

fn tell_authz(authz: &Authz, text: &mut Text) {
    match (&authz.action, authz.action_id) {
        (Some(action), _) => text.value(Style::new().bold(), action),
        (None, Some(number)) => text.words(Style::new().bold(), format_args!("action {number}")),
        (None, None) => {}
    }
    if let Some(object) = &authz.object {
        text.value(Style::new(), object);
    }
    maybe(text, "role", authz.role.as_ref());
    if let Some(weight) = authz.weight {
        text.field("weight", &weight.to_string());
    }
    if let Some(resource) = &authz.resource {
        let name = resource.name.as_deref().unwrap_or("resource");
        match resource.amount {
            Some(amount) => text.field("resource", &format!("{name}:{amount}")),
            None => text.field("resource", name),
        }
        maybe(text, "for role", resource.role.as_ref());
        maybe(text, "of", resource.principal.as_ref());
        maybe(text, "volume", resource.volume_id.as_ref());
    }
    if let Some(machine) = &authz.machine {
        maybe(text, "machine", machine.hostname.as_ref());
        maybe(text, "ip", machine.ip.as_ref());
    }
    for claim in &authz.claims {
        text.field(&format!("claim {}", visible::quoted(&claim.key)), &claim.value);
    }
    if let Some(counts) = authz.counts {
        for (count, word, style) in [
            (counts.allowed, "allowed", palette::GOOD),
            (counts.denied, "denied", palette::BAD),
            (counts.errors, "errors", palette::UNSURE),
        ] {
            let style = if count > 0 { style } else { palette::QUIET };
            text.words(style, format_args!("{count} {word}"));
        }
    }
}

fn tell_task(task: &Task, text: &mut Text) {
    maybe(text, "task", task.id.as_ref());
    named(text, task.name.as_ref(), task.id.as_ref());
    if let Some(state) = &task.state {
        text.value(palette::state(state), state);
    }
    if let Some(health) = &task.health {
        let style = if health == "healthy" { palette::GOOD } else { palette::BAD };
        text.value(style, health);
    }
    for word in [&task.reason, &task.source].into_iter().flatten() {
        text.value(palette::QUIET, word);
    }
    maybe(text, "as", task.user.as_ref());
    if let Some(resources) = &task.resources {
        text.value(palette::QUIET, &units::amounts(resources));
    }
    list(text, "labels", task.labels.iter().map(|label| &label.key));
}

fn tell_executor(executor: &Executor, text: &mut Text) {
    maybe(text, "executor", executor.id.as_ref());
    named(text, executor.name.as_ref(), executor.id.as_ref());
    if let Some(kind) = &executor.kind {
        text.value(palette::QUIET, kind);
    }
    maybe(text, "as", executor.user.as_ref());
    if let Some(resources) = &executor.resources {
        text.value(palette::QUIET, &units::amounts(resources));
    }
}

fn tell_container(container: &Container, text: &mut Text) {
    match (&container.id, &container.kind) {
        (Some(id), _) => text.field("container", id),
        (None, Some(kind)) => text.field("container", kind),
        (None, None) => {}
    }
    named(text, container.name.as_ref(), container.id.as_ref());
    maybe(text, "image", container.image.as_ref());
    if let Some(privilege) = &container.privilege {
        text.value(palette::BAD, privilege);
    }
    maybe(text, "network", container.network.as_ref());
    maybe(text, "as", container.user.as_ref());
    maybe(text, "in", container.directory.as_ref());
}

fn tell_framework(framework: &Framework, user: Option<&str>, text: &mut Text) {
    match (&framework.id, &framework.name) {
        (Some(id), name) => {
            text.field("framework", id);
            named(text, name.as_ref(), Some(id));
        }
        (None, Some(name)) => text.field("framework", name),
        (None, None) => {}
    }
    // Told already where it is who did it.
    maybe(text, "of", framework.principal.as_ref().filter(|principal| user != Some(&***principal)));
    maybe(text, "as", framework.user.as_ref());
    list(text, "roles", framework.roles.iter());
    maybe(text, "on", framework.hostname.as_ref());
}

fn tell_agent(agent: &Agent, text: &mut Text) {
    maybe(text, "agent", agent.id.as_ref());
    match (&agent.hostname, agent.port) {
        (Some(host), Some(port)) => text.field("at", &format!("{host}:{port}")),
        (Some(host), None) => text.field("at", host),
        (None, _) => {}
    }
    if let Some(resources) = &agent.resources {
        text.value(palette::QUIET, &units::amounts(resources));
    }
    let attributes: Vec<_> =
        agent.attributes.iter().map(|attribute| format!("{}:{}", attribute.key, attribute.value)).collect();
    list(text, "attributes", attributes.iter());
}

fn tell_audit(audit: &Audit, text: &mut Text) {
    maybe(text, "mesos-audit", audit.version.as_ref());
    if let Some(config) = &audit.config {
        match &config.path {
            Some(path) => text.field("configuration", path),
            None => text.remark("default configuration"),
        }
        // Enough to tell two apart; all of it is in the JSON.
        text.field("sha256", config.sha256.get(..12).unwrap_or(&config.sha256));
    }
    if let Some(policy) = &audit.policy {
        text.field("policy", &policy.digest);
        maybe(text, "before", policy.previous.as_ref());
        list(text, "restart for", policy.restart.iter());
    }
    if let Some(chain) = &audit.chain {
        text.field("chain", chain.id.get(..12).unwrap_or(&chain.id));
        text.field("after", &chain.after);
        if let Some(adopted) = &chain.adopted {
            text.words(palette::WHY, format_args!("{} unsealed records adopted", adopted.records));
        }
        if let Some(lost) = &chain.lost {
            text.words(palette::BAD, format_args!("blocks {}-{} lost", lost.first_block, lost.last_block));
            text.value(palette::WHY, &lost.reason);
        }
    }
    if let Some(seal) = &audit.seal {
        text.words(
            Style::new(),
            format_args!("block {}: {} records, {}-{}", seal.block, seal.records, seal.first, seal.last),
        );
        text.value(Style::new(), &seal.cause);
    }
    if let Some(ledger) = &audit.ledger {
        tell_ledger(ledger, text);
    }
    if let Some(dropped) = &audit.dropped {
        text.words(palette::BAD, format_args!("{} lost", dropped.count));
        text.value(palette::WHY, &dropped.reason);
    }
    if let Some(failures) = &audit.sync_failures {
        text.words(palette::BAD, format_args!("{} failed", failures.count));
    }
    if let Some(unrecorded) = &audit.unrecorded {
        text.words(palette::BAD, format_args!("{} decisions", unrecorded.count));
        text.value(palette::WHY, &unrecorded.answer);
    }
    if let Some(fault) = &audit.fault {
        text.words(palette::BAD, format_args!("{}x", fault.count));
        text.value(palette::BAD, &fault.kind);
    }
}

fn tell_ledger(ledger: &Ledger, text: &mut Text) {
    text.words(Style::new(), format_args!("{} recorded", ledger.recorded));
    text.words(palette::QUIET, format_args!("{} counted", ledger.counted_only));
    let suppressed: u64 = ledger.suppressed.iter().map(|one| one.count).sum();
    if suppressed > 0 {
        text.words(palette::QUIET, format_args!("{suppressed} skipped"));
    }
    let dropped: u64 = ledger.dropped.iter().map(|dropped| dropped.count).sum();
    let style = if dropped > 0 { palette::BAD } else { palette::GOOD };
    text.words(style, format_args!("{dropped} lost"));
    for (count, what) in [
        (ledger.write_failures, "write failures"),
        (ledger.sync_failures, "sync failures"),
        (ledger.worker_restarts, "worker restarts"),
        (ledger.callback_faults, "callback faults"),
    ] {
        if count > 0 {
            text.words(palette::BAD, format_args!("{count} {what}"));
        }
    }
}

fn maybe(text: &mut Text, label: &str, value: Option<impl AsRef<str>>) {
    if let Some(value) = value {
        text.field(label, value.as_ref());
    }
}

/// A name, where it says more than the id.
fn named(text: &mut Text, name: Option<&Cow<'_, str>>, id: Option<&Cow<'_, str>>) {
    maybe(text, "named", name.filter(|name| Some(*name) != id && !name.is_empty()));
}

fn list(text: &mut Text, label: &str, values: impl Iterator<Item = impl AsRef<str>>) {
    let values: Vec<_> = values.map(|value| visible::element(value.as_ref()).into_owned()).collect();
    if !values.is_empty() {
        text.remark(label);
        text.words(Style::new(), values.join(","));
    }
}
