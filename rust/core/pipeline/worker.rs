//! The worker thread: takes records from the queue, makes events of them, writes them.

mod output;

use std::{
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{
    health::{Announced, Health},
    inbox::{Inbox, Next},
    inject::{self, Place},
    judge::Judge,
    ledger::{DropReason, FaultKind, Ledger},
    relay::Relay,
    report,
    stream::{Panicked, Stream},
    syncing::Syncing,
};
use crate::{
    chain::Cause,
    config::Loaded,
    decode::{Callback, RawRecord},
    error::Error,
    health::LastSeal,
    panics,
    sink::Change,
};

/// Written in one go while more is coming. Large writes are several times cheaper per byte than small ones.
const WRITE_BYTES: usize = 256 * 1024;

/// Encoded events that may wait for an output that cannot be written. Then records are dropped, before they get
/// a number: numbers have no gaps.
const BACKLOG_BYTES: usize = 8 * 1024 * 1024;

/// How often such an output is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(250);

/// How often the sink is asked what is due while there is nothing to write.
const LOOK: Duration = Duration::from_secs(1);

/// How often while somebody waits for the end.
const END_LOOK: Duration = Duration::from_millis(5);

/// After a panic the worker waits before it goes on, twice as long after each that follows at once: one that always
/// panics must not take a processor for itself.
const FIRST_REST: Duration = Duration::from_millis(1);
const LONGEST_REST: Duration = Duration::from_secs(1);

/// So many panics in a row, and it no longer tries to end well: the end of the process waits for it.
const LAST_TRIES: u32 = 8;

pub(super) struct Worker {
    ledger: Arc<Ledger>,
    stream: Stream,
    relay: Relay,
    syncing: Syncing,
    /// Records whose events are in the stream: settled when it is written.
    waiting: u64,
    /// Behind all records that were taken from the queue.
    taken: u64,
    /// Set while the output cannot be written.
    retry_at: Option<Instant>,
    announced: Announced,
    health: Health,
    /// Not yet announced.
    sync_failures: u64,
    /// Panics that are not yet announced, and where the last one was.
    restarts: (u64, String),
    /// When the writer was here last: bytes that it could not write, bytes of all its seals, and the last of them.
    owed: usize,
    sealed: (u64, Option<LastSeal>),
    judge: Judge,
    /// A file of which the header is not told: why it began, and where the one before it is now.
    begun: Option<(Change, Option<PathBuf>)>,
    /// Something was dropped here that the stream does not tell yet.
    untold: bool,
}

impl Worker {
    pub(super) fn new(
        ledger: Arc<Ledger>,
        stream: Stream,
        relay: Relay,
        syncing: Syncing,
        health: Health,
        judge: Judge,
    ) -> Self {
        Self {
            ledger,
            stream,
            relay,
            syncing,
            waiting: 0,
            taken: 0,
            retry_at: None,
            announced: Default::default(),
            health,
            sync_failures: 0,
            restarts: Default::default(),
            owed: 0,
            sealed: Default::default(),
            judge,
            begun: None,
            untold: false,
        }
    }

    /// Writes the first event.
    pub(super) fn open(&mut self, loaded: &Loaded) -> Result<(), Error> {
        let chain = self.writer().header(None);
        self.stream.push(report::opened(loaded, self.judge.policy(), chain));
        // At once: no file is ever without a seal, so one without is no file of ours.
        self.stream.seal(Cause::Start);
        let batches = self.stream.take();
        let writer = self.writer();
        writer.add(batches);
        writer.write().map_err(|error| Error::new(error).key("output.path").file(writer.sink.name()))?;
        self.look_at_writer();
        self.show(false);
        Ok(())
    }

    /// Until the queue is closed and empty.
    pub(super) fn run(&mut self, inbox: &mut Inbox) {
        let mut in_a_row = 0;
        loop {
            match panics::caught(|| self.turn(inbox)) {
                Ok(true) => in_a_row = 0,
                Ok(false) => return,
                // The stream holds whole lines still, so the next turn can go on.
                Err(place) => {
                    self.account_for(place, inbox);
                    in_a_row += 1;
                    if in_a_row >= LAST_TRIES && inbox.is_closed() {
                        return;
                    }
                    thread::sleep((FIRST_REST * (1 << (in_a_row - 1).min(16))).min(LONGEST_REST));
                }
            }
        }
    }

    /// What the panic has cost: the records that were taken and are nowhere now.
    fn account_for(&mut self, place: String, inbox: &Inbox) {
        let lost = self.ledger.in_hand(self.waiting + self.relay.away().waiting);
        if lost > 0 {
            self.ledger.drop_some(DropReason::Panic, lost);
            self.untold = true;
            self.ledger.settle(lost);
            self.syncing.lost(inbox.end());
        }
        self.restarts = (self.restarts.0 + 1, place);
    }

    /// Takes one thing from the queue. Nothing stays in memory while there is nothing to take.
    fn turn(&mut self, inbox: &mut Inbox) -> bool {
        self.begin_file();
        // What was handed out before this look is encoded by now.
        self.taken = inbox.end();
        let mut next = inbox.poll();
        if matches!(next, Next::Empty) {
            self.settle_up();
            next = inbox.wait(Some(self.patience()));
        }
        match next {
            Next::Record(record) => {
                if !self.take(record) {
                    self.syncing.lost(inbox.end());
                }
            }
            Next::Wake | Next::Empty => self.announce(),
            Next::Closed => {
                self.tell_all();
                self.writer().sink.ending();
                self.settle_up();
                self.tell_ledger();
                self.writer().sink.ending();
                self.stream.seal(Cause::End);
                self.write();
                self.writer().close();
                self.show(true);
                return false;
            }
        }
        if self.stream.len() >= WRITE_BYTES && self.retry_at.is_none_or(|time| Instant::now() >= time) {
            self.pass_on();
            // There may be no idle moment for hours.
            self.look_after();
        }
        true
    }

    /// Everything written and everything told. First the writing: a full backlog has no room for what is to
    /// be told.
    fn settle_up(&mut self) {
        if self.ledger.is_ending() {
            self.writer().sink.ending();
        }
        self.write();
        self.announce();
        self.tell_counted();
        self.look_after();
        self.stream.seal_due();
        self.write();
        self.writer().confirm();
    }

    /// The queue is empty, and somebody waits for all that there is.
    fn tell_counted(&mut self) {
        // What was deleted must have been copied.
        if self.ledger.is_ending() && self.has_room() && self.writer().sink.ending() {
            // Settled when it is written.
            self.ledger.take_one();
            self.waiting += 1;
            self.tell_all();
            self.ledger.end(false);
        }
    }

    /// What was only counted.
    fn tell_all(&mut self) {
        self.judge.tell_all(|draft| self.stream.push(draft));
    }

    /// Another policy, ledger and status, where they are due.
    fn look_after(&mut self) {
        if self.has_room() {
            self.judge.look(|draft| self.stream.push(draft));
        }
        if self.health.is_due(self.counts()) {
            self.announce();
            self.tell_ledger();
        }
        self.show(false);
    }

    /// What it tells of losses is what the stream has told: who counts along must come to the same.
    fn tell_ledger(&mut self) {
        if self.has_room() {
            let mut told = self.health.tell(self.counts(), &self.announced);
            told.suppressed = self.judge.suppressed();
            self.stream.push(report::ledger(told));
        }
    }

    /// How long the worker may wait for the next record.
    fn patience(&self) -> Duration {
        let retry = self.retry_at.map(|_| TRY_AGAIN);
        let ending = self.ledger.is_ending().then_some(END_LOOK);
        [retry, ending, self.syncing.left(), self.stream.left()]
            .into_iter()
            .flatten()
            .fold(LOOK, Duration::min)
    }

    /// Puts a record's events into the stream. Tells whether they are there; if not, the loss is counted.
    fn take(&mut self, record: RawRecord<'_>) -> bool {
        inject::here(&self.ledger, Place::Taken);
        if !self.has_room() {
            self.ledger.drop_one(DropReason::WriteFailed);
            self.ledger.settle(1);
            self.untold = true;
            return false;
        }
        // Before anything that came after it: a SIGKILL must find no gap that nothing tells of.
        if std::mem::take(&mut self.untold) {
            self.announce();
        }
        let ledger = &*self.ledger;
        let judge = &mut self.judge;
        let told = self.stream.attempt(|stream| {
            let plain = judge.plain(record);
            if !plain.is_some_and(|(plain, policy)| stream.plain(&plain, &policy)) {
                judge.tell(record, &mut |draft| stream.draft(draft));
            }
            inject::here(ledger, Place::Telling);
        });
        if let Err(Panicked { place }) = told {
            self.ledger.fault(
                record.callback,
                FaultKind::Panic,
                &format!("{place}, while its record was read"),
            );
            self.ledger.drop_one(DropReason::Panic);
            self.ledger.settle(1);
            self.untold = true;
            return false;
        }
        self.waiting += 1;
        if record.callback == Callback::LogLine {
            self.judge.tell_after_line(|draft| self.stream.push(draft));
        }
        inject::here(&self.ledger, Place::Told);
        true
    }

    /// Tells what the ledger has that the stream does not. Noted as told when it is: after a panic, it comes again.
    fn announce(&mut self) {
        inject::here(&self.ledger, Place::Announcing);
        for (index, reason) in DropReason::ALL.into_iter().enumerate() {
            let total = self.ledger.dropped(reason);
            let count = total - self.announced[index];
            if count > 0 && self.has_room() {
                self.stream.push(report::dropped(count, reason.name()));
                self.announced[index] = total;
            }
        }
        if self.sync_failures > 0 {
            self.stream.push(report::sync_failed(self.sync_failures));
            self.sync_failures = 0;
        }
        if self.restarts.0 > 0 {
            self.stream.push(report::restarted(&self.restarts));
            // The ledger tells those that the stream has told, as it does with losses.
            self.health.restarted(std::mem::take(&mut self.restarts).0);
        }
        if self.has_room() {
            self.judge.tell_repeats(|draft| self.stream.push(draft));
        }
        report::faults(&self.ledger, |draft| self.stream.push(draft));
    }
}
