//! Time that only goes forward, and how long to wait after something failed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

/// Time since some moment, whatever is done to the wall clock.
#[derive(Clone, Debug)]
pub(super) struct Monotonic {
    start: Instant,
    /// Milliseconds that a test lets pass.
    skipped: Arc<AtomicU64>,
}

impl Monotonic {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), skipped: Arc::default() }
    }

    pub(super) fn now(&self) -> Duration {
        self.start.elapsed() + Duration::from_millis(self.skipped.load(Relaxed))
    }

    #[cfg(test)]
    pub(super) fn skip(&self, time: Duration) {
        self.skipped.fetch_add(u64::try_from(time.as_millis()).unwrap(), Relaxed);
    }
}

/// When to try again what failed: soon at first, then less and less often.
#[derive(Debug)]
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    /// The last wait and its end, while the last try has failed.
    waiting: Option<(Duration, Duration)>,
}

impl Backoff {
    pub(super) const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, waiting: None }
    }

    pub(super) fn is_failing(&self) -> bool {
        self.waiting.is_some()
    }

    pub(super) fn is_ready(&self, now: Duration) -> bool {
        self.waiting.is_none_or(|(_, end)| now >= end)
    }

    /// Tells whether this is the first failure in a row.
    pub(super) fn failed(&mut self, now: Duration) -> bool {
        let wait = self.waiting.map_or(self.first, |(wait, _)| (wait * 2).min(self.longest));
        self.waiting.replace((wait, now + wait)).is_none()
    }

    /// Tells whether there was a failure before.
    pub(super) fn worked(&mut self) -> bool {
        self.waiting.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_success_ends_them() {
        let seconds = Duration::from_secs;
        let mut backoff = Backoff::new(seconds(1), seconds(4));
        assert!(backoff.is_ready(seconds(0)));
        assert!(backoff.failed(seconds(0)));
        assert!(!backoff.is_ready(Duration::from_millis(999)) && backoff.is_ready(seconds(1)));
        for (now, next) in [(1, 3), (3, 7), (7, 11), (11, 15)] {
            assert!(!backoff.failed(seconds(now)));
            assert!(!backoff.is_ready(seconds(next) - Duration::from_millis(1)));
            assert!(backoff.is_ready(seconds(next)));
        }
        assert!(backoff.worked() && !backoff.worked() && !backoff.is_failing());
    }
}
