//! Between Mesos's threads and the worker: the policy around the ring.
//!
//! A record that fits costs its caller one compare-and-swap and the copy of its bytes. All else is slow and
//! rare: a ring that is full, a record that is large. The worker is not woken, which would cost the caller more
//! than everything else together: it looks by itself, after naps that are short while records come. Only two callers
//! wake it: the one whose record fills a stretch of the ring, so that no nap is too long for what comes, and the first
//! after a silence, so that nobody has to look while there is none.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{
    inbox::Inbox,
    large::{Large, large},
    ledger::{DropReason, Ledger},
    ring::{self, Claim, Producer},
    signal::Signal,
};
use crate::{
    clock::Timestamp,
    config::{self, WhenFull},
    decode::Callback,
    error::Error,
};

/// How long a blocked thread sleeps before it looks again: meanwhile the worker makes room for some 200 records. Looks take
/// time from the worker, and there may be as many as there are blocked threads.
const LOOK_AGAIN: Duration = Duration::from_micros(500);

/// A ring is mapped, so it is whole pages.
const PAGE_BYTES: usize = 4096;

/// What a decision takes.
const USUAL_BYTES: usize = 448;

/// In a record's tag, beside the callback's number: the fields are in [`Large`].
pub(super) const LARGE: u16 = 1 << 8;

/// The sending side, shared by Mesos's threads. Dropping it lets the worker end.
#[derive(Debug)]
pub(super) struct Queue {
    producer: Producer,
    large: Large,
    signal: Arc<Signal>,
    /// Up to this size fields are put into the ring.
    inline_bytes: usize,
    /// Beyond this size they are dropped.
    record_bytes: usize,
    wait: Option<Duration>,
    ledger: Arc<Ledger>,
}

impl Queue {
    /// # Errors
    /// There is not that much memory.
    pub(super) fn new(config: &config::Queue, ledger: Arc<Ledger>) -> Result<(Self, Inbox), Error> {
        let (producer, consumer) = ring::ring(config.bytes.next_multiple_of(PAGE_BYTES))
            .map_err(|error| Error::new(error).key("queue.bytes"))?;
        let (large, taker) = large(config.record_bytes);
        let signal = Arc::new(Signal::default());
        let inbox = Inbox::new(consumer, taker, Arc::clone(&signal), Arc::clone(&ledger));
        let queue = Self {
            inline_bytes: producer.largest().min(config.record_bytes),
            record_bytes: config.record_bytes,
            producer,
            large,
            signal,
            wait: match config.when_full {
                WhenFull::Drop => None,
                WhenFull::Block => Some(Duration::from_millis(config.block_ms)),
            },
            ledger,
        };
        Ok((queue, inbox))
    }

    /// Hands over one record, or counts why not.
    #[inline]
    pub(super) fn submit(&self, timestamp: Timestamp, callback: Callback, fields: &[u8]) {
        if self.offer(timestamp, callback, fields).is_none() {
            self.refused(timestamp, callback, fields);
        }
    }

    /// Has the processor fetch what the next record needs.
    #[inline]
    pub(super) fn prefetch(&self) {
        self.producer.prefetch(USUAL_BYTES);
    }

    /// The same for a caller who will wait: tells the record's position (none where it was dropped), and ends the
    /// worker's nap, which costs this caller little beside the disk.
    pub(super) fn submit_awaited(
        &self,
        timestamp: Timestamp,
        callback: Callback,
        fields: &[u8],
    ) -> Option<u64> {
        let offered = self.offer(timestamp, callback, fields);
        let position = offered.or_else(|| self.refused(timestamp, callback, fields));
        self.signal.wake();
        position
    }

    /// The same for a caller that must not wait for anything, whatever `when_full` says. Tells the record's position.
    pub(super) fn submit_at_once(
        &self,
        timestamp: Timestamp,
        callback: Callback,
        fields: &[u8],
    ) -> Option<u64> {
        let offered = self.offer(timestamp, callback, fields);
        if offered.is_none() {
            let oversized = fields.len() > self.record_bytes;
            self.ledger.drop_one(if oversized { DropReason::Oversized } else { DropReason::QueueFull });
            self.signal.wake();
        }
        offered
    }

    /// Has the worker look at the ledger now. A system call where the worker sleeps: not for each record.
    pub(super) fn wake(&self) {
        self.signal.wake();
    }

    /// Whether the worker has taken all that was submitted.
    pub(super) fn is_empty(&self) -> bool {
        self.producer.is_empty()
    }

    #[inline]
    fn offer(&self, timestamp: Timestamp, callback: Callback, fields: &[u8]) -> Option<u64> {
        if fields.len() > self.inline_bytes {
            return self.offer_large(timestamp, callback, fields);
        }
        let claim = self.producer.claim(fields.len())?;
        Some(self.commit(claim, callback as u16, timestamp, fields))
    }

    /// Lets the worker see the record, and wakes it where it wants that. Tells the record's position.
    #[inline]
    fn commit(&self, claim: Claim<'_>, tag: u16, timestamp: Timestamp, fields: &[u8]) -> u64 {
        let (position, wakes) = (claim.position(), claim.wakes());
        claim.commit(tag, stamp(timestamp), fields);
        if wakes {
            self.signal.wake();
        }
        position
    }

    /// The ring holds the record's place in the order, and [`Large`] its bytes.
    #[cold]
    fn offer_large(&self, timestamp: Timestamp, callback: Callback, fields: &[u8]) -> Option<u64> {
        // First, because it says no at once where the record is too large altogether.
        if !self.large.reserve(fields.len()) {
            return None;
        }
        let Some(claim) = self.producer.claim(0) else {
            self.large.cancel(fields.len());
            return None;
        };
        self.large.put(claim.position(), fields);
        Some(self.commit(claim, callback as u16 | LARGE, timestamp, &[]))
    }

    #[cold]
    fn refused(&self, timestamp: Timestamp, callback: Callback, fields: &[u8]) -> Option<u64> {
        let reason = if fields.len() > self.record_bytes {
            DropReason::Oversized
        } else if let Some(wait) = self.wait {
            // This caller is late already, and the worker may be in the longest of its naps.
            self.signal.wake();
            let deadline = Instant::now() + wait;
            loop {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break;
                }
                thread::sleep(LOOK_AGAIN.min(left));
                let offered = self.offer(timestamp, callback, fields);
                if offered.is_some() {
                    return offered;
                }
            }
            DropReason::Deadline
        } else {
            DropReason::QueueFull
        };
        self.ledger.drop_one(reason);
        // Tells the worker, and wakes it once per nap: better than to lose the next record as well.
        self.signal.wake();
        None
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.signal.close();
    }
}

/// A time as the ring carries it.
fn stamp(timestamp: Timestamp) -> u64 {
    timestamp.as_micros().cast_unsigned()
}
