//! The status file: how one process is, for whoever looks. `mesos-audit status` reads what the worker writes.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, event::health::Ledger};

/// Version of the file's form.
pub const STATUS_VERSION: u32 = 1;

/// What a process tells about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// [`STATUS_VERSION`].
    pub format: u32,
    /// Process id.
    pub pid: u32,
    /// What `pid` counts within, so that it is not looked for where it means another process.
    pub pid_space: Option<String>,
    /// `process.entity_id` of its events.
    pub run: String,
    /// `service.name` of its events.
    pub service: String,
    /// `host.name` of its events.
    pub host: String,
    /// Version of mesos-audit.
    pub version: String,
    /// The log that it writes.
    pub log: PathBuf,
    /// When the process opened the log.
    pub started: Timestamp,
    /// When this was written.
    pub updated: Timestamp,
    /// When the process closed the log.
    pub ended: Option<Timestamp>,
    /// So many seconds at the most are between two updates.
    pub heartbeat_s: u64,
    /// The log.
    pub output: Output,
    /// When the last record was lost.
    pub last_drop: Option<Timestamp>,
    /// When a sync failed or the worker panicked last.
    #[serde(default)]
    pub last_fault: Option<Timestamp>,
    /// As in `mesos.audit.ledger`.
    pub counters: Ledger<'static>,
    /// The last seal.
    pub seal: Option<LastSeal>,
}

/// Whether the log can be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Since when it cannot.
    pub failing_since: Option<Timestamp>,
    /// Why not.
    pub error: Option<String>,
    /// Since when what is written cannot be brought to the disk: the last sync failed.
    #[serde(default)]
    pub unsynced_since: Option<Timestamp>,
    /// Why not.
    #[serde(default)]
    pub sync_error: Option<String>,
}

/// Who may do what with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Its permissions.
    pub mode: u32,
    /// Its user; none: the process's own.
    pub owner: Option<u32>,
    /// Its group; none: the process's own.
    pub group: Option<u32>,
}

impl Default for Access {
    /// Nobody else's.
    fn default() -> Self {
        Self { mode: 0o600, owner: None, group: None }
    }
}

/// The last seal that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSeal {
    /// Number of its block.
    pub block: u64,
    /// Its sequence number.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
}

/// The machine, since it was started, and the process ids that count here. None where `/proc` does not tell.
#[must_use]
pub fn pid_space() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let ids = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), ids.display()))
}

impl Status {
    /// Whether the process is gone. None where that cannot be known from here.
    #[must_use]
    pub fn is_gone(&self) -> Option<bool> {
        let here = pid_space()?;
        (self.pid_space.as_ref() == Some(&here)).then(|| !Path::new(&format!("/proc/{}", self.pid)).exists())
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is no status.
    pub fn read(path: &Path) -> io::Result<Self> {
        // On a full disk it is written over, and may be found half done.
        const TIMES: u32 = 3;
        let mut tried = 1;
        let status: Self = loop {
            match serde_json::from_slice(&fs::read(path)?) {
                Err(_) if tried < TIMES => std::thread::sleep(Duration::from_millis(10)),
                read => break read?,
            }
            tried += 1;
        };
        if status.format == STATUS_VERSION {
            Ok(status)
        } else {
            Err(io::Error::other(format!("a status of form {}, not {STATUS_VERSION}", status.format)))
        }
    }

    /// Replaces the file by another, so that a reader finds the one or the other, and never a half. Where the disk is full,
    /// which is when it is looked at most, there is no room for another: then it is written over.
    ///
    /// # Errors
    /// It could not be done; the old file is there still.
    pub fn write(&self, path: &Path, access: Access) -> io::Result<()> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        replace(path, &bytes, access).or_else(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => overwrite(path, bytes),
            _ => Err(error),
        })
    }
}

fn replace(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".tmp");
    let unfinished = path.with_file_name(name);
    // What is there is a leftover, or a link that somebody put there: neither is written to.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // Nobody else reads it before it has its owner; and then, whatever the umask says.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    let owned = access.owner.is_some() || access.group.is_some();
    let done = if owned { fchown(&file, access.owner, access.group) } else { Ok(()) };
    let done = done
        .and_then(|()| file.set_permissions(Permissions::from_mode(access.mode)))
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| fs::rename(&unfinished, path));
    if done.is_err() {
        // A full disk: not even the name shall stay.
        let _ = fs::remove_file(&unfinished);
    }
    done
}

/// Into the place that the file has on the disk, and nothing where that is too small.
fn overwrite(path: &Path, mut bytes: Vec<u8>) -> io::Result<()> {
    let flags = libc::O_CLOEXEC | libc::O_NONBLOCK | libc::O_NOFOLLOW;
    let file = OpenOptions::new().write(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.blocks().saturating_mul(512) < bytes.len() as u64 {
        return Err(io::ErrorKind::StorageFull.into());
    }
    // JSON may end in blanks, of which a reader takes no notice; a file that is cut first could be found empty.
    let before = usize::try_from(metadata.len()).unwrap_or_default();
    bytes.resize(bytes.len().max(before), b'\n');
    file.write_all_at(&bytes, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_over_where_it_has_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("status");
        let access = Access { owner: None, group: None, mode: 0o640 };
        replace(&path, b"[1, 2, 3]\n", access).unwrap();
        for (bytes, expected) in [("[4]", "[4]\n\n\n\n\n\n\n"), ("[5, 6, 7, 8, 9]\n", "[5, 6, 7, 8, 9]\n")] {
            overwrite(&path, bytes.into()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), expected);
        }
        let error = overwrite(&path, vec![b' '; 1 << 20]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_to_string(&path).unwrap(), "[5, 6, 7, 8, 9]\n", "as it was");
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(
            overwrite(&link, b"{}".into()).is_err() && overwrite(&dir.path().join("none"), vec![]).is_err()
        );
    }
}
