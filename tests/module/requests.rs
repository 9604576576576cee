//! The request behind a decision, where the operator wants it told.

use std::collections::BTreeSet;

use mesos_audit_core::event::{Action, OwnedEvent};
use mesos_testbed::{Framework, Task};
use serde_json::json;

use crate::support::{TestResult, is_about, ops, plain, start, state, task, user};

fn id(event: &OwnedEvent) -> Option<&str> {
    event.http.as_ref()?.request.id.as_deref()
}

fn requests<'a>(events: &'a [OwnedEvent], action: Action, path: &str) -> Vec<&'a OwnedEvent> {
    events
        .iter()
        .filter(|event| {
            event.event.action == action && event.url.as_ref().is_some_and(|url| url.path == path)
        })
        .collect()
}

#[test]
fn decisions_name_the_request_that_they_are_made_for() -> TestResult {
    const LOOKS: usize = 3;
    let audited = start("requests", "release", |builder, audit| {
        (builder, audit.config("[authorization]\nhttp_request_id = true"))
    })?;
    let cluster = &audited.cluster;
    for _ in 0..LOOKS {
        assert_eq!(cluster.get("/master/flags", Some(&ops()))?.status, 200);
    }
    let weights = json!({"type": "UPDATE_WEIGHTS",
                         "update_weights": {"weight_infos": [{"weight": 2.0, "role": "web"}]}});
    assert_eq!(cluster.v1_call(&weights, Some(&ops()))?.status, 200);
    // Here Mesos compares the whole principal: it stays without a claim.
    let agent = cluster.agent_id(Some(&ops()))?;
    let reserved = json!([{"type": "DYNAMIC", "role": "web", "principal": "ops"}]);
    let disk = json!({"name": "disk", "type": "SCALAR", "scalar": {"value": 64.0}, "reservations": reserved});
    let reserve = json!({"type": "RESERVE_RESOURCES",
                         "reserve_resources": {"agent_id": {"value": agent}, "resources": [disk]}});
    let answer = cluster.v1_call(&reserve, Some(&ops()))?;
    assert_eq!(answer.status, 202, "{}", answer.body);
    // Mesos is what it was, for principals that claim something as well.
    let mut marathon = cluster.scheduler(&Framework::new("marathon").login("marathon", "marathon-secret"))?;
    marathon.launch(&Task::new("web-1", "true"))?;
    marathon.wait_status("web-1", "TASK_FINISHED")?;
    assert_eq!(cluster.get("/master/state", Some(&ops()))?.status, 200);
    audited.wait("the task's end", |event| task(event) == "web-1" && state(event) == "TASK_FINISHED")?;
    audited.wait("the weights", |event| is_about(event, "UPDATE_WEIGHT"))?;
    audited.wait("the views", |event| is_about(event, "VIEW_ROLE") || is_about(event, "VIEW_FRAMEWORK"))?;

    let events = audited.events()?;
    let asked = requests(&events, Action::ApiRequest, "/master/flags");
    let ids: BTreeSet<_> = asked.iter().filter_map(|event| id(event)).collect();
    assert_eq!((asked.len(), ids.len()), (LOOKS, LOOKS), "each has an id of its own");
    let logins = requests(&events, Action::Authentication, "/master/flags");
    assert_eq!(ids, logins.iter().filter_map(|event| id(event)).collect(), "and its login the same");
    // /master/state asks whether the flags may be shown as well.
    let decided: Vec<_> =
        events.iter().filter(|event| is_about(event, "VIEW_FLAGS")).filter_map(|event| id(event)).collect();
    for id in ids {
        assert_eq!(decided.iter().filter(|decided| **decided == id).count(), 1, "and so has its decision");
    }

    let run = &*events[0].process.entity_id;
    let of_operator = |event: &&OwnedEvent| {
        user(event) == "ops" && event.event.action.is_decision() && !is_about(event, "RESERVE_RESOURCES")
    };
    for event in events.iter().filter(of_operator) {
        let id = id(event).unwrap_or_else(|| panic!("no request: {event:?}"));
        assert!(id.starts_with(run), "{id}");
        assert!(events.iter().any(|other| {
            other.event.action == Action::ApiRequest && self::id(other) == Some(id) && user(other) == "ops"
        }));
    }
    let weight = events.iter().find(|event| is_about(event, "UPDATE_WEIGHT")).unwrap();
    assert_eq!(weight.http.as_ref().unwrap().request.method, "POST");
    assert!(!cluster.stderr().contains("mesos-audit: "), "nothing failed");
    Ok(())
}

#[test]
fn by_default_decisions_name_no_request() -> TestResult {
    let audited = plain("no-requests")?;
    assert_eq!(audited.cluster.get("/master/flags", Some(&ops()))?.status, 200);
    let decision = audited.wait("the decision", |event| is_about(event, "VIEW_FLAGS"))?;
    assert!(decision.http.is_none());
    let events = audited.events()?;
    let (asked, logins) = (
        requests(&events, Action::ApiRequest, "/master/flags"),
        requests(&events, Action::Authentication, "/master/flags"),
    );
    assert!(id(asked[0]).is_some() && id(asked[0]) == id(logins[0]));
    Ok(())
}
