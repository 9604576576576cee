//! What the real Mesos logs about errors and security, as events.

use std::{fs, os::unix::fs::PermissionsExt};

use mesos_audit_core::event::{Action, OwnedEvent, ecs::Outcome};
use mesos_testbed::{Framework, Login};
use serde_json::json;

use crate::support::{TestResult, events, ops, prepare, start};

fn level(event: &OwnedEvent) -> &str {
    event.log.as_ref().map_or("", |log| &log.level)
}

fn said(event: &OwnedEvent) -> &str {
    event.error.as_ref().map_or("", |error| &error.message)
}

#[test]
fn refusals_that_mesos_only_logs_are_events() -> TestResult {
    let acls = json!({"register_frameworks": [
        {"principals": {"values": ["batch"]}, "roles": {"type": "NONE"}},
    ]});
    let audited =
        start("errors", "release", |builder, audit| (builder, audit.acls_parameter(Some(acls.to_string()))))?;
    // Wrong credentials over SASL: INFO of the master.
    assert!(matches!(audited.cluster.sasl_login("marathon", "guess")?, Login::Refused(_)));
    let refused = audited.wait("the refused login", |event| {
        event.event.action == Action::AuthenticationRefused && level(event) == "info"
    })?;
    assert_eq!(refused.event.outcome, Some(Outcome::Failure));
    assert_eq!(refused.source.as_ref().unwrap().ip.as_deref(), Some("127.0.0.1"));
    assert_eq!(refused.log.as_ref().unwrap().origin.file.name, "master.cpp");
    assert_eq!(refused.mesos.callback.as_deref(), Some("google::LogSink::send"));
    // The same login, as the authenticator tells it: of another actor of the same process.
    let place = |event: &OwnedEvent| {
        let source = event.source.as_ref()?;
        Some((source.ip.clone()?, source.port?))
    };
    audited.wait("the authentication itself", |event| {
        event.event.action == Action::Authentication && place(event) == place(&refused)
    })?;

    // A framework that the ACLs do not let in: INFO as well.
    let framework = Framework::new("batch'quoted").login("batch", "batch-secret").roles(&["web"]);
    assert!(matches!(audited.cluster.scheduler(&framework)?.login()?, Login::Refused(_)));
    let refused =
        audited.wait("the refused framework", |event| event.event.action == Action::FrameworkRefused)?;
    assert_eq!(refused.mesos.framework.as_ref().unwrap().name.as_deref(), Some("batch'quoted"));

    // glog's own output is what it was.
    let stderr = audited.cluster.stderr();
    assert!(stderr.contains(said(&refused)), "{}", said(&refused));
    // A line that is no error is no event: there are hundreds.
    assert_eq!(audited.cluster.get("/master/state", Some(&ops()))?.status, 200);
    for event in audited.events()?.iter().filter(|event| event.log.is_some()) {
        assert!(level(event) != "info" || event.event.action != Action::ErrorLogged, "{event:?}");
    }
    Ok(())
}

#[test]
fn an_agent_that_may_not_register_and_a_file_that_all_can_read() -> TestResult {
    let acls =
        json!({"register_agents": [{"principals": {"values": ["agent"]}, "agents": {"type": "NONE"}}]});
    let (builder, audit, log) = prepare("errors-agent", "release")?;
    let mut builder = audit.acls_parameter(Some(acls.to_string())).install(builder)?.expect_agent(false);
    let credentials = builder.dir().join("credentials.json");
    fs::set_permissions(&credentials, fs::Permissions::from_mode(0o644))?;
    builder = builder.flag("registration_backoff_factor", "10ms");
    let cluster = builder.start()?;
    let find = |action: Action| {
        cluster.wait_for(action.name(), || {
            let events = events(&log).map_err(|error| mesos_testbed::Error::new(error.to_string()))?;
            Ok(events.into_iter().find(|event| event.event.action == action))
        })
    };
    let refused = find(Action::AgentRefused)?;
    assert_eq!(level(&refused), "warning");
    assert_eq!(refused.event.outcome, Some(Outcome::Failure));
    assert!(refused.source.as_ref().unwrap().address.as_deref().unwrap().starts_with("slave(1)@127.0.0.1:"));
    let exposed = find(Action::CredentialsExposed)?;
    assert!(said(&exposed).contains("credentials.json"), "{exposed:?}");
    Ok(())
}
