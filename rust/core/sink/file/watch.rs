//! Whether the file that is written still is the one that its path names.

use std::{fs::File, io, os::unix::fs::MetadataExt, path::Path};

use super::open::id;
use crate::sink::ReopenReason;

/// Compares the open file, of which `size` bytes are known, with what the path names. Two system calls.
pub(super) fn look(file: &File, size: u64, path: &Path) -> Option<ReopenReason> {
    let open = file.metadata().ok()?;
    match path.symlink_metadata() {
        Ok(named) if id(&named) != id(&open) => Some(ReopenReason::Replaced),
        Ok(_) if open.len() < size => Some(ReopenReason::Truncated),
        Ok(_) => None,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Some(if open.nlink() == 0 { ReopenReason::Deleted } else { ReopenReason::Moved })
        }
        // It cannot be told: no reason to leave a file that works.
        Err(_) => None,
    }
}
