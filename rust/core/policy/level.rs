//! What an event of level `metadata` lacks.

use crate::event::Draft;

/// The fields that `metadata` leaves out, for people.
pub const METADATA_LACKS: [&str; 22] = [
    "event.duration",
    "source.forwarded_for",
    "url.query_keys",
    "user_agent",
    "mesos.agent.attributes",
    "mesos.agent.resources",
    "mesos.allocation.operations",
    "mesos.authn.claims",
    "mesos.authz.claims",
    "mesos.authz.weight",
    "mesos.container.command",
    "mesos.container.directory",
    "mesos.container.user",
    "mesos.executor.command",
    "mesos.executor.resources",
    "mesos.executor.user",
    "mesos.framework.hostname",
    "mesos.framework.user",
    "mesos.task.command",
    "mesos.task.labels",
    "mesos.task.resources",
    "mesos.task.user",
];

/// Leaves who, what, when, on what and with which outcome; takes away what was asked for in detail.
pub fn to_metadata(draft: &mut Draft<'_>) {
    draft.duration = None;
    draft.user_agent = None;
    if let Some(source) = &mut draft.source {
        source.forwarded_for = None;
    }
    if let Some(url) = &mut draft.url {
        url.query_keys.clear();
    }
    let mesos = &mut draft.mesos;
    if let Some(agent) = &mut mesos.agent {
        agent.attributes.clear();
        agent.resources = None;
    }
    if let Some(allocation) = &mut mesos.allocation {
        allocation.operations.clear();
    }
    if let Some(authn) = &mut mesos.authn {
        authn.claims.clear();
    }
    if let Some(authz) = &mut mesos.authz {
        authz.claims.clear();
        authz.weight = None;
    }
    if let Some(framework) = &mut mesos.framework {
        framework.user = None;
        framework.hostname = None;
    }
    if let Some(task) = &mut mesos.task {
        (task.user, task.command, task.resources) = (None, None, None);
        task.labels.clear();
    }
    if let Some(executor) = &mut mesos.executor {
        (executor.user, executor.command, executor.resources) = (None, None, None);
    }
    if let Some(container) = &mut mesos.container {
        (container.user, container.command, container.directory) = (None, None, None);
    }
}
