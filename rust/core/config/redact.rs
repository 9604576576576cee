//! `[redact]`: what must not be readable by everybody who may read the log.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What must not be readable by everybody who may read the log (docs/privacy.md).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Redact {
    /// File with the key of the hashes; made, readable by its owner only, where it does not exist. Give master and agents the same one,
    /// so that equal values have equal hashes everywhere. Absolute. Unset: sensitive values are not recorded at all, since hashes without
    /// a key could be guessed.
    pub key_file: Option<PathBuf>,
    /// What of who and where is recorded as a keyed hash: `user.name` (every principal), `source.ip` (every client's address; the hash is
    /// in `source.address`), `mesos.framework.user` (every operating-system user), `mesos.framework.hostname`, `mesos.agent.hostname`.
    /// Needs `key_file`.
    pub hash: Vec<Hashed>,
    /// Whether command lines and URIs are recorded, without what looks like a secret in them.
    pub commands: bool,
}

/// What can be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)] // Said at the key.
pub enum Hashed {
    #[serde(rename = "user.name")]
    UserName,
    #[serde(rename = "source.ip")]
    SourceIp,
    #[serde(rename = "mesos.framework.user")]
    FrameworkUser,
    #[serde(rename = "mesos.framework.hostname")]
    FrameworkHostname,
    #[serde(rename = "mesos.agent.hostname")]
    AgentHostname,
}

impl Default for Redact {
    fn default() -> Self {
        Self { key_file: None, hash: Vec::new(), commands: true }
    }
}

impl Redact {
    pub(super) fn validate(&self) -> Result<(), Error> {
        match &self.key_file {
            Some(path) if !path.is_absolute() || path.file_name().is_none() => {
                return Err(Error::new("is no absolute path of a file").key("redact.key_file"));
            }
            None if !self.hash.is_empty() => {
                return Err(
                    Error::new("needs `key_file`: hashes without a key can be guessed").key("redact.hash")
                );
            }
            _ => {}
        }
        for (index, hashed) in self.hash.iter().enumerate() {
            if self.hash[..index].contains(hashed) {
                return Err(Error::new("is named twice").key(format!("redact.hash[{index}]")));
            }
        }
        Ok(())
    }
}
