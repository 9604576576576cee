//! A thousand tasks of two dozen frameworks, and whether each one's story is there, whole, and nobody else's.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
};

use mesos_audit_core::event::{
    Action, OwnedEvent,
    mesos::{Component, Decision},
};
use mesos_testbed::{Cluster, Framework, Scheduler, Task};

use crate::support::{Audited, TestResult, ops, start, state, task, user};

/// Frameworks that may run what they ask for.
const FRAMEWORKS: usize = 20;
/// Tasks of each.
const TASKS: usize = 50;
/// Frameworks that may not, and tasks of each.
const DENIED: (usize, usize) = (4, 5);
/// Tasks that still run when the agent is removed, of the last framework.
const ABANDONED: usize = 5;

/// How a task ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Finished,
    Failed,
    Killed,
    /// With its agent.
    Gone,
    /// It never ran.
    Denied,
}

impl End {
    fn of(framework: usize, number: usize) -> Self {
        match number {
            _ if framework == FRAMEWORKS - 1 && number < ABANDONED => Self::Gone,
            // Killed last: while it runs its executor stays for those that come later.
            0 => Self::Killed,
            _ if number % 5 == 4 => Self::Failed,
            _ if number % 7 == 6 => Self::Killed,
            _ => Self::Finished,
        }
    }

    fn command(self) -> &'static str {
        match self {
            Self::Finished | Self::Denied => "true",
            Self::Failed => "exit 3",
            Self::Killed | Self::Gone => "exec sleep 1000",
        }
    }

    fn state(self) -> &'static str {
        match self {
            Self::Finished => "TASK_FINISHED",
            Self::Failed => "TASK_FAILED",
            Self::Killed => "TASK_KILLED",
            Self::Gone => "TASK_RUNNING",
            Self::Denied => "TASK_ERROR",
        }
    }
}

/// What was asked of the cluster: the other side of the reconciliation.
struct Asked {
    principal: &'static str,
    framework: String,
    end: End,
}

/// A framework, its id, its principal and its tasks.
struct Tenant {
    scheduler: Scheduler,
    id: String,
    principal: &'static str,
    tasks: Vec<(String, End)>,
}

impl Tenant {
    fn subscribe(
        cluster: &Cluster,
        name: &str,
        principal: &'static str,
        user: &str,
        ends: impl Iterator<Item = End>,
    ) -> Result<Self, Box<dyn Error>> {
        let framework = Framework::new(name).login(principal, &format!("{principal}-secret")).user(user);
        let mut scheduler = cluster.scheduler(&framework)?;
        let id = scheduler.framework_id()?;
        let tasks = ends.enumerate().map(|(number, end)| (format!("{name}-{number}"), end)).collect();
        Ok(Self { scheduler, id, principal, tasks })
    }

    fn launch(&mut self) -> TestResult {
        let tasks: Vec<_> = self
            .tasks
            .iter()
            .map(|(id, end)| Task::new(id, end.command()).executor_id("shared").resources(0.01, 1.0))
            .collect();
        Ok(self.scheduler.launch_all(&tasks)?)
    }

    fn ended(&mut self) -> TestResult {
        // The first one last: see `End::of`.
        for (id, end) in self.tasks.iter().rev() {
            if *end == End::Killed {
                self.scheduler.wait_status(id, "TASK_RUNNING")?;
                self.scheduler.kill(id)?;
            }
            self.scheduler.wait_status(id, end.state())?;
        }
        Ok(())
    }

    fn asked(&self) -> impl Iterator<Item = (String, Asked)> + '_ {
        self.tasks.iter().map(|(id, end)| {
            let asked = Asked { principal: self.principal, framework: self.id.clone(), end: *end };
            (id.clone(), asked)
        })
    }
}

/// Runs all of it; returns what was asked.
fn run(audited: &Audited) -> Result<BTreeMap<String, Asked>, Box<dyn Error>> {
    let cluster = &audited.cluster;
    let mut tenants = Vec::new();
    for framework in 0..FRAMEWORKS {
        let (principal, user) = if framework % 5 == 3 { ("batch", "nobody") } else { ("marathon", "root") };
        let ends = (0..TASKS).map(|number| End::of(framework, number));
        tenants.push(Tenant::subscribe(cluster, &format!("tenant{framework}"), principal, user, ends)?);
        tenants[framework].launch()?;
    }
    for framework in 0..DENIED.0 {
        let ends = std::iter::repeat_n(End::Denied, DENIED.1);
        let name = format!("intruder{framework}");
        let mut intruder = Tenant::subscribe(cluster, &name, "batch", "root", ends)?;
        intruder.launch()?;
        tenants.push(intruder);
    }
    for tenant in &mut tenants {
        tenant.ended()?;
    }
    assert_eq!(cluster.mark_agent_gone(Some(&ops()))?.status, 200);
    audited.wait("the agent's removal", |event| event.event.action == Action::AgentLost)?;
    let asked = tenants.iter().flat_map(Tenant::asked).collect();
    for tenant in tenants {
        tenant.scheduler.stop()?;
    }
    Ok(asked)
}

#[test]
fn a_thousand_tasks_are_accounted_for() -> TestResult {
    let audited = start("reconcile", "release", |builder, audit| {
        (builder.flag("resources", "cpus:512;mem:524288;disk:16384"), audit)
    })?;
    let asked = run(&audited)?;
    assert_eq!(asked.values().filter(|task| task.end != End::Denied).count(), 1_000);
    let events = audited.events()?;
    let lost = events.iter().find(|event| event.event.action == Action::AgentLost);
    let lost = agent(lost.expect("the agent's removal"));
    for (id, task) in &asked {
        reconcile(id, task, &lost, &of_task(&events, id));
    }
    no_orphans(&events, &asked);
    Ok(())
}

fn of_task<'e>(events: &'e [OwnedEvent], id: &str) -> Vec<&'e OwnedEvent> {
    events.iter().filter(|event| task(event) == id).collect()
}

fn framework(event: &OwnedEvent) -> Option<&str> {
    event.mesos.framework.as_ref()?.id.as_deref()
}

fn agent(event: &OwnedEvent) -> String {
    event.mesos.agent.as_ref().and_then(|agent| agent.id.as_deref()).unwrap_or_default().to_owned()
}

/// One task's story: who asked for it, who decided, where it began, how it ended.
fn reconcile(id: &str, asked: &Asked, lost: &str, story: &[&OwnedEvent]) {
    let told = || story.iter().map(|event| (event.event.action, state(event))).collect::<Vec<_>>();
    let count = |wanted: &dyn Fn(&OwnedEvent) -> bool| story.iter().filter(|event| wanted(event)).count();
    let launches = |component: Component| {
        count(&|event| event.event.action == Action::TaskLaunch && event.mesos.component == Some(component))
    };
    let decisions = |decision: Decision| {
        count(&|event| {
            event.mesos.authz.as_ref().is_some_and(|authz| {
                authz.action.as_deref() == Some("RUN_TASK") && authz.decision == Some(decision)
            })
        })
    };
    assert_eq!(count(&|event| event.event.action == Action::TaskLaunchAttempt), 1, "{id}: {:?}", told());
    if asked.end == End::Denied {
        assert_eq!(decisions(Decision::Denied), 1, "{id}: {:?}", told());
        assert_eq!(story.len(), 2, "a task that was denied has no more to tell: {id}: {:?}", told());
    } else {
        assert_eq!(decisions(Decision::Allowed), 2, "by master and agent: {id}: {:?}", told());
        assert_eq!(launches(Component::Master), 1, "{id}: {:?}", told());
        assert_eq!(launches(Component::Agent), 1, "{id}: {:?}", told());
        let states: Vec<_> =
            story.iter().map(|event| state(event)).filter(|state| !state.is_empty()).collect();
        assert!(states.contains(&"TASK_RUNNING"), "{id}: {states:?}");
        assert_eq!(states.last(), Some(&asked.end.state()), "{id}: {states:?}");
        if asked.end == End::Gone {
            let launch = story.iter().find(|event| event.event.action == Action::TaskLaunch);
            assert_eq!(agent(launch.expect("a launch")), lost, "what ended with the agent was on it");
        }
    }
    for event in story {
        if let Some(framework) = framework(event) {
            assert_eq!(framework, asked.framework, "{id}");
        }
        if matches!(event.event.action, Action::Authorization | Action::TaskLaunch) {
            assert_eq!(user(event), asked.principal, "{id}: {:?}", event.event.action);
        }
    }
}

/// Every event that names a task or a framework names one that was there, and no number is missing.
fn no_orphans(events: &[OwnedEvent], asked: &BTreeMap<String, Asked>) {
    let frameworks: BTreeSet<_> = asked.values().map(|task| task.framework.as_str()).collect();
    for (event, number) in events.iter().zip(1..) {
        assert_eq!(event.event.sequence, number);
        assert!(
            event.mesos.audit.as_ref().is_none_or(|audit| audit.dropped.is_none() && audit.fault.is_none()),
            "{event:?}"
        );
        let task = task(event);
        assert!(task.is_empty() || asked.contains_key(task), "a task that nobody asked for: {event:?}");
        if let Some(id) = framework(event) {
            assert!(frameworks.contains(id), "a framework that nobody started: {event:?}");
        }
    }
    let removed = events.iter().filter(|event| event.event.action == Action::ExecutorRemoved);
    assert!(removed.count() >= FRAMEWORKS, "one executor each");
}
