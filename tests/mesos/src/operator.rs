//! What an operator asks of the master, in the v1 API and beside it.

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::http::{Response, basic};

impl Cluster {
    /// A call of the master's v1 operator API, as `{"type": "GET_AGENTS"}`.
    pub fn v1_call(&self, call: &Value, auth: Option<&Credential>) -> Result<Response> {
        self.post("/api/v1", &call.to_string(), auth)
    }

    /// A call of the agent's v1 operator API.
    pub fn v1_agent_call(&self, call: &Value, auth: Option<&Credential>) -> Result<Response> {
        self.post("/slave(1)/api/v1", &call.to_string(), auth)
    }

    /// The id of an executor's container.
    pub fn container_id(&self, executor: &str, auth: Option<&Credential>) -> Result<String> {
        let containers = self.get("/slave(1)/containers", auth)?.json()?;
        let of_it = containers.as_array().into_iter().flatten().find(|one| one["executor_id"] == executor);
        let id = of_it.and_then(|one| one["container_id"].as_str());
        id.map(str::to_owned).ok_or_else(|| Error::new(format!("{executor} has no container")))
    }

    /// Attaches to the input of a container, and sends messages there: `{"type": "PROCESS_IO", ...}`.
    pub fn attach_input(&self, container: &str, messages: &[Value], auth: &Credential) -> Result<Response> {
        let first = json!({"type": "CONTAINER_ID", "container_id": {"value": container}});
        // A stream, of which the first message says what it is for.
        let mut stream = String::new();
        for message in std::iter::once(&first).chain(messages) {
            let call =
                json!({"type": "ATTACH_CONTAINER_INPUT", "attach_container_input": message}).to_string();
            stream += &format!("{}\n{call}", call.len());
        }
        let headers = [
            ("Authorization", &*basic(auth)),
            ("Content-Type", "application/recordio"),
            ("Message-Content-Type", "application/json"),
            ("Accept", "application/json"),
        ];
        self.request("POST", "/slave(1)/api/v1", &headers, &stream)
    }

    /// The master's state.
    pub fn state(&self, auth: Option<&Credential>) -> Result<Value> {
        let response = self.get("/master/state", auth)?;
        if response.status != 200 {
            return Err(Error::new(format!("/master/state: {} {}", response.status, response.body)));
        }
        response.json()
    }

    /// The registered frameworks, as in `/master/state`.
    pub fn frameworks(&self, auth: Option<&Credential>) -> Result<Vec<Value>> {
        Ok(self.state(auth)?["frameworks"].as_array().cloned().unwrap_or_default())
    }

    /// The id of the registered agent.
    pub fn agent_id(&self, auth: Option<&Credential>) -> Result<String> {
        let state = self.state(auth)?;
        let id = state["slaves"][0]["id"].as_str();
        id.map(str::to_owned).ok_or_else(|| Error::new("no agent is registered"))
    }

    /// Ends a framework for good.
    pub fn teardown(&self, framework_id: &str, auth: Option<&Credential>) -> Result<Response> {
        let call = json!({"type": "TEARDOWN", "teardown": {"framework_id": {"value": framework_id}}});
        self.v1_call(&call, auth)
    }

    /// Declares the agent gone for good: the master removes it, which its hooks see as an agent lost, and it shuts
    /// down. As it shares the master's process, this can be done once, last of all.
    pub fn mark_agent_gone(&self, auth: Option<&Credential>) -> Result<Response> {
        let agent_id = self.agent_id(auth)?;
        let call = json!({"type": "MARK_AGENT_GONE", "mark_agent_gone": {"agent_id": {"value": agent_id}}});
        self.v1_call(&call, auth)
    }
}
