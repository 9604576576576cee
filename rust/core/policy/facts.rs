//! What a rule can ask of an event.

use crate::{
    decode,
    event::{
        Action, AuditEvent, Draft,
        ecs::{Category, EventType, Http, Outcome, Source, Url, User},
        mesos::{Decision, Mesos},
    },
};

/// What a rule can ask of an event, before it is redacted.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'e> {
    pub(super) action: Action,
    /// Bits, by the enum's order.
    pub(super) categories: u32,
    pub(super) types: u32,
    pub(super) outcome: Option<Outcome>,
    pub(super) authorization: Option<i32>,
    /// None where no more is known than the kind.
    rest: Option<Rest<'e>>,
}

#[derive(Clone, Copy, Debug)]
struct Rest<'e> {
    user: Option<&'e User<'e>>,
    source: Option<&'e Source<'e>>,
    http: Option<&'e Http<'e>>,
    url: Option<&'e Url<'e>>,
    mesos: &'e Mesos<'e>,
}

pub(super) fn category_bit(category: Category) -> u32 {
    1 << category as u32
}

pub(super) fn type_bit(kind: EventType) -> u32 {
    1 << kind as u32
}

pub(super) fn categories(list: &[Category]) -> u32 {
    list.iter().fold(0, |bits, one| bits | category_bit(*one))
}

fn types(list: &[EventType]) -> u32 {
    list.iter().fold(0, |bits, one| bits | type_bit(*one))
}

impl<'e> Facts<'e> {
    /// Of an event that is being made.
    #[must_use]
    pub fn of_draft(draft: &'e Draft<'_>) -> Self {
        Self {
            action: draft.action,
            categories: categories(draft.action.categories()),
            types: types(draft.types),
            outcome: draft.outcome,
            authorization: draft.mesos.authz.as_ref().and_then(|authz| authz.action_id),
            rest: Some(Rest {
                user: draft.user.as_ref(),
                source: draft.source.as_ref(),
                http: draft.http.as_ref(),
                url: draft.url.as_ref(),
                mesos: &draft.mesos,
            }),
        }
    }

    /// Of an event of a log.
    #[must_use]
    pub fn of_event(event: &'e AuditEvent<'_>) -> Self {
        Self {
            action: event.event.action,
            categories: categories(&event.event.category),
            types: types(&event.event.types),
            outcome: event.event.outcome,
            authorization: event.mesos.authz.as_ref().and_then(|authz| authz.action_id),
            rest: Some(Rest {
                user: event.user.as_ref(),
                source: event.source.as_ref(),
                http: event.http.as_ref(),
                url: event.url.as_ref(),
                mesos: &event.mesos,
            }),
        }
    }

    /// Of an approver's decisions on this action, of which nothing else is known: allowed, denied, failed.
    pub(super) fn of_decisions(action: i32) -> [Facts<'static>; 3] {
        [Decision::Allowed, Decision::Denied, Decision::Error].map(|decision| {
            let (kinds, outcome) = decode::kind_of_decision(action, decision);
            Facts {
                action: Action::Authorization,
                categories: categories(Action::Authorization.categories()),
                types: types(kinds),
                outcome: Some(outcome),
                authorization: Some(action),
                rest: None,
            }
        })
    }

    /// Not where mesos-audit tells of itself, or what a rule had counted.
    pub(super) fn can_be_judged(&self) -> bool {
        self.action.is_of_mesos()
            && !matches!(
                self.action,
                Action::AuthorizationSummary
                    | Action::EventsCounted
                    | Action::ModuleStart
                    | Action::AuditRecordUnreadable
            )
    }

    /// What a rule's key of that name is compared with: nothing where the event has none of it, or where the key asks
    /// for the kind of the event.
    #[must_use]
    pub fn of_key(&self, key: &str) -> Vec<&'e str> {
        match key {
            "method" => self.method().into_iter().collect(),
            "call" => self.call().into_iter().collect(),
            "principal" => self.principals().collect(),
            "role" => self.roles().collect(),
            "framework" => self.frameworks().collect(),
            "path" => self.paths().collect(),
            "client" => self.client().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn method(&self) -> Option<&'e str> {
        self.rest?.http.map(|http| &*http.request.method)
    }

    pub(super) fn call(&self) -> Option<&'e str> {
        self.rest?.mesos.api.as_ref()?.call_type.as_deref()
    }

    pub(super) fn client(&self) -> Option<&'e str> {
        self.rest?.source?.ip.as_deref()
    }

    pub(super) fn principals(&self) -> impl Iterator<Item = &'e str> {
        let user = self.rest.and_then(|rest| rest.user).map(|user| &*user.name);
        let framework = self.rest.and_then(|rest| rest.mesos.framework.as_ref());
        user.into_iter().chain(framework.and_then(|framework| framework.principal.as_deref()))
    }

    pub(super) fn frameworks(&self) -> impl Iterator<Item = &'e str> {
        let framework = self.rest.and_then(|rest| rest.mesos.framework.as_ref());
        framework
            .into_iter()
            .flat_map(|framework| [&framework.id, &framework.name])
            .filter_map(Option::as_deref)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &'e str> {
        let asked =
            self.rest.and_then(|rest| rest.mesos.authz.as_ref()).and_then(|authz| authz.object.as_deref());
        let url = self.rest.and_then(|rest| rest.url).map(|url| &*url.path);
        url.into_iter().chain(asked.filter(|object| object.starts_with('/')))
    }

    pub(super) fn roles(&self) -> impl Iterator<Item = &'e str> {
        let mesos = self.rest.map(|rest| rest.mesos);
        let authz = mesos.and_then(|mesos| mesos.authz.as_ref());
        let of_resource = authz.and_then(|authz| authz.resource.as_ref()).and_then(|one| one.role.as_deref());
        let one = [
            mesos.and_then(|mesos| mesos.role.as_deref()),
            authz.and_then(|authz| authz.role.as_deref()),
            of_resource,
        ];
        let of_framework =
            mesos.and_then(|mesos| mesos.framework.as_ref()).map(|framework| &framework.roles[..]);
        let of_allocation =
            mesos.and_then(|mesos| mesos.allocation.as_ref()).map(|allocation| &allocation.roles[..]);
        let lists = [of_framework, of_allocation].into_iter().flatten().flatten().map(|role| &**role);
        one.into_iter().flatten().chain(lists)
    }
}
