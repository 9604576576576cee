//! A day in the cluster, and everything that must be told of it.

use std::fs;

use mesos_audit_core::decode::trace_id;
use mesos_audit_core::event::{
    Action, OwnedEvent,
    ecs::{Kind, Outcome},
    mesos::{AuthnResult, Component, Decision},
};
use mesos_testbed::Day;
use serde_json::{Value, json};

use crate::support::{Audited, TestResult, lines, ops, plain, program, start, state, task, user};

/// The events of a whole day.
fn live(audited: &Audited) -> Result<(Day, Vec<OwnedEvent>), Box<dyn std::error::Error>> {
    let day = Day::live(&audited.cluster, &mut |_| ())?;
    audited.wait("the agent's removal", |event| event.event.action == Action::AgentLost)?;
    Ok((day, audited.events()?))
}

fn with(events: &[OwnedEvent], wanted: impl Fn(&OwnedEvent) -> bool) -> Vec<&OwnedEvent> {
    events.iter().filter(|event| wanted(event)).collect()
}

#[test]
fn a_day_is_told_whole() -> TestResult {
    told_whole(&plain("trail")?)
}

/// The same day in the other format, and what the program says to it.
#[test]
fn a_day_of_frames_is_told_whole() -> TestResult {
    let audited =
        start("frames", "release", |builder, audit| (builder, audit.config("format = \"flatbuffers\"")))?;
    told_whole(&audited)?;
    let Audited { cluster, log } = audited;
    let copy = tempfile::tempdir()?;
    let name = copy.path().join("audit.jsonl");
    let key = copy.path().join("audit.jsonl.key");
    // While it runs: what `tail` shows is what a log of lines would hold.
    let shown =
        program(&["tail".as_ref(), "--all".as_ref(), "--format".as_ref(), "json".as_ref(), log.as_os_str()])?;
    assert!(shown.status.success(), "{shown:?}");
    let text = String::from_utf8(shown.stdout)?;
    assert!(lines(&log)?.starts_with(&text) && text.contains("\"agent_lost\""));
    cluster.signal("STOP")?;
    for suffix in ["", ".key", ".seal"] {
        let with = |path: &std::path::Path| std::path::PathBuf::from(format!("{}{suffix}", path.display()));
        fs::copy(with(&log), with(&name))?;
    }
    cluster.signal("CONT")?;
    let verified = program(&["verify".as_ref(), "--key".as_ref(), key.as_os_str(), name.as_os_str()])?;
    assert!(verified.status.success(), "{verified:?}");
    Ok(())
}

fn told_whole(audited: &Audited) -> TestResult {
    let (day, events) = live(audited)?;
    envelope(&events);
    authentications(&events);
    requests(&events);
    the_task_that_ran(&events, &day);
    the_task_that_was_denied(&events, &day);
    valid_and_free_of_secrets(audited)
}

fn envelope(events: &[OwnedEvent]) {
    assert_eq!(events[0].event.action, Action::AuditLogOpened);
    assert_eq!(events[1].event.action, Action::AuditSeal, "no file is without a seal");
    assert_eq!(events[2].event.action, Action::ModuleStart);
    for (event, number) in events.iter().zip(1..) {
        assert_eq!(event.event.sequence, number);
        assert_eq!(event.service.version, "1.11.0");
        assert_eq!(event.event.kind, Kind::Event, "nothing lost, nothing failed: {event:?}");
    }
    let started: Vec<_> =
        events.iter().filter_map(|event| Some(&*event.mesos.module.as_ref()?.name)).collect();
    for module in [
        "Anonymous",
        "Hook",
        "Authorizer",
        "Authenticator",
        "HttpAuthenticator",
        "HttpFrameworkAuthenticator",
    ] {
        assert!(started.contains(&format!("org_mesos_audit_{module}").as_str()), "{module} in {started:?}");
    }
}

fn authentications(events: &[OwnedEvent]) {
    let logins =
        |kind: &str, result: AuthnResult| {
            let kind = kind.to_owned();
            with(events, move |event| {
                event.event.action == Action::Authentication
                    && event.mesos.authn.as_ref().is_some_and(|authn| {
                        authn.kind.as_deref() == Some(&kind) && authn.result == Some(result)
                    })
            })
        };
    let sasl = logins("sasl", AuthnResult::Success);
    let people: Vec<_> = sasl.iter().map(|event| user(event)).collect();
    assert!(people.contains(&"marathon") && people.contains(&"agent"), "{people:?}");
    for event in &sasl {
        assert_eq!(event.event.outcome, Some(Outcome::Success));
        assert_eq!(event.mesos.authn.as_ref().unwrap().scheme.as_deref(), Some("cram-md5"));
    }
    let bad = logins("sasl", AuthnResult::Failure);
    assert!(!bad.is_empty());
    for event in bad {
        assert_eq!(event.event.outcome, Some(Outcome::Failure));
        assert_eq!(user(event), "", "SASL does not say whom it was tried for");
        let source = event.source.as_ref().unwrap();
        assert_eq!(source.ip.as_deref(), Some("127.0.0.1"));
        assert!(source.port.is_some() && source.address.as_ref().unwrap().contains('@'));
    }

    let good = logins("http", AuthnResult::Success);
    assert!(good.iter().any(|event| user(event) == "ops"));
    assert!(good.iter().any(|event| user(event) == "marathon"));
    let bad = logins("http", AuthnResult::Failure);
    assert!(bad.len() >= 3, "a guess, no password, a framework's guess");
    for event in good.into_iter().chain(bad) {
        assert_eq!(event.mesos.authn.as_ref().unwrap().realm.as_deref(), Some("mesos-audit-test"));
        assert_eq!(event.source.as_ref().unwrap().ip.as_deref(), Some("127.0.0.1"));
        assert!(event.source.as_ref().unwrap().port.is_some_and(|port| port > 1023));
        assert!(event.url.is_some() && event.http.is_some());
        assert!(event.event.duration.is_some_and(|ns| ns > 0));
    }
}

fn requests(events: &[OwnedEvent]) {
    let requests = with(events, |event| event.event.action == Action::ApiRequest);
    let state = requests.iter().find(|event| {
        event.url.as_ref().unwrap().path == "/master/state" && event.event.outcome == Some(Outcome::Success)
    });
    let state = state.expect("the operator's look at /state");
    assert_eq!(user(state), "ops");
    assert_eq!(state.http.as_ref().unwrap().request.method, "GET");
    // A read, which the default policy records without its details; the login beside it has them all.
    assert_eq!(state.mesos.policy.as_ref().unwrap().rule, "read_requests");
    assert!(state.user_agent.is_none() && state.url.as_ref().unwrap().query_keys.is_empty());
    let login = events.iter().find(|event| {
        event.event.action == Action::Authentication
            && event
                .url
                .as_ref()
                .is_some_and(|url| url.path == "/master/state" && url.query_keys == ["jsonp"])
    });
    assert!(login.expect("its login").user_agent.is_some());
    let calls: Vec<_> = requests
        .iter()
        .filter_map(|event| Some((user(event), event.mesos.api.as_ref()?.call_type.as_deref()?)))
        .collect();
    for call in [
        ("auditor", "GET_TASKS"),
        ("ops", "MARK_AGENT_GONE"),
        ("marathon", "SUBSCRIBE"),
        ("marathon", "KILL"),
    ] {
        assert!(calls.contains(&call), "{call:?} in {calls:?}");
    }
}

fn the_task_that_ran(events: &[OwnedEvent], day: &Day) {
    let of_task = with(events, |event| task(event) == Day::FINISHED);
    let chain: Vec<_> = of_task
        .iter()
        .map(|event| (event.event.action, event.mesos.component, state(event)))
        .filter(|(action, ..)| *action != Action::AuthorizationSummary)
        .collect();
    let place = |step: (Action, Option<Component>, &str)| {
        chain.iter().position(|one| *one == step).unwrap_or_else(|| panic!("no {step:?} in {chain:?}"))
    };
    let (master, agent) = (Some(Component::Master), Some(Component::Agent));
    let steps = [
        place((Action::TaskLaunchAttempt, master, "")),
        place((Action::Authorization, None, "")),
        place((Action::TaskLaunch, master, "")),
        place((Action::TaskLaunch, agent, "")),
        place((Action::TaskStatus, agent, "TASK_RUNNING")),
        place((Action::TaskStatus, agent, "TASK_FINISHED")),
    ];
    assert!(steps.is_sorted(), "told in the order in which it happened: {chain:?}");
    // One id in all that names the task, on the master and on the agent, and in its own executor's end. The test bed's tasks
    // bring an executor of another name.
    let trace = trace_id(&day.framework_id, Day::FINISHED);
    for event in &of_task {
        let expected = (event.event.action != Action::TaskLaunchAttempt).then_some(&*trace);
        let found = event.trace.as_ref().map(|trace| &*trace.id);
        assert!(found == expected || (expected.is_none() && found == Some(&trace)), "{event:?}");
    }
    for component in [master, agent] {
        let is_launch = |event: &OwnedEvent| {
            event.event.action == Action::TaskLaunch
                && event.mesos.component == component
                && event.trace.is_some()
        };
        assert!(of_task.iter().any(|event| is_launch(event)), "{component:?}");
    }
    for event in of_task {
        // The first hook is not told the framework.
        let framework = event.mesos.framework.as_ref().and_then(|framework| framework.id.as_deref());
        assert!(framework.is_none_or(|id| id == day.framework_id), "{event:?}");
        if let Some(id) = event.mesos.agent.as_ref().and_then(|agent| agent.id.as_deref()) {
            assert_eq!(id, day.agent_id);
        }
        if event.event.action == Action::Authorization {
            let authz = event.mesos.authz.as_ref().unwrap();
            assert_eq!(authz.action.as_deref(), Some("RUN_TASK"));
            assert_eq!(authz.decision, Some(Decision::Allowed));
            assert_eq!(user(event), "marathon");
        }
        if event.event.action == Action::TaskLaunch {
            let task = event.mesos.task.as_ref().unwrap();
            assert_eq!(task.labels[0].key, "team");
            assert_eq!(task.resources.as_ref().unwrap().cpus, Some(0.1));
            assert_eq!(user(event), "marathon");
        }
    }
    let killed = with(events, |event| task(event) == Day::KILLED && state(event) == "TASK_KILLED");
    assert!(!killed.is_empty());
    let removed = with(events, |event| event.event.action == Action::ExecutorRemoved);
    assert!(removed.iter().any(|event| {
        event.mesos.framework.as_ref().and_then(|framework| framework.id.as_deref())
            == Some(&day.framework_id)
    }));
    let lost = with(events, |event| event.event.action == Action::AgentLost);
    assert_eq!(lost[0].mesos.agent.as_ref().unwrap().id.as_deref(), Some(&*day.agent_id));
}

fn the_task_that_was_denied(events: &[OwnedEvent], day: &Day) {
    let of_task = with(events, |event| task(event) == Day::DENIED);
    let actions: Vec<_> = of_task.iter().map(|event| event.event.action).collect();
    assert_eq!(actions, [Action::TaskLaunchAttempt, Action::Authorization], "asked for, denied, and no more");
    let denial = of_task[1];
    assert_eq!(denial.mesos.authz.as_ref().unwrap().decision, Some(Decision::Denied));
    assert_eq!(denial.event.outcome, Some(Outcome::Failure));
    assert_eq!(user(denial), "batch");
    assert_eq!(denial.mesos.framework.as_ref().unwrap().id.as_deref(), Some(&*day.denied_framework_id));
    let hidden =
        with(events, |event| event.event.action == Action::AuthorizationSummary && user(event) == "auditor");
    let denied: u64 =
        hidden.iter().filter_map(|event| Some(event.mesos.authz.as_ref()?.counts?.denied)).sum();
    assert!(denied > 0, "the tasks that the auditor may not see are counted");
}

fn valid_and_free_of_secrets(audited: &Audited) -> TestResult {
    let schema: Value = serde_json::from_str(&fs::read_to_string("schema/audit_event.schema.json")?)?;
    let validator = jsonschema::validator_for(&schema)?;
    let log = lines(&audited.log)?;
    for line in log.lines() {
        let event: Value = serde_json::from_str(line)?;
        let errors: Vec<_> = validator.iter_errors(&event).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}: {line}");
        for secret in ["-secret", "guess", "exec sleep", "jsonp=x"] {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
    }
    Ok(())
}

/// The address sanitizer reports what the C++ side does to memory; the Rust side's allocations go through it
/// as well.
#[test]
fn a_day_under_the_address_sanitizer_is_clean() -> TestResult {
    let audited = start("trail-asan", "asan", |builder, audit| (builder.asan(true), audit))?;
    let (_, events) = live(&audited)?;
    assert!(events.iter().all(|event| event.event.kind == Kind::Event));
    audited.cluster.check_sanitizer()?;
    audited.cluster.stop()?;
    Ok(())
}

#[test]
fn one_request_is_one_login_and_one_request() -> TestResult {
    // With all their details.
    let audited = start("once", "release", |builder, audit| (builder, audit.config("[policy]\nrules = []")))?;
    let login = "Basic b3BzOm9wcy1zZWNyZXQ="; // ops:ops-secret
    let headers = [("Authorization", login), ("User-Agent", "probe/1"), ("X-Forwarded-For", "192.0.2.7")];
    assert_eq!(audited.cluster.request("GET", "/master/slaves", &headers, "")?.status, 200);
    assert_eq!(audited.cluster.get("/master/flags", Some(&ops()))?.status, 200);
    audited.wait("the request after it", |event| {
        event.event.action == Action::ApiRequest && event.url.as_ref().unwrap().path == "/master/flags"
    })?;
    let events = audited.events()?;
    let probes =
        with(&events, |event| event.user_agent.as_ref().is_some_and(|agent| agent.original == "probe/1"));
    let actions: Vec<_> = probes.iter().map(|event| event.event.action).collect();
    assert_eq!(actions, [Action::Authentication, Action::ApiRequest]);
    assert_eq!(probes[0].source.as_ref().unwrap().forwarded_for.as_deref(), Some("192.0.2.7"));
    Ok(())
}

/// Nothing is kept back while nothing happens.
#[test]
fn an_event_is_in_the_file_without_a_second_one_behind_it() -> TestResult {
    let audited = plain("idle")?;
    let call = json!({"type": "GET_VERSION"});
    assert_eq!(audited.cluster.v1_call(&call, Some(&ops()))?.status, 200);
    audited.wait("the call", |event| {
        event.mesos.api.as_ref().is_some_and(|api| api.call_type.as_deref() == Some("GET_VERSION"))
    })?;
    Ok(())
}
