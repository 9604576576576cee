//! From a callback to the sink: the one place that knows all the steps.
//!
//! Mesos's threads see [`Pipeline::submit`] only, which copies bytes into a ring. All else happens
//! on the worker thread, and, while many records wait, on one more that it sends the writer to.

mod batch;
mod durable;
mod health;
mod inbox;
mod inject;
mod judge;
mod large;
mod ledger;
mod origin;
mod queue;
mod relay;
mod repeats;
mod report;
mod requests;
mod ring;
mod signal;
mod stream;
mod syncing;
mod worker;
mod writer;

use std::{
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use durable::Durable;
use health::Health;
pub use inject::Place;
use judge::Judge;
pub use ledger::{DropReason, FaultKind, Ledger};
use queue::Queue;
use relay::Relay;
use repeats::Repeats;
use requests::Requests;
use stream::Stream;
use syncing::Syncing;
use worker::Worker;
use writer::Writer;

use crate::{
    chain::Sealer,
    clock::Timestamp,
    config::Loaded,
    decode::Callback,
    error::Error,
    policy::{Governor, Table},
    redact::Redactor,
    sink::{Sink, file::FileSink},
};

/// A running pipeline. Dropping it writes what waits and stops the worker.
#[derive(Debug)]
pub struct Pipeline {
    queue: Option<Queue>,
    ledger: Arc<Ledger>,
    durable: Arc<Durable>,
    policy: Arc<Table>,
    requests: Arc<Requests>,
    worker: Option<JoinHandle<()>>,
}

impl Pipeline {
    /// Opens the output and starts the worker. When it returns, the first event is in the file: an output
    /// that cannot be written is found out here.
    ///
    /// # Errors
    /// The output cannot be opened or written, or no thread can be made.
    pub fn start(loaded: &Loaded, mesos_version: &str) -> Result<Self, Error> {
        let origin = origin::origin(&loaded.config.service, mesos_version);
        let path =
            loaded.config.output.path_for(&origin.service.name, &origin.host.name, origin.process.pid)?;
        let sink = FileSink::open(&path, &loaded.config.output, &origin.process.entity_id)?;
        // After the sink: the log is ours then, and its last line whole.
        let sealer = Sealer::open(&loaded.config.integrity, &path, &origin.process.entity_id)?;
        let status = loaded.config.health.state_for(&path);
        Self::start_with(loaded, origin, Box::new(sink), sealer, Some((status, path)))
    }

    fn start_with(
        loaded: &Loaded,
        origin: crate::event::Origin,
        sink: Box<dyn Sink>,
        sealer: Option<Sealer>,
        status: Option<(PathBuf, PathBuf)>,
    ) -> Result<Self, Error> {
        let ledger = Arc::new(Ledger::default());
        let (queue, mut inbox) = Queue::new(&loaded.config.queue, Arc::clone(&ledger))?;
        let durable = Arc::new(Durable::default());
        let requests =
            Arc::new(Requests::new(&origin.process.entity_id, loaded.config.authorization.http_request_id));
        let syncing = Syncing::new(&loaded.config.output, Arc::clone(&durable));
        let health = Health::new(&loaded.config, Arc::clone(&ledger), &origin, status);
        let format = loaded.config.output.format;
        let sealed = sealer.as_ref().map(|_| Duration::from_millis(loaded.config.integrity.seal_ms));
        let stream = Stream::new(origin.clone(), Redactor::open(&loaded.config.redact)?, format, sealed);
        let writer = Writer::new(Arc::clone(&ledger), origin, format, sealer, sink, syncing.is_strict());
        let governor = Governor::new(loaded)?;
        let policy = governor.table();
        let judge = Judge::new(Repeats::new(&loaded.config.errors), governor, Arc::clone(&requests));
        let mut worker =
            Worker::new(Arc::clone(&ledger), stream, Relay::new(writer)?, syncing, health, judge);
        worker.open(loaded)?;
        let worker = thread::Builder::new()
            .name("mesos-audit".to_owned())
            .spawn(move || worker.run(&mut inbox))
            .map_err(|error| Error::new(format!("cannot start a thread: {error}")))?;
        Ok(Self { queue: Some(queue), ledger, durable, policy, requests, worker: Some(worker) })
    }

    /// Hands over one record: `fields` are a `Record` of schema/record.proto, serialised. May be called on any
    /// thread; holds it no longer than the configured deadline, and never fails: what finds no room is counted
    /// and announced in the stream.
    #[inline]
    pub fn submit(&self, timestamp: Timestamp, callback: Callback, fields: &[u8]) {
        match &self.queue {
            Some(queue) => queue.submit(timestamp, callback, fields),
            None => self.ledger.drop_one(DropReason::Stopped),
        }
    }

    /// What becomes of authorization decisions before anything is recorded. May be asked on any thread.
    #[inline]
    #[must_use]
    pub fn policy(&self) -> &Table {
        &self.policy
    }

    /// A new `http.request.id`. May be asked on any thread.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.requests.next()
    }

    /// Whether the principal of such a request is to claim its id, for the decisions on it: not where that is not wanted, nor
    /// where Mesos compares whole principals. May be asked on any thread.
    #[must_use]
    pub fn claims_request(&self, path: &str, call_type: &str) -> bool {
        self.requests.are_claimed(path, call_type)
    }

    /// Says that a record will be submitted soon: the caches fetch what that needs while the caller does something
    /// else. May be called on any thread; costs a few nanoseconds.
    #[inline]
    pub fn prepare(&self) {
        if let Some(queue) = &self.queue {
            queue.prefetch();
        }
    }

    /// The same, but returns only when the record is on disk, or at `deadline`. Tells which. May be called on any
    /// thread; those that wait at the same time share one sync.
    pub fn submit_durably(
        &self,
        timestamp: Timestamp,
        callback: Callback,
        fields: &[u8],
        deadline: Instant,
    ) -> bool {
        let Some(queue) = &self.queue else {
            self.ledger.drop_one(DropReason::Stopped);
            return false;
        };
        self.durable.wait(deadline, || queue.submit_awaited(timestamp, callback, fields))
    }

    /// As [`Pipeline::submit`], but never waits, whatever the configuration says. Tells where the record is in the queue,
    /// for [`Pipeline::await_durable`]; none where it was dropped.
    pub fn submit_at_once(&self, timestamp: Timestamp, callback: Callback, fields: &[u8]) -> Option<u64> {
        let Some(queue) = &self.queue else {
            self.ledger.drop_one(DropReason::Stopped);
            return None;
        };
        queue.submit_at_once(timestamp, callback, fields)
    }

    /// Waits until the record at that place is on disk, or until `deadline`. Tells which. May be called on any thread.
    pub fn await_durable(&self, position: u64, deadline: Instant) -> bool {
        let Some(queue) = &self.queue else { return false };
        self.durable.wait(deadline, || {
            queue.wake();
            Some(position)
        })
    }

    /// Counts an answer that was given, or denied, without its record on disk, and has it announced in the stream.
    pub fn answered_unrecorded(&self, denied: bool) {
        self.ledger.answered_unrecorded(denied);
        if let Some(queue) = &self.queue {
            queue.wake();
        }
    }

    /// Counts a fault in a callback and has it announced in the stream. `detail` is kept of the last one. May
    /// be called on any thread.
    pub fn fault(&self, callback: Callback, kind: FaultKind, detail: &str) {
        self.ledger.fault(callback, kind, detail);
        if let Some(queue) = &self.queue {
            queue.wake();
        }
    }

    /// Has the worker panic that many times at that place. For tests.
    #[cfg(any(test, feature = "fault-injection"))]
    pub fn break_worker(&self, place: Place, times: u64) {
        self.ledger.faults_on_demand.arm(place, times);
    }

    /// Whether it has panicked that often by now.
    #[cfg(any(test, feature = "fault-injection"))]
    #[must_use]
    pub fn has_broken(&self) -> bool {
        self.ledger.faults_on_demand.is_spent()
    }

    /// What happened so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Waits until all that was submitted is written, also what was only counted, at the most `limit`. Tells whether it is.
    pub fn drain(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        if let Some(queue) = &self.queue {
            self.ledger.end(true);
            queue.wake();
        }
        loop {
            // In this order: a record is taken before it leaves the queue, and settles after it was taken.
            if !self.ledger.is_ending()
                && self.queue.as_ref().is_none_or(Queue::is_empty)
                && self.ledger.is_settled()
            {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        // The worker ends when it has taken all that was sent.
        self.queue = None;
        if let Some(worker) = self.worker.take() {
            // It catches its own panics; there is nothing to learn from a failed join.
            let _ = worker.join();
        }
    }
}

#[cfg(test)]
mod health_tests;
#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;
