//! From a callback to the sink: the one place that knows all the steps.
//!
//! Mesos's threads see [`Pipeline::submit`] only, which copies bytes into a bounded queue. All else happens
//! on one worker thread.

mod ledger;
mod origin;
mod queue;
mod worker;

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

pub use ledger::{DropReason, FaultKind, Ledger};
use queue::Queue;
use worker::Worker;

use crate::{
    config::Loaded,
    decode::{Callback, RawRecord},
    encode::json::Json,
    error::Error,
    sink::{Sink, file::FileSink},
};

/// A running pipeline. Dropping it writes what waits and stops the worker.
#[derive(Debug)]
pub struct Pipeline {
    queue: Option<Queue>,
    ledger: Arc<Ledger>,
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
        Self::start_with(loaded, origin, Box::new(sink))
    }

    fn start_with(loaded: &Loaded, origin: crate::event::Origin, sink: Box<dyn Sink>) -> Result<Self, Error> {
        let ledger = Arc::new(Ledger::default());
        let (queue, inbox) = Queue::new(&loaded.config.queue, Arc::clone(&ledger));
        let mut worker = Worker::new(inbox, Arc::clone(&ledger), origin, Box::new(Json), sink);
        worker.open(loaded)?;
        let worker = thread::Builder::new()
            .name("mesos-audit".to_owned())
            .spawn(move || worker.run())
            .map_err(|error| Error::new(format!("cannot start a thread: {error}")))?;
        Ok(Self { queue: Some(queue), ledger, worker: Some(worker) })
    }

    /// Hands over one record. May be called on any thread; holds it no longer than the configured deadline,
    /// and never fails: what finds no room is counted and announced in the stream.
    pub fn submit(&self, record: RawRecord<'_>) {
        match &self.queue {
            Some(queue) => queue.submit(record),
            None => self.ledger.drop_one(DropReason::Stopped),
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

    /// What happened so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Waits until all that was submitted is written, at the most `limit`. Tells whether it is.
    pub fn drain(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            if self.ledger.is_settled() {
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
        // The worker ends when nobody can send any more.
        self.queue = None;
        if let Some(worker) = self.worker.take() {
            // It catches its own panics; there is nothing to learn from a failed join.
            let _ = worker.join();
        }
    }
}

#[cfg(test)]
mod tests;
