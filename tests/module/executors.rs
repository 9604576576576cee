//! What executors do: log in, ask for containers, take one task after the other.

use std::fs;

use mesos_audit_core::event::{
    Action, OwnedEvent,
    mesos::{AuthnResult, Claim, Component, Decision},
};
use mesos_testbed::{Framework, Task};
use serde_json::json;

use crate::{
    schemes::KEY,
    support::{TestResult, is_about, plain, scalar, start, state, task, user},
};

fn path(event: &OwnedEvent) -> &str {
    event.url.as_ref().map_or("", |url| &url.path)
}

fn claim<'a>(claims: &'a [Claim<'_>], key: &str) -> &'a str {
    claims.iter().find(|claim| claim.key == key).map_or("", |claim| &claim.value)
}

/// The default executor logs in with the token that the agent gave it, and has the agent start a container for each task.
#[test]
fn executors_log_in_and_ask_for_their_tasks_containers() -> TestResult {
    let audited = start("executors", "release", |builder, audit| {
        let key = builder.dir().join("key");
        // Mesos takes the newline for a part of the key.
        fs::write(&key, format!("{KEY}\n")).unwrap();
        let builder = builder
            .flag("authenticate_http_executors", true)
            .flag("jwt_secret_key", key.display())
            .default_executor()
            .unwrap();
        (builder, audit.schemes("basic,jwt", Some(&key)).config("[authorization]\nhttp_request_id = true"))
    })?;
    let mut marathon =
        audited.cluster.scheduler(&Framework::new("marathon").login("marathon", "marathon-secret"))?;
    let framework = marathon.framework_id()?;
    let resources = [scalar("cpus", 0.1), scalar("mem", 32.0), scalar("disk", 32.0)];
    let one = |id: &str, command: &str| {
        json!({"name": id, "task_id": {"value": id}, "agent_id": {"value": "$AGENT_ID"},
               "command": {"value": command}, "resources": resources})
    };
    let executor = json!({"type": "DEFAULT", "executor_id": {"value": "pod"},
                          "framework_id": {"value": framework}, "resources": resources});
    let tasks = [one("pod-good", "true"), one("pod-bad", "exit 3")];
    marathon.operations(
        &json!([{"type": "LAUNCH_GROUP", "launch_group": {"executor": executor, "task_group": {"tasks": tasks}}}]),
        None,
    )?;
    marathon.wait_status("pod-good", "TASK_FINISHED")?;
    marathon.wait_status("pod-bad", "TASK_FAILED")?;
    audited.wait("the executor's end", |event| event.event.action == Action::ExecutorRemoved)?;

    let events = audited.events()?;
    let login = events
        .iter()
        .find(|event| {
            event.event.action == Action::Authentication && path(event) == "/slave(1)/api/v1/executor"
        })
        .expect("the executor's login");
    let authn = login.mesos.authn.as_ref().unwrap();
    assert_eq!((authn.scheme.as_deref(), authn.result), (Some("bearer"), Some(AuthnResult::Success)));
    assert_eq!(claim(&authn.claims, "fid"), framework);
    assert_eq!(claim(&authn.claims, "eid"), "pod");
    let container = claim(&authn.claims, "cid");
    assert!(!container.is_empty());
    assert!(
        events.iter().any(|event| event.event.action == Action::ApiRequest && path(event) == path(login)),
        "its calls are requests"
    );

    for id in ["pod-good", "pod-bad"] {
        let running = events
            .iter()
            .find(|event| task(event) == id && state(event) == "TASK_RUNNING")
            .unwrap_or_else(|| panic!("{id} runs"));
        let own = running.mesos.container.as_ref().expect("in a container");
        let nested = own.id.as_deref().and_then(|id| id.split_once('.')).map(|(parent, _)| parent);
        assert_eq!(nested, Some(container), "within the executor's");
        let decision = events
            .iter()
            .find(|event| {
                is_about(event, "LAUNCH_NESTED_CONTAINER")
                    && event.mesos.container.as_ref().is_some_and(|asked| asked.id == own.id)
            })
            .unwrap_or_else(|| panic!("whether {id} may have a container"));
        let authz = decision.mesos.authz.as_ref().unwrap();
        assert_eq!(authz.decision, Some(Decision::Allowed));
        assert_eq!((user(decision), claim(&authz.claims, "cid")), ("", container), "by its token");
        let request = decision.http.as_ref().expect("the request").request.id.as_deref();
        let asked = events.iter().find(|event| {
            event.event.action == Action::ApiRequest
                && event.http.as_ref().is_some_and(|http| http.request.id.as_deref() == request)
        });
        assert_eq!(path(asked.expect("which is told as well")), "/slave(1)/api/v1");
        assert!(
            events.iter().any(|event| event.event.action == Action::ContainerFetched
                && event.mesos.container.as_ref().is_some_and(|fetched| fetched.id == own.id)),
            "and its sandbox"
        );
    }
    Ok(())
}

#[test]
fn a_running_executor_gets_another_task() -> TestResult {
    let audited = plain("second-task")?;
    let mut marathon =
        audited.cluster.scheduler(&Framework::new("marathon").login("marathon", "marathon-secret"))?;
    for id in ["first", "second"] {
        marathon.launch(&Task::new(id, "exec sleep 1000").executor_id("shared"))?;
        marathon.wait_status(id, "TASK_RUNNING")?;
    }
    audited
        .wait("the second task's start", |event| task(event) == "second" && state(event) == "TASK_RUNNING")?;
    let events = audited.events()?;
    let executors = |action: Action| events.iter().filter(|event| event.event.action == action).count();
    assert_eq!(executors(Action::ExecutorLaunch), 1, "one executor for both");
    assert_eq!(executors(Action::ContainerFetched), 1, "and one container");
    for id in ["first", "second"] {
        let told: Vec<_> = events
            .iter()
            .filter(|event| task(event) == id && event.event.action != Action::AuthorizationSummary)
            .map(|event| (event.event.action, event.mesos.component))
            .collect();
        let (master, agent) = (Some(Component::Master), Some(Component::Agent));
        for step in [
            (Action::TaskLaunchAttempt, master),
            (Action::Authorization, None),
            (Action::TaskLaunch, master),
            (Action::TaskLaunch, agent),
            (Action::TaskStatus, agent),
        ] {
            assert!(told.contains(&step), "{id}: no {step:?} in {told:?}");
        }
    }
    Ok(())
}
