//! The line of a plain decision, put together of the pieces of its record.
//!
//! The same bytes as of an event that is made of the record (tests compare): where a piece needs an escape, or anything has to
//! be cut, none is written, and the event is to be made.

use super::{Json, float, wide};
use crate::{
    decode::plain::{Amounts, Container, Executor, Framework, Plain, Task},
    event::{
        Action, Draft, ECS_VERSION, Limits, MAX_LINE_BYTES, Origin,
        ecs::{EventType, Outcome},
        mesos::{Applied, Decision},
    },
};

/// From `event.schema` to `event.action`, of decisions of those types.
#[derive(Debug)]
pub(super) struct Kind {
    types: &'static [EventType],
    text: Vec<u8>,
}

impl Json {
    /// Appends the line, or nothing.
    pub(super) fn plainly(
        &mut self,
        plain: &Plain<'_>,
        policy: &Applied<'_>,
        origin: &Origin,
        sequence: u64,
        into: &mut Vec<u8>,
    ) -> bool {
        let written = self.put_plain(plain, policy, origin, sequence);
        if let Some(line) = written.and_then(|length| self.room.get(..length)) {
            into.extend_from_slice(line);
        }
        written.is_some()
    }

    /// The line's length, with its newline.
    fn put_plain(
        &mut self,
        plain: &Plain<'_>,
        policy: &Applied<'_>,
        origin: &Origin,
        sequence: u64,
    ) -> Option<usize> {
        let kind = self.kind(plain, origin)?;
        let about = &self.fragments.origin(&origin.host, &origin.process, &origin.service).ok()?.text;
        let mut line = Line { room: &mut self.room, at: 0, longest: 0 };
        line.put(b"{\"@timestamp\":\"")?;
        plain.timestamp.with_text(|text| line.put(text.as_bytes()))?;
        line.put(b"\",\"ecs\":{\"version\":\"")?;
        line.put(ECS_VERSION.as_bytes())?;
        line.put(b"\"},\"event\":{\"id\":\"")?;
        line.clean(origin.process.entity_id.as_bytes())?;
        line.put(b"-")?;
        line.number(sequence)?;
        line.put(b"\",\"sequence\":")?;
        line.number(sequence)?;
        line.put(&self.kinds.get(kind)?.text)?;
        line.text(key(",\"outcome\":\""), outcome(plain.outcome))?;
        if let Some(duration) = plain.duration {
            line.put(b",\"duration\":")?;
            line.number(duration)?;
        }
        line.put(b",\"module\":\"mesos\",\"dataset\":\"mesos.audit\"}")?;
        if let Some(trace) = plain.trace_id() {
            line.put(b",\"trace\":{\"id\":\"")?;
            line.put(&trace)?;
            line.put(b"\"}")?;
        }
        if !plain.user.is_empty() {
            let user = line.open(key(",\"user\":"))?;
            line.text(key(",\"name\":\""), plain.user)?;
            line.close(user)?;
        }
        line.put(about)?;
        let mesos = line.open(key(",\"mesos\":"))?;
        line.text(key(",\"callback\":\""), plain.callback.as_bytes())?;
        line.text(key(",\"role\":\""), plain.role)?;
        line.framework(&plain.framework)?;
        if !plain.agent.is_empty() {
            let agent = line.open(key(",\"agent\":"))?;
            line.text(key(",\"id\":\""), plain.agent)?;
            line.close(agent)?;
        }
        line.task(&plain.task)?;
        line.executor(&plain.executor)?;
        line.container(&plain.container)?;
        let authz = line.open(key(",\"authz\":"))?;
        line.text(key(",\"action\":\""), plain.authz.action.as_bytes())?;
        line.put(b",\"action_id\":")?;
        line.number(plain.authz.action_id)?;
        line.text(key(",\"decision\":\""), decision(plain.authz.decision))?;
        line.text(key(",\"object\":\""), plain.authz.object)?;
        line.close(authz)?;
        let applied = line.open(key(",\"policy\":"))?;
        line.text(key(",\"digest\":\""), policy.digest.as_bytes())?;
        line.text(key(",\"rule\":\""), policy.rule.as_bytes())?;
        line.close(applied)?;
        line.close(mesos)?;
        line.put(b"}")?;
        // With the newline, one more.
        let fits = line.at <= MAX_LINE_BYTES && line.longest < Limits::STEPS[0].text;
        line.put(b"\n")?;
        fits.then_some(line.at)
    }

    /// Where the kind's piece is.
    fn kind(&mut self, plain: &Plain<'_>, origin: &Origin) -> Option<usize> {
        let known = self.kinds.iter().position(|kind| *kind.types == *plain.types);
        known.or_else(|| {
            let mut draft = Draft::at(plain.timestamp, Action::Authorization);
            draft.types = plain.types;
            let mut id = String::new();
            let event = origin.finish(draft, 0, &mut id);
            let text = self.fragments.kind(&event.event).ok()?.text.clone();
            self.kinds.push(Kind { types: plain.types, text });
            Some(self.kinds.len() - 1)
        })
    }
}

const fn outcome(outcome: Outcome) -> &'static [u8] {
    match outcome {
        Outcome::Success => b"success",
        Outcome::Failure => b"failure",
        Outcome::Unknown => b"unknown",
    }
}

const fn decision(decision: Decision) -> &'static [u8] {
    match decision {
        Decision::Allowed => b"allowed",
        Decision::Denied => b"denied",
        Decision::Error => b"error",
        Decision::Discarded => b"discarded",
    }
}

/// What stands before a value. It is copied with what is behind it, which the value goes over: two stores and no loop.
#[derive(Clone, Copy)]
struct Key {
    text: [u8; KEY],
    length: usize,
}

/// The longest that there is has as many.
const KEY: usize = 16;

/// With the comma in front, which becomes the bracket of an object of which it is the first.
const fn key(text: &str) -> Key {
    let mut key = Key { text: [0; KEY], length: text.len() };
    let (mut at, bytes) = (0, text.as_bytes());
    while at < bytes.len() {
        key.text[at] = bytes[at];
        at += 1;
    }
    key
}

/// The line so far, in memory that is there already.
struct Line<'r> {
    room: &'r mut [u8],
    at: usize,
    /// Lengths of the texts, put together bit by bit: at least the longest.
    longest: usize,
}

impl Line<'_> {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.at + bytes.len();
        self.room.get_mut(self.at..end)?.copy_from_slice(bytes);
        self.at = end;
        Some(())
    }

    #[inline]
    fn number(&mut self, number: impl itoa::Integer) -> Option<()> {
        self.put(itoa::Buffer::new().format(number).as_bytes())
    }

    #[inline(always)]
    fn key(&mut self, key: Key) -> Option<()> {
        *self.room.get_mut(self.at..)?.first_chunk_mut()? = key.text;
        self.at += key.length;
        Some(())
    }

    /// A field, if there is one.
    #[inline(always)]
    fn text(&mut self, key: Key, text: &[u8]) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        self.key(key)?;
        self.clean(text)?;
        self.put(b"\"")
    }

    /// A text that needs no escape.
    // Not inlined: there are thirty of it in a line, and the processor has all of them at hand if they are one.
    #[inline(never)]
    fn clean(&mut self, text: &[u8]) -> Option<()> {
        let end = self.at + text.len();
        let place = self.room.get_mut(self.at..end)?;
        if !wide::copy_clean(text, place) {
            if !wide::is_clean(text) {
                return None;
            }
            place.copy_from_slice(text);
        }
        self.longest |= text.len();
        self.at = end;
        Some(())
    }

    /// Begins an object, and tells where.
    #[inline(always)]
    fn open(&mut self, key: Key) -> Option<usize> {
        self.key(key)?;
        Some(self.at)
    }

    #[inline(always)]
    fn close(&mut self, start: usize) -> Option<()> {
        if self.at == start {
            return self.put(b"{}");
        }
        *self.room.get_mut(start)? = b'{';
        self.put(b"}")
    }

    fn framework(&mut self, framework: &Framework<'_>) -> Option<()> {
        if !framework.told {
            return Some(());
        }
        let start = self.open(key(",\"framework\":"))?;
        self.text(key(",\"id\":\""), framework.id)?;
        self.text(key(",\"name\":\""), framework.name)?;
        self.text(key(",\"principal\":\""), framework.principal)?;
        self.text(key(",\"user\":\""), framework.user)?;
        if let [first, rest @ ..] = framework.roles() {
            self.text(key(",\"roles\":[\""), first)?;
            rest.iter().try_for_each(|role| self.text(key(",\""), role))?;
            self.put(b"]")?;
        }
        self.text(key(",\"hostname\":\""), framework.hostname)?;
        self.close(start)
    }

    fn task(&mut self, task: &Task<'_>) -> Option<()> {
        if !task.told {
            return Some(());
        }
        let start = self.open(key(",\"task\":"))?;
        self.text(key(",\"id\":\""), task.id)?;
        self.text(key(",\"name\":\""), task.name)?;
        self.text(key(",\"state\":\""), task.state.as_bytes())?;
        self.text(key(",\"user\":\""), task.user)?;
        self.command(task.line)?;
        self.labels(task.labels())?;
        self.resources(&task.resources)?;
        self.close(start)
    }

    fn executor(&mut self, executor: &Executor<'_>) -> Option<()> {
        if !executor.told {
            return Some(());
        }
        let start = self.open(key(",\"executor\":"))?;
        self.text(key(",\"id\":\""), executor.id)?;
        self.text(key(",\"name\":\""), executor.name)?;
        self.text(key(",\"type\":\""), executor.kind.as_bytes())?;
        self.text(key(",\"user\":\""), executor.user)?;
        self.command(executor.line)?;
        self.resources(&executor.resources)?;
        self.close(start)
    }

    fn command(&mut self, line: &[u8]) -> Option<()> {
        if line.is_empty() {
            return Some(());
        }
        let start = self.open(key(",\"command\":"))?;
        self.text(key(",\"line\":\""), line)?;
        self.close(start)
    }

    /// Their keys, which are all that is told of them.
    fn labels(&mut self, labels: &[&[u8]]) -> Option<()> {
        let [first, rest @ ..] = labels else { return Some(()) };
        self.put(b",\"labels\":[{\"key\":\"")?;
        self.clean(first)?;
        for label in rest {
            self.put(b"\"},{\"key\":\"")?;
            self.clean(label)?;
        }
        self.put(b"\"}]")
    }

    fn container(&mut self, container: &Container<'_>) -> Option<()> {
        if !container.told {
            return Some(());
        }
        let start = self.open(key(",\"container\":"))?;
        self.text(key(",\"type\":\""), container.kind.as_bytes())?;
        self.text(key(",\"image\":\""), container.image)?;
        if container.privileged {
            self.put(b",\"privilege\":\"privileged\"")?;
        }
        self.text(key(",\"network\":\""), container.network.as_bytes())?;
        self.close(start)
    }

    fn resources(&mut self, amounts: &Amounts) -> Option<()> {
        if amounts.iter().all(Option::is_none) {
            return Some(());
        }
        let start = self.open(key(",\"resources\":"))?;
        const NAMES: [Key; 4] = [key(",\"cpus\":"), key(",\"mem\":"), key(",\"disk\":"), key(",\"gpus\":")];
        for (name, amount) in NAMES.into_iter().zip(amounts) {
            let Some(amount) = amount else { continue };
            self.key(name)?;
            let all = self.room.len();
            self.at = all - float::write(*amount, self.room.get_mut(self.at..)?)?.len();
        }
        self.close(start)
    }
}
