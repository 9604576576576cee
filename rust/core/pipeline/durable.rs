//! Who waits for a record to be on disk.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Instant,
};

/// How far the disk has what was submitted. Positions are the queue's.
#[derive(Debug, Default)]
pub(super) struct Durable {
    reached: Mutex<Reached>,
    changed: Condvar,
    waiting: AtomicUsize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    /// Everything before this position is on disk...
    end: u64,
    /// ... except what is before this one: a sync failed, and the kernel does not say what became of the data. A
    /// later one that succeeds does not say either.
    doubted: u64,
}

impl Durable {
    /// Waits for a record; `submit` hands it over and tells its position. Whether it is on disk by `deadline`.
    pub(super) fn wait(&self, deadline: Instant, submit: impl FnOnce() -> Option<u64>) -> bool {
        // Before the record: the worker that takes it must see that somebody waits.
        self.waiting.fetch_add(1, SeqCst);
        let on_disk = submit().is_some_and(|position| self.reaches(position, deadline));
        self.waiting.fetch_sub(1, SeqCst);
        on_disk
    }

    fn reaches(&self, position: u64, deadline: Instant) -> bool {
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if position < reached.doubted {
                return false;
            }
            if position < reached.end {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            (reached, _) = self.changed.wait_timeout(reached, left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether somebody waits, so that the worker must sync what it writes.
    pub(super) fn is_awaited(&self) -> bool {
        self.waiting.load(SeqCst) > 0
    }

    /// Everything before `end` is on disk.
    pub(super) fn reach(&self, end: u64) {
        self.change(|reached| reached.end = end);
    }

    /// A sync failed: whether what is before `end` is on disk will never be known.
    pub(super) fn doubt(&self, end: u64) {
        self.change(|reached| reached.doubted = end);
    }

    fn change(&self, change: impl FnOnce(&mut Reached)) {
        change(&mut self.reached.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(5)
    }

    fn late() -> Instant {
        Instant::now() + Duration::from_secs(20)
    }

    #[test]
    fn a_record_is_waited_for_until_it_is_reached_or_late() {
        let durable = Durable::default();
        assert!(!durable.wait(late(), || None), "dropped");
        assert!(!durable.wait(soon(), || Some(0)), "late");
        durable.reach(10);
        assert!(durable.wait(soon(), || Some(9)));
        assert!(!durable.wait(soon(), || Some(10)));
        thread::scope(|scope| {
            let waits = scope.spawn(|| durable.wait(late(), || Some(10)));
            while !durable.is_awaited() {
                thread::yield_now();
            }
            durable.reach(11);
            assert!(waits.join().unwrap());
        });
        assert!(!durable.is_awaited());
    }

    #[test]
    fn what_a_failed_sync_left_in_doubt_stays_in_doubt() {
        let durable = Durable::default();
        durable.doubt(5);
        durable.reach(9);
        assert!(!durable.wait(late(), || Some(4)));
        assert!(durable.wait(late(), || Some(5)));
    }
}
