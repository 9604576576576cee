//! The stream of events on its way to the sink: numbered, encoded, sealed.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    chain::{Cause, Sealer},
    encode::{Encode, encoder},
    event::{Action, Draft, Origin, integrity::Chain, mesos::Audit},
    format::Format,
    health::LastSeal,
    panics,
    redact::Redactor,
    telemetry,
};

/// Room for what is written in one go, and for the record that goes over it.
const CAPACITY: usize = 320 * 1024;

/// Whole lines, none of which has been written.
pub(super) struct Stream {
    origin: Origin,
    redactor: Redactor,
    format: Format,
    encoder: Box<dyn Encode>,
    sealer: Option<Sealer>,
    counts: Counts,
    last_seal: Option<LastSeal>,
    /// Where an event's id is put together, again and again.
    id: String,
    bytes: Vec<u8>,
    /// What the sealer has been told: bytes of `bytes`, and the last of their numbers.
    chained: (usize, u64),
    /// Of these, the bytes that are in its digest.
    absorbed: usize,
}

/// What was encoded so far in this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Events: the last one's sequence number.
    pub(super) events: u64,
    pub(super) bytes: u64,
    /// Those of Mesos.
    pub(super) recorded: u64,
    /// Those of mesos-audit itself, but for seals and ledgers: one that only tells of the other is no news.
    pub(super) own: u64,
    /// Decisions that are told as numbers only.
    pub(super) counted_only: u64,
}

/// A record could not be told: it panicked there, and left no trace.
#[derive(Debug)]
pub(super) struct Panicked {
    pub(super) place: String,
}

impl Stream {
    pub(super) fn new(origin: Origin, redactor: Redactor, format: Format, sealer: Option<Sealer>) -> Self {
        Self {
            origin,
            redactor,
            format,
            encoder: encoder(format),
            sealer,
            counts: Counts::default(),
            last_seal: None,
            id: String::new(),
            bytes: Vec::with_capacity(CAPACITY),
            chained: (0, 0),
            absorbed: 0,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn last_seal(&self) -> Option<LastSeal> {
        self.last_seal
    }

    /// Adds one event. If that panics, nothing was added.
    pub(super) fn push(&mut self, draft: Draft<'_>) {
        self.encode_whole(draft);
        self.chain();
    }

    /// Adds what `tell` makes of one record, all of it or nothing.
    pub(super) fn attempt(&mut self, tell: impl FnOnce(&mut dyn FnMut(Draft<'_>))) -> Result<(), Panicked> {
        let before = self.mark();
        let told = panics::caught(|| tell(&mut |draft| self.encode(draft)));
        if let Err(place) = told {
            self.back_to(before);
            return Err(Panicked { place });
        }
        self.chain();
        Ok(())
    }

    fn mark(&self) -> (usize, Counts) {
        (self.bytes.len(), self.counts)
    }

    /// Nothing half-encoded, and no number used.
    fn back_to(&mut self, (length, counts): (usize, Counts)) {
        self.bytes.truncate(length);
        self.counts = counts;
    }

    fn encode_whole(&mut self, draft: Draft<'_>) {
        let before = self.mark();
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.encode(draft))) {
            self.back_to(before);
            resume_unwind(payload);
        }
    }

    /// For the first event of a file.
    pub(super) fn header(&mut self, previous_file: Option<&Path>) -> Option<Chain> {
        self.sealer.as_mut().map(|sealer| sealer.header(previous_file))
    }

    /// Seals what is not sealed.
    pub(super) fn seal(&mut self, cause: Cause) {
        let sequence = self.counts.events + 1;
        self.absorb();
        let Some(seal) = self.sealer.as_ref().and_then(|sealer| sealer.seal(cause, sequence)) else { return };
        let start = self.bytes.len();
        let block = seal.block;
        let mut draft = Draft::new(Action::AuditSeal);
        let at = draft.timestamp;
        draft.mesos.audit = Some(Box::new(Audit { seal: Some(seal), ..Audit::default() }));
        self.encode_whole(draft);
        if let Some(sealer) = &mut self.sealer
            && self.counts.events == sequence
        {
            sealer.stamp(sequence, &mut self.bytes[start..]);
            self.chained = (self.bytes.len(), sequence);
            // A seal is not in a block's digest.
            self.absorbed = self.bytes.len();
            self.last_seal = Some(LastSeal { block, sequence, at });
        }
    }

    /// Seals what has waited long enough.
    pub(super) fn seal_due(&mut self) {
        if let Some(cause) = self.sealer.as_ref().and_then(|sealer| sealer.due(Instant::now())) {
            self.seal(cause);
        }
    }

    /// How long until a seal is due.
    pub(super) fn left(&self) -> Option<Duration> {
        let deadline = self.sealer.as_ref().and_then(Sealer::deadline)?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// Before a write: the key that sealed what is written must be gone from the state.
    pub(super) fn persist(&mut self, sync: bool) {
        if let Some(sealer) = &mut self.sealer
            && let Err(error) = sealer.persist(sync)
        {
            telemetry::StateNotWritten { path: sealer.state_path(), error: &error }.emit();
        }
    }

    /// So many bytes are written.
    pub(super) fn written(&mut self, count: usize) {
        self.absorb();
        if count == self.bytes.len() {
            self.bytes.clear();
            self.bytes.shrink_to(CAPACITY * 2);
        } else {
            self.bytes.drain(..count);
        }
        self.chained.0 = self.chained.0.saturating_sub(count);
        self.absorbed = self.absorbed.saturating_sub(count);
        if let Some(sealer) = self.sealer.as_mut().filter(|_| self.bytes.is_empty()) {
            sealer.wrote();
        }
    }

    /// While there is nothing else to do: the state says that all is written.
    pub(super) fn confirm(&mut self) {
        if let Some(sealer) = &mut self.sealer
            && let Err(error) = sealer.confirm()
        {
            telemetry::StateNotWritten { path: sealer.state_path(), error: &error }.emit();
        }
    }

    /// All that is written is on the disk.
    pub(super) fn synced(&mut self) {
        if let Some(sealer) = &mut self.sealer {
            sealer.synced();
        }
    }

    /// What is written may never be on the disk.
    pub(super) fn sync_failed(&mut self) {
        if let Some(sealer) = &mut self.sealer {
            sealer.sync_failed();
        }
    }

    /// Notes that the last seal is the last.
    pub(super) fn close(&mut self) {
        if let Some(sealer) = self.sealer.as_mut().filter(|_| self.bytes.is_empty())
            && let Err(error) = sealer.close()
        {
            telemetry::StateNotWritten { path: sealer.state_path(), error: &error }.emit();
        }
    }

    fn encode(&mut self, mut draft: Draft<'_>) {
        self.redactor.apply(&mut draft);
        let start = self.bytes.len();
        let action = draft.action;
        let decisions = draft.mesos.authz.as_ref().and_then(|authz| authz.counts);
        let counted = draft.mesos.counted.as_ref().map_or(0, |counted| counted.count);
        let mut event = self.origin.finish(draft, self.counts.events + 1, &mut self.id);
        self.encoder.encode(&mut event, &mut self.bytes);
        // What could not be encoded has no number either: a number without a line is a line that was removed.
        if self.bytes.len() > start {
            let counts = &mut self.counts;
            counts.events += 1;
            counts.bytes += (self.bytes.len() - start) as u64;
            counts.recorded += u64::from(action.is_of_mesos());
            counts.own += u64::from(
                !action.is_of_mesos() && !matches!(action, Action::AuditSeal | Action::AuditLedger),
            );
            counts.counted_only = counts.counted_only.saturating_add(counted);
            if let Some(decisions) = decisions {
                // What is counted was written by somebody else: it may be anything.
                let told = [decisions.allowed, decisions.denied, decisions.errors];
                counts.counted_only = told.into_iter().fold(counts.counted_only, u64::saturating_add);
            }
        }
    }

    /// Brings the lines that the sealer knows into its digest.
    fn absorb(&mut self) {
        if let Some(sealer) = &mut self.sealer {
            sealer.absorb(&self.bytes[self.absorbed..self.chained.0]);
            self.absorbed = self.chained.0;
        }
    }

    /// Tells the sealer what was encoded since the last time, and seals what has its size.
    fn chain(&mut self) {
        let Some(sealer) = &mut self.sealer else { return };
        let (at, sequence) = &mut self.chained;
        while *at < self.bytes.len() {
            let rest = &self.bytes[*at..];
            // Nearly always there is one record, and no need to look for its end.
            let is_last = self.counts.events == *sequence + 1;
            let record = if is_last { rest } else { self.format.first(rest) };
            // Noted one by one: after a panic none is told twice.
            *sequence += 1;
            *at += record.len();
            sealer.line(*sequence, record);
        }
        if sealer.is_full() {
            self.seal(Cause::Size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Config, encode::json::Json, event::AuditEvent, pipeline::origin::origin};

    /// Panics half way through the second event.
    struct Half(u32);

    impl Encode for Half {
        fn encode(&mut self, event: &mut AuditEvent<'_>, into: &mut Vec<u8>) {
            self.0 += 1;
            if self.0 == 2 {
                into.extend(b"{\"@timestamp\":");
                panic!("half way");
            }
            Json::default().encode(event, into);
        }
    }

    #[test]
    fn a_panic_in_the_middle_of_a_line_leaves_no_trace() {
        let origin = origin(&Config::default().service, "1.11.0");
        let mut stream = Stream::new(origin, Redactor::default(), Format::Json, None);
        stream.encoder = Box::new(Half(0));
        let push = |stream: &mut Stream| panics::caught(|| stream.push(Draft::new(Action::AuditLedger)));
        assert!(push(&mut stream).is_ok());
        let before = (stream.bytes().to_vec(), stream.counts());
        assert!(push(&mut stream).is_err());
        assert_eq!((stream.bytes().to_vec(), stream.counts()), before);
        assert!(push(&mut stream).is_ok());
        assert_eq!(stream.counts().events, 2);
        assert!(stream.bytes().split_inclusive(|byte| *byte == b'\n').all(|line| line.ends_with(b"}\n")));
    }
}
