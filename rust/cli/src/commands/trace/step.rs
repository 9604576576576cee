//! Which part of a task's life an event is, and which parts are missing.

use mesos_audit_core::event::{
    Action, OwnedEvent,
    mesos::{Component, Decision},
};

/// A part of a task's life, in the order of cause and effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    Framework,
    Attempt,
    MasterAuthorization,
    MasterLaunch,
    AgentLaunch,
    AgentAuthorization,
    Executor,
    Container,
    Status,
    End,
}

impl Step {
    pub(super) const ALL: [Self; 10] = [
        Self::Framework,
        Self::Attempt,
        Self::MasterAuthorization,
        Self::MasterLaunch,
        Self::AgentLaunch,
        Self::AgentAuthorization,
        Self::Executor,
        Self::Container,
        Self::Status,
        Self::End,
    ];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Framework => "framework subscribes",
            Self::Attempt => "launch asked for",
            Self::MasterAuthorization => "authorized by the master",
            Self::MasterLaunch => "launched by the master",
            Self::AgentLaunch => "received by the agent",
            Self::AgentAuthorization => "authorized by the agent",
            Self::Executor => "executor starts",
            Self::Container => "containers",
            Self::Status => "statuses",
            Self::End => "executor ends",
        }
    }
}

/// Which step an event of the task is. An authorization that does not say whose it is was the agent's if the agent had the
/// task by then.
pub(super) fn step(event: &OwnedEvent, received: Option<mesos_audit_core::clock::Timestamp>) -> Step {
    let on_agent = match event.mesos.component {
        Some(component) => component == Component::Agent,
        None if event.service.name.contains("master") => false,
        None if event.service.name.contains("agent") || event.service.name.contains("slave") => true,
        None => received.is_some_and(|received| received <= event.timestamp),
    };
    let action = event.mesos.authz.as_ref().and_then(|authz| authz.action.as_deref()).unwrap_or_default();
    match event.event.action {
        Action::TaskLaunchAttempt => Step::Attempt,
        Action::TaskLaunch if on_agent => Step::AgentLaunch,
        Action::TaskLaunch => Step::MasterLaunch,
        Action::ExecutorLaunch => Step::Executor,
        Action::DockerPrepare | Action::ContainerFetched => Step::Container,
        Action::TaskRefused => Step::AgentAuthorization,
        Action::TaskStatus => Step::Status,
        Action::ExecutorRemoved => Step::End,
        Action::FrameworkRefused => Step::Framework,
        Action::Authorization if action == "REGISTER_FRAMEWORK" => Step::Framework,
        Action::Authorization if action == "RUN_TASK" && on_agent => Step::AgentAuthorization,
        Action::Authorization if action == "RUN_TASK" => Step::MasterAuthorization,
        // What is done with a task that runs: nested containers, looks into its sandbox.
        _ => Step::Container,
    }
}

fn is_denied(event: &OwnedEvent) -> bool {
    event.event.action == Action::TaskRefused
        || event.mesos.authz.as_ref().is_some_and(|authz| {
            authz.action.as_deref() == Some("RUN_TASK")
                && matches!(authz.decision, Some(Decision::Denied | Decision::Error | Decision::Discarded))
        })
}

/// States after which there is no other.
fn is_terminal(event: &OwnedEvent) -> bool {
    let state = event.mesos.task.as_ref().and_then(|task| task.state.as_deref());
    matches!(
        state,
        Some(
            "TASK_FINISHED"
                | "TASK_FAILED"
                | "TASK_KILLED"
                | "TASK_ERROR"
                | "TASK_LOST"
                | "TASK_DROPPED"
                | "TASK_GONE"
                | "TASK_GONE_BY_OPERATOR"
        )
    )
}

/// How far the task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum End {
    Denied,
    Ended,
    /// No end is recorded, and nothing says that there was one.
    Open,
}

/// How it ended, and the steps that must have been and are not there.
pub(super) fn judge(events: &[(Step, OwnedEvent)]) -> (End, Vec<Step>) {
    let has = |step: Step| events.iter().any(|(one, _)| *one == step);
    let after = |step: Step| events.iter().any(|(one, _)| *one > step && *one != Step::AgentAuthorization);
    let denied = events.iter().filter(|(_, event)| is_denied(event)).map(|(step, _)| *step).min();
    let ended = events.iter().any(|(step, event)| *step == Step::Status && is_terminal(event));
    let end = match denied {
        Some(_) => End::Denied,
        None if ended => End::Ended,
        None => End::Open,
    };
    let mut missing = Vec::new();
    for step in [Step::Attempt, Step::MasterLaunch, Step::AgentLaunch, Step::Status] {
        // What came later is proof that it was. A launch that was not denied reaches the agent.
        let was = match step {
            Step::Attempt => denied.is_some() || after(step),
            Step::AgentLaunch => denied.is_none_or(|denied| denied > step),
            Step::Status => denied.is_none(),
            _ => denied.is_none_or(|denied| denied > step) || after(step),
        };
        if was && !has(step) {
            missing.push(step);
        }
    }
    // Mesos forgets an executor after the ends of its tasks.
    if end == End::Open && has(Step::End) && has(Step::Status) {
        missing.push(Step::Status);
    }
    (end, missing)
}
