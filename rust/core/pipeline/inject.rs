//! Panics of the worker on demand, for the tests that show that it goes on and that nothing is lost in silence.
//! Nothing at all in a program that is not under test.

use super::ledger::Ledger;

/// Where the worker can be made to panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With a record in its hands.
    Taken = 1,
    /// While it makes events of a record: the first is encoded.
    Telling,
    /// When a record's events are in the stream.
    Told,
    /// When it is about to announce.
    Announcing,
    /// When it is about to write.
    Writing,
    /// When the sink has taken what was to be written, and the writer does not know yet.
    Written,
    /// When a file has begun, before its first event is told.
    Beginning,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 7] = [
        Self::Taken,
        Self::Telling,
        Self::Told,
        Self::Announcing,
        Self::Writing,
        Self::Written,
        Self::Beginning,
    ];
}

/// How often the worker is still to panic, and where.
#[cfg(any(test, feature = "fault-injection"))]
#[derive(Debug, Default)]
pub(super) struct Faults {
    place: std::sync::atomic::AtomicU8,
    left: std::sync::atomic::AtomicU64,
}

#[cfg(any(test, feature = "fault-injection"))]
impl Faults {
    /// Has it panic that many times at that place from now on.
    pub(super) fn arm(&self, place: Place, times: u64) {
        use std::sync::atomic::Ordering::SeqCst;
        self.place.store(place as u8, SeqCst);
        self.left.store(times, SeqCst);
    }

    /// Whether it has panicked as often as it was to.
    pub(super) fn is_spent(&self) -> bool {
        self.left.load(std::sync::atomic::Ordering::SeqCst) == 0
    }

    fn strike(&self, place: Place) {
        use std::sync::atomic::Ordering::SeqCst;
        if self.place.load(SeqCst) == place as u8
            && self.left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok()
        {
            panic!("injected");
        }
    }
}

/// Marks a place.
#[inline]
#[cfg_attr(not(any(test, feature = "fault-injection")), expect(unused_variables, reason = "only under test"))]
pub(super) fn here(ledger: &Ledger, place: Place) {
    #[cfg(any(test, feature = "fault-injection"))]
    ledger.faults_on_demand.strike(place);
}
