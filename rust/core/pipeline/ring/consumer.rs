//! The worker's side.

use super::{
    layout::{HEADER_BYTES, Header, record_bytes},
    shared::Shared,
    sync::{
        Arc,
        Ordering::{AcqRel, Acquire, Relaxed, Release},
    },
};

/// Takes records out of the ring, in the order in which they were claimed. There is one per ring.
#[derive(Debug)]
pub(in super::super) struct Consumer {
    shared: Arc<Shared>,
    /// `tail`, as we last stored it.
    position: u64,
    /// Bytes from there on that were handed out and not yet released.
    held: usize,
}

/// One record, read where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Entry<'a> {
    /// As [`super::producer::Claim::position`].
    pub(in super::super) position: u64,
    /// The producer's.
    pub(in super::super) tag: u16,
    /// The producer's.
    pub(in super::super) stamp: u64,
    /// The producer's.
    pub(in super::super) fields: &'a [u8],
}

impl Consumer {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, position: 0, held: 0 }
    }

    /// The next record. The one before it is released.
    pub(in super::super) fn next(&mut self) -> Option<Entry<'_>> {
        self.release();
        loop {
            match self.header()? {
                Header::Skip { bytes } => {
                    self.held = bytes;
                    self.release();
                }
                Header::Record { tag, fields } => {
                    self.held = record_bytes(fields);
                    return Some(self.entry(tag, fields));
                }
            }
        }
    }

    /// Whether `next` would find something.
    pub(in super::super) fn is_ready(&mut self) -> bool {
        self.release();
        self.header().is_some()
    }

    /// Has the next claim say that it [wakes](super::producer::Claim::wakes) us. False where that is too late: somebody has
    /// claimed already.
    pub(in super::super) fn set_alarm(&mut self) -> bool {
        self.release();
        let claims = &self.shared.claims.0;
        claims.alarm.store(self.position, Relaxed);
        // Adds nothing, but is a place in the order of the claims, which a load is not: a claim after it sees the alarm, and
        // one before it is seen here.
        claims.head.fetch_add(0, AcqRel) == self.position
    }

    /// How many bytes are claimed. Looks at what producers write, so it slows them down a little: not for each
    /// record.
    pub(in super::super) fn used(&self) -> u64 {
        self.shared.layout.used(self.position, self.shared.claims.0.head.load(Relaxed))
    }

    fn header(&self) -> Option<Header> {
        let offset = self.shared.layout.offset(self.position);
        Header::from_word(self.shared.memory.word(offset).load(Acquire))
    }

    fn entry(&self, tag: u16, fields: usize) -> Entry<'_> {
        let offset = self.shared.layout.offset(self.position);
        let memory = &self.shared.memory;
        // SAFETY: the header word was acquired, so what its producer wrote happened before. The range is not
        // written again before `release`, which needs `&mut self` and so ends what is borrowed here.
        let stamp = unsafe { memory.read(offset + 8, 8) };
        // SAFETY: as above.
        let fields = unsafe { memory.read(offset + HEADER_BYTES, fields) };
        let stamp = stamp.try_into().map(u64::from_ne_bytes).unwrap_or_default();
        Entry { position: self.position, tag, stamp, fields }
    }

    fn release(&mut self) {
        let bytes = std::mem::take(&mut self.held);
        if bytes == 0 {
            return;
        }
        let shared = &*self.shared;
        // SAFETY: the range is committed and not released: it is ours, and `&mut self` says that no slice of it
        // is left. Producers come back to it when they have acquired the `tail` that is stored below.
        unsafe { shared.memory.zero(shared.layout.offset(self.position), bytes) };
        self.position = shared.layout.after(self.position, bytes);
        shared.tail.0.store(self.position, Release);
    }

    /// Whether every byte is zero.
    #[cfg(test)]
    pub(super) fn is_blank(&self) -> bool {
        let words = 0..self.shared.layout.capacity() / 8;
        words.into_iter().all(|word| self.shared.memory.word(word * 8).load(Acquire) == 0)
    }
}
