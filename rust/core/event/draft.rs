//! An event before it is known which process tells it and as which in order.

use super::{
    Action, AuditEvent, ECS_VERSION, SCHEMA_VERSION, Text,
    ecs::{
        Ecs, Error, Event, EventType, Host, Http, Outcome, Process, Service, Source, Trace, Url, User,
        UserAgent,
    },
    log::Log,
    mesos::Mesos,
};
use crate::clock::Timestamp;

/// What happened. [`Origin::finish`] makes an event of it.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The fields of AuditEvent that a decoder fills, documented there.
pub struct Draft<'a> {
    pub timestamp: Timestamp,
    pub action: Action,
    pub types: &'static [EventType],
    pub outcome: Option<Outcome>,
    pub duration: Option<u64>,
    pub reason: Option<Text<'a>>,
    pub error: Option<Error<'a>>,
    pub log: Option<Box<Log<'a>>>,
    pub trace: Option<Trace<'a>>,
    pub user: Option<User<'a>>,
    pub source: Option<Source<'a>>,
    pub http: Option<Http<'a>>,
    pub url: Option<Url<'a>>,
    pub user_agent: Option<UserAgent<'a>>,
    pub mesos: Mesos<'a>,
}

impl Draft<'_> {
    /// An event of that action, now, with nothing else known.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self::at(Timestamp::now(), action)
    }

    /// The same, of another time. Whoever knows it saves the look at the clock.
    #[must_use]
    pub fn at(timestamp: Timestamp, action: Action) -> Self {
        Self {
            timestamp,
            action,
            types: action.types(),
            outcome: None,
            duration: None,
            reason: None,
            error: None,
            log: None,
            trace: None,
            user: None,
            source: None,
            http: None,
            url: None,
            user_agent: None,
            mesos: Mesos::default(),
        }
    }
}

/// Who tells the events of this process run: the same in each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The machine.
    pub host: Host<'static>,
    /// The process and this run of it.
    pub process: Process<'static>,
    /// Mesos.
    pub service: Service<'static>,
}

impl Origin {
    /// The event that `draft` becomes as number `sequence` of this run. `id` is where its `event.id` is written to.
    pub fn finish<'a>(&'a self, draft: Draft<'a>, sequence: u64, id: &'a mut String) -> AuditEvent<'a> {
        id.clear();
        id.push_str(&self.process.entity_id);
        id.push('-');
        id.push_str(itoa::Buffer::new().format(sequence));
        AuditEvent {
            timestamp: draft.timestamp,
            ecs: Ecs { version: ECS_VERSION.into() },
            event: Event {
                id: id.as_str().into(),
                sequence,
                schema: SCHEMA_VERSION.into(),
                kind: draft.action.kind(),
                category: draft.action.categories().into(),
                types: draft.types.into(),
                action: draft.action,
                outcome: draft.outcome,
                duration: draft.duration,
                reason: draft.reason,
                module: "mesos".into(),
                dataset: "mesos.audit".into(),
            },
            error: draft.error,
            log: draft.log,
            trace: draft.trace,
            user: draft.user,
            source: draft.source,
            http: draft.http,
            url: draft.url,
            user_agent: draft.user_agent,
            host: self.host.borrowed(),
            process: self.process.borrowed(),
            service: self.service.borrowed(),
            mesos: draft.mesos,
        }
    }
}
