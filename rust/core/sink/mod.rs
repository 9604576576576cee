//! Where encoded events go. A new sink is a file (or a folder) beside [`file`] and an implementation of
//! [`Sink`].

pub mod file;

use std::{io, path::Path};

/// A destination. Used by the worker thread only.
pub trait Sink: Send {
    /// Writes as much as it can of `bytes` and tells how much that was. Whole events are not required: what
    /// is left comes again, first.
    ///
    /// # Errors
    /// Nothing could be written. The same bytes come again later.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// What to call it in messages.
    fn name(&self) -> &Path;
}
