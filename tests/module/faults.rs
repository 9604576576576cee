//! What goes wrong inside the module stays there: Mesos lives, its work is done, the stream says what
//! happened.

use mesos_audit_core::event::{Action, ecs::Kind};
use mesos_testbed::{Framework, Task};

use crate::support::{TestResult, ops, start};

/// Lets each record of that callback break, does some work, and looks for the report.
fn survives(kind: &str, callback: &str, method: &str) -> TestResult {
    let fault = format!("{kind}:{callback}");
    let mut audited = start(&fault.replace(':', "-"), "faults", |builder, audit| {
        (builder.env("MESOS_AUDIT_FAULT", &fault), audit)
    })?;
    assert_eq!(audited.cluster.get("/master/state", Some(&ops()))?.status, 200);
    let mut marathon =
        audited.cluster.scheduler(&Framework::new("marathon").login("marathon", "marathon-secret"))?;
    marathon.launch(&Task::new("task", "true"))?;
    marathon.wait_status("task", "TASK_FINISHED")?;
    marathon.stop()?;

    let expected = if kind == "panic" { "panic" } else { "exception" };
    let report = audited.wait(&format!("the report of {fault}"), |event| {
        event.event.action == Action::AuditCallbackFailed && event.mesos.callback.as_deref() == Some(method)
    })?;
    assert_eq!(report.event.kind, Kind::PipelineError);
    let told = report.mesos.audit.as_ref().and_then(|audit| audit.fault.as_ref()).expect("a fault");
    assert_eq!(told.kind, expected);
    assert!(told.count > 0);
    // All else is told as ever.
    audited.wait("the rest", |event| match event.event.action {
        Action::TaskStatus => callback != "SlaveTaskStatus",
        Action::TaskLaunch => callback == "SlaveTaskStatus",
        _ => false,
    })?;
    assert!(audited.cluster.is_running());
    Ok(())
}

#[test]
fn rust_panics_in_a_hook() -> TestResult {
    survives("panic", "SlaveTaskStatus", "Hook::slaveTaskStatusDecorator")
}

#[test]
fn rust_panics_in_the_authorizer() -> TestResult {
    survives("panic", "Authorized", "Authorizer::authorized")
}

#[test]
fn rust_panics_in_an_http_authenticator() -> TestResult {
    survives("panic", "HttpAuthentication", "http::Authenticator::authenticate")
}

#[test]
fn the_glue_throws_in_a_hook() -> TestResult {
    survives("throw", "MasterLaunchTaskLabels", "Hook::masterLaunchTaskLabelDecorator")
}

#[test]
fn the_glue_throws_in_an_approver() -> TestResult {
    survives("throw", "Approved", "ObjectApprover::approved")
}

#[test]
fn the_glue_throws_in_the_sasl_authenticator() -> TestResult {
    survives("throw", "SaslAuthentication", "Authenticator::authenticate")
}
