//! An archive becomes smaller, and a file without a name gets one. Both into a temporary name first.

use std::{
    fs::{self, File, OpenOptions, Permissions, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::Path,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use flate2::{Compression, GzBuilder};

use super::{
    fault::step,
    name::{Archive, Place},
    open::sync_directory,
    sys::rename_new,
};

/// Every step where a crash is tested.
#[cfg(test)]
pub(super) const STEPS: [&str; 5] =
    ["compress.begin", "compress.half", "compress.whole", "compress.named", "compress.done"];

const BLOCK: usize = 64 * 1024;

/// Compresses an archive and removes its plain form. Tells whether it did: not if somebody writes to it
/// still, or if `stop` was set meanwhile. A compressed form that is there already is made anew: the plain one
/// is known to be whole.
///
/// # Errors
/// The plain form is there still, and nothing unfinished.
pub(super) fn compress(place: &Place, archive: &Archive, stop: &AtomicBool) -> io::Result<bool> {
    let plain = place.path(&archive.plain);
    let Some(source) = open_unused(&plain)? else { return Ok(false) };
    step("compress.begin")?;
    let target = place.path(&archive.gz());
    let unfinished = place.unfinished(&archive.gz());
    let metadata = source.metadata()?;
    let seconds = u32::try_from(metadata.mtime()).unwrap_or(0);
    let pack = |file: &mut File| {
        let mut encoder = GzBuilder::new()
            .filename(archive.plain.as_bytes())
            .mtime(seconds)
            .write(file, Compression::default());
        let mut block = vec![0; BLOCK];
        let mut length = 0;
        loop {
            match (&source).read(&mut block) {
                Ok(0) => break,
                Ok(count) => {
                    encoder.write_all(&block[..count])?;
                    length += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if stop.load(Relaxed) {
                return Ok(false);
            }
            step("compress.half")?;
        }
        encoder.finish()?;
        if length != source.metadata()?.len() {
            return Err(io::Error::other("it changed while it was compressed"));
        }
        Ok(true)
    };
    if !whole(&unfinished, &metadata, pack)? {
        return Ok(false);
    }
    let named = step("compress.whole").and_then(|()| fs::rename(&unfinished, &target));
    named.inspect_err(|_| drop(fs::remove_file(&unfinished)))?;
    // Its name must be durable before the other is gone.
    sync_directory(place.directory())?;
    step("compress.named")?;
    fs::remove_file(&plain)?;
    step("compress.done")?;
    Ok(true)
}

/// Gives what a file without a name holds a name of its own, as an archive.
///
/// # Errors
/// There is no such archive, and nothing unfinished.
pub(super) fn rescue(place: &Place, file: &File, archive: &str) -> io::Result<()> {
    let metadata = file.metadata()?;
    let unfinished = place.unfinished(archive);
    whole(&unfinished, &metadata, |target| {
        let mut block = vec![0; BLOCK];
        let mut offset = 0;
        loop {
            match file.read_at(&mut block, offset) {
                Ok(0) => return Ok(true),
                Ok(count) => {
                    target.write_all(&block[..count])?;
                    offset += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    })?;
    rename_new(&unfinished, &place.path(archive)).inspect_err(|_| drop(fs::remove_file(&unfinished)))?;
    sync_directory(place.directory())
}

/// Writes a file, with the owner, mode and time of another, to the disk. Removes it unless `fill` succeeds
/// with true.
fn whole(
    path: &Path,
    like: &fs::Metadata,
    fill: impl FnOnce(&mut File) -> io::Result<bool>,
) -> io::Result<bool> {
    // What an earlier try left.
    drop(fs::remove_file(path));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let write = |file: &mut File| {
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
            fchown(&*file, Some(like.uid()), Some(like.gid()))?;
        }
        file.set_permissions(Permissions::from_mode(like.mode() & 0o775))?;
        if !fill(file)? {
            return Ok(false);
        }
        // Limits by age go by it.
        file.set_modified(like.modified()?)?;
        file.sync_all()?;
        Ok(true)
    };
    let result = write(&mut file);
    if !matches!(result, Ok(true)) {
        drop(fs::remove_file(path));
    }
    result
}

/// Opens an archive; none if a writer holds it still.
///
/// # Errors
/// It cannot be opened or locked.
pub(super) fn open_unused(path: &Path) -> io::Result<Option<File>> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
