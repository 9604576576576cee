//! The stream of events before it is written: numbered, encoded, and cut into blocks.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::{Duration, Instant},
};

use super::batch::{Batch, Cut, Mark};
use crate::{
    chain::{BLOCK_BYTES, Block, Cause},
    clock::Timestamp,
    decode::plain::Plain,
    encode::{Encode, encoder},
    event::{Action, Draft, Origin, mesos::Applied},
    format::Format,
    panics,
    redact::Redactor,
};

/// Room for a block, for the record that goes over it, and for its seal.
const BATCH_BYTES: usize = BLOCK_BYTES + 16 * 1024;

/// What is larger is not kept for another use: more than a batch has even where nothing is sealed.
pub(super) const SPARE_BYTES: usize = 512 * 1024;

/// Emptied batches that are kept: as many as are under way while the output works.
pub(super) const MOST_SPARE: usize = 8;

/// Whole records that nobody has taken yet.
pub(super) struct Stream {
    origin: Origin,
    redactor: Redactor,
    encoder: Box<dyn Encode>,
    counts: Counts,
    /// Where an event's id is put together, again and again.
    id: String,
    /// Each with a seal to come at its end.
    ended: Vec<Batch>,
    /// The bytes of these.
    ended_bytes: usize,
    /// What comes now goes here.
    open: Batch,
    /// What is since the last seal; none where nothing is sealed.
    block: Option<Block>,
    /// How old its first record may become.
    interval: Duration,
    spare: Vec<Batch>,
}

/// What was encoded so far in this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Events: the last one's sequence number.
    pub(super) events: u64,
    /// Without seals: they are made later.
    pub(super) bytes: u64,
    /// Those of Mesos.
    pub(super) recorded: u64,
    /// Those of mesos-audit itself, but for ledgers, and for seals, which are made later: one that only tells of the other
    /// is no news.
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
    /// `sealed` is how old a block may become, where there are any.
    pub(super) fn new(origin: Origin, redactor: Redactor, format: Format, sealed: Option<Duration>) -> Self {
        Self {
            origin,
            redactor,
            encoder: encoder(format),
            counts: Counts::default(),
            id: String::new(),
            ended: Vec::new(),
            ended_bytes: 0,
            open: Batch::with_capacity(BATCH_BYTES),
            block: sealed.map(|_| Block::default()),
            interval: sealed.unwrap_or_default(),
            spare: Vec::new(),
        }
    }

    /// Bytes that nobody has taken.
    pub(super) fn len(&self) -> usize {
        self.ended_bytes + self.open.bytes.len()
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Adds one event. If that panics, nothing was added.
    pub(super) fn push(&mut self, draft: Draft<'_>) {
        let before = self.mark();
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.draft(draft))) {
            self.back_to(before);
            resume_unwind(payload);
        }
        self.block_grows(before.0);
    }

    /// Adds what `tell` makes of one record, by [`Stream::draft`] and [`Stream::plain`]: all of it or nothing.
    pub(super) fn attempt(&mut self, tell: impl FnOnce(&mut Self)) -> Result<(), Panicked> {
        let before = self.mark();
        let told = panics::caught(|| tell(self));
        if let Err(place) = told {
            self.back_to(before);
            return Err(Panicked { place });
        }
        self.block_grows(before.0);
        Ok(())
    }

    /// Has the block sealed that is open, unless there is nothing to seal; an end always is.
    pub(super) fn seal(&mut self, cause: Cause) {
        let Some(block) = &mut self.block else { return };
        if block.is_empty() && !matches!(cause, Cause::Rotation | Cause::End) {
            return;
        }
        *block = Block::default();
        self.counts.events += 1;
        self.open.cut = Some(Cut { cause, sequence: self.counts.events, at: Timestamp::now() });
        self.end_batch();
    }

    /// Has it sealed if it has waited long enough.
    pub(super) fn seal_due(&mut self) {
        if self.left() == Some(Duration::ZERO) {
            self.seal(Cause::Time);
        }
    }

    /// How long until a seal is due.
    pub(super) fn left(&self) -> Option<Duration> {
        let deadline = self.block?.deadline(self.interval)?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// All that there is.
    pub(super) fn take(&mut self) -> Vec<Batch> {
        if self.open.has_records() {
            self.end_batch();
        }
        self.ended_bytes = 0;
        std::mem::take(&mut self.ended)
    }

    /// Does a part of what the writer would do with these. Tells whether there was any.
    pub(super) fn help_writer(&mut self) -> bool {
        self.ended.iter_mut().any(Batch::digest)
    }

    /// Memory for what comes.
    pub(super) fn reuse(&mut self, spare: impl Iterator<Item = Batch>) {
        self.spare.extend(spare);
        self.spare.truncate(MOST_SPARE);
    }

    fn end_batch(&mut self) {
        let next = self.spare.pop().unwrap_or_else(|| Batch::with_capacity(BATCH_BYTES));
        self.ended_bytes += self.open.bytes.len();
        self.ended.push(std::mem::replace(&mut self.open, next));
    }

    fn mark(&self) -> (Mark, Counts) {
        (self.open.mark(), self.counts)
    }

    /// Nothing half-encoded, and no number used.
    fn back_to(&mut self, (mark, counts): (Mark, Counts)) {
        self.open.back_to(mark);
        self.counts = counts;
    }

    /// Encodes one event. For [`Stream::attempt`].
    pub(super) fn draft(&mut self, mut draft: Draft<'_>) {
        self.redactor.apply(&mut draft);
        let start = self.open.bytes.len();
        let action = draft.action;
        let decisions = draft.mesos.authz.as_ref().and_then(|authz| authz.counts);
        let counted = draft.mesos.counted.as_ref().map_or(0, |counted| counted.count);
        let mut event = self.origin.finish(draft, self.counts.events + 1, &mut self.id);
        self.encoder.encode(&mut event, &mut self.open.bytes);
        // What could not be encoded has no number either: a number without a line is a line that was removed.
        if self.open.bytes.len() > start {
            let counts = &mut self.counts;
            counts.events += 1;
            counts.bytes += (self.open.bytes.len() - start) as u64;
            counts.recorded += u64::from(action.is_of_mesos());
            counts.own += u64::from(!action.is_of_mesos() && action != Action::AuditLedger);
            counts.counted_only = counts.counted_only.saturating_add(counted);
            if let Some(decisions) = decisions {
                // What is counted was written by somebody else: it may be anything.
                let told = [decisions.allowed, decisions.denied, decisions.errors];
                counts.counted_only = told.into_iter().fold(counts.counted_only, u64::saturating_add);
            }
            self.open.record(counts.events);
        }
    }

    /// Encodes a decision without making an event of it. Tells whether that could be done; if not, it left no trace. For
    /// [`Stream::attempt`].
    pub(super) fn plain(&mut self, plain: &Plain<'_>, policy: &Applied<'_>) -> bool {
        let (start, sequence) = (self.open.bytes.len(), self.counts.events + 1);
        if !self.redactor.leaves(plain)
            || !self.encoder.plain(plain, policy, &self.origin, sequence, &mut self.open.bytes)
        {
            return false;
        }
        self.counts.events = sequence;
        self.counts.bytes += (self.open.bytes.len() - start) as u64;
        self.counts.recorded += 1;
        self.open.record(sequence);
        true
    }

    /// What came after the mark belongs to the block, which is sealed when it has its size.
    fn block_grows(&mut self, before: Mark) {
        let Some(block) = &mut self.block else { return };
        let after = self.open.mark();
        block.add(after.records - before.records, after.bytes - before.bytes);
        if block.is_full() {
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
        let before = (stream.open.bytes.clone(), stream.counts());
        assert!(push(&mut stream).is_err());
        assert_eq!((stream.open.bytes.clone(), stream.counts()), before);
        assert!(push(&mut stream).is_ok());
        assert_eq!(stream.counts().events, 2);
        let batches = stream.take();
        let lines = batches[0].bytes.split_inclusive(|byte| *byte == b'\n');
        assert!(batches.len() == 1 && lines.into_iter().all(|line| line.ends_with(b"}\n")));
    }
}
