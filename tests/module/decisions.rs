//! Decisions are Mesos's own: the same cluster with and without the module answers alike.

use mesos_audit_core::event::{Action, mesos::Decision};
use mesos_testbed::{Audit, Cluster, Credential, Framework, Lines, Task, Testbed};
use serde_json::{Value, json};

use crate::support::{TestResult, ops, plain, start, user};

/// Denies something of each way in which Mesos asks: approvers of the state, per-request approvers, futures.
fn acls() -> Value {
    let batch = json!({"values": ["batch"]});
    let auditor = json!({"values": ["auditor"]});
    let none = json!({"type": "NONE"});
    json!({
        "run_tasks": [{"principals": batch, "users": none}],
        "register_frameworks": [{"principals": batch, "roles": {"values": ["allowed"]}},
                                {"principals": batch, "roles": none}],
        "view_frameworks": [{"principals": auditor, "users": none}],
        "view_roles": [{"principals": auditor, "roles": none}],
        "get_endpoints": [{"principals": auditor, "paths": {"values": ["/monitor/statistics"]}},
                          {"principals": auditor, "paths": none}],
        "update_weights": [{"principals": auditor, "roles": none}],
        "set_log_level": [{"principals": auditor, "level": none}],
        "view_flags": [{"principals": auditor, "flags": none}],
        "mark_agents_gone": [{"principals": auditor, "agents": none}],
        "get_maintenance_schedules": [{"principals": auditor, "machines": none}],
    })
}

/// What a cluster answers, to everybody, everywhere.
fn answers(cluster: &Cluster) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut answers = Vec::new();
    for (principal, secret) in [("ops", "ops-secret"), ("auditor", "auditor-secret"), ("auditor", "wrong")] {
        let who = Credential::new(principal, secret);
        for path in [
            "/master/frameworks",
            "/master/roles",
            "/master/flags",
            "/slave(1)/monitor/statistics",
            "/slave(1)/containers",
        ] {
            let answer = cluster.get(path, Some(&who))?;
            answers.push(format!("{principal}:{secret} {path} {}", answer.status));
            if path == "/master/frameworks" && answer.status == 200 {
                let frameworks = answer.json()?["frameworks"].as_array().map_or(0, Vec::len);
                answers.push(format!("{frameworks} frameworks"));
            }
        }
        for call in [
            json!({"type": "GET_FLAGS"}),
            json!({"type": "GET_MAINTENANCE_SCHEDULE"}),
            json!({"type": "UPDATE_WEIGHTS", "update_weights": {"weight_infos": [{"weight": 2.0, "role": "web"}]}}),
            json!({"type": "SET_LOGGING_LEVEL",
                   "set_logging_level": {"level": 0, "duration": {"nanoseconds": 1_000_000}}}),
            json!({"type": "MARK_AGENT_GONE", "mark_agent_gone": {"agent_id": {"value": "no-such-agent"}}}),
        ] {
            let answer = cluster.v1_call(&call, Some(&who))?;
            answers.push(format!("{principal}:{secret} {} {}", call["type"], answer.status));
        }
    }
    let mut refused =
        cluster.scheduler(&Framework::new("refused").login("batch", "batch-secret").roles(&["other"]))?;
    answers.push(format!("{:?}", refused.login()?));
    let mut batch =
        cluster.scheduler(&Framework::new("batch").login("batch", "batch-secret").roles(&["allowed"]))?;
    batch.launch(&Task::new("denied", "true").role("allowed"))?;
    let status = batch.wait_status("denied", "TASK_ERROR")?;
    answers.push(format!("{} {}", status["reason"], status["message"]));
    // Ids differ from cluster to cluster.
    let id = batch.framework_id()?;
    Ok(answers.into_iter().map(|answer| answer.replace(&id, "ID")).collect())
}

#[test]
fn with_and_without_the_module_mesos_answers_alike() -> TestResult {
    let bare = Testbed::provision(&Lines)?
        .cluster("bare")?
        .credentials(&Audit::people())?
        .agent_credential("agent", "agent-secret")?
        .authenticate()
        .acls(&acls())
        .start()?;
    let audited = start("alike", "release", |builder, audit| {
        (builder, audit.acls_parameter(Some(acls().to_string())))
    })?;
    let expected = answers(&bare)?;
    assert_eq!(answers(&audited.cluster)?, expected);
    assert!(expected.iter().any(|answer| answer.ends_with(" 403")), "something was denied: {expected:?}");

    // And what was denied is told.
    for action in
        ["RUN_TASK", "REGISTER_FRAMEWORK", "GET_ENDPOINT_WITH_PATH", "UPDATE_WEIGHT", "SET_LOG_LEVEL"]
    {
        audited.wait(&format!("the denied {action}"), |event| {
            event.event.action == Action::Authorization
                && ["auditor", "batch"].contains(&user(event))
                && event.mesos.authz.as_ref().is_some_and(|authz| {
                    authz.action.as_deref() == Some(action) && authz.decision == Some(Decision::Denied)
                })
        })?;
    }
    Ok(())
}

#[test]
fn acls_may_be_a_file() -> TestResult {
    let audited = start("acls-file", "release", |builder, audit| {
        let path = builder.dir().join("acls.json");
        std::fs::write(&path, acls().to_string()).unwrap();
        (builder, audit.acls_parameter(Some(path.display().to_string())))
    })?;
    let auditor = Credential::new("auditor", "auditor-secret");
    assert_eq!(audited.cluster.get("/master/flags", Some(&auditor))?.status, 403);
    Ok(())
}

#[test]
fn hot_views_are_counted_unless_the_configuration_says_otherwise() -> TestResult {
    let is_view = |event: &mesos_audit_core::event::OwnedEvent| {
        event.event.action == Action::Authorization
            && event.mesos.authz.as_ref().is_some_and(|authz| authz.action.as_deref() == Some("VIEW_ROLE"))
    };
    // A role exists as soon as a framework has it.
    let look = |cluster: &Cluster| -> TestResult {
        let mut marathon = cluster
            .scheduler(&Framework::new("marathon").login("marathon", "marathon-secret").roles(&["web"]))?;
        marathon.framework_id()?;
        assert_eq!(cluster.get("/master/roles", Some(&ops()))?.status, 200);
        Ok(())
    };

    let counted = plain("counted")?;
    look(&counted.cluster)?;
    counted.wait("a summary", |event| {
        event.event.action == Action::AuthorizationSummary
            && event
                .mesos
                .authz
                .as_ref()
                .and_then(|authz| authz.counts)
                .is_some_and(|counts| counts.allowed > 0)
    })?;
    assert!(!counted.events()?.iter().any(is_view));

    let told = start("told", "release", |builder, audit| (builder, audit.config("[policy]\nrules = []")))?;
    look(&told.cluster)?;
    told.wait("a VIEW_ROLE of its own", is_view)?;
    Ok(())
}
