//! Records that are too large for the ring.
//!
//! No lock: a worker that loses its processor with one in its hands would hold Mesos's threads up.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use crossbeam_channel::{Receiver, Sender, unbounded};

/// A record's position in the ring, which is its place in the order, and its bytes.
type Waiting = (u64, Box<[u8]>);

/// Bytes on the heap. An allocation is little beside the copying of so many bytes.
#[derive(Debug)]
pub(super) struct Large {
    room: Arc<Room>,
    /// Never full: what may be sent is bounded by `room`.
    waiting: Sender<Waiting>,
}

/// The worker's side.
#[derive(Debug)]
pub(super) struct LargeTaker {
    room: Arc<Room>,
    waiting: Receiver<Waiting>,
    /// What came before its turn.
    early: Vec<Waiting>,
}

/// Bytes that may be there at once.
#[derive(Debug)]
struct Room {
    limit: usize,
    reserved: AtomicUsize,
}

/// For `limit` bytes at once.
pub(super) fn large(limit: usize) -> (Large, LargeTaker) {
    let room = Arc::new(Room { limit, reserved: AtomicUsize::new(0) });
    let (sender, receiver) = unbounded();
    let taker = LargeTaker { room: Arc::clone(&room), waiting: receiver, early: Vec::new() };
    (Large { room, waiting: sender }, taker)
}

impl Large {
    /// Whether there is room. If so, it is the caller's.
    pub(super) fn reserve(&self, bytes: usize) -> bool {
        let room = |reserved: usize| reserved.checked_add(bytes).filter(|sum| *sum <= self.room.limit);
        self.room.reserved.fetch_update(Relaxed, Relaxed, room).is_ok()
    }

    /// Gives a reservation back.
    pub(super) fn cancel(&self, bytes: usize) {
        self.room.cancel(bytes);
    }

    /// Keeps a copy of what was reserved for: before the record of that position is committed.
    pub(super) fn put(&self, position: u64, fields: &[u8]) {
        // The worker is there as long as anybody can submit; a record without bytes would be told as one that cannot be read.
        let _ = self.waiting.send((position, fields.into()));
    }
}

impl LargeTaker {
    /// What was put under that position. Its memory counts until `let_go`.
    pub(super) fn take(&mut self, position: u64) -> Option<Box<[u8]>> {
        // Never waits: what was committed was put before.
        self.early.extend(self.waiting.try_iter());
        let index = self.early.iter().position(|(at, _)| *at == position)?;
        Some(self.early.swap_remove(index).1)
    }

    /// Gives the room of what was taken back.
    pub(super) fn let_go(&self, bytes: usize) {
        self.room.cancel(bytes);
    }
}

impl Room {
    fn cancel(&self, bytes: usize) {
        self.reserved.fetch_sub(bytes, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_position_in_whatever_order_they_came() {
        let (large, mut taker) = large(100);
        for position in [3, 1, 2_u8] {
            assert!(large.reserve(30));
            large.put(position.into(), &[position; 30]);
        }
        assert!(!large.reserve(30), "there is room for ten more only");
        for position in 1..=3_u8 {
            assert_eq!(taker.take(position.into()).unwrap()[..], [position; 30]);
            assert!(!large.reserve(30), "what is held counts");
            taker.let_go(30);
            assert!(large.reserve(30));
        }
        assert_eq!(taker.take(4), None);
    }
}
