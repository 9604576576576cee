//! What the real Mesos logs about errors and security, as events.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
};

use mesos_audit_core::event::{Action, OwnedEvent, ecs::Outcome, mesos::AuthnResult};
use mesos_testbed::{Cluster, Framework, Login};
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

/// Sends a libprocess message that claims to come from an actor at this address.
fn message(cluster: &Cluster, to: &str, name: &str, from: SocketAddr, body: &[u8]) -> TestResult {
    let head = format!(
        "POST /{to}/mesos.internal.{name} HTTP/1.1\r\nHost: x\r\nLibprocess-From: odd(1)@{from}\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(cluster.address())?;
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    assert_eq!(&answer, b"HTTP/1.1 202", "{name}");
    Ok(())
}

/// An actor that wants to log in and then says nothing, or is gone, where it takes connections.
fn begin_login(cluster: &Cluster, stays: bool) -> Result<TcpListener, Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let from = listener.local_addr()?;
    let pid = format!("odd(1)@{from}");
    // AuthenticateMessage { pid = 1 }
    let body = [&[0x0a, u8::try_from(pid.len())?], pid.as_bytes()].concat();
    message(cluster, "master", "AuthenticateMessage", from, &body)?;
    let (stream, _) = listener.accept()?;
    if stays {
        // As long as Mesos waits.
        std::mem::forget(stream);
    }
    Ok(listener)
}

#[test]
fn peers_that_say_nothing_leave_or_are_not_who_they_should_be() -> TestResult {
    let limits = json!({"limits": [{"principal": "marathon", "qps": 1.0, "capacity": 0}]});
    let audited = start("errors-peers", "release", |builder, audit| {
        (builder.flag("authentication_v0_timeout", "1secs").flag("rate_limits", limits), audit)
    })?;
    let cluster = &audited.cluster;
    let told = |action: Action| audited.wait(action.name(), |event| event.event.action == action);

    let silent = begin_login(cluster, true)?;
    let timed_out = told(Action::AuthenticationTimedOut)?;
    assert_eq!(level(&timed_out), "warning");
    // What Mesos discards its SASL authenticator makes a failure of. The agent of this Mesos says the same of its own login, of
    // nobody, where the master was not there yet.
    let failed = |why: &str| {
        audited.wait(why, |event| {
            event.event.action == Action::AuthenticationFailed
                && event.source.is_some()
                && said(event).contains(why)
        })
    };
    let discarded = failed("Authentication discarded")?;
    assert_eq!(discarded.source.as_ref().unwrap().port, Some(silent.local_addr()?.port()));
    let login = audited.wait("the login that came to nothing", |event| {
        event.mesos.authn.as_ref().is_some_and(|authn| authn.result == Some(AuthnResult::Error))
    })?;
    assert_eq!(login.event.outcome, Some(Outcome::Unknown));

    drop(begin_login(cluster, false)?);
    assert_eq!(level(&failed("Failed to communicate with authenticatee")?), "warning");

    // ShutdownMessage { message = 1 }
    message(cluster, "slave(1)", "ShutdownMessage", silent.local_addr()?, b"\x0a\x03die")?;
    let refused = told(Action::SenderRefused)?;
    assert!(said(&refused).contains("odd(1)@127.0.0.1:"), "{refused:?}");

    // Registered, and from then on one message too many.
    assert!(matches!(cluster.sasl_login("marathon", "marathon-secret")?, Login::Registered(_)));
    let limited = told(Action::MessageRateLimited)?;
    assert!(said(&limited).contains("marathon"), "{limited:?}");
    Ok(())
}
