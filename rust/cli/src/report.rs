//! What is said on stderr, and the exit status.

use std::{
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
};

use crate::pretty::printable;

/// How a command ended. Ordered: of several, the worst counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// As it should be.
    #[default]
    Fine,
    /// Something is wrong with the data.
    Wrong,
    /// The command could not do its work: usage, or a file that cannot be read.
    Failed,
    /// Of `verify`: nothing is wrong, but not all that was asked could be proven.
    Incomplete,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// One line on stderr about what is wrong.
pub(crate) fn complain(message: impl Display) {
    say(&message.to_string());
}

/// One line on stderr that is worth knowing, and no error.
pub(crate) fn note(message: impl Display) {
    say(&format!("note: {message}"));
}

fn say(message: &str) {
    // Who closed stderr does not want to know. A name or a reason may hold what a terminal would act on.
    let _ = writeln!(io::stderr(), "mesos-audit: {}", printable(message));
}

/// `1 line`, `2 lines`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
