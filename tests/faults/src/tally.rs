//! How much was sent, in memory that is a file: what was counted is there when the process is not.

use std::{
    fs::{self, File, OpenOptions},
    path::Path,
    ptr, slice,
    sync::atomic::{
        AtomicU64,
        Ordering::{Acquire, Release},
    },
};

use rustix::mm::{MapFlags, ProtFlags, mmap};

use crate::{Result, at};

/// The most threads that one process sends from.
pub const THREADS: usize = 4;

/// One thread: numbers up to `sent` were handed over, or were about to be.
#[derive(Debug)]
pub struct Lane {
    sent: &'static AtomicU64,
    slowest: &'static AtomicU64,
}

impl Lane {
    /// The next number.
    pub(crate) fn next(&self) -> u64 {
        let number = self.sent.load(Acquire) + 1;
        self.sent.store(number, Release);
        number
    }

    /// The last number.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Acquire)
    }

    /// A call took that long.
    pub(crate) fn took(&self, nanoseconds: u64) {
        if nanoseconds > self.slowest.load(Acquire) {
            self.slowest.store(nanoseconds, Release);
        }
    }
}

/// Opens the counts, which begin at zero, one lane per thread.
///
/// # Errors
/// The file cannot be made or mapped.
pub fn lanes(path: &Path) -> Result<Vec<Lane>> {
    let file = create(path).map_err(at(path.display()))?;
    let words = THREADS * 2;
    let flags = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new mapping at a place of the kernel's choice.
    let start = unsafe { mmap(ptr::null_mut(), words * 8, flags, MapFlags::SHARED, &file, 0) };
    let start = start.map_err(at(path.display()))?.cast::<AtomicU64>();
    // SAFETY: the mapping has that many words, is never unmapped, and everybody uses atomics on it.
    let words: &'static [AtomicU64] = unsafe { slice::from_raw_parts(start, words) };
    Ok(words.chunks_exact(2).map(|pair| Lane { sent: &pair[0], slowest: &pair[1] }).collect())
}

fn create(path: &Path) -> std::io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
    file.set_len((THREADS * 16) as u64)?;
    Ok(file)
}

/// What one process has sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The last number of each thread.
    pub last: Vec<u64>,
    /// The longest that any call took, in nanoseconds.
    pub slowest: u64,
}

impl Sent {
    /// Reads the counts of a process, which may be dead.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(at(path.display()))?;
        let word = |bytes: &[u8]| u64::from_ne_bytes(bytes.try_into().unwrap_or_default());
        let pairs = bytes.chunks_exact(16);
        Ok(Self {
            last: pairs.clone().map(|pair| word(&pair[..8])).collect(),
            slowest: pairs.map(|pair| word(&pair[8..])).max().unwrap_or(0),
        })
    }

    /// By all threads.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.last.iter().sum()
    }
}
