//! Hooks: what Mesos was about to do with a task, an executor or an agent.

use super::{Callback, nonempty, things, wire::record::Record};
use crate::event::{
    Draft,
    ecs::{EventType, Outcome, User},
};

pub(super) fn hook(callback: Callback, record: Record) -> Draft {
    let mut draft = Draft::new(callback.hook_action());
    let mesos = &mut draft.mesos;
    if let Some(info) = &record.agent {
        mesos.agent = Some(things::agent(info));
    }
    if let Some(info) = &record.framework {
        mesos.framework = Some(things::framework(info));
    }
    things::framework_id(record.framework_id.as_ref(), mesos);
    if let Some(info) = &record.task {
        things::task_info(info, mesos);
    }
    if let Some(info) = &record.executor {
        things::executor_info(info, mesos);
    }
    if let Some(status) = &record.status {
        things::status(status, mesos);
    }
    if let Some(id) = &record.container_id {
        mesos.container.get_or_insert_default().id = things::container_id(id);
    }
    if let Some(name) = nonempty(&record.container_name) {
        mesos.container.get_or_insert_default().name = Some(name);
    }
    if let Some(directory) = nonempty(&record.directory) {
        mesos.container.get_or_insert_default().directory = Some(directory);
    }
    draft.user =
        mesos.framework.as_ref().and_then(|framework| framework.principal.clone()).map(|name| User { name });
    if callback == Callback::SlaveTaskStatus {
        let state = mesos.task.as_ref().and_then(|task| task.state.as_deref()).unwrap_or_default();
        (draft.types, draft.outcome) = tell(state);
    }
    draft
}

/// ECS type and outcome of a task's state.
fn tell(state: &str) -> (Vec<EventType>, Option<Outcome>) {
    match state {
        "TASK_STAGING" | "TASK_STARTING" | "TASK_RUNNING" => (vec![EventType::Start], None),
        "TASK_FINISHED" => (vec![EventType::End], Some(Outcome::Success)),
        "TASK_KILLED" => (vec![EventType::End], Some(Outcome::Unknown)),
        "TASK_FAILED"
        | "TASK_ERROR"
        | "TASK_LOST"
        | "TASK_DROPPED"
        | "TASK_GONE"
        | "TASK_GONE_BY_OPERATOR" => (vec![EventType::End], Some(Outcome::Failure)),
        _ => (vec![EventType::Change], None),
    }
}
