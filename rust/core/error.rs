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
        let reason = reason.to_string();
        Self { file: None, key: None, reason: reason.split_whitespace().collect::<Vec<_>>().join(" ") }
    }

    /// Names the file.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.file = Some(path.as_ref().display().to_string());
        self
    }

    /// Names the key (of the configuration, or of a module's parameters).
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into()).filter(|key| !key.is_empty() && key != ".");
        self
    }
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
