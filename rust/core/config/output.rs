//! The table `output`: the file, and what becomes of it.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::range;
use crate::{error::Error, format::Format};

/// Where events go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Output {
    /// The file, appended to. `{service}` stands for the service's name, `{host}` for the host's, `{pid}` for
    /// the process's id, `{ext}` for what names of `format` end with: `jsonl` or `fb`. Absolute: Mesos's working directory is none of ours.
    /// Missing directories are made. Only one process may write to a file.
    pub path: PathBuf,
    /// How events are written. `json`: one JSON object per line, for collectors. `flatbuffers`: frames of
    /// schema/audit_event.fbs, each with its length in front, which `mesos-audit` reads as well. A log has one
    /// format: with another, it needs another path.
    pub format: Format,
    /// Permissions of a file that is made, in octal. Between `0600` and `0664`: whoever can write can forge, so
    /// never everybody.
    pub mode: String,
    /// User that owns the file, by name or number. Unset: the user that Mesos runs as, which alone may set
    /// this, and only as root.
    pub owner: Option<String>,
    /// Group of the file, by name or number. Unset: the group that Mesos runs as.
    pub group: Option<String>,
    /// When events are safe. `os`: as soon as they are written, the kernel has them, and they survive a crash
    /// of Mesos but not of the machine. `interval`: they are on the disk after `sync_ms`. `strict`: they are on
    /// the disk before they count as written.
    pub durability: Durability,
    /// How long `interval` may leave events to the kernel, in milliseconds. 10 to 60,000.
    pub sync_ms: u64,
    /// Bytes after which the file becomes an archive and a new one begins. It may grow larger by one write.
    /// 65,536 to 1,099,511,627,776; 0: never.
    pub rotate_bytes: u64,
    /// Hours after the first event of a file until a new one begins. Up to 8,760; 0: never.
    pub rotate_hours: u64,
    /// How many archives are kept; the oldest go first. 0: no limit.
    pub keep_files: u64,
    /// How many bytes the archives and the file may take together; the oldest archives go first. At least
    /// twice `rotate_bytes`, since archives make room before the file needs it; 0: no limit.
    pub keep_bytes: u64,
    /// Days after its last event when an archive is removed. Up to 36,500; 0: no limit.
    pub keep_days: u64,
    /// What becomes of an archive: `gzip` compresses it in the background and appends `.gz` to its name,
    /// `none` leaves it as it is.
    pub compress: Compress,
    /// Seconds that an archive stays as it is before it is compressed, so that a collector can read it to its
    /// end. Of several, only the newest four wait. Up to 86,400; 0: at once.
    pub compress_after_s: u64,
}

/// When events are safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// When the kernel has them.
    #[default]
    Os,
    /// A while after that.
    Interval,
    /// When the disk has them.
    Strict,
}

/// What becomes of archives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compress {
    /// They are compressed.
    #[default]
    Gzip,
    /// They stay as they are.
    None,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            path: PathBuf::from("/var/log/mesos-audit/{service}.{ext}"),
            format: Format::Json,
            mode: "0640".to_owned(),
            owner: None,
            group: None,
            durability: Durability::Os,
            sync_ms: 1_000,
            rotate_bytes: 128 << 20,
            rotate_hours: 24,
            // A busy master fills thirty files in an hour, an idle one in a month: bytes are the limit that
            // means something on both.
            keep_files: 0,
            keep_bytes: 10 << 30,
            keep_days: 0,
            compress: Compress::Gzip,
            compress_after_s: 60,
        }
    }
}

impl Output {
    pub(super) fn validate(&self) -> Result<(), Error> {
        self.permissions()?;
        self.path_for("service", "host", 1)?;
        range("output.sync_ms", self.sync_ms, 10, 60_000)?;
        if self.rotate_bytes != 0 {
            range("output.rotate_bytes", self.rotate_bytes, 1 << 16, 1 << 40)?;
        }
        range("output.rotate_hours", self.rotate_hours, 0, 8_760)?;
        range("output.keep_days", self.keep_days, 0, 36_500)?;
        range("output.compress_after_s", self.compress_after_s, 0, 86_400)?;
        if self.keep_bytes != 0 && self.keep_bytes < self.rotate_bytes * 2 {
            let reason = format!("{} is less than twice `rotate_bytes`", self.keep_bytes);
            return Err(Error::new(reason).key("output.keep_bytes"));
        }
        for (key, name) in [("output.owner", &self.owner), ("output.group", &self.group)] {
            if let Some(name) = name
                && (name.trim().is_empty() || name.contains(char::is_control))
            {
                return Err(Error::new("is no name").key(key));
            }
        }
        Ok(())
    }

    /// The permissions as a number.
    ///
    /// # Errors
    /// They are no octal number between 0600 and 0664.
    pub fn permissions(&self) -> Result<u32, Error> {
        u32::from_str_radix(&self.mode, 8)
            .ok()
            .filter(|mode| mode & !0o664 == 0 && mode & 0o600 == 0o600)
            .ok_or_else(|| {
                Error::new(format!("`{}` is no octal mode between 0600 and 0664", self.mode))
                    .key("output.mode")
            })
    }

    /// The path with its placeholders filled in.
    ///
    /// # Errors
    /// It is not absolute, names no file, or has a placeholder that does not exist.
    pub fn path_for(&self, service: &str, host: &str, pid: u32) -> Result<PathBuf, Error> {
        let wrong = |reason: String| Err(Error::new(reason).key("output.path"));
        let Some(text) = self.path.to_str() else { return wrong("is no UTF-8".to_owned()) };
        // A name may hold a slash; it must not choose another directory.
        let text = text
            .replace("{service}", &service.replace('/', "_"))
            .replace("{host}", &host.replace('/', "_"))
            .replace("{pid}", &pid.to_string())
            .replace("{ext}", self.format.extension());
        if let Some(start) = text.find('{') {
            return wrong(format!(
                "unknown placeholder in `{}`; known: {{service}}, {{host}}, {{pid}}, {{ext}}",
                &text[start..]
            ));
        }
        if !Path::new(&text).is_absolute() || text.ends_with('/') {
            return wrong(format!("`{text}` is no absolute path of a file"));
        }
        Ok(PathBuf::from(text))
    }
}
