//! What the rules say of decisions by their kind alone, said once for each.

use super::{Facts, Policy, table::ACTIONS};
use crate::{config::PolicyLevel as Level, event::mesos::Decision};

/// Of allowed, denied and all other decisions on each action: the rule that has them recorded in full, whatever else they tell.
#[derive(Debug)]
pub(super) struct Foreseen([[Option<usize>; 3]; ACTIONS]);

impl Foreseen {
    pub(super) fn new(policy: &Policy) -> Self {
        let mut rules = [[None; 3]; ACTIONS];
        for (action, rules) in (0..).zip(&mut rules) {
            *rules = Facts::of_decisions(action).map(|facts| {
                let verdict = policy.foresee(&facts)?;
                (verdict.level == Level::Full).then_some(verdict.index)
            });
        }
        Self(rules)
    }

    pub(super) fn full(&self, action: i32, decision: Decision) -> Option<usize> {
        let rules = self.0.get(usize::try_from(action).ok()?)?;
        match decision {
            Decision::Allowed => rules[0],
            Decision::Denied => rules[1],
            // Rules can ask for type and outcome only, which these two share.
            Decision::Error | Decision::Discarded => rules[2],
        }
    }
}
