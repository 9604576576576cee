//! The core's one public error: what is wrong, where, in one line.

use std::{fmt, path::Path};

/// What stops the module from starting. Prints as one line: `FILE: KEY: REASON`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    file: Option<String>,
    key: Option<String>,
    reason: String,
}

impl Error {
    /// An error with a reason only. Newlines are folded: Mesos's log, and ours, have one line per message.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self { file: None, key: None, reason: one_line(&reason.to_string()) }
    }

    /// Names the file.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.file = Some(one_line(&path.as_ref().display().to_string()));
        self
    }

    /// Names the key (of the configuration, or of a module's parameters).
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(one_line(&key.into())).filter(|key| !key.is_empty() && key != ".");
        self
    }
}

/// White space folded, and what a terminal would obey written as an escape: names and keys can hold anything.
fn one_line(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown =
        folded.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() });
    shown.collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.file, &self.key].into_iter().flatten() {
            write!(f, "{part}: ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by the fuzzer: TOML's keys may hold newlines.
    #[test]
    fn an_error_is_one_harmless_line_whatever_it_names() {
        let error = Error::new("no\nsuch\u{1b}[2Jkey").file("/etc/a\nb").key("out\nput.\u{9b}path");
        assert_eq!(error.to_string(), "/etc/a b: out put.\\u{9b}path: no such\\u{1b}[2Jkey");
    }
}
