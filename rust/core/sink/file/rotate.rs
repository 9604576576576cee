//! Rotation: the live file becomes an archive, and a new one takes its place.
//!
//! The new file is made first, under a name that nobody looks at: whatever can fail for want of room,
//! permissions or file descriptors fails before anything has changed. Then two renames. At each step the old
//! file is whole under one of its two names, so a crash loses nothing and doubles nothing; and each failure
//! can be undone by a rename.

use std::{
    fs::{self, File},
    io,
};

use super::{
    fault::step,
    name::Place,
    open::{Opener, sync_directory},
    sys::rename_new,
};
use crate::telemetry;

/// Every step where a crash is tested.
#[cfg(test)]
pub(super) const STEPS: [&str; 4] = ["rotate.begin", "rotate.created", "rotate.archived", "rotate.placed"];

/// Moves the live file to the archive's name and gives a new one in its place, locked.
///
/// # Errors
/// The live file is in its place still, or under the archive's name if even that cannot be undone. It can be
/// written in either case.
pub(super) fn rotate(place: &Place, opener: Opener, archive: &str) -> io::Result<File> {
    let (live, archive, fresh) = (place.live(), place.path(archive), place.fresh());
    step("rotate.begin")?;
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = opener.create(&fresh)?;
    let remove = |_: &io::Error| drop(fs::remove_file(&fresh));
    step("rotate.created").inspect_err(remove)?;
    rename_new(live, &archive).inspect_err(remove)?;
    step("rotate.archived").and_then(|()| rename_new(&fresh, live)).inspect_err(|error| {
        // Whether it can be undone or not, the old file is open and goes on.
        let _ = rename_new(&archive, live);
        remove(error);
    })?;
    // From here on it has happened; a name that is not durable yet is no reason to go back.
    let durable = step("rotate.placed").and_then(|()| sync_directory(place.directory()));
    if let Err(error) = durable {
        telemetry::ArchiveFailed { path: &archive, task: "make its name durable", error: &error }.emit();
    }
    Ok(file)
}
