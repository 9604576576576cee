//! `[integrity]`: how the trail is made provable.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How the trail is made provable (docs/integrity.md).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Integrity {
    /// Whether records are sealed: a keyed hash over each 64 KiB of them, chained, with a key that is replaced
    /// each time. `mesos-audit verify` checks it.
    pub seal: bool,
    /// File into which a root key is written when a chain begins. Move the file off the machine; it is
    /// needed to verify, never to record. Absolute. Unset: the output's path with `.key` appended.
    pub key: Option<PathBuf>,
    /// File that holds the current key and where the chain stands; readable by its owner only, one per output.
    /// Absolute. Unset: the output's path with `.seal` appended.
    pub state: Option<PathBuf>,
    /// How long a record may wait for its seal, in milliseconds. 10 to 3,600,000.
    pub seal_ms: u64,
}

impl Default for Integrity {
    fn default() -> Self {
        Self { seal: true, key: None, state: None, seal_ms: 5_000 }
    }
}

impl Integrity {
    pub(super) fn validate(&self) -> Result<(), Error> {
        if !(10..=3_600_000).contains(&self.seal_ms) {
            let reason = format!("{} is not between 10 and 3600000", self.seal_ms);
            return Err(Error::new(reason).key("integrity.seal_ms"));
        }
        for (key, path) in [("integrity.key", &self.key), ("integrity.state", &self.state)] {
            if let Some(path) = path
                && (!path.is_absolute() || path.file_name().is_none())
            {
                return Err(Error::new("is no absolute path of a file").key(key));
            }
        }
        if self.key.is_some() && self.key == self.state {
            return Err(Error::new("is the same file as integrity.state").key("integrity.key"));
        }
        Ok(())
    }

    /// Where the root key of that log is written.
    #[must_use]
    pub fn key_for(&self, log: &Path) -> PathBuf {
        self.key.clone().unwrap_or_else(|| beside(log, ".key"))
    }

    /// Where the state of that log is kept.
    #[must_use]
    pub fn state_for(&self, log: &Path) -> PathBuf {
        self.state.clone().unwrap_or_else(|| beside(log, ".seal"))
    }
}

/// The file beside `log` with that much more of a name.
pub(super) fn beside(log: &Path, suffix: &str) -> PathBuf {
    let mut path = log.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
