//! What Mesos's threads ask: one look-up, by authorization action for all three decisions, or by callback.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::{Facts, MOST_RULES, Policy};
use crate::{config::PolicyLevel as Level, decode::Callback};

/// Authorization actions have numbers below this; Mesos 1.11 has 53 of them.
pub(super) const ACTIONS: usize = 64;

/// Callbacks have numbers below this.
const CALLBACKS: usize = 128;

/// For each authorization action what becomes of a decision: recorded, counted, or skipped. Read by any thread, written by
/// the worker when the policy changes; each decision is looked up whole, by the policy of before or that of after.
#[derive(Debug)]
pub struct Table {
    actions: [AtomicU64; ACTIONS],
    /// 0, or one more than the place of the rule that has all records of the callback skipped.
    callbacks: [AtomicU64; CALLBACKS],
    skipped: [AtomicU64; MOST_RULES + 1],
}

/// What becomes of the decisions on one action: two bits of level for each of the three, and above them a byte for the
/// rule's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels(u64);

const COUNT: u64 = 1;
const SKIP: u64 = 2;

impl Levels {
    /// Two bits for each of allowed, denied and failed, from the lowest: 0 recorded, 1 counted, 2 skipped.
    #[must_use]
    pub const fn bits(self) -> u8 {
        (self.0 & 0x3f) as u8
    }

    /// Of allowed (0), denied (1) or failed (2): the rule's place.
    const fn rule(self, decision: u32) -> usize {
        ((self.0 >> (8 * (decision + 1))) & 0xff) as usize
    }
}

impl Table {
    /// The table of a policy.
    #[must_use]
    pub fn new(policy: &Policy) -> Self {
        let table = Self {
            actions: [const { AtomicU64::new(0) }; ACTIONS],
            callbacks: [const { AtomicU64::new(0) }; CALLBACKS],
            skipped: [const { AtomicU64::new(0) }; MOST_RULES + 1],
        };
        table.fill(policy);
        table
    }

    /// Takes another policy. What was skipped is taken from the table before, by [`Table::take_skipped`].
    pub(super) fn fill(&self, policy: &Policy) {
        for (action, entry) in (0..).zip(&self.actions) {
            let mut bits = 0;
            for (decision, facts) in (0..).zip(Facts::of_decisions(action)) {
                // What depends on more than is known here is recorded, and judged by the worker.
                let Some(verdict) = policy.foresee(&facts) else { continue };
                let level = match verdict.level {
                    Level::Count => COUNT,
                    Level::Skip => SKIP,
                    Level::Metadata | Level::Full => 0,
                };
                bits |= level << (2 * decision) | (verdict.index as u64) << (8 * (decision + 1));
            }
            entry.store(bits, Relaxed);
        }
        for (number, entry) in (0..).zip(&self.callbacks) {
            let action = Callback::from_number(number).and_then(Callback::only_action);
            let verdict = action.and_then(|action| policy.foresee_action(action));
            let skipped = verdict.filter(|verdict| verdict.level == Level::Skip);
            entry.store(skipped.map_or(0, |verdict| verdict.index as u64 + 1), Relaxed);
        }
    }

    /// Whether records of this callback are skipped, whatever is in them; counts one if so. One load.
    #[inline]
    #[must_use]
    pub fn skips(&self, callback: u8) -> bool {
        let entry = self.callbacks.get(usize::from(callback));
        let Some(rule) = entry.and_then(|entry| entry.load(Relaxed).checked_sub(1)) else { return false };
        if let Some(count) = usize::try_from(rule).ok().and_then(|rule| self.skipped.get(rule)) {
            count.fetch_add(1, Relaxed);
        }
        true
    }

    /// What becomes of decisions on this action. One load.
    #[inline]
    #[must_use]
    pub fn levels(&self, action: i32) -> Levels {
        let entry = usize::try_from(action).ok().and_then(|action| self.actions.get(action));
        Levels(entry.map_or(0, |entry| entry.load(Relaxed)))
    }

    /// Counts a decision that is skipped: 0 allowed, 1 denied, 2 failed.
    #[inline]
    pub fn skip(&self, action: i32, decision: u8) {
        if let Some(count) = self.skipped.get(self.levels(action).rule(u32::from(decision.min(2)))) {
            count.fetch_add(1, Relaxed);
        }
    }

    /// The rule that has decisions on this action counted, for their summary.
    pub(super) fn counting_rule(&self, action: i32) -> Option<usize> {
        let levels = self.levels(action);
        (0..3)
            .find(|decision| u64::from(levels.bits() >> (2 * decision)) & 3 == COUNT)
            .map(|decision| levels.rule(decision))
    }

    /// What was skipped since the last time, by the rule's place.
    pub(super) fn take_skipped(&self) -> impl Iterator<Item = (usize, u64)> {
        let taken = self
            .skipped
            .iter()
            .map(|count| if count.load(Relaxed) == 0 { 0 } else { count.swap(0, Relaxed) });
        taken.enumerate().filter(|(_, count)| *count > 0)
    }
}
