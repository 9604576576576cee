//! The worker's side of the queue.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{large::LargeTaker, ledger::Ledger, queue::LARGE, ring::Consumer, signal::Signal};
use crate::{
    clock::Timestamp,
    decode::{Callback, RawRecord},
};

/// How long the worker sleeps when it finds nothing, while records come: a file that is this much behind is still
/// one that can be watched, and a look costs some 20 us, most of it to bring the worker's code and data back into
/// the caches from which it takes those of Mesos. The more records a look finds, the less each of them costs.
const SHORT_NAP: Duration = Duration::from_millis(20);

/// How long when none has come for a while. What comes meanwhile has the whole ring, 100,000 decisions by default; the
/// caller that fills a stretch of it ends the nap.
const LONG_NAP: Duration = Duration::from_millis(100);

/// Short naps before they become longer.
const SHORT_NAPS: u32 = 4;

/// Naps after which the worker does not look any more, but has itself woken: half a second. A look costs up to 130 us where
/// the processor has gone to sleep meanwhile, and ten of them a second more than 0.1 % of it; to wake somebody costs a
/// caller some 5 us, which may be once in half a second, and not once a record.
const NAPS: u32 = 9;

/// Records between two looks at how full the ring is: the look costs the producers a cache miss.
const MEASURE_EVERY: u32 = 32;

/// Records between two looks at the signal while the queue is never empty.
const NOTICE_EVERY: u32 = 4096;

/// The receiving side.
#[derive(Debug)]
pub(super) struct Inbox {
    ring: Consumer,
    large: LargeTaker,
    signal: Arc<Signal>,
    ledger: Arc<Ledger>,
    /// The large record that was handed out last.
    held: Option<Box<[u8]>>,
    /// Since the last record.
    naps: u32,
    records: u32,
    /// Behind the record that was handed out last.
    end: u64,
}

/// What the worker finds.
#[derive(Debug)]
pub(super) enum Next<'a> {
    /// Where it was submitted to: its place is free again at the next `poll` or `wait`.
    Record(RawRecord<'a>),
    /// Nothing to read, but something to announce or to try again.
    Wake,
    Empty,
    Closed,
}

impl Inbox {
    pub(super) fn new(ring: Consumer, large: LargeTaker, signal: Arc<Signal>, ledger: Arc<Ledger>) -> Self {
        Self { ring, large, signal, ledger, held: None, naps: 0, records: 0, end: 0 }
    }

    /// What is there now.
    pub(super) fn poll(&mut self) -> Next<'_> {
        self.let_go();
        if self.records.is_multiple_of(MEASURE_EVERY) {
            self.ledger.queue_holds(self.ring.used());
            if self.records.is_multiple_of(NOTICE_EVERY) && self.records > 0 && self.signal.take_notice() {
                return Next::Wake;
            }
        }
        // Before the look into the ring: what was submitted before the closing is there then.
        let closed = self.signal.is_closed();
        let Some(entry) = self.ring.next() else { return if closed { Next::Closed } else { Next::Empty } };
        self.naps = 0;
        self.end = entry.position + 1;
        self.records = self.records.wrapping_add(1);
        self.ledger.take_one();
        let fields = if entry.tag & LARGE == 0 {
            entry.fields
        } else {
            self.held.insert(self.large.take(entry.position).unwrap_or_default())
        };
        let number = entry.tag.to_le_bytes()[0];
        let callback = Callback::from_number(number).expect("what `Queue::submit` wrote");
        Next::Record(RawRecord {
            timestamp: Timestamp::from_micros(entry.stamp.cast_signed()),
            callback,
            fields,
        })
    }

    /// A position behind all that was handed out.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Whether no more will be submitted.
    pub(super) fn is_closed(&self) -> bool {
        self.signal.is_closed()
    }

    /// Waits for something, at the most `limit`.
    pub(super) fn wait(&mut self, limit: Option<Duration>) -> Next<'_> {
        self.let_go();
        let deadline = limit.map(|limit| Instant::now() + limit);
        loop {
            if self.signal.take_notice() {
                return Next::Wake;
            }
            if self.ring.is_ready() || self.signal.is_closed() {
                // The first after a nap: the fullest moment.
                self.ledger.queue_holds(self.ring.used());
                return self.poll();
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return Next::Wake;
            }
            let is_woken = self.naps >= NAPS && self.ring.set_alarm();
            let nap = (!is_woken).then(|| nap(self.naps));
            self.naps = self.naps.saturating_add(1);
            self.signal.sleep([nap, left].into_iter().flatten().min());
        }
    }

    fn let_go(&mut self) {
        if let Some(fields) = self.held.take() {
            self.large.let_go(fields.len());
        }
    }
}

/// How long the nap after that many is.
fn nap(naps: u32) -> Duration {
    let doublings = naps.saturating_sub(SHORT_NAPS).min(8);
    (SHORT_NAP * (1 << doublings)).min(LONG_NAP)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::{
        config,
        pipeline::{ledger::DropReason, queue::Queue},
    };

    /// The worker is not asleep here but late: until it comes, the ring fills, and callers wait for room.
    #[test]
    fn a_full_ring_is_measured_at_its_fullest_and_who_waits_for_room_gets_it() {
        const BYTES: u64 = 1 << 16;
        const RECORD: usize = 4_000;
        let config = config::Queue {
            bytes: BYTES as usize,
            record_bytes: RECORD,
            when_full: config::WhenFull::Block,
            block_ms: 60_000,
        };
        let ledger = Arc::new(Ledger::default());
        let (queue, mut inbox) = Queue::new(&config, Arc::clone(&ledger)).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                let fields = [7; RECORD];
                (0..100).for_each(|_| queue.submit(Timestamp::now(), Callback::Approved, &fields));
            });
            // Six times as much is coming as the ring holds: without a record taken it must come to stand here.
            let full = BYTES - 2 * RECORD as u64;
            while inbox.ring.used() < full {
                thread::yield_now();
            }
            for _ in 0..100 {
                while !matches!(inbox.wait(Some(Duration::from_secs(60))), Next::Record(_)) {}
            }
            assert!((full..=BYTES).contains(&ledger.queue_high_water()), "{}", ledger.queue_high_water());
        });
        assert!(DropReason::ALL.iter().all(|reason| ledger.dropped(*reason) == 0));
    }

    /// However long the naps are: a burst has three quarters of the ring left when the worker begins with it.
    #[test]
    fn who_fills_a_stretch_of_the_ring_ends_the_nap_and_nobody_else_does() {
        const BYTES: usize = 1 << 16;
        let config = config::Queue { bytes: BYTES, record_bytes: 4_000, ..config::Queue::default() };
        let (queue, mut inbox) = Queue::new(&config, Arc::default()).unwrap();
        let mut woken = Vec::new();
        for record in 1..=2 * BYTES / 64 {
            // 16 bytes of header.
            queue.submit(Timestamp::now(), Callback::Approved, &[7; 48]);
            if inbox.signal.take_notice() {
                woken.push(record * 64);
            }
            assert!(matches!(inbox.poll(), Next::Record(_)));
        }
        assert_eq!(woken, (1..=8).map(|stretch| stretch * BYTES / 4).collect::<Vec<_>>());
    }

    /// Where the ring is no whole number of records, or of stretches.
    #[test]
    fn no_more_than_a_quarter_of_the_ring_is_filled_before_the_nap_is_ended() {
        for (pages, fields) in [(16, 1_000), (12, 1_000), (12, 2_032), (17, 56)] {
            let bytes = pages * 4096;
            let config = config::Queue { bytes, record_bytes: 4_000, ..config::Queue::default() };
            let (queue, mut inbox) = Queue::new(&config, Arc::default()).unwrap();
            let mut filled = 0;
            for _ in 0..10 * bytes / fields {
                queue.submit(Timestamp::now(), Callback::Approved, &vec![7; fields]);
                // At the end of a lap as much is skipped, at the most.
                filled += fields + 16;
                if inbox.signal.take_notice() {
                    filled = 0;
                }
                assert!(filled <= bytes / 4 + fields, "{filled} of {bytes}");
                assert!(matches!(inbox.poll(), Next::Record(_)));
            }
        }
    }

    /// Whoever it is: a record that is too large for the ring as well.
    #[test]
    fn the_first_record_after_a_long_silence_wakes_and_the_next_does_not() {
        const LIMIT: Duration = Duration::from_millis(1);
        let config = config::Queue { bytes: 1 << 16, ..config::Queue::default() };
        let (queue, mut inbox) = Queue::new(&config, Arc::default()).unwrap();
        for bytes in [48, 40_000] {
            let submit = || queue.submit(Timestamp::now(), Callback::Approved, &vec![7; bytes]);
            submit();
            assert!(!inbox.signal.take_notice(), "it looks by itself");
            assert!(matches!(inbox.poll(), Next::Record(_)));
            // As after so many naps.
            inbox.naps = NAPS;
            assert!(matches!(inbox.wait(Some(LIMIT)), Next::Wake));
            submit();
            assert!(inbox.signal.take_notice());
            submit();
            assert!(!inbox.signal.take_notice());
            for _ in 0..2 {
                assert!(matches!(inbox.poll(), Next::Record(_)));
            }
        }
    }

    #[test]
    fn naps_grow_after_a_silence_only() {
        assert!((0..=SHORT_NAPS).all(|naps| nap(naps) == SHORT_NAP));
        assert_eq!(nap(SHORT_NAPS + 2), SHORT_NAP * 4);
        assert_eq!(nap(u32::MAX), LONG_NAP);
        let silence: Duration = (0..NAPS).map(nap).sum();
        assert!((400..600).contains(&silence.as_millis()), "{silence:?}");
    }
}
