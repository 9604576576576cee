//! The line of an event, of which much is the same from one event to the next.

use serde::Serialize;

use super::{
    escape::put,
    writer::{Object, Result, Seen, Stop},
};
use crate::event::{Action, AuditEvent, ecs};

/// More kinds of events than there are. A stream of others (nobody makes one) begins anew.
const MOST_KINDS: usize = 64;

/// Pieces of lines, each kept beside the values that it was made of: it is used as long as they are the same, so it can
/// never tell anything else than the event does.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    origin: Option<Origin>,
    kinds: Vec<Kind>,
}

/// Host, process and service.
#[derive(Debug)]
pub(super) struct Origin {
    host: ecs::Host<'static>,
    process: ecs::Process<'static>,
    service: ecs::Service<'static>,
    pub(super) text: Vec<u8>,
}

/// From `event.schema` to `event.action`.
#[derive(Debug)]
pub(super) struct Kind {
    schema: String,
    kind: ecs::Kind,
    category: Vec<ecs::Category>,
    types: Vec<ecs::EventType>,
    action: Action,
    pub(super) text: Vec<u8>,
}

impl Fragments {
    /// Writes an event and returns the room that is left. The same bytes as its `Serialize` gives (a test compares);
    /// a field that is missing here does not compile.
    pub(super) fn event<'r>(
        &mut self,
        event: &AuditEvent<'_>,
        room: &'r mut [u8],
        seen: &Seen,
    ) -> Result<&'r mut [u8]> {
        let AuditEvent {
            timestamp,
            ecs,
            event: what,
            error,
            log,
            trace,
            user,
            source,
            http,
            url,
            user_agent,
            host,
            process,
            service,
            mesos,
        } = event;
        let mut line = Object::open(room, seen);
        line.field("@timestamp", timestamp)?;
        line.field("ecs", ecs)?;
        line.value("event", |room| self.what(what, room, seen))?;
        line.some("error", error.as_ref())?;
        line.some("log", log.as_ref())?;
        line.some("trace", trace.as_ref())?;
        line.some("user", user.as_ref())?;
        line.some("source", source.as_ref())?;
        line.some("http", http.as_ref())?;
        line.some("url", url.as_ref())?;
        line.some("user_agent", user_agent.as_ref())?;
        line.raw(&self.origin(host, process, service)?.text)?;
        line.field("mesos", mesos)?;
        line.close()
    }

    fn what<'r>(&mut self, event: &ecs::Event<'_>, room: &'r mut [u8], seen: &Seen) -> Result<&'r mut [u8]> {
        let ecs::Event {
            id,
            sequence,
            schema: _,
            kind: _,
            category: _,
            types: _,
            action: _,
            outcome,
            duration,
            reason,
            module,
            dataset,
        } = event;
        let mut what = Object::open(room, seen);
        what.field("id", id)?;
        what.field("sequence", sequence)?;
        what.raw(&self.kind(event)?.text)?;
        what.some("outcome", outcome.as_ref())?;
        what.some("duration", duration.as_ref())?;
        what.some("reason", reason.as_ref())?;
        what.field("module", module)?;
        what.field("dataset", dataset)?;
        what.close()
    }

    pub(super) fn kind(&mut self, event: &ecs::Event<'_>) -> Result<&Kind> {
        let known = self.kinds.iter().position(|known| {
            known.action == event.action
                && known.types == *event.types
                && known.category == *event.category
                && known.kind == event.kind
                && known.schema == event.schema
        });
        if let Some(known) = known {
            return Ok(&self.kinds[known]);
        }
        if self.kinds.len() == MOST_KINDS {
            self.kinds.clear();
        }
        let text = piece(|object| {
            object.field("schema", &event.schema)?;
            object.field("kind", &event.kind)?;
            object.field("category", &event.category)?;
            object.field("type", &event.types)?;
            object.field("action", &event.action)
        })?;
        self.kinds.push(Kind {
            schema: event.schema.to_string(),
            kind: event.kind,
            category: event.category.to_vec(),
            types: event.types.to_vec(),
            action: event.action,
            text,
        });
        self.kinds.last().ok_or(Stop)
    }

    pub(super) fn origin(
        &mut self,
        host: &ecs::Host<'_>,
        process: &ecs::Process<'_>,
        service: &ecs::Service<'_>,
    ) -> Result<&Origin> {
        let is_same =
            |known: &Origin| known.process == *process && known.host == *host && known.service == *service;
        if !self.origin.as_ref().is_some_and(is_same) {
            let text = piece(|object| {
                object.field("host", host)?;
                object.field("process", process)?;
                object.field("service", service)
            })?;
            let (host, process, service) = (host.owned(), process.owned(), service.owned());
            self.origin = Some(Origin { host, process, service, text });
        }
        self.origin.as_ref().ok_or(Stop)
    }
}

/// Fields with a comma before each.
fn piece(fields: impl Fn(&mut Object<'_, '_>) -> Result<()>) -> Result<Vec<u8>> {
    // As much as a line may ever have; nearly all of it is never touched.
    let mut room = vec![0; 1 << 20];
    let seen = Seen::default();
    let mut object = Object::open(&mut room, &seen);
    fields(&mut object)?;
    let rest = object.close()?.len();
    room.truncate(room.len() - rest - 1);
    room[0] = b',';
    room.shrink_to_fit();
    Ok(room)
}

impl<'r> Object<'r, '_> {
    // Inlined, as is what each of these calls: the key is then a constant.
    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        serde::ser::SerializeStruct::serialize_field(self, key, value)
    }

    #[inline(always)]
    fn some<T: Serialize>(&mut self, key: &'static str, value: Option<&T>) -> Result<()> {
        value.map_or(Ok(()), |value| self.field(key, value))
    }

    #[inline(always)]
    fn value(
        &mut self,
        key: &'static str,
        write: impl FnOnce(&'r mut [u8]) -> Result<&'r mut [u8]>,
    ) -> Result<()> {
        self.key(key)?;
        self.with_room(write)
    }

    /// Fields that were written before.
    fn raw(&mut self, piece: &[u8]) -> Result<()> {
        self.with_room(|room| put(piece, room).ok_or(Stop))
    }

    fn close(self) -> Result<&'r mut [u8]> {
        serde::ser::SerializeStruct::end(self)
    }
}

/// The whole event by its `Serialize`, which is what the line has to be.
#[cfg(test)]
pub(super) fn plainly(event: &AuditEvent<'_>) -> Vec<u8> {
    let mut room = vec![0; 1 << 20];
    let seen = Seen::default();
    let rest = event.serialize(super::writer::Writer { room: &mut room, seen: &seen }).unwrap().len();
    room.truncate(room.len() - rest);
    room
}
