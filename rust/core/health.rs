//! The status file: how one process is, for whoever looks. `mesos-audit status` reads what the worker writes.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
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
        let status: Self = serde_json::from_slice(&fs::read(path)?)?;
        if status.format == STATUS_VERSION {
            Ok(status)
        } else {
            Err(io::Error::other(format!("a status of form {}, not {STATUS_VERSION}", status.format)))
        }
    }

    /// Replaces the file by another, so that a reader finds the one or the other, and never a half.
    ///
    /// # Errors
    /// It could not be done; the old file is there still.
    pub fn write(&self, path: &Path, access: Access) -> io::Result<()> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
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
            .and_then(|()| file.write_all(&bytes))
            .and_then(|()| fs::rename(&unfinished, path));
        if done.is_err() {
            // A full disk: not even the name shall stay.
            let _ = fs::remove_file(&unfinished);
        }
        done
    }
}
