//! A framework that launches tasks by the hundred and sees when the master has them all.

use std::time::{Duration, Instant};

use mesos_testbed::Credential;
use serde_json::{Value, json};

use super::http::{Answer, post};

/// Subscribed.
#[derive(Debug)]
pub(super) struct Framework {
    port: u16,
    who: Credential,
    id: Value,
    stream_id: String,
    events: Answer,
    executor: String,
}

impl Framework {
    /// Logs in. `executor` is the command of the executor.
    pub(super) fn subscribe(port: u16, who: &Credential, executor: &str) -> Result<Self, String> {
        let call = json!({"type": "SUBSCRIBE", "subscribe": {"framework_info": {
            "user": "nobody", "name": "bench", "principal": who.principal, "roles": ["*"],
            "capabilities": [{"type": "MULTI_ROLE"}], "failover_timeout": 0.0,
        }}});
        let events = post(port, who, None, &call.to_string())?;
        let stream_id = events.stream_id.clone();
        let stream_id = stream_id.ok_or_else(|| format!("not subscribed: status {}", events.status))?;
        let executor = executor.to_owned();
        let mut framework = Self { port, who: who.clone(), id: Value::Null, stream_id, events, executor };
        let subscribed = framework.wait(|event| event["type"] == "SUBSCRIBED")?;
        framework.id = subscribed["subscribed"]["framework_id"].clone();
        Ok(framework)
    }

    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Result<Value, String> {
        loop {
            let event = serde_json::from_slice(&self.events.record()?).map_err(|error| error.to_string())?;
            if wanted(&event) {
                return Ok(event);
            }
            if event["type"] == "ERROR" {
                return Err(event.to_string());
            }
        }
    }

    /// Launches that many tasks, numbered from `first`, in one ACCEPT. Returns the time from the call until the
    /// master has dealt with the last of them.
    pub(super) fn launch(&mut self, first: usize, count: usize) -> Result<Duration, String> {
        let offers = self.wait(|event| event["type"] == "OFFERS")?;
        let offer = &offers["offers"]["offers"][0];
        let mut tasks: Vec<_> = (first..first + count).map(|number| self.task(number, offer, 0.01)).collect();
        // Tasks are dealt with in order, and one that wants more than there is, is refused at once: by its
        // status one knows that the others are on the books.
        let end = format!("end-{first}");
        let mut last = self.task(first, offer, 1e6);
        last["task_id"]["value"] = json!(end);
        tasks.push(last);
        let call = json!({
            "type": "ACCEPT",
            "framework_id": self.id,
            "accept": {
                "offer_ids": [offer["id"]],
                "operations": [{"type": "LAUNCH", "launch": {"task_infos": tasks}}],
                "filters": {"refuse_seconds": 0.0},
            },
        })
        .to_string();

        let start = Instant::now();
        let answer = post(self.port, &self.who, Some(&self.stream_id), &call)?;
        if answer.status != 202 {
            return Err(format!("ACCEPT: status {}", answer.status));
        }
        let update = self.wait(|event| {
            event["type"] == "UPDATE" && event["update"]["status"]["task_id"]["value"] == end.as_str()
        })?;
        let taken = start.elapsed();
        if update["update"]["status"]["state"] != "TASK_ERROR" {
            return Err(format!("the last task is not refused: {update}"));
        }
        Ok(taken)
    }

    fn task(&self, number: usize, offer: &Value, cpus: f64) -> Value {
        let scalar =
            |name: &str, value: f64| json!({"name": name, "type": "SCALAR", "scalar": {"value": value}});
        json!({
            "name": "web",
            "task_id": {"value": format!("web.instance-{number:08}")},
            "agent_id": offer["agent_id"],
            "resources": [scalar("cpus", cpus), scalar("mem", 1.0)],
            "labels": {"labels": [{"key": "team", "value": "web"}]},
            "executor": {
                "type": "CUSTOM",
                "executor_id": {"value": "bench"},
                "resources": [scalar("cpus", 0.1), scalar("mem", 32.0)],
                "command": {"value": self.executor},
            },
        })
    }
}
