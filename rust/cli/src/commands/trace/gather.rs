//! Finds the events of one task in many files: first those that name it, then those of its executor, its containers and its
//! framework, which the first ones name.

use std::collections::BTreeSet;

use mesos_audit_core::event::{Action, OwnedEvent};

/// What the task is known by.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) task: String,
    pub(super) framework: Option<String>,
    traces: BTreeSet<String>,
    agents: BTreeSet<String>,
    executors: BTreeSet<String>,
    containers: BTreeSet<String>,
    principals: BTreeSet<String>,
    framework_names: BTreeSet<String>,
}

/// Why there is nothing to show.
pub(super) enum Nothing {
    /// No event names the task.
    NoSuchTask,
    /// Several frameworks have one.
    Frameworks(Vec<String>),
}

pub(super) fn task_id(event: &OwnedEvent) -> Option<&str> {
    event.mesos.task.as_ref()?.id.as_deref()
}

pub(super) fn framework_id(event: &OwnedEvent) -> Option<&str> {
    event.mesos.framework.as_ref()?.id.as_deref()
}

fn executor_id(event: &OwnedEvent) -> Option<&str> {
    event.mesos.executor.as_ref()?.id.as_deref()
}

fn agent_id(event: &OwnedEvent) -> Option<&str> {
    event.mesos.agent.as_ref()?.id.as_deref()
}

fn container_id(event: &OwnedEvent) -> Option<&str> {
    event.mesos.container.as_ref()?.id.as_deref()
}

fn trace_of(event: &OwnedEvent) -> Option<&str> {
    event.trace.as_ref().map(|trace| &*trace.id)
}

impl Ids {
    /// From the events that name the task.
    pub(super) fn of<'a>(
        wanted: &str,
        framework: Option<&str>,
        events: impl Iterator<Item = &'a OwnedEvent> + Clone,
    ) -> Result<Self, Nothing> {
        let named = events.filter(|event| {
            let fits = framework.is_none_or(|wanted| framework_id(event).is_none_or(|id| id == wanted));
            fits && (task_id(event) == Some(wanted)
                || (trace_of(event) == Some(wanted) && task_id(event).is_some()))
        });
        let frameworks: BTreeSet<_> = named.clone().filter_map(framework_id).map(str::to_owned).collect();
        if frameworks.len() > 1 {
            return Err(Nothing::Frameworks(frameworks.into_iter().collect()));
        }
        let mut ids = Self { framework: frameworks.into_iter().next(), ..Self::default() };
        ids.task = named.clone().find_map(task_id).ok_or(Nothing::NoSuchTask)?.to_owned();
        for event in named {
            ids.learn(event);
        }
        Ok(ids)
    }

    fn learn(&mut self, event: &OwnedEvent) {
        let mut add = |set: fn(&mut Self) -> &mut BTreeSet<String>, id: Option<&str>| {
            set(self).extend(id.map(str::to_owned));
        };
        add(|ids| &mut ids.traces, trace_of(event));
        add(|ids| &mut ids.agents, agent_id(event));
        add(|ids| &mut ids.executors, executor_id(event));
        add(|ids| &mut ids.containers, container_id(event));
        let framework = event.mesos.framework.as_ref();
        add(|ids| &mut ids.principals, framework.and_then(|framework| framework.principal.as_deref()));
        add(|ids| &mut ids.framework_names, framework.and_then(|framework| framework.name.as_deref()));
    }

    /// Whether the event belongs to the task. That it names another task is the end of it.
    pub(super) fn has(&self, event: &OwnedEvent) -> bool {
        let is = |set: &BTreeSet<String>, id: Option<&str>| id.is_some_and(|id| set.contains(id));
        let of_framework = framework_id(event).is_some() && framework_id(event) == self.framework.as_deref();
        if let Some(task) = task_id(event) {
            let agent_fits =
                agent_id(event).is_none() || self.agents.is_empty() || is(&self.agents, agent_id(event));
            // The attempt has no framework: told apart by the agent as far as that goes.
            return task == self.task && (of_framework || (framework_id(event).is_none() && agent_fits));
        }
        if is(&self.traces, trace_of(event)) {
            return true;
        }
        let action = event.mesos.authz.as_ref().and_then(|authz| authz.action.as_deref());
        if event.event.action == Action::Authorization && action == Some("REGISTER_FRAMEWORK") {
            let framework = event.mesos.framework.as_ref();
            let name = framework.and_then(|framework| framework.name.as_deref());
            let principal = framework.and_then(|framework| framework.principal.as_deref());
            return is(&self.framework_names, name)
                && (framework_id(event).is_none() || of_framework)
                && (principal.is_none() || is(&self.principals, principal));
        }
        // Nested containers are named `parent.child`.
        let contains = |id: &str| {
            self.containers.iter().any(|known| {
                known == id
                    || known.strip_prefix(id).is_some_and(|rest| rest.starts_with('.'))
                    || id.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        container_id(event).is_some_and(contains) || (of_framework && is(&self.executors, executor_id(event)))
    }
}
