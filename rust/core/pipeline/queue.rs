//! Between Mesos's threads and the worker: bounded in records and in bytes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, TrySendError, bounded};

use super::ledger::{DropReason, Ledger};
use crate::{
    clock::Timestamp,
    config::{self, WhenFull},
    decode::{Callback, RawRecord},
};

/// What a record costs in memory beside its bytes.
const OVERHEAD_BYTES: usize = size_of::<Item>();

/// How long a blocked thread sleeps before it looks again.
const LOOK_AGAIN: Duration = Duration::from_micros(100);

#[derive(Debug)]
enum Item {
    Record(Timestamp, Callback, Box<[u8]>),
    /// Something in the ledger wants to be announced.
    Wake,
}

/// The sending side, shared by Mesos's threads.
#[derive(Debug)]
pub(super) struct Queue {
    sender: Sender<Item>,
    bytes: Arc<AtomicUsize>,
    max_bytes: usize,
    wait: Option<Duration>,
    ledger: Arc<Ledger>,
}

/// The receiving side, the worker's.
#[derive(Debug)]
pub(super) struct Inbox {
    receiver: Receiver<Item>,
    bytes: Arc<AtomicUsize>,
}

/// What the worker finds.
#[derive(Debug)]
pub(super) enum Next {
    Record(Timestamp, Callback, Box<[u8]>),
    /// Nothing to read, but something to announce or to try again.
    Wake,
    Empty,
    Closed,
}

impl Queue {
    pub(super) fn new(config: &config::Queue, ledger: Arc<Ledger>) -> (Self, Inbox) {
        let (sender, receiver) = bounded(config.records);
        let bytes = Arc::new(AtomicUsize::new(0));
        let wait = match config.when_full {
            WhenFull::Drop => None,
            WhenFull::Block => Some(Duration::from_millis(config.block_ms)),
        };
        let queue = Self { sender, bytes: Arc::clone(&bytes), max_bytes: config.bytes, wait, ledger };
        (queue, Inbox { receiver, bytes })
    }

    pub(super) fn submit(&self, record: RawRecord<'_>) {
        if record.fields.len() > self.max_bytes / 4 {
            self.ledger.drop_one(DropReason::Oversized);
            return self.wake();
        }
        let cost = record.fields.len() + OVERHEAD_BYTES;
        let mut item = Item::Record(record.timestamp, record.callback, record.fields.into());
        let Err(full) = self.offer(item, cost) else { return };
        item = full;
        let Some(wait) = self.wait else { return self.ledger.drop_one(DropReason::QueueFull) };
        let deadline = Instant::now() + wait;
        // Polling, not waiting on the channel: room is needed in bytes as well as in records, and a caller
        // that comes here is late already.
        while Instant::now() < deadline {
            thread::sleep(LOOK_AGAIN);
            match self.offer(item, cost) {
                Ok(()) => return,
                Err(full) => item = full,
            }
        }
        self.ledger.drop_one(DropReason::Deadline);
    }

    /// Has the worker look at the ledger. Where the queue is full it is awake anyway.
    pub(super) fn wake(&self) {
        let _ = self.sender.try_send(Item::Wake);
    }

    fn offer(&self, item: Item, cost: usize) -> Result<(), Item> {
        if self.bytes.fetch_add(cost, Relaxed) + cost > self.max_bytes {
            self.bytes.fetch_sub(cost, Relaxed);
            return Err(item);
        }
        // Before the send: the worker may settle it at once.
        self.ledger.submit_one();
        self.sender.try_send(item).map_err(|error| {
            self.ledger.settle(1);
            self.bytes.fetch_sub(cost, Relaxed);
            match error {
                TrySendError::Full(item) | TrySendError::Disconnected(item) => item,
            }
        })
    }
}

impl Inbox {
    /// What is there now.
    pub(super) fn poll(&self) -> Next {
        match self.receiver.try_recv() {
            Ok(item) => self.open(item),
            Err(TryRecvError::Empty) => Next::Empty,
            Err(TryRecvError::Disconnected) => Next::Closed,
        }
    }

    /// Waits for something, at the most `limit`.
    pub(super) fn wait(&self, limit: Option<Duration>) -> Next {
        let item = match limit {
            None => self.receiver.recv().map_err(|_| Next::Closed),
            Some(limit) => self.receiver.recv_timeout(limit).map_err(|error| match error {
                RecvTimeoutError::Timeout => Next::Wake,
                RecvTimeoutError::Disconnected => Next::Closed,
            }),
        };
        item.map_or_else(|next| next, |item| self.open(item))
    }

    fn open(&self, item: Item) -> Next {
        match item {
            Item::Wake => Next::Wake,
            Item::Record(timestamp, callback, fields) => {
                self.bytes.fetch_sub(fields.len() + OVERHEAD_BYTES, Relaxed);
                Next::Record(timestamp, callback, fields)
            }
        }
    }
}
