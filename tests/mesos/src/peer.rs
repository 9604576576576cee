//! A program that talks to the cluster and tells what it sees, one JSON object a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use serde_json::Value;

use crate::cluster::TIMEOUT;
use crate::command;
use crate::error::{Context, Error, Result};

/// How a framework's login ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// The master registered it under this framework id.
    Registered(String),
    /// The master refused it, in its own words.
    Refused(String),
}

/// The child process, everything that it has said, and its standard input until that is closed.
#[derive(Debug)]
pub(crate) struct Peer {
    child: Child,
    stdin: Option<ChildStdin>,
    events: Receiver<Value>,
    seen: Vec<Value>,
    log: PathBuf,
}

impl Peer {
    pub(crate) fn spawn(mut command: Command, log: PathBuf) -> Result<Self> {
        let stderr = File::create(&log).context(|| format!("cannot create {}", log.display()))?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr);
        let spawned = command.spawn();
        let mut child = spawned.context(|| format!("cannot start {}", command::shown(&command)))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take();
        let (sender, events) = channel();
        // Ends with the child's output, or when nobody listens any more.
        std::thread::spawn(move || {
            for line in stdout.into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
                let Ok(line) = line else { return };
                let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, stdin, events, seen: Vec::new(), log })
    }

    pub(crate) fn send(&mut self, line: &Value) -> Result<()> {
        let stdin = self.stdin.as_mut().ok_or_else(|| Error::new("the framework was already stopped"))?;
        writeln!(stdin, "{line}").context(|| "the framework's program is gone".to_owned())
    }

    /// The first event, past or to come, for which `wanted` holds.
    pub(crate) fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
        if let Some(event) = self.seen.iter().find(|event| wanted(event)) {
            return Ok(event.clone());
        }
        let deadline = Instant::now() + TIMEOUT;
        loop {
            match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(event) => {
                    self.seen.push(event.clone());
                    if wanted(&event) {
                        return Ok(event);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(self.vain(what, "nothing within the time limit"));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.vain(what, "its program has ended")),
            }
        }
    }

    pub(crate) fn login(&mut self) -> Result<Login> {
        let event = self.wait("the framework's login", |event| {
            matches!(event["event"].as_str(), Some("registered" | "refused" | "error"))
        })?;
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        match event["event"].as_str() {
            Some("registered") => Ok(Login::Registered(text("framework_id"))),
            // A master that will not have the framework for another reason, as its role, says so by an error.
            _ => Ok(Login::Refused(text("message"))),
        }
    }

    /// Everything said so far.
    pub(crate) fn seen(&mut self) -> &[Value] {
        self.seen.extend(self.events.try_iter());
        &self.seen
    }

    /// Closes the standard input, at which the program leaves, and waits for its end.
    pub(crate) fn finish(&mut self) -> Result<ExitStatus> {
        self.stdin = None;
        self.child.wait().context(|| "cannot wait for the framework's program".to_owned())
    }

    fn vain(&mut self, what: &str, why: &str) -> Error {
        let said: Vec<_> = self.seen.iter().rev().take(10).rev().map(Value::to_string).collect();
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let log: Vec<_> = log.lines().rev().take(10).collect();
        let log: Vec<_> = log.into_iter().rev().collect();
        Error::new(format!("waited for {what}: {why}. It said:\n{}\n{}", said.join("\n"), log.join("\n")))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
