//! A day in an audited cluster: good and bad logins, an operator who looks, tasks that run, and one that must not.
//!
//! Shown by the demonstration, and checked event by event in the tests.

use serde_json::json;

use crate::cluster::Cluster;
use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::peer::Login;
use crate::scheduler::{Framework, Task};

/// What happened, by the ids that Mesos gave.
#[derive(Debug, Clone)]
pub struct Day {
    /// The agent.
    pub agent_id: String,
    /// The framework whose tasks ran.
    pub framework_id: String,
    /// The framework whose task was denied.
    pub denied_framework_id: String,
}

impl Day {
    /// The task that finished.
    pub const FINISHED: &str = "web-1";
    /// The task that was killed.
    pub const KILLED: &str = "web-2";
    /// The task that the ACLs deny.
    pub const DENIED: &str = "miner-1";

    /// The container that the operator starts within that of the second task.
    pub const LOOK: &str = "look";

    /// Lives the day; `tell` hears what is about to happen.
    ///
    /// The cluster has the people and the ACLs of [`Audit`](crate::Audit). Its agent is gone at the end.
    pub fn live(cluster: &Cluster, tell: &mut dyn FnMut(&str)) -> Result<Self> {
        let ops = Credential::new("ops", "ops-secret");

        tell("marathon logs in over SASL; somebody tries its name with a wrong password");
        expect(
            matches!(cluster.sasl_login("marathon", "marathon-secret")?, Login::Registered(_)),
            "a good login",
        )?;
        expect(matches!(cluster.sasl_login("marathon", "guess")?, Login::Refused(_)), "a bad login refused")?;

        tell("an operator reads /state; somebody guesses the operator's password, then tries without any");
        let agent_id = cluster.agent_id(Some(&ops))?;
        expect(cluster.get("/master/state?jsonp=x", Some(&ops))?.status == 200, "/state for the operator")?;
        let guess = Credential::new("ops", "guess");
        expect(cluster.get("/master/state", Some(&guess))?.status == 401, "a guess refused")?;
        expect(cluster.get("/master/state", None)?.status == 401, "nobody refused")?;

        tell("marathon launches a task; it runs and finishes");
        let mut marathon = cluster
            .scheduler(&Framework::new("marathon").login("marathon", "marathon-secret").user("nobody"))?;
        let framework_id = marathon.framework_id()?;
        marathon.launch(&Task::new(Self::FINISHED, "true").label("team", "label-secret"))?;
        marathon.wait_status(Self::FINISHED, "TASK_FINISHED")?;

        tell("marathon launches another, and kills it");
        marathon.launch(&Task::new(Self::KILLED, "exec sleep 1000"))?;
        marathon.wait_status(Self::KILLED, "TASK_RUNNING")?;

        tell("the operator looks into that task's container with a program of their own");
        look_into(cluster, &ops)?;

        tell("the operator limits a role, gives it weight, and reserves a disk for it");
        rule(cluster, &ops, &agent_id)?;

        tell("an auditor looks at the tasks, which the ACLs hide");
        let auditor = Credential::new("auditor", "auditor-secret");
        let tasks = cluster.v1_call(&json!({"type": "GET_TASKS"}), Some(&auditor))?.json()?;
        expect(tasks["get_tasks"]["tasks"].as_array().is_none_or(Vec::is_empty), "hidden tasks")?;
        marathon.kill(Self::KILLED)?;
        marathon.wait_status(Self::KILLED, "TASK_KILLED")?;

        tell("batch asks for a task as root, which the ACLs deny");
        let mut batch =
            cluster.scheduler(&Framework::new("batch").login("batch", "batch-secret").user("root"))?;
        let denied_framework_id = batch.framework_id()?;
        batch.launch(&Task::new(Self::DENIED, "true"))?;
        let status = batch.wait_status(Self::DENIED, "TASK_ERROR")?;
        expect(status["reason"] == "REASON_TASK_UNAUTHORIZED", "a task denied")?;

        tell("somebody tries to register as batch with a wrong password");
        let mut thief = cluster.scheduler(&Framework::new("thief").login("batch", "guess"))?;
        expect(matches!(thief.login()?, Login::Refused(_)), "a bad framework refused")?;

        tell("the frameworks leave; the operator declares the agent gone");
        marathon.stop()?;
        batch.stop()?;
        cluster.wait_for("the executors to leave", || {
            let frameworks = cluster.get("/slave(1)/state", Some(&ops))?.json()?["frameworks"].take();
            Ok(frameworks.as_array().is_some_and(Vec::is_empty).then_some(()))
        })?;
        expect(cluster.mark_agent_gone(Some(&ops))?.status == 200, "the agent marked gone")?;
        Ok(Self { agent_id, framework_id, denied_framework_id })
    }
}

/// Starts a container within that of the task that runs.
fn look_into(cluster: &Cluster, ops: &Credential) -> Result<()> {
    let parent = cluster.container_id(&format!("executor-{}", Day::KILLED), Some(ops))?;
    let call = json!({"type": "LAUNCH_NESTED_CONTAINER", "launch_nested_container": {
        "container_id": {"value": Day::LOOK, "parent": {"value": parent}},
        "command": {"value": "true"},
    }});
    let answer = cluster.v1_agent_call(&call, Some(ops))?;
    expect(answer.status == 200, "a container within the task's")
}

/// Quota, weight and reservation of a role.
fn rule(cluster: &Cluster, ops: &Credential, agent_id: &str) -> Result<()> {
    let disk = json!({"name": "disk", "type": "SCALAR", "scalar": {"value": 64.0},
                      "reservations": [{"type": "DYNAMIC", "role": "web", "principal": ops.principal}]});
    for (call, what) in [
        (
            json!({"type": "UPDATE_QUOTA", "update_quota":
                   {"quota_configs": [{"role": "web", "limits": {"cpus": {"value": 8.0}}}]}}),
            "a quota",
        ),
        (
            json!({"type": "UPDATE_WEIGHTS", "update_weights": {"weight_infos": [{"weight": 2.0, "role": "web"}]}}),
            "a weight",
        ),
        (
            json!({"type": "RESERVE_RESOURCES", "reserve_resources":
                   {"agent_id": {"value": agent_id}, "resources": [disk]}}),
            "a reservation",
        ),
    ] {
        let status = cluster.v1_call(&call, Some(ops))?.status;
        expect((200..300).contains(&status), what)?;
    }
    Ok(())
}

fn expect(held: bool, what: &str) -> Result<()> {
    if held { Ok(()) } else { Err(Error::new(format!("the day went wrong: no {what}"))) }
}
