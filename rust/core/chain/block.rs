//! When a block has its size.

use std::time::{Duration, Instant};

use super::seal::{BLOCK_BYTES, BLOCK_RECORDS};

/// The size of the records since the last seal, and the age of the first of them. Whoever numbers the records keeps it,
/// since a seal has a number of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Block {
    bytes: usize,
    records: usize,
    since: Option<Instant>,
}

impl Block {
    /// Records of so many bytes together have come. Asks for the time with the first.
    pub fn add(&mut self, records: usize, bytes: usize) {
        if records > 0 && self.since.is_none() {
            self.since = Some(Instant::now());
        }
        self.records += records;
        self.bytes += bytes;
    }

    /// Whether it has no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// Whether it must be sealed for its size.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.bytes >= BLOCK_BYTES || self.records >= BLOCK_RECORDS
    }

    /// When it must be sealed whatever its size, if that is so long after its first record. None while it is empty.
    #[must_use]
    pub fn deadline(&self, interval: Duration) -> Option<Instant> {
        self.since.map(|since| since + interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_full_by_bytes_or_by_records_and_due_by_its_first() {
        let mut block = Block::default();
        block.add(0, 0);
        assert!(block.is_empty() && block.deadline(Duration::ZERO).is_none());
        block.add(1, BLOCK_BYTES - 1);
        let deadline = block.deadline(Duration::from_secs(1));
        assert!(deadline.is_some() && !block.is_full() && !block.is_empty());
        block.add(1, 1);
        assert!(block.is_full());
        assert_eq!(block.deadline(Duration::from_secs(1)), deadline, "by its first");
        let mut block = Block::default();
        block.add(BLOCK_RECORDS - 1, 0);
        assert!(!block.is_full());
        block.add(1, 0);
        assert!(block.is_full());
    }
}
