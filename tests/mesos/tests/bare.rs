//! The test bed by itself: a bare Mesos, without the module.
//!
//! What fails here is the test bed or the machine; the module's tests need not be looked at before these pass.

use std::error::Error;

use mesos_testbed::{Cluster, Credential, Credentials, Framework, Lines, Login, Task, Testbed};
use serde_json::{Value, json};

type TestResult = Result<(), Box<dyn Error>>;

fn testbed() -> Result<Testbed, mesos_testbed::Error> {
    Testbed::provision(&Lines)
}

/// A cluster in which everybody has to log in.
fn guarded(name: &str) -> Result<Cluster, mesos_testbed::Error> {
    let everyone = Credentials::new()
        .with("framework", "framework-secret")
        .with("operator", "operator-secret")
        .with("agent", "agent-secret");
    testbed()?
        .cluster(name)?
        .credentials(&everyone)?
        .agent_credential("agent", "agent-secret")?
        .authenticate()
        .start()
}

fn operator() -> Credential {
    Credential::new("operator", "operator-secret")
}

#[test]
fn master_and_agent_are_a_real_mesos() -> TestResult {
    let cluster = testbed()?.cluster("real")?.start()?;

    assert_eq!(cluster.get("/version", None)?.json()?["version"], "1.11.0");
    assert_eq!(cluster.get("/health", None)?.status, 200);
    assert_eq!(cluster.state(None)?["activated_slaves"], 1.0);
    assert_eq!(cluster.get("/slave(1)/state", None)?.json()?["version"], "1.11.0");
    let agents = cluster.v1_call(&json!({"type": "GET_AGENTS"}), None)?.json()?;
    assert_eq!(agents["get_agents"]["agents"][0]["agent_info"]["hostname"], "localhost");
    Ok(())
}

#[test]
fn it_ends_by_sigterm_at_once_and_takes_nothing_with_it() -> TestResult {
    use std::os::unix::process::ExitStatusExt;

    let cluster = testbed()?.cluster("sigterm")?.start()?;
    let other = testbed()?.cluster("other")?.start()?;

    assert_eq!(cluster.stop()?.signal(), Some(15));
    assert_eq!(other.get("/health", None)?.status, 200);
    Ok(())
}

#[test]
fn http_clients_log_in_by_basic_authentication() -> TestResult {
    let cluster = guarded("http")?;

    let refused = cluster.get("/master/state", None)?;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), Some("Basic realm=\"mesos-master-readonly\""));
    let bearer = [("Authorization", "Bearer nonsense")];
    assert_eq!(cluster.request("GET", "/master/state", &bearer, "")?.status, 401);
    assert_eq!(cluster.get("/master/state", Some(&Credential::new("operator", "wrong")))?.status, 401);
    assert_eq!(cluster.get("/master/state", Some(&Credential::new("nobody", "x")))?.status, 401);
    assert_eq!(cluster.get("/master/state", Some(&operator()))?.status, 200);
    Ok(())
}

#[test]
fn frameworks_log_in_over_sasl() -> TestResult {
    let cluster = guarded("sasl")?;
    // That it runs at all shows the agent's own SASL login.
    cluster.wait_for_stderr("Successfully authenticated principal 'agent'")?;

    let mut framework = cluster.sasl_framework("good", "framework", "framework-secret")?;
    let Login::Registered(id) = framework.login()? else { panic!("refused") };
    let frameworks = cluster.frameworks(Some(&operator()))?;
    assert_eq!(frameworks[0]["id"], id);
    assert_eq!(frameworks[0]["principal"], "framework");
    framework.stop()?;
    cluster.wait_for("the framework to leave", || {
        Ok(cluster.frameworks(Some(&operator()))?.is_empty().then_some(()))
    })?;

    assert!(matches!(cluster.sasl_login("framework", "wrong")?, Login::Refused(_)));
    assert!(matches!(cluster.sasl_login("nobody", "framework-secret")?, Login::Refused(_)));
    Ok(())
}

#[test]
fn frameworks_log_in_over_http() -> TestResult {
    let cluster = guarded("http-framework")?;

    let mut good = cluster.scheduler(&Framework::new("good").login("framework", "framework-secret"))?;
    let id = good.framework_id()?;
    assert_eq!(cluster.frameworks(Some(&operator()))?[0]["id"], id);
    good.stop()?;

    let mut bad = cluster.scheduler(&Framework::new("bad").login("framework", "wrong"))?;
    assert!(matches!(bad.login()?, Login::Refused(_)));
    Ok(())
}

#[test]
fn tasks_run_finish_fail_and_are_killed() -> TestResult {
    let cluster = testbed()?.cluster("tasks")?.start()?;
    let mut scheduler = cluster.scheduler(&Framework::new("tasks").roles(&["web"]).user("nobody"))?;
    let proof = cluster.dir().join("proof");

    scheduler.launch_all(&[
        Task::new("finishes", &format!("echo $MESOS_FRAMEWORK_ID > '{}'", proof.display())).label("a", "b"),
        Task::new("fails", "exit 3"),
        Task::new("sleeps", "sleep 1000"),
    ])?;
    scheduler.wait_status("finishes", "TASK_RUNNING")?;
    scheduler.wait_status("finishes", "TASK_FINISHED")?;
    assert_eq!(std::fs::read_to_string(&proof)?.trim(), scheduler.framework_id()?);
    scheduler.wait_status("fails", "TASK_FAILED")?;
    scheduler.wait_status("sleeps", "TASK_RUNNING")?;
    scheduler.kill("sleeps")?;
    scheduler.wait_status("sleeps", "TASK_KILLED")?;

    // A second launch in the same session, on revived offers.
    scheduler.launch(&Task::new("again", "true"))?;
    scheduler.wait_status("again", "TASK_FINISHED")?;
    scheduler.stop()?;
    Ok(())
}

#[test]
fn a_task_that_the_acls_deny_is_an_error() -> TestResult {
    let acls = json!({
        "run_tasks": [{"principals": {"type": "ANY"}, "users": {"values": ["web"]}},
                      {"principals": {"type": "ANY"}, "users": {"type": "NONE"}}],
    });
    let cluster = testbed()?.cluster("acls")?.acls(&acls).start()?;
    let mut scheduler = cluster.scheduler(&Framework::new("denied").user("root"))?;

    scheduler.launch(&Task::new("denied", "true"))?;
    let status = scheduler.wait_status("denied", "TASK_ERROR")?;
    assert_eq!(status["reason"], "REASON_TASK_UNAUTHORIZED");

    let mut allowed = cluster.scheduler(&Framework::new("allowed").user("web"))?;
    allowed.launch(&Task::new("allowed", "true"))?;
    allowed.wait_status("allowed", "TASK_FINISHED")?;
    Ok(())
}

#[test]
fn an_agent_that_is_marked_gone_is_removed() -> TestResult {
    let cluster = testbed()?.cluster("gone")?.start()?;

    assert_eq!(cluster.mark_agent_gone(None)?.status, 200);
    cluster.wait_for("the agent to be removed", || {
        Ok((cluster.state(None)?["activated_slaves"] == 0.0).then_some(()))
    })?;
    Ok(())
}

#[test]
fn a_library_that_cannot_be_loaded_stops_mesos() -> TestResult {
    let modules = |file: &str| -> Value {
        json!({"libraries": [{"file": file, "modules": [{"name": "org_example_Nothing"}]}]})
    };
    let refusal = testbed()?
        .cluster("unloadable")?
        .modules(&modules("/nowhere/libnothing.so"))?
        .start_expecting_failure()?;

    assert_eq!(refusal.status.code(), Some(1));
    assert!(refusal.stderr.contains("Error loading modules"), "{}", refusal.stderr);
    assert!(refusal.stderr.contains("/nowhere/libnothing.so"), "{}", refusal.stderr);

    let refusal = testbed()?.cluster("no-hook")?.hook("org_example_Nothing").start_expecting_failure()?;
    assert_eq!(refusal.status.code(), Some(1));
    assert!(refusal.stderr.contains("Error installing hooks"), "{}", refusal.stderr);
    Ok(())
}

#[test]
fn it_runs_with_the_address_sanitizer() -> TestResult {
    let cluster = testbed()?.cluster("asan")?.asan(true).start()?;
    let mut scheduler = cluster.scheduler(&Framework::new("asan"))?;

    scheduler.launch(&Task::new("task", "true"))?;
    scheduler.wait_status("task", "TASK_FINISHED")?;
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", cluster.pid()))?;
    assert!(maps.contains("libasan"));
    cluster.stop()?;
    Ok(())
}

#[test]
fn the_descriptors_are_those_of_mesos() -> TestResult {
    let descriptors = testbed()?.descriptors();
    for (file, symbol) in [
        ("mesos.mesos.binpb", "TaskInfo"),
        ("mesos.authorizer.authorizer.binpb", "RUN_TASK"),
        ("mesos.master.master.binpb", "MARK_AGENT_GONE"),
    ] {
        let bytes = std::fs::read(descriptors.join(file))?;
        assert!(bytes.windows(symbol.len()).any(|window| window == symbol.as_bytes()), "{symbol} in {file}");
    }
    Ok(())
}
