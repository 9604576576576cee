//! The line of a plain decision, put together of the pieces of its record.
//!
//! The same bytes as of an event that is made of the record (tests compare): where a piece needs an escape, or anything has to
//! be cut, none is written, and the event is to be made.

use super::{Json, escape::put, float, wide};
use crate::{
    decode::plain::{Amounts, Authz, Container, Executor, Framework, Plain, Task},
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

/// Made by the compiler, which refuses one that is too long.
macro_rules! key {
    ($text:literal) => {
        const { key($text) }
    };
}

impl Json {
    /// Writes the line into the room, and tells its length, with its newline; none where it is not to be written so.
    pub(super) fn put_plain(
        &mut self,
        plain: &Plain<'_>,
        policy: &Applied<'_>,
        origin: &Origin,
        sequence: u64,
    ) -> Option<usize> {
        let kind = self.kind(plain, origin)?;
        let about = &self.fragments.origin(&origin.host, &origin.process, &origin.service).ok()?.text;
        let all = self.room.len();
        let rest = put(b"{\"@timestamp\":\"", &mut self.room)?;
        let rest = plain.timestamp.with_text(|text| put(text.as_bytes(), rest))?;
        let rest = put(b"\",\"ecs\":{\"version\":\"", rest)?;
        let rest = put(ECS_VERSION.as_bytes(), rest)?;
        let rest = put(b"\"},\"event\":{\"id\":\"", rest)?;
        let rest = put(origin.process.entity_id.as_bytes(), rest)?;
        let rest = number(sequence, put(b"-", rest)?)?;
        let rest = number(sequence, put(b"\",\"sequence\":", rest)?)?;
        let mut event = Object { rest: put(&self.kinds.get(kind)?.text, rest)?, before: b',' };
        event.text(key!("outcome\":\""), outcome(plain.outcome))?;
        if let Some(duration) = plain.duration {
            event.with(key!("duration\":"), |rest| number(duration, rest))?;
        }
        let mut rest = put(b",\"module\":\"mesos\",\"dataset\":\"mesos.audit\"}", event.rest)?;
        if let Some(trace) = plain.trace_id() {
            rest = put(b"\"}", put(&trace, put(b",\"trace\":{\"id\":\"", rest)?)?)?;
        }
        if !plain.user.is_empty() {
            rest = put(b"}", clean(plain.user, put(b",\"user\":{\"name\":\"", rest)?)?)?;
        }
        let mut mesos = Object { rest: put(b",\"mesos\":", put(about, rest)?)?, before: b'{' };
        mesos.text(key!("callback\":\""), plain.callback.as_bytes())?;
        mesos.text(key!("role\":\""), plain.role)?;
        if plain.framework.told {
            mesos.with(key!("framework\":"), |rest| framework(&plain.framework, rest))?;
        }
        if !plain.agent.is_empty() {
            mesos.with(key!("agent\":"), |rest| put(b"}", clean(plain.agent, put(b"{\"id\":\"", rest)?)?))?;
        }
        if plain.task.told {
            mesos.with(key!("task\":"), |rest| task(&plain.task, rest))?;
        }
        if plain.executor.told {
            mesos.with(key!("executor\":"), |rest| executor(&plain.executor, rest))?;
        }
        if plain.container.told {
            mesos.with(key!("container\":"), |rest| container(&plain.container, rest))?;
        }
        mesos.with(key!("authz\":"), |rest| authz(&plain.authz, rest))?;
        let rest = put(b",\"policy\":{\"digest\":\"", mesos.rest)?;
        let rest = put(b",\"rule\":\"", clean(policy.digest.as_bytes(), rest)?)?;
        let rest = put(b"}}}\n", clean(policy.rule.as_bytes(), rest)?)?;
        let length = all - rest.len();
        // With the newline, one more.
        (length <= MAX_LINE_BYTES + 1).then_some(length)
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

/// What stands before a value, without what is in front of it. All of it is copied, and the value goes over what is too
/// much: one store and no loop.
#[derive(Clone, Copy)]
struct Key {
    text: [u8; KEY],
    length: usize,
}

/// The longest that there is has as many.
const KEY: usize = 16;

const fn key(text: &str) -> Key {
    let mut key = Key { text: [0; KEY], length: text.len() + 2 };
    key.text[1] = b'"';
    let (mut at, bytes) = (0, text.as_bytes());
    while at < bytes.len() {
        key.text[at + 2] = bytes[at];
        at += 1;
    }
    key
}

// As in `writer`, what is handed from one to the next is the room that is left: two registers, and no way through memory that
// each would have to wait for.

fn number(number: impl itoa::Integer, rest: &mut [u8]) -> Option<&mut [u8]> {
    put(itoa::Buffer::new().format(number).as_bytes(), rest)
}

/// A text that needs no escape and is not to be cut, and its closing quote.
// Not inlined: there are thirty of it in a line, and the processor has all of them at hand if they are one.
#[inline(never)]
fn clean<'r>(text: &[u8], rest: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let (place, rest) = rest.split_at_mut_checked(text.len())?;
    if !wide::copy_clean(text, place) {
        if text.len() >= Limits::STEPS[0].text || !wide::is_clean(text) {
            return None;
        }
        place.copy_from_slice(text);
    }
    let (quote, rest) = rest.split_first_mut()?;
    *quote = b'"';
    Some(rest)
}

/// An object that has been opened.
struct Object<'r> {
    rest: &'r mut [u8],
    /// What goes before the next key.
    before: u8,
}

impl<'r> Object<'r> {
    #[inline(always)]
    fn with(&mut self, key: Key, value: impl FnOnce(&'r mut [u8]) -> Option<&'r mut [u8]>) -> Option<()> {
        let rest = std::mem::take(&mut self.rest);
        let place = rest.first_chunk_mut()?;
        *place = key.text;
        place[0] = std::mem::replace(&mut self.before, b',');
        self.rest = value(rest.get_mut(key.length..)?)?;
        Some(())
    }

    /// A field, if there is one.
    #[inline(always)]
    fn text(&mut self, key: Key, text: &[u8]) -> Option<()> {
        if text.is_empty() { Some(()) } else { self.with(key, |rest| clean(text, rest)) }
    }

    #[inline(always)]
    fn close(self) -> Option<&'r mut [u8]> {
        put(if self.before == b'{' { b"{}" } else { b"}" }, self.rest)
    }
}

#[inline(never)]
fn framework<'r>(framework: &Framework<'_>, rest: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let mut object = Object { rest, before: b'{' };
    object.text(key!("id\":\""), framework.id)?;
    object.text(key!("name\":\""), framework.name)?;
    object.text(key!("principal\":\""), framework.principal)?;
    object.text(key!("user\":\""), framework.user)?;
    if let [first, others @ ..] = framework.roles() {
        object.with(key!("roles\":[\""), |rest| {
            let mut rest = clean(first, rest)?;
            for role in others {
                rest = clean(role, put(b",\"", rest)?)?;
            }
            put(b"]", rest)
        })?;
    }
    object.text(key!("hostname\":\""), framework.hostname)?;
    object.close()
}

#[inline(never)]
fn task<'r>(task: &Task<'_>, rest: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let mut object = Object { rest, before: b'{' };
    object.text(key!("id\":\""), task.id)?;
    object.text(key!("name\":\""), task.name)?;
    object.text(key!("state\":\""), task.state.as_bytes())?;
    object.text(key!("user\":\""), task.user)?;
    object.command(task.line)?;
    if let [first, others @ ..] = task.labels() {
        // Of labels nothing but their keys is told.
        object.with(key!("labels\":["), |rest| {
            let mut rest = clean(first, put(b"{\"key\":\"", rest)?)?;
            for label in others {
                rest = clean(label, put(b"},{\"key\":\"", rest)?)?;
            }
            put(b"}]", rest)
        })?;
    }
    object.resources(&task.resources)?;
    object.close()
}

#[inline(never)]
fn executor<'r>(executor: &Executor<'_>, rest: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let mut object = Object { rest, before: b'{' };
    object.text(key!("id\":\""), executor.id)?;
    object.text(key!("name\":\""), executor.name)?;
    object.text(key!("type\":\""), executor.kind.as_bytes())?;
    object.text(key!("user\":\""), executor.user)?;
    object.command(executor.line)?;
    object.resources(&executor.resources)?;
    object.close()
}

fn container<'r>(container: &Container<'_>, rest: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let mut object = Object { rest, before: b'{' };
    object.text(key!("type\":\""), container.kind.as_bytes())?;
    object.text(key!("image\":\""), container.image)?;
    object.text(key!("privilege\":\""), if container.privileged { b"privileged" } else { b"" })?;
    object.text(key!("network\":\""), container.network.as_bytes())?;
    object.close()
}

#[inline(never)]
fn authz<'r>(authz: &Authz<'_>, rest: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let mut object = Object { rest, before: b'{' };
    object.text(key!("action\":\""), authz.action.as_bytes())?;
    object.with(key!("action_id\":"), |rest| number(authz.action_id, rest))?;
    object.text(key!("decision\":\""), decision(authz.decision))?;
    object.text(key!("object\":\""), authz.object)?;
    object.close()
}

impl Object<'_> {
    #[inline(always)]
    fn command(&mut self, line: &[u8]) -> Option<()> {
        if line.is_empty() {
            return Some(());
        }
        self.with(key!("command\":"), |rest| put(b"}", clean(line, put(b"{\"line\":\"", rest)?)?))
    }

    #[inline(always)]
    fn resources(&mut self, resources: &Amounts) -> Option<()> {
        if resources.iter().all(Option::is_none) {
            return Some(());
        }
        self.with(key!("resources\":"), |rest| amounts(resources, rest))
    }
}

#[inline(never)]
fn amounts<'r>([cpus, mem, disk, gpus]: &Amounts, rest: &'r mut [u8]) -> Option<&'r mut [u8]> {
    let mut object = Object { rest, before: b'{' };
    for (key, amount) in
        [(key!("cpus\":"), cpus), (key!("mem\":"), mem), (key!("disk\":"), disk), (key!("gpus\":"), gpus)]
    {
        if let Some(amount) = amount {
            object.with(key, |rest| float::write(*amount, rest))?;
        }
    }
    object.close()
}
