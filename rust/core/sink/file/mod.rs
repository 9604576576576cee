//! A file that is appended to, and its archives.
//!
//! - `open`: files are made and opened; `name`: what they are called;
//! - `watch`: what others did to the live file; `when`: time;
//! - `rotate`: the live file becomes an archive;
//! - `keeper`: the background thread, that does `retain` and `compress`;
//! - `sys`: system calls; `fault`: where tests interfere.

mod compress;
mod fault;
mod keeper;
mod name;
mod open;
mod retain;
mod rotate;
mod sys;
mod watch;
mod when;

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use keeper::Keeper;
use name::Place;
use open::{Opener, Wrong, heading};
use when::{Backoff, Monotonic};

use super::{Change, Changed, ReopenReason, RotateReason, Sink};
use crate::{
    clock::Timestamp,
    config::{Durability, Output},
    error::Error,
    format::{Boundary, Format},
    health::Access,
    telemetry,
};

/// How often the file is compared with what its path names.
const LOOK: Duration = Duration::from_millis(250);

/// Appends to one file, of which it is the only writer, and looks after its archives.
#[derive(Debug)]
pub struct FileSink {
    place: Place,
    opener: Opener,
    live: Live,
    /// Id of this process run.
    run: String,
    format: Format,
    rotate_bytes: u64,
    rotate_after: Option<Duration>,
    /// Whether more is promised than that the kernel has it.
    durable: bool,
    next_look: Duration,
    rotating: Backoff,
    reopening: Backoff,
    /// The last archive's: the next one's is later, whatever the clock says.
    last_stamp: Timestamp,
    /// By the caller's clock.
    now: Timestamp,
    monotonic: Monotonic,
    keeper: Keeper,
}

/// Mode, owner and group of the file and of what lies beside it.
///
/// # Errors
/// The configuration names a user or a group that does not exist.
pub fn access(output: &Output) -> Result<Access, Error> {
    Opener::new(output).map(Opener::access)
}

/// The file that is written.
#[derive(Debug)]
struct Live {
    file: File,
    size: u64,
    /// Whether a record has been begun and not ended.
    boundary: Boundary,
    opened: Timestamp,
    /// When its age was zero; before our time if it is older than the process.
    born: Born,
}

/// A moment, told by how old something was at another.
#[derive(Clone, Copy, Debug)]
struct Born {
    at: Duration,
    age: Duration,
}

impl Live {
    /// The age is that of the first event by the wall clock, as far as it is believable, and by the monotonic
    /// clock from now on: a clock that jumps neither rotates a file nor keeps one.
    fn new(file: File, format: Format, now: Timestamp, at: Duration) -> io::Result<Self> {
        let size = file.metadata()?.len();
        let first = heading(&file).time.unwrap_or(now);
        let age = now.as_micros().saturating_sub(first.as_micros());
        let age = Duration::from_micros(u64::try_from(age).unwrap_or(0));
        let boundary = Boundary::new(format);
        Ok(Self { file, size, boundary, opened: now, born: Born { at, age } })
    }

    fn age(&self, now: Duration) -> Duration {
        self.born.age + now.saturating_sub(self.born.at)
    }
}

impl FileSink {
    /// Opens the file, made with its directories where it is missing, and begins to look after its archives.
    /// `run` identifies the process run.
    ///
    /// # Errors
    /// The file cannot be made or written or given to its owner, is no regular file, or another process
    /// writes to it.
    pub fn open(path: &Path, output: &Output, run: &str) -> Result<Self, Error> {
        Self::open_at(path, output, run, Timestamp::now(), Monotonic::new())
    }

    fn open_at(
        path: &Path,
        output: &Output,
        run: &str,
        now: Timestamp,
        monotonic: Monotonic,
    ) -> Result<Self, Error> {
        let wrong = |error: io::Error| Wrong::from(error).at(path);
        let opener = Opener::new(output).map_err(|error| error.file(path))?;
        let place = open::place(path).map_err(wrong)?;
        let file = opener.live(place.live()).map_err(|wrong| wrong.at(path))?;
        // Only with the lock in hand: what is unfinished could be another process's.
        keeper::clean(&place).map_err(wrong)?;
        open::sync_directory(place.directory()).map_err(wrong)?;
        let archives = retain::archives(&place, SystemTime::now()).map_err(wrong)?;
        let last_stamp = archives.last().map(|last| last.archive.stamp).unwrap_or_default();
        let live = Live::new(file, output.format, now, monotonic.now()).map_err(wrong)?;
        let keeper = Keeper::start(place.clone(), output, monotonic.clone())
            .map_err(|error| Error::new(format!("cannot start a thread: {error}")))?;
        Ok(Self {
            opener,
            live,
            run: run.to_owned(),
            format: output.format,
            rotate_bytes: output.rotate_bytes,
            rotate_after: Some(Duration::from_secs(output.rotate_hours.saturating_mul(3_600)))
                .filter(|time| !time.is_zero()),
            durable: output.durability != Durability::Os,
            next_look: monotonic.now() + LOOK,
            rotating: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)),
            reopening: Backoff::new(LOOK, Duration::from_secs(5)),
            last_stamp,
            now,
            monotonic,
            keeper,
            place,
        })
    }

    /// A name for what is in the live file.
    fn archive_name(&mut self) -> String {
        let heading = heading(&self.live.file);
        let time = heading.time.unwrap_or(self.live.opened);
        let next = Timestamp::from_micros(self.last_stamp.as_micros().saturating_add(1));
        self.place.archive(time.max(next), heading.run.as_deref().unwrap_or(&self.run))
    }

    /// The archive has been made: the next one sorts after it.
    fn archived(&mut self, name: &str) -> PathBuf {
        if let Some(archive) = self.place.parse(name) {
            self.last_stamp = archive.stamp;
        }
        self.place.path(name)
    }

    fn rotate(&mut self) -> io::Result<Changed> {
        if watch::look(&self.live.file, self.live.size, self.place.live()).is_some() {
            // Not our file to rename. Told by the next `due`.
            self.next_look = Duration::ZERO;
            return Err(io::Error::other("it was changed by somebody else"));
        }
        if self.durable {
            self.live.file.sync_data()?;
        }
        let name = self.archive_name();
        let file = match rotate::rotate(&self.place, self.opener, &name) {
            // A foreign file has that name: the next try takes another.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.archived(&name);
                return Err(error);
            }
            result => result?,
        };
        let closed = Some(self.archived(&name));
        let old = self.replace(file)?;
        self.keeper.close(old);
        Ok(Changed { closed, opened: self.place.live().to_owned() })
    }

    fn replace(&mut self, file: File) -> io::Result<File> {
        let live = Live::new(file, self.format, self.now, self.monotonic.now())?;
        Ok(std::mem::replace(&mut self.live, live).file)
    }

    fn reopen(&mut self, reason: ReopenReason) -> io::Result<Changed> {
        let opened = self.place.live().to_owned();
        if reason == ReopenReason::Truncated {
            self.opener.end_torn(&self.live.file)?;
            self.replace(self.live.file.try_clone()?)?;
            return Ok(Changed { closed: None, opened });
        }
        open::make_directory(self.place.directory())?;
        let file = self.opener.live(&opened)?;
        if self.durable {
            self.live.file.sync_data()?;
        }
        open::sync_directory(self.place.directory())?;
        let nameless = self.is_nameless();
        if nameless && !self.keeper.has_room() {
            // It stays open, and is written: nothing is lost by that.
            return Err(io::Error::other("too many deleted files wait to be copied"));
        }
        let name = self.archive_name();
        let old = self.replace(file)?;
        let closed = if nameless {
            let archive = self.archived(&name);
            self.keeper.rescue(old, name);
            Some(archive)
        } else {
            let now_at = open::current_name(&old);
            self.keeper.close(old);
            now_at
        };
        Ok(Changed { closed, opened })
    }

    fn is_nameless(&self) -> bool {
        self.live.file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
    }
}

impl Sink for FileSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.keeper.begin();
        let count = self.live.file.write(bytes)?;
        self.live.size += count as u64;
        self.live.boundary.advance(&bytes[..count]);
        Ok(count)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.reopening.is_failing() && self.is_nameless() {
            // It would be gone with the process.
            return Err(io::Error::new(io::ErrorKind::NotFound, "the file was deleted"));
        }
        self.live.file.sync_data()
    }

    fn ending(&mut self) -> bool {
        // It may have been deleted since the last look, and would be gone with the process.
        self.next_look = Duration::ZERO;
        self.keeper.has_rescued_all() && !self.is_nameless()
    }

    fn name(&self) -> &Path {
        self.place.live()
    }

    fn due(&mut self, now: Timestamp) -> Option<Change> {
        self.now = now;
        if !self.live.boundary.is_whole() {
            // The rest of the record belongs to the same file.
            return None;
        }
        self.keeper.begin();
        let time = self.monotonic.now();
        if time >= self.next_look && self.reopening.is_ready(time) {
            self.next_look = time + LOOK;
            match watch::look(&self.live.file, self.live.size, self.place.live()) {
                Some(reason) => return Some(Change::Reopen(reason)),
                // Somebody put it back.
                None => drop(self.reopening.worked()),
            }
        }
        if self.live.size == 0 || self.reopening.is_failing() || !self.rotating.is_ready(time) {
            None
        } else if self.rotate_bytes > 0 && self.live.size >= self.rotate_bytes {
            Some(Change::Rotate(RotateReason::Size))
        } else if self.rotate_after.is_some_and(|limit| self.live.age(time) >= limit) {
            Some(Change::Rotate(RotateReason::Time))
        } else {
            None
        }
    }

    fn change(&mut self, change: Change) -> io::Result<Changed> {
        let result = match change {
            Change::Rotate(_) => self.rotate(),
            Change::Reopen(reason) => self.reopen(reason),
        };
        let backoff = match change {
            Change::Rotate(_) => &mut self.rotating,
            Change::Reopen(_) => &mut self.reopening,
        };
        let path = self.place.live();
        match &result {
            Ok(_) => {
                if backoff.worked() {
                    telemetry::ChangeRecovered { path, reason: change.name() }.emit();
                }
            }
            Err(error) => {
                if backoff.failed(self.monotonic.now()) {
                    telemetry::ChangeFailed { path, reason: change.name(), error }.emit();
                }
            }
        }
        result
    }
}

#[cfg(test)]
mod tests;
