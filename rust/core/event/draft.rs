//! An event before it is known which process tells it and as which in order.

use super::{
    Action, AuditEvent, ECS_VERSION, SCHEMA_VERSION,
    ecs::{
        Ecs, Error, Event, EventType, Host, Http, Outcome, Process, Service, Source, Url, User, UserAgent,
    },
    mesos::Mesos,
};
use crate::clock::Timestamp;

/// What happened. [`Origin::finish`] makes an event of it.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The fields of AuditEvent that a decoder fills, documented there.
pub struct Draft {
    pub timestamp: Timestamp,
    pub action: Action,
    pub types: Vec<EventType>,
    pub outcome: Option<Outcome>,
    pub duration: Option<u64>,
    pub reason: Option<String>,
    pub error: Option<Error>,
    pub user: Option<User>,
    pub source: Option<Source>,
    pub http: Option<Http>,
    pub url: Option<Url>,
    pub user_agent: Option<UserAgent>,
    pub mesos: Mesos,
}

impl Draft {
    /// An event of that action, now, with nothing else known.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self {
            timestamp: Timestamp::now(),
            action,
            types: action.types().to_vec(),
            outcome: None,
            duration: None,
            reason: None,
            error: None,
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
    pub host: Host,
    /// The process and this run of it.
    pub process: Process,
    /// Mesos.
    pub service: Service,
}

impl Origin {
    /// The event that `draft` becomes as number `sequence` of this run.
    #[must_use]
    pub fn finish(&self, draft: Draft, sequence: u64) -> AuditEvent {
        AuditEvent {
            timestamp: draft.timestamp,
            ecs: Ecs { version: ECS_VERSION.to_owned() },
            event: Event {
                id: format!("{}-{sequence}", self.process.entity_id),
                sequence,
                schema: SCHEMA_VERSION.to_owned(),
                kind: draft.action.kind(),
                category: draft.action.categories().to_vec(),
                types: draft.types,
                action: draft.action,
                outcome: draft.outcome,
                duration: draft.duration,
                reason: draft.reason,
                module: "mesos".to_owned(),
                dataset: "mesos.audit".to_owned(),
            },
            error: draft.error,
            user: draft.user,
            source: draft.source,
            http: draft.http,
            url: draft.url,
            user_agent: draft.user_agent,
            host: self.host.clone(),
            process: self.process.clone(),
            service: self.service.clone(),
            mesos: draft.mesos,
        }
    }
}
