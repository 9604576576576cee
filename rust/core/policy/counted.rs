//! Events that are only counted, until they are told.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use crate::{
    clock::Timestamp,
    event::{
        Action, Draft,
        ecs::{Outcome, User},
        mesos::{Authz, Counted, Decision},
    },
};

/// Principals that are told apart at the same time. Those that come then are counted together, without a name.
const MOST_KEYS: usize = 1024;

/// What was counted since it was last told.
#[derive(Debug)]
pub(super) struct Counts {
    interval: Duration,
    since: Option<Instant>,
    counts: HashMap<Key, Count>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    rule: usize,
    action: Action,
    authorization: Option<i32>,
    outcome: Option<u8>,
    user: Option<String>,
}

#[derive(Clone, Debug)]
struct Count {
    count: u64,
    first: Timestamp,
    last: Timestamp,
    outcome: Option<Outcome>,
    types: &'static [crate::event::ecs::EventType],
    name: Option<String>,
    decision: Option<Decision>,
}

impl Counts {
    pub(super) fn new(interval_s: u64) -> Self {
        Self { interval: Duration::from_secs(interval_s), since: None, counts: HashMap::new() }
    }

    pub(super) fn add(&mut self, rule: usize, draft: &Draft<'_>) {
        let authz = draft.mesos.authz.as_ref();
        let full = self.counts.len() >= MOST_KEYS;
        let mut key = Key {
            rule,
            action: draft.action,
            authorization: authz.and_then(|authz| authz.action_id),
            outcome: draft.outcome.map(|outcome| outcome as u8),
            user: draft.user.as_ref().map(|user| user.name.clone().into_owned()),
        };
        if full && !self.counts.contains_key(&key) {
            key.user = None;
        }
        let at = draft.timestamp;
        let count = self.counts.entry(key).or_insert_with(|| Count {
            count: 0,
            first: at,
            last: at,
            outcome: draft.outcome,
            types: draft.types,
            name: authz.and_then(|authz| authz.action.clone()).map(std::borrow::Cow::into_owned),
            decision: authz.and_then(|authz| authz.decision),
        });
        count.count += 1;
        count.last = at;
        self.since.get_or_insert_with(Instant::now);
    }

    /// Whether it is time to tell.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.since.is_some_and(|since| now.saturating_duration_since(since) >= self.interval)
    }

    /// Everything, with the place of its rule, and begins anew.
    pub(super) fn take(&mut self) -> Vec<(usize, Draft<'static>)> {
        self.since = None;
        let mut taken: Vec<_> = self.counts.drain().collect();
        taken.sort_by(|(one, _), (other, _)| one.cmp(other));
        taken.into_iter().map(|(key, count)| (key.rule, told(key, count))).collect()
    }
}

fn told(key: Key, count: Count) -> Draft<'static> {
    let mut draft = Draft::new(Action::EventsCounted);
    draft.types = count.types;
    draft.outcome = count.outcome;
    draft.user = key.user.map(|name| User { name: name.into() });
    if key.authorization.is_some() {
        draft.mesos.authz = Some(Authz {
            action: count.name.map(Into::into),
            action_id: key.authorization,
            decision: count.decision,
            ..Authz::default()
        });
    }
    draft.mesos.counted = Some(Box::new(Counted {
        action: key.action,
        count: count.count,
        first: count.first,
        last: count.last,
    }));
    draft
}
