//! Records that are too large for the ring.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// Bytes on the heap, each under the position of the record in the ring that stands for it: its place in the
/// order. A lock and an allocation are little beside the copying of so many bytes.
#[derive(Debug)]
pub(super) struct Large {
    limit: usize,
    reserved: AtomicUsize,
    waiting: Mutex<Vec<(u64, Box<[u8]>)>>,
}

impl Large {
    /// For `limit` bytes at once.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, reserved: AtomicUsize::new(0), waiting: Mutex::default() }
    }

    /// Whether there is room. If so, it is the caller's.
    pub(super) fn reserve(&self, bytes: usize) -> bool {
        let room = |reserved: usize| reserved.checked_add(bytes).filter(|sum| *sum <= self.limit);
        self.reserved.fetch_update(Relaxed, Relaxed, room).is_ok()
    }

    /// Gives a reservation back.
    pub(super) fn cancel(&self, bytes: usize) {
        self.reserved.fetch_sub(bytes, Relaxed);
    }

    /// Keeps a copy of what was reserved for.
    pub(super) fn put(&self, position: u64, fields: &[u8]) {
        let copy = fields.into();
        self.lock().push((position, copy));
    }

    /// What was put under that position. Its memory counts until `cancel`.
    pub(super) fn take(&self, position: u64) -> Option<Box<[u8]>> {
        let mut waiting = self.lock();
        let index = waiting.iter().position(|(at, _)| *at == position)?;
        Some(waiting.swap_remove(index).1)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u64, Box<[u8]>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
