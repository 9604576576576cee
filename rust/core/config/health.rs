//! `[health]`: how mesos-audit tells how it is.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{beside, range};
use crate::error::Error;

/// How mesos-audit tells how it is (docs/operations.md, "Health").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Health {
    /// Seconds between two `audit_ledger` events, if anything was recorded or went wrong in between. Up to
    /// 86,400; 0: only every `heartbeat_s`, before a file ends, and at the end.
    pub ledger_s: u64,
    /// Seconds after which an `audit_ledger` event is written, and the status file renewed, though nothing has
    /// happened: so that silence can be told from death. 1 to 3,600.
    pub heartbeat_s: u64,
    /// File that tells how this process is, for `mesos-audit status`; replaced by rename, at the most once a second.
    /// Has the mode, owner and group of the output. Absolute. Unset: the output's path with `.status` appended.
    pub state: Option<PathBuf>,
}

impl Default for Health {
    fn default() -> Self {
        Self { ledger_s: 60, heartbeat_s: 300, state: None }
    }
}

impl Health {
    pub(super) fn validate(&self) -> Result<(), Error> {
        range("health.ledger_s", self.ledger_s, 0, 86_400)?;
        range("health.heartbeat_s", self.heartbeat_s, 1, 3_600)?;
        match &self.state {
            Some(path) if !path.is_absolute() || path.file_name().is_none() => {
                Err(Error::new("is no absolute path of a file").key("health.state"))
            }
            _ => Ok(()),
        }
    }

    /// Where the status of the writer of that log is kept.
    #[must_use]
    pub fn state_for(&self, log: &Path) -> PathBuf {
        self.state.clone().unwrap_or_else(|| beside(log, ".status"))
    }
}
