//! The one TOML file that says what is recorded, and where to.
//!
//! Keys that are not known are refused: a misspelt key that is silently ignored is an audit trail that is
//! silently wrong. docs/configuration.md is generated from the doc comments here.

mod errors;
mod health;
mod integrity;
mod load;
mod output;
mod policy;
mod redact;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use errors::{Errors, Level};
pub use health::Health;
pub use integrity::Integrity;
use integrity::beside;
pub use load::{Loaded, load, parse};
pub use output::{Compress, Durability, Output};
pub use policy::{Level as PolicyLevel, Policy, Rule};
pub use redact::{Hashed, Redact};

use crate::{decode::action_number, error::Error};

/// Everything that can be set. Every key has a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Who the events say they come from.
    pub service: Service,
    /// Where events go.
    pub output: Output,
    /// Between Mesos's threads and the worker.
    pub queue: Queue,
    /// Which events are recorded, and how much of each.
    pub policy: Policy,
    /// Which authorization decisions wait until they are recorded.
    pub authorization: Authorization,
    /// What must not be readable by everybody who may read the log.
    pub redact: Redact,
    /// How the trail is made provable.
    pub integrity: Integrity,
    /// How mesos-audit tells how it is.
    pub health: Health,
    /// Which lines of Mesos's own log become events.
    pub errors: Errors,
}

/// Who the events say they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Service {
    /// `service.name`. Unset: `mesos-master` or `mesos-agent`, by the program that loaded the module; the
    /// program's own name where it is neither.
    pub name: Option<String>,
    /// `service.node.name`. Unset: absent.
    pub node: Option<String>,
    /// `host.name`. Unset: the machine's host name.
    pub host: Option<String>,
}

/// Between Mesos's threads and the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Queue {
    /// How many bytes can wait; each record takes 16 more than it has. 65,536 to 1,073,741,824, rounded up to
    /// whole pages. The memory is taken at the start: a page that has to be found while a Mesos thread waits
    /// takes longer than the record. The default holds a burst of 100,000 authorization decisions.
    pub bytes: usize,
    /// The largest record, in bytes. 4,096 to 67,108,864. A larger one is dropped, and counted. What is larger
    /// than a quarter of `bytes` waits outside of it, at the most this many bytes in all.
    pub record_bytes: usize,
    /// What a Mesos thread does when the queue is full: `drop` the record at once, or `block` until there is
    /// room, at the most `block_ms`, and drop it then. Whatever is dropped is counted and announced in the
    /// stream.
    pub when_full: WhenFull,
    /// How long `block` may hold a Mesos thread, in milliseconds. 1 to 10,000.
    pub block_ms: u64,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            bytes: 48 * 1024 * 1024,
            record_bytes: 4 * 1024 * 1024,
            when_full: WhenFull::Drop,
            block_ms: 10,
        }
    }
}

/// What a Mesos thread does when the queue is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenFull {
    /// Drops the record at once.
    #[default]
    Drop,
    /// Waits for room until the deadline, then drops.
    Block,
}

/// Which authorization decisions wait until they are recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Authorization {
    /// Actions whose decision Mesos hears only after its record is on disk (fdatasync). Each such decision holds the
    /// thread that asks: the master itself for what frameworks do (`RUN_TASK`, `REGISTER_FRAMEWORK`), so name what
    /// must not happen unrecorded and is rare. Records that wait at the same time share one fdatasync.
    pub durable: Vec<String>,
    /// The longest such a decision may wait, in milliseconds. 1 to 10,000.
    pub durable_ms: u64,
    /// What becomes of a decision whose record is not on disk by then: `deny` it, or `allow` it to be given as the
    /// authorizer made it. Either way an `audit_answer_unrecorded` event tells so.
    pub durable_failure: DurableFailure,
    /// Whether decisions name the HTTP request that they were made for (`http.request.id`, which authentications and API
    /// requests have in any case). The id travels as a claim of the principal, the only way there is, and that is not free:
    /// the master answers equal requests of one principal that come together once for all of them, and no longer does
    /// since no two principals are equal then; and where Mesos's own log and its answers name a principal they show the
    /// claim as well. Frameworks' calls, and operators' that reserve resources or make volumes, are left out: Mesos
    /// compares the principal there, claims and all, and would refuse them. Needs mesos-audit's HTTP authenticators.
    pub http_request_id: bool,
}

/// What becomes of a decision that could not be recorded in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DurableFailure {
    /// Mesos hears that it is denied.
    #[default]
    Deny,
    /// Mesos hears what the authorizer decided.
    Allow,
}

impl Default for Authorization {
    fn default() -> Self {
        Self {
            durable: Vec::new(),
            durable_ms: 1_000,
            durable_failure: DurableFailure::default(),
            http_request_id: false,
        }
    }
}

impl Config {
    /// The JSON Schema of the file, from which its reference is generated.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Config).to_value()
    }

    /// The log, and what is kept beside it: one written over another would be lost.
    fn check_distinct_paths(&self) -> Result<(), Error> {
        let paths = [
            ("output.path", Some(&self.output.path)),
            ("integrity.key", self.integrity.key.as_ref()),
            ("integrity.state", self.integrity.state.as_ref()),
            ("redact.key_file", self.redact.key_file.as_ref()),
            ("health.state", self.health.state.as_ref()),
        ];
        for (index, (first, path)) in paths.iter().enumerate() {
            let same = paths[index + 1..].iter().find(|(_, other)| path.is_some() && other == path);
            if let Some((key, _)) = same {
                return Err(Error::new(format!("is the same file as {first}")).key(*key));
            }
        }
        Ok(())
    }

    /// Keys, the policy's left out, whose values differ: `output.path`, ...
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let table = |config: &Self| serde_json::to_value(config).unwrap_or_default();
        let (one, other) = (table(self), table(other));
        let mut found = Vec::new();
        for (name, group) in one.as_object().into_iter().flatten().filter(|(name, _)| *name != "policy") {
            for (key, value) in group.as_object().into_iter().flatten() {
                if other[name].get(key) != Some(value) {
                    found.push(format!("{name}.{key}"));
                }
            }
        }
        found
    }

    /// Checks what types alone do not say.
    ///
    /// # Errors
    /// The first value out of its range, with its key.
    pub fn validate(&self) -> Result<(), Error> {
        range("queue.bytes", self.queue.bytes as u64, 1 << 16, 1 << 30)?;
        range("queue.record_bytes", self.queue.record_bytes as u64, 1 << 12, 1 << 26)?;
        range("queue.block_ms", self.queue.block_ms, 1, 10_000)?;
        self.output.validate()?;
        range("authorization.durable_ms", self.authorization.durable_ms, 1, 10_000)?;
        self.policy.validate(&self.authorization.durable_names()?)?;
        self.redact.validate()?;
        self.integrity.validate()?;
        self.health.validate()?;
        self.errors.validate()?;
        self.check_distinct_paths()?;
        for (key, name) in [
            ("service.name", &self.service.name),
            ("service.node", &self.service.node),
            ("service.host", &self.service.host),
        ] {
            if let Some(name) = name
                && (name.trim().is_empty() || name.len() > 255 || name.contains(char::is_control))
            {
                return Err(Error::new("must be 1 to 255 printable characters").key(key));
            }
        }
        Ok(())
    }
}

impl Authorization {
    /// The numbers of the durable actions.
    ///
    /// # Errors
    /// A name that Mesos does not have.
    pub fn durable(&self) -> Result<Vec<i32>, Error> {
        numbers("authorization.durable", &self.durable)
    }

    /// The same, each with its name.
    ///
    /// # Errors
    /// A name that Mesos does not have.
    pub fn durable_names(&self) -> Result<Vec<(i32, String)>, Error> {
        Ok(self.durable()?.into_iter().zip(self.durable.iter().cloned()).collect())
    }
}

fn range(key: &str, value: u64, low: u64, high: u64) -> Result<(), Error> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Error::new(format!("{value} is not between {low} and {high}")).key(key))
    }
}

fn numbers(key: &str, names: &[String]) -> Result<Vec<i32>, Error> {
    let number = |(index, name): (usize, &String)| {
        action_number(name).ok_or_else(|| {
            Error::new(format!("`{name}` is no authorization action of Mesos")).key(format!("{key}[{index}]"))
        })
    };
    names.iter().enumerate().map(number).collect()
}

#[cfg(test)]
mod tests;
