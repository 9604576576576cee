//! Frameworks on the v1 HTTP API, by pymesos: a scheduler and an executor that this project did not write.

use std::process::Command;

use serde_json::{Map, Value, json};

use crate::cluster::Cluster;
use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::peer::{Login, Peer};

/// What a framework says about itself.
#[derive(Debug, Clone)]
pub struct Framework {
    info: Map<String, Value>,
    credential: Option<Credential>,
}

impl Framework {
    /// A framework of user `root` and role `*` that does not log in.
    pub fn new(name: &str) -> Self {
        let info = json!({
            "name": name,
            "user": "root",
            "roles": ["*"],
            "capabilities": [{"type": "MULTI_ROLE"}],
            // A framework that goes away is not waited for.
            "failover_timeout": 0.0,
        });
        Self { info: info.as_object().cloned().unwrap_or_default(), credential: None }
    }

    /// Logs in by HTTP basic authentication, and claims that principal.
    #[must_use]
    pub fn login(mut self, principal: &str, secret: &str) -> Self {
        self.credential = Some(Credential::new(principal, secret));
        self.field("principal", json!(principal))
    }

    /// Sets the user as whom tasks are to run.
    #[must_use]
    pub fn user(self, user: &str) -> Self {
        self.field("user", json!(user))
    }

    /// Sets the roles.
    #[must_use]
    pub fn roles(self, roles: &[&str]) -> Self {
        self.field("roles", json!(roles))
    }

    /// Sets any field of the FrameworkInfo, in its JSON form.
    #[must_use]
    pub fn field(mut self, name: &str, value: Value) -> Self {
        self.info.insert(name.to_owned(), value);
        self
    }
}

/// A task that runs a shell command, in an executor of its own unless it names one.
#[derive(Debug, Clone)]
pub struct Task(Map<String, Value>);

impl Task {
    /// A small task: a tenth of a CPU, 32 MB.
    pub fn new(id: &str, command: &str) -> Self {
        Self(Map::from_iter([("id".to_owned(), json!(id)), ("command".to_owned(), json!(command))]))
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, key: &str, value: &str) -> Self {
        let labels = self.0.entry("labels").or_insert_with(|| json!({}));
        labels[key] = json!(value);
        self
    }

    /// Sets the resources to use beside the executor's.
    #[must_use]
    pub fn resources(self, cpus: f64, mem: f64) -> Self {
        self.set("cpus", json!(cpus)).set("mem", json!(mem))
    }

    /// Wants an offer to this role.
    #[must_use]
    pub fn role(self, role: &str) -> Self {
        self.set("role", json!(role))
    }

    /// Names the executor; tasks that name the same share it, if their executors agree in everything.
    #[must_use]
    pub fn executor_id(self, id: &str) -> Self {
        self.set("executor_id", json!(id))
    }

    /// Sets any fields of the TaskInfo, in its JSON form.
    #[must_use]
    pub fn task_info(self, fields: Value) -> Self {
        self.set("task", fields)
    }

    /// Sets any fields of the status updates that its executor sends, in their JSON form.
    #[must_use]
    pub fn status(self, fields: Value) -> Self {
        self.set("status", fields)
    }

    /// Sets any fields of the ExecutorInfo, in its JSON form; its command gets those that are given.
    #[must_use]
    pub fn executor_info(self, fields: Value) -> Self {
        self.set("executor", fields)
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }
}

/// A running framework. Dropping it breaks its connection; [`stop`](Self::stop) unregisters it.
///
/// What it sees are JSON objects with an `event`: `registered`, `refused`, `accepting`, `status`, `message`,
/// `agent_lost`, `executor_lost`, `disconnected`, `rejected` (a call that the master refused), `error`, `stopped`.
#[derive(Debug)]
pub struct Scheduler {
    peer: Peer,
}

impl Scheduler {
    /// How the login ended; waits for it.
    pub fn login(&mut self) -> Result<Login> {
        self.peer.login()
    }

    /// The framework's id; an error if the master refused it.
    pub fn framework_id(&mut self) -> Result<String> {
        match self.login()? {
            Login::Registered(id) => Ok(id),
            Login::Refused(why) => Err(Error::new(format!("the master refused the framework: {why}"))),
        }
    }

    /// Launches a task with the next offer that can carry it.
    pub fn launch(&mut self, task: &Task) -> Result<()> {
        self.launch_all(std::slice::from_ref(task))
    }

    /// Launches tasks, on the same offer if it can carry them.
    pub fn launch_all(&mut self, tasks: &[Task]) -> Result<()> {
        let tasks: Vec<_> = tasks.iter().map(|task| Value::Object(task.0.clone())).collect();
        self.peer.send(&json!({"do": "launch", "tasks": tasks}))
    }

    /// Accepts the next offer (of that role) with raw operations, in which `$AGENT_ID` stands for the agent's id.
    pub fn operations(&mut self, operations: &Value, role: Option<&str>) -> Result<()> {
        self.peer.send(&json!({"do": "operations", "operations": operations, "role": role}))
    }

    /// Kills a task.
    pub fn kill(&mut self, task_id: &str) -> Result<()> {
        self.peer.send(&json!({"do": "kill", "task_id": task_id}))
    }

    /// Makes any call of the v1 scheduler API; the framework's id is added.
    pub fn call(&mut self, call: &Value) -> Result<()> {
        self.peer.send(&json!({"do": "call", "call": call}))
    }

    /// Waits until a task has been in a state, and returns that status.
    pub fn wait_status(&mut self, task_id: &str, state: &str) -> Result<Value> {
        self.wait(&format!("{state} of task {task_id}"), |event| {
            event["event"] == "status" && event["task_id"] == task_id && event["state"] == state
        })
    }

    /// The first event, past or to come, for which `wanted` holds.
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
        self.peer.wait(what, wanted)
    }

    /// Everything seen so far.
    pub fn seen(&mut self) -> &[Value] {
        self.peer.seen()
    }

    /// Unregisters the framework, which kills its tasks.
    pub fn stop(mut self) -> Result<()> {
        // Before it is registered there would be nothing to unregister, and it would be left behind.
        self.login()?;
        self.peer.finish().map(drop)
    }
}

impl Cluster {
    /// Starts a framework.
    pub fn scheduler(&self, framework: &Framework) -> Result<Scheduler> {
        let python = self.paths().python_program();
        let mut command = Command::new(&python);
        command.arg(Paths::source("python/scheduler.py")).arg(self.address());
        let mut peer = Peer::spawn(command, self.peer_log("scheduler"))?;
        let executor = format!("'{}' '{}'", python.display(), Paths::source("python/executor.py").display());
        peer.send(&json!({
            "framework": framework.info,
            "principal": framework.credential.as_ref().map(|c| &c.principal),
            "secret": framework.credential.as_ref().map(|c| &c.secret),
            "executor": executor,
        }))?;
        Ok(Scheduler { peer })
    }
}
