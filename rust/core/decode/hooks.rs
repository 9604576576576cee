//! Hooks: what Mesos was about to do with a task, an executor or an agent.

use super::{
    Callback, things,
    wire::{Fields, Result, numbers::record::record},
};
use crate::event::{
    Draft,
    ecs::{EventType, Outcome, User},
};

pub(super) fn hook<'a>(callback: Callback, fields: &'a [u8], draft: &mut Draft<'a>) -> Result<()> {
    let mesos = &mut draft.mesos;
    for field in Fields::of(fields) {
        let (number, value) = field?;
        match number {
            record::TASK => things::task_info(value.bytes()?, mesos)?,
            record::FRAMEWORK => things::framework(value.bytes()?, mesos)?,
            record::AGENT => things::agent(value.bytes()?, mesos)?,
            record::EXECUTOR => things::executor_info(value.bytes()?, mesos)?,
            record::STATUS => things::status(value.bytes()?, mesos)?,
            record::FRAMEWORK_ID => things::framework_id(value.bytes()?, mesos)?,
            record::CONTAINER_ID => things::read_container_id(value.bytes()?, mesos)?,
            record::CONTAINER_NAME => mesos.container.get_or_insert_default().name = value.some_text()?,
            record::DIRECTORY => mesos.container.get_or_insert_default().directory = value.some_text()?,
            _ => {}
        }
    }
    let principal = mesos.framework.as_ref().and_then(|framework| framework.principal.clone());
    draft.user = principal.map(|name| User { name });
    if callback == Callback::SlaveTaskStatus {
        let state = mesos.task.as_ref().and_then(|task| task.state.as_deref()).unwrap_or_default();
        (draft.types, draft.outcome) = tell(state);
    }
    Ok(())
}

/// ECS type and outcome of a task's state.
fn tell(state: &str) -> (&'static [EventType], Option<Outcome>) {
    match state {
        "TASK_STAGING" | "TASK_STARTING" | "TASK_RUNNING" => (&[EventType::Start], None),
        "TASK_FINISHED" => (&[EventType::End], Some(Outcome::Success)),
        "TASK_KILLED" => (&[EventType::End], Some(Outcome::Unknown)),
        "TASK_FAILED"
        | "TASK_ERROR"
        | "TASK_LOST"
        | "TASK_DROPPED"
        | "TASK_GONE"
        | "TASK_GONE_BY_OPERATOR" => (&[EventType::End], Some(Outcome::Failure)),
        _ => (&[EventType::Change], None),
    }
}
