//! Where encoded events go. A new sink is a file (or a folder) beside [`file`] and an implementation of
//! [`Sink`].

pub mod file;

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::clock::Timestamp;

/// A destination. Used by one thread at a time: the worker, or the one that the worker has sent its writer to.
pub trait Sink: Send {
    /// Writes as much as it can of `bytes` and tells how much that was. Whole events are not required: what
    /// is left comes again, first.
    ///
    /// # Errors
    /// Nothing could be written. The same bytes come again later.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Waits until all that was written is on the disk.
    ///
    /// # Errors
    /// It is not known to be there. What was written before the last success is.
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Says that the process may end soon: the next [`Sink::due`] looks at everything, whatever it has cost. Tells
    /// whether nothing of what was written would be gone with the process. Called again until it is so, as long as
    /// there is time.
    fn ending(&mut self) -> bool {
        true
    }

    /// What to call it in messages.
    fn name(&self) -> &Path;

    /// What should happen to the file before the next event. Cheap: asked before every write, and at least
    /// once a second while there is nothing to write. Never in the middle of a line.
    fn due(&mut self, _now: Timestamp) -> Option<Change> {
        None
    }

    /// Does it. All that was written before is in the file that is closed, all that is written after in the
    /// one that is opened.
    ///
    /// # Errors
    /// Nothing has changed and writing goes on as before. [`Sink::due`] asks again after a while; the sink
    /// has told the operator.
    fn change(&mut self, _change: Change) -> io::Result<Changed> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// What should happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It becomes an archive, and a new one begins.
    Rotate(RotateReason),
    /// Somebody else did something to it.
    Reopen(ReopenReason),
}

/// Why a file is rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotateReason {
    /// It is large enough.
    Size,
    /// It is old enough.
    Time,
}

/// What was done to a file behind our back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReopenReason {
    /// It has no name any more.
    Deleted,
    /// It has another name, and there is none in its place.
    Moved,
    /// There is another file in its place.
    Replaced,
    /// It has become shorter.
    Truncated,
}

impl Change {
    /// As written to `mesos.audit.file.reason`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rotate(RotateReason::Size) => "size",
            Self::Rotate(RotateReason::Time) => "time",
            Self::Reopen(ReopenReason::Deleted) => "deleted",
            Self::Reopen(ReopenReason::Moved) => "moved",
            Self::Reopen(ReopenReason::Replaced) => "replaced",
            Self::Reopen(ReopenReason::Truncated) => "truncated",
        }
    }
}

/// What has happened to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Where what was written before is now; absent where nobody can know. An archive gets `.gz` appended
    /// when it is compressed.
    pub closed: Option<PathBuf>,
    /// Where what comes now goes.
    pub opened: PathBuf,
}
