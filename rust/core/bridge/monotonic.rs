//! Times of the monotonic clock as times of day.
//!
//! A record's duration is taken with CLOCK_MONOTONIC. That reading can also tell its time of day: reading the wall
//! clock as well would be a fifth of what a small record costs its caller.

use std::sync::atomic::{
    AtomicI64,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::clock::Timestamp;

/// How long the difference between the two clocks is taken for granted, in nanoseconds. Only a step of the wall
/// clock changes it (what adjusts the speed of the one adjusts the other), so a step is seen that much later.
const FRESH: u64 = 1_000_000;

/// The most that may lie between two looks at the monotonic clock: if more does, the thread has lost its processor
/// in between, and the difference would be wrong.
const TOGETHER: i64 = 2_000;

/// How the clocks stand to each other. In one cache line.
#[repr(align(16))]
struct Lead {
    /// By how much the wall clock is ahead.
    nanos: AtomicI64,
    /// When that was found, by the monotonic clock; stored behind it.
    found: AtomicI64,
}

/// One value, as the linker puts numbers that begin as zero and others into different pages.
static LEAD: Lead = Lead { nanos: AtomicI64::new(0), found: AtomicI64::new(i64::MIN) };

/// The time of day when CLOCK_MONOTONIC showed so many nanoseconds, which was a moment ago.
#[inline]
pub(super) fn time_of_day(nanos: i64) -> Timestamp {
    // The absolute difference: another thread may have looked after that time.
    let fresh = nanos.abs_diff(LEAD.found.load(Acquire)) <= FRESH;
    let lead = if fresh { Some(LEAD.nanos.load(Relaxed)) } else { look() };
    match lead {
        // A clock before 1970 gives 1970, as `Timestamp::now` has it.
        Some(lead) => Timestamp::from_micros(((nanos + lead) / 1000).max(0)),
        None => Timestamp::now(),
    }
}

#[cold]
fn look() -> Option<i64> {
    for _ in 0..3 {
        let before = read(libc::CLOCK_MONOTONIC);
        let wall = read(libc::CLOCK_REALTIME);
        let after = read(libc::CLOCK_MONOTONIC);
        if after - before <= TOGETHER {
            let lead = wall - before.midpoint(after);
            LEAD.nanos.store(lead, Relaxed);
            LEAD.found.store(after, Release);
            return Some(lead);
        }
    }
    None
}

fn read(clock: libc::clockid_t) -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes to `time` only. Both clocks exist on every Linux, so it cannot fail.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_clocks_tell_the_same_time() {
        for _ in 0..1000 {
            let before = Timestamp::now();
            let monotonic = time_of_day(read(libc::CLOCK_MONOTONIC));
            let after = Timestamp::now();
            // Half of what may lie between the looks, and what rounding takes.
            let range = before.as_micros() - 2..=after.as_micros() + 2;
            assert!(range.contains(&monotonic.as_micros()), "{before} {monotonic} {after}");
        }
    }
}
