//! How the worker is told that there is something beside records.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread::{self, Thread},
    time::Duration,
};

/// Set by any thread, looked at by the worker. Nothing here is touched for a record that finds room and need not wake anybody.
#[derive(Debug, Default)]
pub(super) struct Signal {
    closed: AtomicBool,
    /// Something in the ledger wants to be announced, or a record to be taken.
    notice: AtomicBool,
    /// Who naps.
    worker: OnceLock<Thread>,
}

impl Signal {
    /// Ends the worker's nap, if it takes one.
    pub(super) fn wake(&self) {
        // Only the first one since the worker last looked wakes it: unparking twice is no use, and callers that
        // lose record after record come here each time.
        if !self.notice.load(SeqCst) && !self.notice.swap(true, SeqCst) {
            self.unpark();
        }
    }

    /// No more records will come.
    pub(super) fn close(&self) {
        self.closed.store(true, SeqCst);
        self.unpark();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(SeqCst)
    }

    /// Whether somebody has called `wake` since the last time.
    pub(super) fn take_notice(&self) -> bool {
        self.notice.load(SeqCst) && self.notice.swap(false, SeqCst)
    }

    /// Sleeps until it is woken, at the most `limit`, unless there is a notice or the end is told. The worker's.
    pub(super) fn sleep(&self, limit: Option<Duration>) {
        // Before the look at the flags: who sets one afterwards finds a thread to unpark, and an unparked
        // thread does not sleep.
        self.worker.get_or_init(thread::current);
        if !self.notice.load(SeqCst) && !self.is_closed() {
            limit.map_or_else(thread::park, thread::park_timeout);
        }
    }

    fn unpark(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }
}
