//! What stands between a record and the stream: which of its events are told, and how much of them.

use std::{sync::Arc, time::Instant};

use super::{repeats::Repeats, requests::Requests};
use crate::{
    decode::{Callback, RawRecord, decode, plain::Plain},
    event::{
        Action, Draft, ecs,
        health::Suppressed,
        mesos::{Applied, PolicyState},
    },
    policy::Governor,
};

pub(super) struct Judge {
    /// Lines of Mesos's log that are only counted.
    repeats: Repeats,
    /// Which events are recorded, and how much of each.
    governor: Governor,
    /// Which ids of requests are ours.
    requests: Arc<Requests>,
}

impl Judge {
    pub(super) fn new(repeats: Repeats, governor: Governor, requests: Arc<Requests>) -> Self {
        Self { repeats, governor, requests }
    }

    /// The record, where it is a plain decision that is told as it is, and what marks it. All others are [`Judge::tell`]'s.
    pub(super) fn plain<'a>(&'a self, record: RawRecord<'a>) -> Option<(Plain<'a>, Applied<'a>)> {
        let plain = Plain::read(record)?;
        let policy = self.governor.admits(plain.authz.action_id, plain.authz.decision)?;
        Some((plain, policy))
    }

    /// What is told of the record.
    pub(super) fn tell(&mut self, record: RawRecord<'_>, each: &mut dyn FnMut(Draft<'_>)) {
        let is_line = record.callback == Callback::LogLine;
        let (repeats, governor, requests) = (&mut self.repeats, &mut self.governor, &*self.requests);
        let told = decode(record, |mut draft| {
            requests.check(&mut draft);
            if (!is_line || repeats.lets(&draft, Instant::now()))
                && let Some(rule) = governor.admit(&mut draft)
            {
                // What it is marked with is borrowed for less long than what was read.
                let mut draft: Draft<'_> = draft;
                governor.mark_by(rule, &mut draft);
                each(draft);
            }
        });
        if let Err(error) = told {
            let mut draft = Draft::new(Action::AuditRecordUnreadable);
            draft.timestamp = record.timestamp;
            draft.mesos.callback = Some(record.callback.method().into());
            draft.error = Some(ecs::Error { message: error.to_string().into() });
            each(governor.mark(draft));
        }
    }

    /// What is told of earlier lines after this one was.
    pub(super) fn tell_after_line(&mut self, mut each: impl FnMut(Draft<'_>)) {
        let governor = &self.governor;
        self.repeats.tell_after_line(Instant::now(), |draft| each(governor.mark(draft)));
    }

    /// Lines whose time to be told as a number has come.
    pub(super) fn tell_repeats(&mut self, mut each: impl FnMut(Draft<'_>)) {
        let governor = &self.governor;
        self.repeats.due(Instant::now(), |draft| each(governor.mark(draft)));
    }

    /// All that was only counted, at once.
    pub(super) fn tell_all(&mut self, mut each: impl FnMut(Draft<'_>)) {
        let governor = &mut self.governor;
        self.repeats.all(|draft| each(governor.mark(draft)));
        governor.tell_counted(true, each);
    }

    /// Takes another policy where the file has one, and tells of that and of what was counted, where it is time.
    pub(super) fn look(&mut self, mut each: impl FnMut(Draft<'_>)) {
        self.governor.look(Instant::now(), &mut each);
        self.governor.tell_counted(false, each);
    }

    /// What is told of the policy where a file begins.
    pub(super) fn policy(&self) -> PolicyState<'static> {
        self.governor.state()
    }

    /// What the policy skipped since the start, by rule.
    pub(super) fn suppressed(&mut self) -> Vec<Suppressed<'static>> {
        self.governor.suppressed()
    }
}
