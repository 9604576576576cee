//! What mesos-audit says about itself to whoever watches the process: named types, each logged in one place.
//!
//! Only threads of ours emit these, never one of Mesos: a full pipe behind stderr must not stop the master.
//! What matters for the audit is in the stream as well.

use std::{io, path::Path};

/// The output could not be written; records wait in memory and are tried again.
#[derive(Debug)]
pub struct WriteFailed<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why.
    pub error: &'a io::Error,
}

impl WriteFailed<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!("{}: cannot write audit events: {}; trying again", self.path.display(), self.error);
    }
}

/// The output can be written again.
#[derive(Debug)]
pub struct WriteRecovered<'a> {
    /// The file.
    pub path: &'a Path,
}

impl WriteRecovered<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::warn!("{}: audit events are written again", self.path.display());
    }
}

/// The configuration's file was read again.
#[derive(Debug)]
pub struct ConfigChanged<'a> {
    /// Digest of the policy that holds now.
    pub policy: &'a str,
    /// Keys that need a restart.
    pub restart: &'a [String],
}

impl ConfigChanged<'_> {
    /// Logs it.
    pub fn emit(&self) {
        let Self { policy, restart } = self;
        if restart.is_empty() {
            tracing::info!("the configuration has changed: policy {policy}");
        } else {
            let keys = restart.join(", ");
            tracing::warn!("the configuration has changed: policy {policy}; these need a restart: {keys}");
        }
    }
}

/// The configuration's file has changed and cannot be used.
#[derive(Debug)]
pub struct ConfigRefused<'a> {
    /// File, key and reason.
    pub error: &'a crate::error::Error,
}

impl ConfigRefused<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!("{}; the configuration of before goes on", self.error);
    }
}

/// The output could not be rotated, or opened anew. Writing goes on with the file as it is.
#[derive(Debug)]
pub struct ChangeFailed<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why it was to be changed.
    pub reason: &'a str,
    /// Why it was not.
    pub error: &'a io::Error,
}

impl ChangeFailed<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!(
            "{}: cannot begin a new file (reason: {}): {}; going on with the old one, trying again",
            self.path.display(),
            self.reason,
            self.error
        );
    }
}

/// What could not be done to the output has been done.
#[derive(Debug)]
pub struct ChangeRecovered<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why it was to be changed.
    pub reason: &'a str,
}

impl ChangeRecovered<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::warn!("{}: a new file has begun at last (reason: {})", self.path.display(), self.reason);
    }
}

/// An archive could not be looked after. It stays as it is.
#[derive(Debug)]
pub struct ArchiveFailed<'a> {
    /// The archive, or the file whose archives they are.
    pub path: &'a Path,
    /// What was to be done.
    pub task: &'a str,
    /// Why it was not.
    pub error: &'a io::Error,
}

impl ArchiveFailed<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!("{}: cannot {}: {}", self.path.display(), self.task, self.error);
    }
}

/// The copy of a deleted file was not finished when the process ended.
#[derive(Debug)]
pub struct RescueCut<'a> {
    /// The archive that what there is of it has become.
    pub path: &'a Path,
}

impl RescueCut<'_> {
    /// Logs it.
    pub fn emit(&self) {
        let path = self.path.display();
        tracing::warn!(
            "{path}: is what was saved of a deleted file before the process ended: its end is missing"
        );
    }
}

/// An archive was removed, as the configuration's limits say.
#[derive(Debug)]
pub struct ArchiveRemoved<'a> {
    /// The archive, by its name before it was compressed.
    pub path: &'a Path,
}

impl ArchiveRemoved<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::info!("{}: removed, to keep within the limits", self.path.display());
    }
}

/// What was written could not be brought to the disk.
#[derive(Debug)]
pub struct SyncFailed<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why.
    pub error: &'a io::Error,
}

impl SyncFailed<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!(
            "{}: cannot sync audit events: {}; those written since the last sync may be lost if the machine fails",
            self.path.display(),
            self.error
        );
    }
}

/// Events were lost.
#[derive(Debug)]
pub struct EventsDropped<'a> {
    /// How many.
    pub count: u64,
    /// Why.
    pub reason: &'a str,
}

impl EventsDropped<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::warn!("{} audit events dropped: {}", self.count, self.reason);
    }
}

/// A root key was made, or is still where it was made.
#[derive(Debug)]
pub struct RootKeyHere<'a> {
    /// The file.
    pub path: &'a Path,
    /// Whether it was made just now.
    pub made: bool,
}

impl RootKeyHere<'_> {
    /// Logs it.
    pub fn emit(&self) {
        let what = if self.made { "holds the new root key" } else { "still holds the root key" };
        tracing::warn!(
            "{}: {what} of the audit trail: move it off this machine; `mesos-audit verify --key` needs it",
            self.path.display()
        );
    }
}

/// The chain's state could not be written; the trail goes on, and the state is tried again with the next
/// seal.
#[derive(Debug)]
pub struct StateNotWritten<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why.
    pub error: &'a io::Error,
}

impl StateNotWritten<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!("{}: cannot write the state of the seals: {}", self.path.display(), self.error);
    }
}

/// The file that tells how mesos-audit is cannot be written. Told once; the log is not affected.
#[derive(Debug)]
pub struct StatusNotWritten<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why.
    pub error: &'a io::Error,
}

impl StatusNotWritten<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::warn!("{}: cannot write the status file: {}", self.path.display(), self.error);
    }
}

/// The worker panicked, and goes on.
#[derive(Debug)]
pub struct WorkerRestarted<'a> {
    /// How often since it was last told.
    pub count: u64,
    /// Where the last panic was.
    pub place: &'a str,
}

impl WorkerRestarted<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!("the worker of mesos-audit failed {} times and goes on: {}", self.count, self.place);
    }
}

/// A callback failed inside mesos-audit.
#[derive(Debug)]
pub struct CallbackFailed<'a> {
    /// Which.
    pub callback: &'a str,
    /// `panic` or `exception`.
    pub kind: &'a str,
    /// Where, or what was said.
    pub detail: &'a str,
}

impl CallbackFailed<'_> {
    /// Logs it.
    pub fn emit(&self) {
        tracing::error!("{} in {}: {}; Mesos goes on", self.kind, self.callback, self.detail);
    }
}

/// Sends what is emitted to stderr, as lines. For the module; a program that embeds the core has a subscriber
/// of its own.
#[cfg(feature = "module")]
pub fn to_stderr() {
    let subscriber = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(tracing::Level::WARN)
        .with_target(false)
        .with_ansi(false)
        .finish();
    // Somebody else's subscriber may be there already: then it is theirs to show.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
