//! Decisions as most of them are, taken apart and no more.
//!
//! Nearly all that a busy master does is to decide, and nearly all decisions are alike: a framework, a task, an executor, and
//! short texts. Of such a record no [`Draft`](crate::event::Draft) is made, which is large and has room for all that an event
//! may have: it is cut into pieces where it is, and an encoder puts its line together of these. Whatever has anything else in it
//! is not plain and goes the ordinary way, which remains the definition of what is told: tests hold both to the same bytes.

mod read;

use super::{
    Callback, RawRecord,
    authorization::{self, kind_of_decision},
    join,
    wire::{known_name, numbers::authorization::action},
};
use crate::{
    clock::Timestamp,
    event::{
        Action,
        ecs::{EventType, Outcome},
        mesos::Decision,
    },
};
use read::Read;

/// A decision: pieces of its record. What is absent is empty.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // The fields of AuditEvent of these names, documented there.
pub struct Plain<'a> {
    pub timestamp: Timestamp,
    pub types: &'static [EventType],
    pub outcome: Outcome,
    pub duration: Option<u64>,
    pub user: &'a [u8],
    pub callback: &'static str,
    pub role: &'a [u8],
    pub framework: Framework<'a>,
    /// Its id.
    pub agent: &'a [u8],
    pub task: Task<'a>,
    pub executor: Executor<'a>,
    pub container: Container<'a>,
    pub authz: Authz<'a>,
}

/// `mesos.framework`.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Framework<'a> {
    /// Whether there is one.
    pub told: bool,
    pub id: &'a [u8],
    pub name: &'a [u8],
    pub principal: &'a [u8],
    pub user: &'a [u8],
    pub hostname: &'a [u8],
    roles: List<'a, MOST_ROLES>,
}

/// A framework with more is not plain.
const MOST_ROLES: usize = 4;

impl<'a> Framework<'a> {
    /// Its roles.
    #[must_use]
    pub fn roles(&self) -> &[&'a [u8]] {
        self.roles.all()
    }
}

/// A few texts.
#[derive(Clone, Copy, Debug)]
struct List<'a, const MOST: usize> {
    texts: [&'a [u8]; MOST],
    count: usize,
}

impl<const MOST: usize> Default for List<'_, MOST> {
    fn default() -> Self {
        Self { texts: [&[]; MOST], count: 0 }
    }
}

impl<'a, const MOST: usize> List<'a, MOST> {
    fn all(&self) -> &[&'a [u8]] {
        self.texts.get(..self.count).unwrap_or_default()
    }

    fn push(&mut self, text: &'a [u8]) -> Option<()> {
        *self.texts.get_mut(self.count)? = text;
        self.count += 1;
        Some(())
    }
}

/// `mesos.task`.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Task<'a> {
    /// Whether there is one.
    pub told: bool,
    pub id: &'a [u8],
    pub name: &'a [u8],
    pub state: &'static str,
    pub user: &'a [u8],
    /// `command.line`.
    pub line: &'a [u8],
    labels: List<'a, MOST_LABELS>,
    pub resources: Amounts,
}

/// A task with more is not plain.
const MOST_LABELS: usize = 12;

impl<'a> Task<'a> {
    /// The keys of its labels.
    #[must_use]
    pub fn labels(&self) -> &[&'a [u8]] {
        self.labels.all()
    }
}

/// `mesos.executor`.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Executor<'a> {
    /// Whether there is one.
    pub told: bool,
    pub id: &'a [u8],
    pub name: &'a [u8],
    pub kind: &'static str,
    pub user: &'a [u8],
    /// `command.line`.
    pub line: &'a [u8],
    pub resources: Amounts,
}

/// `mesos.container`.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Container<'a> {
    /// Whether there is one.
    pub told: bool,
    pub kind: &'static str,
    pub image: &'a [u8],
    pub privileged: bool,
    pub network: &'static str,
}

/// `resources`, in this order: CPUs, memory and disk in MB, GPUs.
pub type Amounts = [Option<f64>; 4];

/// `mesos.authz`.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Authz<'a> {
    pub action: &'static str,
    pub action_id: i32,
    pub decision: Decision,
    pub object: &'a [u8],
}

impl<'a> Plain<'a> {
    /// Takes a record apart. None where it is no decision, or not a plain one, or cannot be read.
    #[must_use]
    pub fn read(raw: RawRecord<'a>) -> Option<Self> {
        if raw.callback.action() != Action::Authorization || raw.callback.component().is_some() {
            return None;
        }
        let mut read = Read::default();
        read.record(raw.fields)?;
        let (action, decision) = (read.action, authorization::verdict(read.verdict));
        let (types, outcome) = kind_of_decision(action, decision);
        Some(Self {
            timestamp: raw.timestamp,
            types,
            outcome,
            // What took long there was not a decision.
            duration: (raw.callback != Callback::GetApprover).then_some(read.duration),
            user: read.user,
            callback: raw.callback.method(),
            role: read.role,
            framework: read.framework,
            agent: read.agent,
            task: read.task,
            executor: read.executor,
            container: read.container,
            authz: Authz {
                action: known_name(action::NAMES, action)?,
                action_id: action,
                decision,
                object: read.object,
            },
        })
    }

    /// `trace.id`, where the event has one.
    #[must_use]
    pub fn trace_id(&self) -> Option<[u8; 32]> {
        let task = if self.task.id.is_empty() { self.executor.id } else { self.task.id };
        (!self.framework.id.is_empty() && !task.is_empty())
            .then(|| join::trace_digits(self.framework.id, task))
    }
}
