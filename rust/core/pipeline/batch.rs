//! Encoded records on their way to the file.

use crate::{
    chain::{Cause, Digest, Sealer},
    clock::Timestamp,
};

/// A seal that a block ends with: numbered when it was due, made when the block is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) cause: Cause,
    pub(super) sequence: u64,
    pub(super) at: Timestamp,
}

/// Whole records, one after the other. There is at most one seal, at the end.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) bytes: Vec<u8>,
    /// Where each record ends.
    ends: Vec<usize>,
    /// The first record's number; the others follow.
    first: u64,
    /// The seal that is still to come behind them.
    pub(super) cut: Option<Cut>,
    /// Of the records, the sealer has been told so many...
    told: usize,
    /// ... and their bytes are in its digest.
    absorbed: bool,
    /// Of all records, where it was made before the sealer came.
    digest: Option<Digest>,
}

/// What a batch had at some moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) bytes: usize,
    pub(super) records: usize,
}

impl Batch {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { bytes: self.bytes.len(), records: self.ends.len() }
    }

    /// Forgets what came after the mark, also what is no whole record.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.bytes.truncate(mark.bytes);
        self.ends.truncate(mark.records);
    }

    /// What was added to `bytes` is the record of that number.
    pub(super) fn record(&mut self, sequence: u64) {
        if self.ends.is_empty() {
            self.first = sequence;
        }
        self.ends.push(self.bytes.len());
    }

    pub(super) fn has_records(&self) -> bool {
        !self.ends.is_empty()
    }

    /// Where the records end, and the seal begins.
    pub(super) fn body(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Does a part of the sealer's work, on another thread than the sealer's. Tells whether there was any to do: only for a
    /// batch that a seal will end, and which is complete therefore.
    pub(super) fn digest(&mut self) -> bool {
        let is_due = self.cut.is_some() && self.digest.is_none();
        if is_due {
            self.digest = Some(Digest::of(&self.bytes[..self.body()]));
        }
        is_due
    }

    /// Tells the sealer of the records. Noted one by one: after a panic none is told twice.
    pub(super) fn tell(&mut self, sealer: &mut Sealer) {
        // Of a block that has begun in another batch, the digest is not that of this one.
        let digest = self.digest.filter(|_| sealer.is_blank());
        let mut start = self.told.checked_sub(1).map_or(0, |last| self.ends[last]);
        while let Some(end) = self.ends.get(self.told).copied() {
            let sequence = self.first + self.told as u64;
            self.told += 1;
            sealer.line(sequence, &self.bytes[start..end]);
            start = end;
        }
        if !std::mem::replace(&mut self.absorbed, true) {
            match digest {
                Some(digest) => sealer.absorb_digest(digest),
                None => sealer.absorb(&self.bytes[..self.body()]),
            }
        }
    }

    /// The same memory with nothing in it; none where it is more than `most` bytes.
    pub(super) fn emptied(mut self, most: usize) -> Option<Self> {
        self.bytes.clear();
        self.ends.clear();
        (self.bytes.capacity() <= most).then_some(Self {
            bytes: self.bytes,
            ends: self.ends,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Integrity;

    /// The digests of a block that is in two batches, and of one that is in one.
    fn digests(early: bool) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "").unwrap();
        let mut sealer = Sealer::open(&Integrity::default(), &log, "run").unwrap().unwrap();
        let mut sequence = 0;
        let mut found = Vec::new();
        for (records, is_cut) in [(2, false), (3, true), (700, true)] {
            let mut batch = Batch::with_capacity(64);
            for _ in 0..records {
                sequence += 1;
                batch.bytes.extend(format!("{{\"sequence\":{sequence}}}\n").bytes());
                batch.record(sequence);
            }
            if is_cut {
                sequence += 1;
                batch.cut = Some(Cut { cause: Cause::Size, sequence, at: Timestamp::now() });
            }
            assert_eq!(early && batch.digest(), early && is_cut, "where the batch is complete");
            assert!(!early || !batch.digest(), "once");
            batch.tell(&mut sealer);
            if is_cut {
                found.push(sealer.seal(Cause::Size, sequence).unwrap().digest);
                sealer.stamp(sequence, &mut []);
            }
        }
        found
    }

    #[test]
    fn who_makes_the_digest_makes_no_difference() {
        assert_eq!(digests(true), digests(false));
        assert_eq!(digests(true).len(), 2);
    }
}
