//! What was recorded, and whether that is all that must be.

use anstyle::{AnsiColor, Style};
use mesos_audit_core::event::{
    Action, OwnedEvent,
    mesos::{AuthnResult, Component, Decision},
};
use mesos_testbed::Day;

const GOOD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const BAD: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const HEAD: Style = Style::new().bold();

type Test = Box<dyn Fn(&OwnedEvent) -> bool>;

/// Prints the table; tells whether every row has an event.
pub(super) fn print(events: &[OwnedEvent], day: &Day) -> bool {
    anstream::println!("{HEAD}{:>6}  recorded{HEAD:#}", "events");
    let mut complete = true;
    for (what, test) in expectations(day) {
        let count = events.iter().filter(|event| test(event)).count();
        complete &= count > 0;
        let (style, mark) = if count > 0 { (GOOD, '\u{2714}') } else { (BAD, '\u{2718}') };
        anstream::println!("{count:>6}  {style}{mark}{style:#} {what}");
    }
    let faults =
        events.iter().filter(|event| event.event.kind != mesos_audit_core::event::ecs::Kind::Event).count();
    if faults > 0 {
        complete = false;
        anstream::println!("{faults:>6}  {BAD}\u{2718}{BAD:#} faults and losses of mesos-audit itself");
    }
    let gapless = events.iter().zip(1..).all(|(event, number)| event.event.sequence == number);
    complete &= gapless;
    anstream::println!(
        "{:>6}  in all, {}",
        events.len(),
        if gapless { "without a gap" } else { "WITH GAPS" }
    );
    complete
}

fn expectations(day: &Day) -> Vec<(&'static str, Test)> {
    let Day { agent_id, framework_id, denied_framework_id } = day.clone();
    let id = framework_id.clone();
    let trace_id = mesos_audit_core::decode::trace_id(&framework_id, Day::FINISHED);
    let task = move |event: &OwnedEvent, name: &str| {
        task_id(event) == Some(name) && framework(event).is_none_or(|framework| framework == id)
    };
    let (ran, ended, agent_ran, asked) = (task.clone(), task.clone(), task.clone(), task);
    vec![
        ("SASL login: success", login("sasl", AuthnResult::Success)),
        ("SASL login: failure", login("sasl", AuthnResult::Failure)),
        ("HTTP login: success", login("http", AuthnResult::Success)),
        ("HTTP login: failure", login("http", AuthnResult::Failure)),
        (
            "API request: an operator reads /state",
            Box::new(|event| {
                event.event.action == Action::ApiRequest
                    && user(event) == Some("ops")
                    && event.url.as_ref().is_some_and(|url| url.path == "/master/state")
            }),
        ),
        (
            "API request: a v1 call by its type",
            Box::new(|event| event.mesos.api.as_ref().is_some_and(|api| api.call_type.is_some())),
        ),
        ("authorization: allowed", decision("RUN_TASK", Decision::Allowed, Day::FINISHED)),
        ("authorization: denied", decision("RUN_TASK", Decision::Denied, Day::DENIED)),
        (
            "authorization: hidden from the auditor, counted",
            Box::new(|event| {
                event.event.action == Action::AuthorizationSummary
                    && user(event) == Some("auditor")
                    && event.mesos.authz.as_ref().and_then(|authz| authz.counts).is_some_and(|c| c.denied > 0)
            }),
        ),
        (
            "launch asked for, and later denied",
            Box::new(|event| {
                event.event.action == Action::TaskLaunchAttempt && task_id(event) == Some(Day::DENIED)
            }),
        ),
        (
            "launch on the master",
            Box::new(move |event| launch(event, Component::Master) && asked(event, Day::FINISHED)),
        ),
        (
            "launch on the agent",
            Box::new(move |event| launch(event, Component::Agent) && agent_ran(event, Day::FINISHED)),
        ),
        (
            "status: TASK_RUNNING",
            Box::new(move |event| ran(event, Day::FINISHED) && state(event, "TASK_RUNNING")),
        ),
        (
            "status: TASK_FINISHED",
            Box::new(move |event| ended(event, Day::FINISHED) && state(event, "TASK_FINISHED")),
        ),
        (
            "status: TASK_KILLED",
            Box::new(|event| task_id(event) == Some(Day::KILLED) && state(event, "TASK_KILLED")),
        ),
        (
            "framework of the denied task registered",
            Box::new(move |event| {
                task_id(event) == Some(Day::DENIED) && framework(event) == Some(denied_framework_id.as_str())
            }),
        ),
        ("executor launched", action(Action::ExecutorLaunch)),
        ("a sandbox made for its container", action(Action::ContainerFetched)),
        ("authorization: a container within the task's", about("LAUNCH_NESTED_CONTAINER")),
        ("authorization: a role's quota", about("UPDATE_QUOTA_WITH_CONFIG")),
        ("authorization: a reservation", about("RESERVE_RESOURCES")),
        ("allocation: a framework joins", action(Action::FrameworkAdded)),
        ("allocation: an agent's resources", action(Action::AgentAdded)),
        ("allocation: offers", action(Action::ResourcesOffered)),
        ("allocation: what a task took", action(Action::ResourcesAllocated)),
        ("allocation: what came back", action(Action::ResourcesRecovered)),
        ("allocation: quota and weight", action(Action::QuotaUpdated)),
        ("agent's resources and attributes", action(Action::AgentResources)),
        ("executor removed", action(Action::ExecutorRemoved)),
        (
            "agent lost",
            Box::new(move |event| {
                event.event.action == Action::AgentLost
                    && event.mesos.agent.as_ref().and_then(|agent| agent.id.as_deref()) == Some(&agent_id)
            }),
        ),
        (
            "Mesos's own log: wrong credentials",
            Box::new(|event| event.event.action == Action::AuthenticationRefused && event.log.is_some()),
        ),
        (
            "one trace from the master to the agent",
            Box::new(move |event| {
                event.trace.as_ref().is_some_and(|trace| trace.id == trace_id)
                    && launch(event, Component::Agent)
            }),
        ),
        ("module start", action(Action::ModuleStart)),
        ("a block sealed", action(Action::AuditSeal)),
    ]
}

fn action(action: Action) -> Test {
    Box::new(move |event| event.event.action == action)
}

/// Any decision on that of Mesos's authorization actions, by the operator.
fn about(action: &'static str) -> Test {
    Box::new(move |event| {
        user(event) == Some("ops")
            && event.mesos.authz.as_ref().is_some_and(|authz| authz.action.as_deref() == Some(action))
    })
}

fn login(kind: &'static str, result: AuthnResult) -> Test {
    Box::new(move |event| {
        event.event.action == Action::Authentication
            && event
                .mesos
                .authn
                .as_ref()
                .is_some_and(|authn| authn.kind.as_deref() == Some(kind) && authn.result == Some(result))
    })
}

fn decision(action: &'static str, decision: Decision, task: &'static str) -> Test {
    Box::new(move |event| {
        task_id(event) == Some(task)
            && event.mesos.authz.as_ref().is_some_and(|authz| {
                authz.action.as_deref() == Some(action) && authz.decision == Some(decision)
            })
    })
}

fn launch(event: &OwnedEvent, component: Component) -> bool {
    event.event.action == Action::TaskLaunch && event.mesos.component == Some(component)
}

fn state(event: &OwnedEvent, state: &str) -> bool {
    event.event.action == Action::TaskStatus
        && event.mesos.task.as_ref().and_then(|task| task.state.as_deref()) == Some(state)
}

fn user(event: &OwnedEvent) -> Option<&str> {
    Some(&event.user.as_ref()?.name)
}

fn task_id(event: &OwnedEvent) -> Option<&str> {
    event.mesos.task.as_ref()?.id.as_deref()
}

fn framework(event: &OwnedEvent) -> Option<&str> {
    event.mesos.framework.as_ref()?.id.as_deref()
}
