//! Bytes whose every access loom checks.

use std::{cell, io};

use loom::cell::UnsafeCell;

use super::sync::{AtomicU64, Ordering::Relaxed};

/// The same interface as the real memory.
#[derive(Debug)]
pub(super) struct Memory {
    bytes: cell::UnsafeCell<Box<[u8]>>,
    /// Eight bytes each, as a header word.
    words: Vec<AtomicU64>,
    /// Eight bytes each, as anything else: holds nothing, and tells loom who reads and who writes.
    accesses: Vec<UnsafeCell<()>>,
}

// SAFETY: loom runs one thread at a time, and fails the test on a race that `accesses` shows.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    pub(super) fn new(bytes: usize) -> io::Result<Self> {
        let words = bytes / 8;
        Ok(Self {
            bytes: cell::UnsafeCell::new(vec![0; bytes].into()),
            words: (0..words).map(|_| AtomicU64::new(0)).collect(),
            accesses: (0..words).map(|_| UnsafeCell::new(())).collect(),
        })
    }

    pub(super) fn word(&self, offset: usize) -> &AtomicU64 {
        &self.words[offset / 8]
    }

    /// The model has no caches.
    pub(super) fn prefetch(&self, _offset: usize, _bytes: usize) {}

    /// # Safety
    /// None: loom checks.
    pub(super) unsafe fn write(&self, offset: usize, bytes: &[u8]) {
        for unit in offset / 8..(offset + bytes.len()).div_ceil(8) {
            self.accesses[unit].with_mut(|_| ());
            // In the real memory fields lie where a header may be in the next lap. Were they not zeroed, they
            // would be read as one.
            self.words[unit].store(u64::MAX, Relaxed);
        }
        // SAFETY: one thread runs at a time, and `read` has not given this range away, or loom had failed.
        let memory = unsafe { &mut *self.bytes.get() };
        memory[offset..offset + bytes.len()].copy_from_slice(bytes);
    }

    /// # Safety
    /// None: loom checks.
    pub(super) unsafe fn read(&self, offset: usize, bytes: usize) -> &[u8] {
        for unit in offset / 8..(offset + bytes).div_ceil(8) {
            self.accesses[unit].with(|_| ());
        }
        // SAFETY: as in `write`.
        let memory = unsafe { &*self.bytes.get() };
        &memory[offset..offset + bytes]
    }

    /// # Safety
    /// None: loom checks.
    pub(super) unsafe fn zero(&self, offset: usize, bytes: usize) {
        for unit in offset / 8..(offset + bytes) / 8 {
            self.accesses[unit].with_mut(|_| ());
            self.words[unit].store(0, Relaxed);
        }
    }
}
