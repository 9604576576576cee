//! Which lines are compared: how many events a second somebody writes depends on how long their lines are.

use crate::event::Kind::{self, Agent, Launch};

/// Ours and others' lines, side by side.
#[derive(Debug)]
pub(super) struct Lines {
    /// In a few words.
    pub(super) title: &'static str,
    /// Our event.
    ours: Kind,
    /// The others'.
    theirs: Kind,
    /// The others write as many bytes as we do.
    same: bool,
    /// The targets are wanted of these.
    pub(super) wanted: bool,
}

/// What is wanted is wanted of events of about 500 bytes, which the shortest decision of ours and the flat lines of others are,
/// and of events of one size, from all. Twice as many bytes as the others write are no measure of who writes faster.
pub(super) const LINES: [Lines; 4] = [
    Lines { title: "about 500 bytes", ours: Agent, theirs: Launch, same: false, wanted: true },
    Lines { title: "the same 670 bytes", ours: Agent, theirs: Agent, same: true, wanted: true },
    Lines { title: "the same 1,190 bytes", ours: Launch, theirs: Launch, same: true, wanted: true },
    Lines { title: "1,190 bytes, others 521", ours: Launch, theirs: Launch, same: false, wanted: false },
];

impl Lines {
    /// The value of `subject`, which is called `value` where tasks are launched. `write` is the machine's limit.
    pub(super) fn key(&self, subject: &str, value: &str) -> String {
        let [ours, theirs] = [self.ours, self.theirs].map(Kind::prefix);
        match subject {
            "module" | "ours" => format!("{subject}/{ours}{value}"),
            _ if self.same => format!("{subject}-same/{theirs}{value}"),
            _ => format!("{subject}/{theirs}{value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_the_same_is_another_subject() {
        let keys = |lines: &Lines| ["ours", "glog", "write"].map(|subject| lines.key(subject, "rate.4"));
        let [short, same, ..] = LINES;
        assert_eq!(keys(&short), ["ours/agent.rate.4", "glog/rate.4", "write/rate.4"]);
        assert_eq!(keys(&same), ["ours/agent.rate.4", "glog-same/agent.rate.4", "write-same/agent.rate.4"]);
    }
}
