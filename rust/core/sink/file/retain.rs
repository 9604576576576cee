//! Which archives are kept: by count, by bytes and by age, the oldest going first.

use std::{collections::BTreeMap, fs, io, time::SystemTime};

use super::{
    compress::open_unused,
    name::{Archive, Place},
};
use crate::{config::Output, telemetry};

/// What is kept. None: no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Limits {
    pub files: Option<u64>,
    /// Of the archives together with the live file.
    pub bytes: Option<u64>,
    pub days: Option<u64>,
    /// What the live file may grow to: room for it is made before it needs it.
    pub live: u64,
}

impl Limits {
    pub(super) fn new(output: &Output) -> Self {
        let limit = |number: u64| Some(number).filter(|number| *number > 0);
        Self {
            files: limit(output.keep_files),
            bytes: limit(output.keep_bytes),
            days: limit(output.keep_days),
            live: output.rotate_bytes,
        }
    }
}

/// An archive as it is on the disk.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// Its name.
    pub archive: Archive,
    /// Its plain form, where there is one: seconds since it was written to. A crash can leave both forms.
    pub plain: Option<u64>,
    /// Its compressed form exists.
    pub gz: bool,
    bytes: u64,
    age: u64,
}

/// The archives, oldest first. What is no regular file is none of ours, whatever it is called.
///
/// # Errors
/// The directory cannot be read.
pub(super) fn archives(place: &Place, now: SystemTime) -> io::Result<Vec<Kept>> {
    let mut found: BTreeMap<String, Kept> = BTreeMap::new();
    for entry in fs::read_dir(place.directory())? {
        let entry = entry?;
        let Some(archive) = entry.file_name().to_str().and_then(|name| place.parse(name)) else { continue };
        // It can be gone by now.
        let Ok(metadata) = entry.metadata() else { continue };
        if !metadata.is_file() {
            continue;
        }
        // A time in the future is no age.
        let age = metadata.modified().ok().and_then(|time| now.duration_since(time).ok());
        let age = age.unwrap_or_default().as_secs();
        let compressed = archive.compressed;
        let kept = found.entry(archive.plain.clone()).or_insert(Kept {
            archive,
            plain: None,
            gz: false,
            bytes: 0,
            age,
        });
        kept.bytes += metadata.len();
        kept.age = kept.age.min(age);
        if compressed {
            kept.gz = true;
        } else {
            kept.plain = Some(age);
        }
    }
    Ok(found.into_values().collect())
}

/// Removes what is over the limits from the disk and from the list. With `by_age` false, the limit by age
/// waits.
///
/// # Errors
/// One could not be removed. The others were.
pub(super) fn retain(place: &Place, limits: &Limits, kept: &mut Vec<Kept>, by_age: bool) -> io::Result<()> {
    let live = place.live().symlink_metadata().map_or(0, |metadata| metadata.len()).max(limits.live);
    let mut bytes = kept.iter().fold(live, |sum, archive| sum.saturating_add(archive.bytes));
    let mut count = kept.len() as u64;
    let mut failure = None;
    kept.retain(|archive| {
        let too_many = limits.files.is_some_and(|limit| count > limit);
        let too_large = limits.bytes.is_some_and(|limit| bytes > limit);
        let too_old = by_age && limits.days.is_some_and(|limit| archive.age > limit.saturating_mul(86_400));
        if !(too_many || too_large || too_old) {
            return true;
        }
        // One that cannot be removed must not cost a newer one its place among the `files`.
        count -= 1;
        match remove(place, archive) {
            Ok(true) => {
                bytes -= archive.bytes;
                telemetry::ArchiveRemoved { path: &place.path(&archive.archive.plain) }.emit();
                false
            }
            Ok(false) => true,
            Err(error) => {
                failure = Some(error);
                true
            }
        }
    });
    failure.map_or(Ok(()), Err)
}

/// Removes both forms; nothing if somebody writes to it still.
fn remove(place: &Place, kept: &Kept) -> io::Result<bool> {
    let gone = |result: io::Result<()>| match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    };
    if kept.plain.is_some() {
        let plain = place.path(&kept.archive.plain);
        match open_unused(&plain) {
            Ok(None) => return Ok(false),
            Ok(Some(_)) => gone(fs::remove_file(&plain))?,
            Err(error) => gone(Err(error))?,
        }
    }
    if kept.gz {
        gone(fs::remove_file(place.path(&kept.archive.gz())))?;
    }
    Ok(true)
}
