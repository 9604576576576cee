//! The side that Mesos's threads share.

use super::{
    layout::{HEADER_BYTES, Header, Place, record_bytes},
    shared::Shared,
    sync::{
        Arc,
        Ordering::{Acquire, Relaxed, Release},
    },
};

/// Puts records into the ring. May be used by any number of threads at once.
#[derive(Clone, Debug)]
pub(in super::super) struct Producer {
    shared: Arc<Shared>,
}

/// Room in the ring that is ours. The consumer waits for it, so between claim and commit there is nothing but
/// copying.
#[derive(Debug)]
pub(in super::super) struct Claim<'a> {
    shared: &'a Shared,
    position: u64,
    fields: usize,
    wakes: bool,
    committed: bool,
}

impl Producer {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The largest record that is put into the ring itself: even the worst placed one leaves half of it to
    /// others.
    pub(in super::super) fn largest(&self) -> usize {
        (self.shared.layout.capacity() / 4).saturating_sub(HEADER_BYTES)
    }

    /// Room for a record of that many bytes; none when the ring is full.
    // Always: with cold caches a call pays for each page of code that it touches.
    #[inline(always)]
    pub(in super::super) fn claim(&self, fields: usize) -> Option<Claim<'_>> {
        let shared = &*self.shared;
        let (layout, claims) = (shared.layout, &shared.claims.0);
        let bytes = record_bytes(fields);
        // Not only for tidiness: `Layout::place` relies on the record being smaller than the ring.
        assert!(bytes <= layout.capacity() / 2);
        let mut tail = claims.seen.load(Acquire);
        let mut head = claims.head.load(Relaxed);
        let place = loop {
            let place = layout.place(head, bytes);
            let wanted = layout.used(tail, head) + (place.pad + bytes) as u64;
            if wanted > layout.capacity() as u64 {
                let now = shared.tail.0.load(Acquire);
                if now == tail {
                    return None;
                }
                tail = now;
                claims.seen.store(now, Release);
                // The one we have may be older than this tail.
                head = claims.head.load(Relaxed);
                continue;
            }
            match claims.head.compare_exchange_weak(head, place.end, Acquire, Relaxed) {
                Ok(_) => break place,
                Err(newer) => head = newer,
            }
        };
        if place.pad > 0 {
            skip(shared, head, place);
        }
        // From where the room was, not the record: what is skipped at the end of a lap is filled as well.
        let wakes = layout.fills_stretch(head, place.end) || claims.alarm.load(Relaxed) == head;
        Some(Claim { shared, position: place.start, fields, wakes, committed: false })
    }

    /// Has the processor fetch where the next record of about that size goes.
    #[inline]
    pub(in super::super) fn prefetch(&self, fields: usize) {
        let shared = &*self.shared;
        let head = shared.claims.0.head.load(Relaxed);
        shared.memory.prefetch(shared.layout.offset(head), record_bytes(fields));
    }

    /// Whether the consumer has released all that was claimed.
    pub(in super::super) fn is_empty(&self) -> bool {
        // In this order: what is submitted between the two loads makes it less empty, not more.
        let head = self.shared.claims.0.head.load(Relaxed);
        self.shared.tail.0.load(Acquire) >= head
    }
}

#[cold]
fn skip(shared: &Shared, head: u64, place: Place) {
    let header = Header::Skip { bytes: place.pad };
    shared.memory.word(shared.layout.offset(head)).store(header.to_word(), Release);
}

impl Claim<'_> {
    /// The record's position: unique among all of the ring's, ever.
    pub(in super::super) fn position(&self) -> u64 {
        self.position
    }

    /// Whether the consumer is to be woken once it is committed: it is the one that fills the rest of a stretch, of which a
    /// lap has four to eight, or the one that the consumer waits for.
    #[inline]
    pub(in super::super) fn wakes(&self) -> bool {
        self.wakes
    }

    /// Writes the record and lets the consumer see it.
    #[inline]
    pub(in super::super) fn commit(mut self, tag: u16, stamp: u64, fields: &[u8]) {
        assert_eq!(fields.len(), self.fields, "as claimed");
        let offset = self.shared.layout.offset(self.position);
        // SAFETY: the claim gave us the range from `offset` on, the header included; the consumer reads it
        // after it has acquired the header word, which `publish` releases. The consumer's last access to it
        // happened before the `tail` that the claim acquired.
        unsafe { self.shared.memory.write(offset + 8, &stamp.to_ne_bytes()) };
        // SAFETY: as above.
        unsafe { self.shared.memory.write(offset + HEADER_BYTES, fields) };
        self.publish(Header::Record { tag, fields: self.fields });
    }

    #[inline]
    fn publish(&mut self, header: Header) {
        self.committed = true;
        let offset = self.shared.layout.offset(self.position);
        self.shared.memory.word(offset).store(header.to_word(), Release);
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if !self.committed {
            // Whoever held it unwinds. Were the place left open, nothing behind it would ever be read.
            self.publish(Header::Skip { bytes: record_bytes(self.fields) });
        }
    }
}
