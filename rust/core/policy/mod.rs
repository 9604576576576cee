//! Which events are recorded, and how much of each.
//!
//! The rules of `[policy]`, of which the first that matches decides. Two places ask: Mesos's thread looks an authorization
//! decision up in a [`Table`] before anything is copied, and the worker judges every draft by all that is known of it
//! ([`Governor`]).

mod counted;
mod facts;
mod foreseen;
mod governor;
mod level;
mod rule;
mod table;
#[cfg(test)]
mod tests;
mod watch;

pub use facts::Facts;
pub use governor::Governor;
pub use level::{METADATA_LACKS, to_metadata};
pub use table::{Levels, Table};

use crate::{
    config::{self, PolicyLevel as Level},
    error::Error,
    event::Action,
};
use rule::Rule;

/// The id of what decides where no rule matches.
pub const DEFAULT_RULE: &str = "default";

/// More rules than anybody can keep in mind; the table counts for each.
pub const MOST_RULES: usize = 255;

/// Rules that can be asked.
#[derive(Clone, Debug)]
pub struct Policy {
    rules: Vec<Rule>,
    digest: String,
}

/// What a policy says of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict<'p> {
    /// How much of it is recorded.
    pub level: Level,
    /// The rule that says so.
    pub rule: &'p str,
    /// Its place in the list; behind the last: none of them.
    pub index: usize,
}

impl Policy {
    /// # Errors
    /// A rule that means nothing: no such action, no network, an id that is there twice, a rule that is never reached. One
    /// line with key and reason.
    pub fn new(config: &config::Policy) -> Result<Self, Error> {
        if config.rules.len() > MOST_RULES {
            return Err(Error::new(format!("has more than {MOST_RULES} rules")).key("policy.rules"));
        }
        let mut rules: Vec<Rule> = Vec::with_capacity(config.rules.len());
        for (index, one) in config.rules.iter().enumerate() {
            let key = |name: &str| format!("policy.rules[{index}]{name}");
            if one.id == DEFAULT_RULE || rules.iter().any(|rule| rule.id == one.id) {
                return Err(Error::new(format!("`{}` is taken", one.id)).key(key(".id")));
            }
            if let Some(last) = rules.last().filter(|rule| rule.matches_all()) {
                let message = format!("is never reached: rule `{}` matches everything", last.id);
                return Err(Error::new(message).key(key("")));
            }
            rules.push(Rule::new(one, &|name| key(name))?);
        }
        Ok(Self { rules, digest: digest(&config.rules) })
    }

    /// The same for the same rules, however the file is written: 16 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many rules there are, the default's not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether only the default decides.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Id and level of a rule; behind the last, the default's.
    #[must_use]
    pub fn rule(&self, index: usize) -> (&str, Level) {
        self.rules.get(index).map_or((DEFAULT_RULE, Level::Full), |rule| (&rule.id, rule.level))
    }

    /// What the rules say. What mesos-audit tells of itself is none of theirs, nor are counts that they asked for: always
    /// recorded in full.
    #[must_use]
    pub fn judge(&self, facts: &Facts<'_>) -> Verdict<'_> {
        let found = facts.can_be_judged().then(|| self.rules.iter().position(|rule| rule.matches(facts)));
        self.verdict(found.flatten().unwrap_or(self.rules.len()))
    }

    /// Why a rule does not match: the first of its keys that does not. None where it does.
    #[must_use]
    pub fn objection(&self, index: usize, facts: &Facts<'_>) -> Option<&'static str> {
        self.rules.get(index)?.objection(facts)
    }

    fn verdict(&self, index: usize) -> Verdict<'_> {
        let (rule, level) = self.rule(index);
        Verdict { level, rule, index }
    }

    /// What the rules say of a decision of which no more than this is known; none where it depends on more.
    fn foresee(&self, facts: &Facts<'_>) -> Option<Verdict<'_>> {
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.matches_kind(facts) {
                return (!rule.looks_inside()).then(|| self.verdict(index));
            }
        }
        Some(self.verdict(self.rules.len()))
    }

    /// The same of an event with this action, of which type and outcome are not known.
    fn foresee_action(&self, action: Action) -> Option<Verdict<'_>> {
        for (index, rule) in self.rules.iter().enumerate() {
            match rule.matches_action(action) {
                Some(false) => {}
                Some(true) => return Some(self.verdict(index)),
                None => return None,
            }
        }
        Some(self.verdict(self.rules.len()))
    }

    /// An answer that waits for its record needs one.
    ///
    /// # Errors
    /// A rule could leave out a decision on one of these actions.
    pub fn check_durable(&self, durable: &[(i32, String)]) -> Result<(), Error> {
        for (action, name) in durable {
            for facts in Facts::of_decisions(*action) {
                for (index, rule) in self.rules.iter().enumerate() {
                    if !rule.matches_kind(&facts) {
                        continue;
                    }
                    if !rule.level.is_recorded() {
                        let message = format!(
                            "could leave out `{name}`, which `authorization.durable` names: put a rule before it that records it"
                        );
                        return Err(Error::new(message).key(format!("policy.rules[{index}].level")));
                    }
                    if !rule.looks_inside() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

fn digest(rules: &[config::Rule]) -> String {
    // Of what they say in a fixed order of keys, not of the file's text.
    let text = serde_json::to_vec(rules).unwrap_or_default();
    let mut hash = blake3::Hasher::new_derive_key("mesos-audit policy version one");
    hash.update(&text);
    hash.finalize().to_hex()[..16].to_owned()
}
