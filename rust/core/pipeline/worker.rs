//! The worker thread: decodes, numbers, encodes, writes.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    ledger::{DropReason, FaultKind, Ledger},
    queue::{Inbox, Next},
};
use crate::{
    chain::{Cause, Sealer},
    config::Loaded,
    decode::{RawRecord, decode},
    encode::Encode,
    error::Error,
    event::{
        Action, Draft, Origin, ecs,
        mesos::{Audit, Config, Dropped, Fault},
    },
    sink::Sink,
    telemetry,
};

/// Written in one go while more is coming. Large writes are several times cheaper per byte than small ones.
const WRITE_BYTES: usize = 256 * 1024;

/// Encoded events that may wait for an output that cannot be written. Then records are dropped, before they
/// get a number: numbers have no gaps.
const BACKLOG_BYTES: usize = 8 * 1024 * 1024;

/// How often such an output is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(250);

pub(super) struct Worker {
    inbox: Inbox,
    ledger: Arc<Ledger>,
    origin: Origin,
    encoder: Box<dyn Encode>,
    sink: Box<dyn Sink>,
    sealer: Option<Sealer>,
    sequence: u64,
    /// Encoded, not yet written.
    buffer: Vec<u8>,
    /// The sealer knows `buffer` up to here, and the numbers up to there.
    chained: (usize, u64),
    /// Records in `buffer`: settled when it is written.
    waiting: u64,
    /// Set while the output cannot be written.
    retry_at: Option<Instant>,
    announced: [u64; DropReason::ALL.len()],
}

impl Worker {
    pub(super) fn new(
        inbox: Inbox,
        ledger: Arc<Ledger>,
        origin: Origin,
        encoder: Box<dyn Encode>,
        sink: Box<dyn Sink>,
        sealer: Option<Sealer>,
    ) -> Self {
        Self {
            inbox,
            ledger,
            origin,
            encoder,
            sink,
            sealer,
            sequence: 0,
            chained: (0, 0),
            buffer: Vec::with_capacity(WRITE_BYTES + WRITE_BYTES / 4),
            waiting: 0,
            retry_at: None,
            announced: Default::default(),
        }
    }

    /// Writes the first event.
    pub(super) fn open(&mut self, loaded: &Loaded) -> Result<(), Error> {
        let mut draft = Draft::new(Action::AuditLogOpened);
        draft.mesos.audit = Some(Audit {
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            config: Some(Config {
                path: loaded.path.as_ref().map(|path| path.display().to_string()),
                sha256: loaded.sha256.clone(),
            }),
            chain: self.sealer.as_mut().map(|sealer| sealer.header(None)),
            ..Audit::default()
        });
        self.push(draft);
        // At once: no file is ever without a seal, so one without is no file of ours.
        self.seal(Cause::Start);
        self.persist();
        while !self.buffer.is_empty() {
            let written = self
                .sink
                .write(&self.buffer)
                .map_err(|error| Error::new(error).key("output.path").file(self.sink.name()))?;
            self.drain(written);
        }
        self.wrote();
        Ok(())
    }

    /// Until the queue is closed and empty.
    pub(super) fn run(&mut self) {
        loop {
            match catch_unwind(AssertUnwindSafe(|| self.turn())) {
                Ok(true) => {}
                Ok(false) => return,
                // A panic outside of `tell`: what is encoded is whole lines still, so the next turn can go
                // on.
                Err(payload) => drop_quietly(payload),
            }
        }
    }

    /// Takes one thing from the queue. Nothing stays in memory while there is nothing to take.
    fn turn(&mut self) -> bool {
        let mut next = self.inbox.poll();
        if matches!(next, Next::Empty) {
            self.settle_up();
            next = self.inbox.wait(self.patience());
        }
        match next {
            Next::Record(record) => self.take(&record),
            Next::Wake | Next::Empty => self.announce(),
            Next::Closed => {
                self.settle_up();
                self.end();
                return false;
            }
        }
        if self.buffer.len() >= WRITE_BYTES && self.retry_at.is_none_or(|time| Instant::now() >= time) {
            self.write();
        }
        true
    }

    /// Everything written and everything told. First the writing: a full backlog has no room for what is to
    /// be told.
    fn settle_up(&mut self) {
        self.write();
        self.announce();
        if let Some(cause) = self.sealer.as_ref().and_then(|sealer| sealer.due(Instant::now())) {
            self.seal(cause);
        }
        self.write();
    }

    /// How long the worker may wait for the next record. None: as long as it takes.
    fn patience(&self) -> Option<Duration> {
        let seal = self.sealer.as_ref().and_then(Sealer::deadline);
        let seal = seal.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        [seal, self.retry_at.map(|_| TRY_AGAIN)].into_iter().flatten().min()
    }

    /// The last seal, and the note that it is the last.
    fn end(&mut self) {
        self.seal(Cause::End);
        self.write();
        if let Some(sealer) = &mut self.sealer
            && self.buffer.is_empty()
            && let Err(error) = sealer.close()
        {
            telemetry::StateNotWritten { path: sealer.state_path(), error: &error }.emit();
        }
    }

    /// Tells the sealer what was encoded since the last time, and seals what has its size. Only of what stays: a
    /// record that panics half way is taken back.
    fn chain(&mut self) {
        let Some(sealer) = &mut self.sealer else { return };
        let (mut at, mut sequence) = self.chained;
        for line in self.buffer[at..].split_inclusive(|byte| *byte == b'\n') {
            sequence += 1;
            at += line.len();
            sealer.line(sequence, line);
        }
        self.chained = (at, sequence);
        if sealer.is_full() {
            self.seal(Cause::Size);
        }
    }

    fn seal(&mut self, cause: Cause) {
        // Before what is not chained yet has a number, none of it can be sealed.
        if self.chained.1 != self.sequence {
            self.chain();
        }
        let sequence = self.sequence + 1;
        let Some(seal) = self.sealer.as_ref().and_then(|sealer| sealer.seal(cause, sequence)) else { return };
        let start = self.buffer.len();
        let mut draft = Draft::new(Action::AuditSeal);
        draft.mesos.audit = Some(Audit { seal: Some(seal), ..Audit::default() });
        self.encode(draft);
        if let Some(sealer) = &mut self.sealer
            && self.sequence == sequence
        {
            sealer.stamp(sequence, &mut self.buffer[start..]);
            self.chained = (self.buffer.len(), sequence);
        }
    }

    fn persist(&mut self) {
        if let Some(sealer) = &mut self.sealer
            && let Err(error) = sealer.persist(false)
        {
            telemetry::StateNotWritten { path: sealer.state_path(), error: &error }.emit();
        }
    }

    fn wrote(&mut self) {
        if let Some(sealer) = &mut self.sealer {
            sealer.wrote();
        }
    }

    fn take(&mut self, record: &RawRecord) {
        if self.buffer.len() >= BACKLOG_BYTES {
            self.ledger.drop_one(DropReason::WriteFailed);
            self.ledger.settle(1);
            return;
        }
        self.waiting += 1;
        self.chain();
        let whole = self.buffer.len();
        let sequence = self.sequence;
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.tell(record))) {
            drop_quietly(payload);
            // Nothing half-encoded, and no number used.
            self.buffer.truncate(whole);
            self.sequence = sequence;
            self.ledger.fault(record.callback, FaultKind::Panic, "while its record was read");
        }
        self.chain();
    }

    fn tell(&mut self, record: &RawRecord) {
        match decode(record) {
            Ok(drafts) => {
                for draft in drafts {
                    self.encode(draft);
                }
            }
            Err(error) => {
                let mut draft = Draft::new(Action::AuditRecordUnreadable);
                draft.timestamp = record.timestamp;
                draft.mesos.callback = Some(record.callback.method().to_owned());
                draft.error = Some(ecs::Error { message: error.to_string() });
                self.encode(draft);
            }
        }
    }

    fn push(&mut self, draft: Draft) {
        self.encode(draft);
        self.chain();
    }

    fn encode(&mut self, draft: Draft) {
        let start = self.buffer.len();
        let mut event = self.origin.finish(draft, self.sequence + 1);
        self.encoder.encode(&mut event, &mut self.buffer);
        // What could not be encoded has no number either: a number without a line is a line that was removed.
        if self.buffer.len() > start {
            self.sequence += 1;
        }
    }

    /// Tells what the ledger has that the stream does not.
    fn announce(&mut self) {
        for (index, reason) in DropReason::ALL.into_iter().enumerate() {
            let total = self.ledger.dropped(reason);
            let count = total - self.announced[index];
            if count == 0 || self.buffer.len() >= BACKLOG_BYTES {
                continue;
            }
            self.announced[index] = total;
            telemetry::EventsDropped { count, reason: reason.name() }.emit();
            let mut draft = Draft::new(Action::AuditEventsDropped);
            draft.mesos.audit = Some(Audit {
                dropped: Some(Dropped { count, reason: reason.name().to_owned() }),
                ..Audit::default()
            });
            self.push(draft);
        }
        for fault in self.ledger.take_faults() {
            telemetry::CallbackFailed {
                callback: fault.callback.method(),
                kind: fault.kind.name(),
                detail: &fault.detail,
            }
            .emit();
            let mut draft = Draft::new(Action::AuditCallbackFailed);
            draft.mesos.callback = Some(fault.callback.method().to_owned());
            draft.mesos.component = fault.callback.component();
            draft.error = Some(ecs::Error { message: fault.detail });
            draft.mesos.audit = Some(Audit {
                fault: Some(Fault { kind: fault.kind.name().to_owned(), count: fault.count }),
                ..Audit::default()
            });
            self.push(draft);
        }
    }

    /// Writes what is encoded. What cannot be written stays, and comes first the next time.
    fn write(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        self.persist();
        let mut written = 0;
        while written < self.buffer.len() {
            match self.sink.write(&self.buffer[written..]) {
                Ok(0) => return self.failed(written, &std::io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return self.failed(written, &error),
            }
        }
        self.drain(written);
        self.wrote();
        self.buffer.shrink_to(WRITE_BYTES * 2);
        self.ledger.settle(std::mem::take(&mut self.waiting));
        if self.retry_at.take().is_some() {
            telemetry::WriteRecovered { path: self.sink.name() }.emit();
        }
    }

    fn drain(&mut self, written: usize) {
        self.buffer.drain(..written);
        self.chained.0 = self.chained.0.saturating_sub(written);
    }

    fn failed(&mut self, written: usize, error: &std::io::Error) {
        self.drain(written);
        if self.retry_at.replace(Instant::now() + TRY_AGAIN).is_none() {
            telemetry::WriteFailed { path: self.sink.name(), error }.emit();
        }
    }
}

/// A panic's payload can panic itself when it is dropped.
fn drop_quietly(payload: Box<dyn std::any::Any + Send>) {
    std::mem::forget(payload);
}
