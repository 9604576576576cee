//! The decisions that everything here records: the same fields for all.

use clap::ValueEnum;
use serde::Serialize;

use crate::wire::{bytes, double, message, number};

/// Which decision. The ends of what a master decides and records most: lines of some 1,190 and of some 670 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Kind {
    /// A task is launched.
    #[default]
    Launch,
    /// An agent registers, as all of them do at once when another master leads.
    Agent,
}

impl Kind {
    /// What is asked.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Launch => "RUN_TASK",
            Self::Agent => "REGISTER_AGENT",
        }
    }

    /// What the names of values begin with that are measured of both kinds.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Launch => "",
            Self::Agent => "agent.",
        }
    }

    /// Its number in authorizer.proto.
    #[must_use]
    pub const fn action_id(self) -> u64 {
        match self {
            Self::Launch => 2,
            Self::Agent => 28,
        }
    }
}

/// One decision, as a program has it that is about to record it: its text belongs to somebody else. What it does not have is
/// empty, or nought.
#[derive(Clone, Copy, Debug, Serialize)]
#[allow(missing_docs)] // The names say it.
pub struct Event {
    #[serde(skip)]
    pub kind: Kind,
    /// Microseconds since 1970.
    pub timestamp: i64,
    pub host: &'static str,
    pub service: &'static str,
    pub principal: &'static str,
    pub action: &'static str,
    pub decision: &'static str,
    pub duration_ns: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub framework_id: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub framework: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub role: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub task_id: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub task: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub agent_id: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub executor_id: &'static str,
    #[serde(skip_serializing_if = "is_nought")]
    pub cpus: f64,
    #[serde(skip_serializing_if = "is_nought")]
    pub mem: f64,
}

impl Event {
    /// What happened at that time.
    #[must_use]
    pub const fn at(timestamp: i64, kind: Kind) -> Self {
        match kind {
            Kind::Launch => Self::launch(timestamp),
            Kind::Agent => Self {
                kind,
                principal: "agent-production",
                action: kind.action(),
                framework_id: "",
                framework: "",
                user: "",
                role: "",
                task_id: "",
                task: "",
                agent_id: "",
                executor_id: "",
                cpus: 0.0,
                mem: 0.0,
                ..Self::launch(timestamp)
            },
        }
    }

    /// The one with that number, each a microsecond after the one before.
    #[must_use]
    pub const fn numbered(number: u64, kind: Kind) -> Self {
        Self::at(1_700_000_000_000_000 + number.cast_signed(), kind)
    }

    const fn launch(timestamp: i64) -> Self {
        Self {
            kind: Kind::Launch,
            timestamp,
            host: "master-1.example.com",
            service: "mesos-master",
            principal: "marathon-production",
            action: Kind::Launch.action(),
            decision: "allowed",
            duration_ns: 1234,
            framework_id: "5f2c7a1e-8d3b-4c6f-9a20-7b1e4d5c8f03-0001",
            framework: "marathon",
            user: "www-data",
            role: "production/web",
            task_id: "web-frontend.instance-0f8e1c52-77aa-11ee-b962-0242ac120002",
            task: "web-frontend",
            agent_id: "5f2c7a1e-8d3b-4c6f-9a20-7b1e4d5c8f03-S17",
            executor_id: "executor-web-frontend-0f8e1c52",
            cpus: 0.5,
            mem: 512.0,
        }
    }

    /// The flat line that others write.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn line(&self) -> Result<Vec<u8>, String> {
        let mut line = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        line.push(b'\n');
        Ok(line)
    }

    /// The text, in the order of `Event` in peers/peer.hpp.
    #[must_use]
    pub const fn texts(&self) -> [&'static str; 13] {
        [
            self.host,
            self.service,
            self.principal,
            self.action,
            self.decision,
            self.framework_id,
            self.framework,
            self.user,
            self.role,
            self.task_id,
            self.task,
            self.agent_id,
            self.executor_id,
        ]
    }

    /// The `Subject` that Mesos asks for.
    #[must_use]
    pub fn subject(&self) -> Vec<u8> {
        bytes(1, self.principal)
    }

    /// The `TaskInfo`, with about what a task of Marathon's has.
    #[must_use]
    pub fn task_info(&self) -> Vec<u8> {
        let resource = |name: &str, amount: f64| {
            let scalar = message(3, &[double(1, amount)]);
            message(4, &[bytes(1, name), number(2, 0), scalar, message(11, &[bytes(1, self.role)])])
        };
        let executor = [
            message(1, &[bytes(1, self.executor_id)]),
            message(7, &[bytes(3, "exec /opt/web/run"), bytes(5, self.user)]),
            message(8, &[bytes(1, self.framework_id)]),
        ];
        [
            bytes(1, self.task),
            message(2, &[bytes(1, self.task_id)]),
            message(3, &[bytes(1, self.agent_id)]),
            resource("cpus", self.cpus),
            resource("mem", self.mem),
            message(5, &executor),
        ]
        .concat()
    }

    /// The `FrameworkInfo`.
    #[must_use]
    pub fn framework_info(&self) -> Vec<u8> {
        [
            bytes(1, self.user),
            bytes(2, self.framework),
            message(3, &[bytes(1, self.framework_id)]),
            bytes(8, self.principal),
            bytes(12, self.role),
        ]
        .concat()
    }

    /// The record that the module's C++ makes of it (schema/record.proto).
    #[must_use]
    pub fn record(&self) -> Vec<u8> {
        let (took, allowed) = (number(3, self.duration_ns), number(2, 1));
        let action = self.kind.action_id();
        match self.kind {
            Kind::Launch => {
                let object = [message(2, &[self.framework_info()]), message(4, &[self.task_info()])];
                let subject = message(31, &[self.subject()]);
                [took, subject, number(32, action), allowed, message(33, &object)].concat()
            }
            Kind::Agent => {
                [message(30, &[message(1, &[self.subject()]), number(2, action)]), took, allowed].concat()
            }
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's way.
fn is_nought(amount: &f64) -> bool {
    *amount == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_of_the_size_that_is_said() {
        let event = Event::at(1_700_000_000_123_456, Kind::Launch);
        let json = serde_json::to_string(&event).unwrap();
        assert!((450..=550).contains(&json.len()), "{}", json.len());
        assert!((350..=550).contains(&event.record().len()), "{}", event.record().len());
    }
}
