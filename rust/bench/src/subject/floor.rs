//! What the machine itself takes for the least that must be done.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, Write as _},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

/// As large as a queue has to be; a power of two.
const RING: usize = 8 << 20;

/// Written in pieces of this size, as every good logger does.
const PIECE: usize = 256 * 1024;

thread_local! {
    // Touched, so that no page is made while something is timed.
    static RING_BYTES: RefCell<Vec<u8>> = RefCell::new(vec![1; RING]);
    static PENDING: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(PIECE * 2));
}

/// memcpy and one atomic addition.
#[derive(Debug)]
pub struct Copy {
    record: Vec<u8>,
    next: AtomicUsize,
}

impl Copy {
    /// Of that record.
    #[must_use]
    pub fn new(record: Vec<u8>) -> Self {
        Self { record, next: AtomicUsize::new(0) }
    }

    /// A copy to the next place in the ring.
    #[inline]
    pub fn emit(&self) {
        let at = self.next.fetch_add(self.record.len().next_multiple_of(8), Relaxed) % (RING - 4096);
        RING_BYTES.with_borrow_mut(|ring| ring[at..at + self.record.len()].copy_from_slice(&self.record));
    }
}

/// write(2), and a copy of the line into what is written.
#[derive(Debug)]
pub struct Write {
    file: File,
    line: Vec<u8>,
}

impl Write {
    /// Such lines, to a file in `folder`.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(folder: &Path, line: Vec<u8>) -> Result<Self, String> {
        let file = File::options().create(true).append(true).open(folder.join("events.log"));
        Ok(Self { file: file.map_err(|error| error.to_string())?, line })
    }

    /// One line.
    #[inline]
    pub fn emit(&self) {
        PENDING.with_borrow_mut(|pending| {
            pending.extend_from_slice(&self.line);
            if pending.len() >= PIECE {
                // A full disk shows in the count of the lines.
                let _ = (&self.file).write_all(pending);
                pending.clear();
            }
        });
    }

    /// What this thread has left.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish_thread(&self) -> io::Result<()> {
        PENDING.with_borrow_mut(|pending| (&self.file).write_all(&std::mem::take(pending)))
    }
}
