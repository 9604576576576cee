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
    clock::Timestamp,
    config::Loaded,
    decode::{RawRecord, decode},
    encode::Encode,
    error::Error,
    event::{
        Action, Draft, Origin, ecs,
        mesos::{Audit, Config, Dropped, Fault, LogFile},
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

/// How often the sink is asked what is due while there is nothing to write.
const LOOK: Duration = Duration::from_secs(1);

pub(super) struct Worker {
    inbox: Inbox,
    ledger: Arc<Ledger>,
    origin: Origin,
    encoder: Box<dyn Encode>,
    sink: Box<dyn Sink>,
    sequence: u64,
    /// Where an event's id is put together, again and again.
    id: String,
    /// Encoded, not yet written.
    buffer: Vec<u8>,
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
    ) -> Self {
        Self {
            inbox,
            ledger,
            origin,
            encoder,
            sink,
            sequence: 0,
            id: String::new(),
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
            version: Some(env!("CARGO_PKG_VERSION").into()),
            config: Some(Config {
                path: loaded.path.as_ref().map(|path| path.display().to_string().into()),
                sha256: loaded.sha256.as_str().into(),
            }),
            file: Some(LogFile { reason: "start".into(), previous: None }),
            ..Audit::default()
        });
        self.push(draft);
        while !self.buffer.is_empty() {
            let written = self
                .sink
                .write(&self.buffer)
                .map_err(|error| Error::new(error).key("output.path").file(self.sink.name()))?;
            self.buffer.drain(..written);
        }
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
            next = self.inbox.wait(Some(self.retry_at.map_or(LOOK, |_| TRY_AGAIN)));
        }
        match next {
            Next::Record(timestamp, callback, fields) => {
                self.take(RawRecord { timestamp, callback, fields: &fields });
            }
            Next::Wake | Next::Empty => self.announce(),
            Next::Closed => {
                self.settle_up();
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
        self.write();
    }

    fn take(&mut self, record: RawRecord<'_>) {
        if self.buffer.len() >= BACKLOG_BYTES {
            self.ledger.drop_one(DropReason::WriteFailed);
            self.ledger.settle(1);
            return;
        }
        self.waiting += 1;
        let whole = self.buffer.len();
        let sequence = self.sequence;
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.tell(record))) {
            drop_quietly(payload);
            // Nothing half-encoded, and no number used.
            self.buffer.truncate(whole);
            self.sequence = sequence;
            self.ledger.fault(record.callback, FaultKind::Panic, "while its record was read");
        }
    }

    fn tell(&mut self, record: RawRecord<'_>) {
        if let Err(error) = decode(record, |draft| self.push(draft)) {
            let mut draft = Draft::new(Action::AuditRecordUnreadable);
            draft.timestamp = record.timestamp;
            draft.mesos.callback = Some(record.callback.method().into());
            draft.error = Some(ecs::Error { message: error.to_string().into() });
            self.push(draft);
        }
    }

    fn push(&mut self, draft: Draft<'_>) {
        self.sequence += 1;
        let mut event = self.origin.finish(draft, self.sequence, &mut self.id);
        self.encoder.encode(&mut event, &mut self.buffer);
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
                dropped: Some(Dropped { count, reason: reason.name().into() }),
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
            draft.mesos.callback = Some(fault.callback.method().into());
            draft.mesos.component = fault.callback.component();
            draft.error = Some(ecs::Error { message: fault.detail.into() });
            draft.mesos.audit = Some(Audit {
                fault: Some(Fault { kind: fault.kind.name().into(), count: fault.count }),
                ..Audit::default()
            });
            self.push(draft);
        }
    }

    /// Writes what is encoded, and turns to another file where that is due.
    fn write(&mut self) {
        if let Some(change) = self.sink.due(Timestamp::now()) {
            // What is numbered already belongs to the file that ends.
            self.flush();
            if !self.buffer.is_empty() {
                return;
            }
            // If it fails the sink has told, and asks again.
            if let Ok(changed) = self.sink.change(change) {
                let mut draft = Draft::new(Action::AuditLogOpened);
                let previous = changed.closed.map(|path| path.display().to_string());
                draft.mesos.audit = Some(Audit {
                    version: Some(env!("CARGO_PKG_VERSION").into()),
                    file: Some(LogFile { reason: change.name().into(), previous: previous.map(Into::into) }),
                    ..Audit::default()
                });
                self.push(draft);
            }
        }
        self.flush();
    }

    /// Writes what is encoded. What cannot be written stays, and comes first the next time.
    fn flush(&mut self) {
        let mut written = 0;
        while written < self.buffer.len() {
            match self.sink.write(&self.buffer[written..]) {
                Ok(0) => return self.failed(written, &std::io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return self.failed(written, &error),
            }
        }
        self.buffer.clear();
        self.buffer.shrink_to(WRITE_BYTES * 2);
        self.ledger.settle(std::mem::take(&mut self.waiting));
        if self.retry_at.take().is_some() {
            telemetry::WriteRecovered { path: self.sink.name() }.emit();
        }
    }

    fn failed(&mut self, written: usize, error: &std::io::Error) {
        self.buffer.drain(..written);
        if self.retry_at.replace(Instant::now() + TRY_AGAIN).is_none() {
            telemetry::WriteFailed { path: self.sink.name(), error }.emit();
        }
    }
}

/// A panic's payload can panic itself when it is dropped.
fn drop_quietly(payload: Box<dyn std::any::Any + Send>) {
    std::mem::forget(payload);
}
