//! What was taken, written and lost: the counts that keep a loss from being silent.

use std::sync::{
    Mutex, PoisonError,
    atomic::{
        AtomicBool, AtomicU64,
        Ordering::{Acquire, Relaxed, Release},
    },
};

use crate::decode::Callback;

/// Why a record was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// The queue was full and the configuration says `drop`.
    QueueFull,
    /// The queue was full, the configuration says `block`, and the deadline passed.
    Deadline,
    /// The record is larger than `queue.record_bytes`.
    Oversized,
    /// The output cannot be written, and the memory for waiting events is used up.
    WriteFailed,
    /// The pipeline has stopped.
    Stopped,
    /// The worker panicked with the record in its hands.
    Panic,
}

impl DropReason {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::QueueFull, Self::Deadline, Self::Oversized, Self::WriteFailed, Self::Stopped, Self::Panic];

    /// As written to `mesos.audit.dropped.reason`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::Deadline => "deadline",
            Self::Oversized => "oversized",
            Self::WriteFailed => "write_failed",
            Self::Stopped => "stopped",
            Self::Panic => "panic",
        }
    }
}

/// How a callback failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Rust panicked.
    Panic,
    /// C++ threw.
    Exception,
}

impl FaultKind {
    /// As written to `mesos.audit.fault.kind`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Exception => "exception",
        }
    }
}

/// Faults of one callback and kind, not yet announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where.
    pub callback: Callback,
    /// How.
    pub kind: FaultKind,
    /// How often.
    pub count: u64,
    /// What the last one said.
    pub detail: String,
}

/// Counters of one pipeline. Written by any thread, read by the worker.
#[derive(Debug, Default)]
pub struct Ledger {
    taken: AtomicU64,
    settled: AtomicU64,
    high_water: AtomicU64,
    dropped: [AtomicU64; DropReason::ALL.len()],
    /// Answers without a record on disk: allowed to be given, denied.
    unrecorded: [AtomicU64; 2],
    // A fault is rare and already slow (it has unwound a stack), so a lock that is held for a few
    // instructions is cheap beside it.
    faults: Mutex<Vec<Fault>>,
    callback_faults: AtomicU64,
    #[cfg(any(test, feature = "fault-injection"))]
    pub(super) faults_on_demand: super::inject::Faults,
    /// Set while somebody waits for all that is only counted so far.
    ending: AtomicBool,
}

impl Ledger {
    /// The worker has taken a record from the queue. Not counted where it is submitted: that would be a second
    /// contended cache line on the caller's path.
    pub(super) fn take_one(&self) {
        // One writer: no need for `fetch_add`.
        self.taken.store(self.taken.load(Relaxed) + 1, Relaxed);
    }

    pub(super) fn settle(&self, count: u64) {
        self.settled.fetch_add(count, Release);
    }

    /// How many records the worker has taken and neither settled nor put among the `waiting` that are in the stream.
    /// None between two turns of its loop: after a panic, what it had in its hands. The worker's.
    pub(super) fn in_hand(&self, waiting: u64) -> u64 {
        let told = self.settled.load(Relaxed) + waiting;
        self.taken.load(Relaxed).saturating_sub(told)
    }

    /// Whether the worker has written all that it has taken.
    pub(super) fn is_settled(&self) -> bool {
        // Read in this order: a record settles after it was taken.
        let settled = self.settled.load(Acquire);
        settled >= self.taken.load(Relaxed)
    }

    /// Asks the worker to tell what it has counted, or notes that it has.
    pub(super) fn end(&self, asked: bool) {
        self.ending.store(asked, Release);
    }

    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Acquire)
    }

    /// The worker has seen that many bytes wait.
    pub(super) fn queue_holds(&self, bytes: u64) {
        // One writer: no need for `fetch_max`.
        if bytes > self.high_water.load(Relaxed) {
            self.high_water.store(bytes, Relaxed);
        }
    }

    /// The most bytes that were seen to wait in the queue, what records cost beside their fields included. The
    /// worker looks after each nap and now and then, so a peak may be missed by a little.
    #[must_use]
    pub fn queue_high_water(&self) -> u64 {
        self.high_water.load(Relaxed)
    }

    pub(super) fn drop_one(&self, reason: DropReason) {
        self.drop_some(reason, 1);
    }

    pub(super) fn drop_some(&self, reason: DropReason, count: u64) {
        self.dropped[reason as usize].fetch_add(count, Relaxed);
    }

    /// How many records were lost for that reason since the start.
    #[must_use]
    pub fn dropped(&self, reason: DropReason) -> u64 {
        self.dropped[reason as usize].load(Relaxed)
    }

    pub(super) fn answered_unrecorded(&self, denied: bool) {
        self.unrecorded[usize::from(denied)].fetch_add(1, Relaxed);
    }

    /// Takes the answers without a record on disk that were not announced: allowed, denied.
    pub(super) fn take_unrecorded(&self) -> [u64; 2] {
        [self.unrecorded[0].swap(0, Relaxed), self.unrecorded[1].swap(0, Relaxed)]
    }

    pub(super) fn fault(&self, callback: Callback, kind: FaultKind, detail: &str) {
        self.callback_faults.fetch_add(1, Relaxed);
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        match faults.iter_mut().find(|fault| fault.callback == callback && fault.kind == kind) {
            Some(fault) => {
                fault.count += 1;
                detail.clone_into(&mut fault.detail);
            }
            // Bounded: callbacks times kinds.
            None => faults.push(Fault { callback, kind, count: 1, detail: detail.to_owned() }),
        }
    }

    /// How often a callback has failed since the start.
    pub(super) fn callback_faults(&self) -> u64 {
        self.callback_faults.load(Relaxed)
    }

    pub(super) fn take_faults(&self) -> Vec<Fault> {
        std::mem::take(&mut *self.faults.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
