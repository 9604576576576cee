//! Opening and making files: their kind, their lock, their owner and their mode.

use std::{
    fs::{self, File, OpenOptions, Permissions, TryLockError},
    io::{self, Write},
    os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{name::Place, sys};
use crate::{
    clock::Timestamp,
    config::Output,
    error::Error,
    format::{Format, MAX_FRAME_BYTES, frames, json_of},
    health::Access,
};

/// Symbolic links in a row before it must be a circle; as the kernel has it.
const MAX_LINKS: usize = 40;

/// How much of a file is searched for its first record.
const HEADING_BYTES: usize = MAX_FRAME_BYTES;

/// What is wrong, and the key of the configuration that it is about.
#[derive(Debug)]
pub(super) struct Wrong {
    key: &'static str,
    pub error: io::Error,
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        Self { key: "output.path", error }
    }
}

impl From<Wrong> for io::Error {
    fn from(wrong: Wrong) -> Self {
        wrong.error
    }
}

impl Wrong {
    pub(super) fn at(self, path: &Path) -> Error {
        Error::new(self.error).key(self.key).file(path)
    }
}

/// How files are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opener {
    mode: u32,
    owner: Option<u32>,
    group: Option<u32>,
    format: Format,
}

impl Opener {
    /// # Errors
    /// The configuration names a user or a group that does not exist.
    pub(super) fn new(output: &Output) -> Result<Self, Error> {
        let number = |key: &str, name: &Option<String>, look_up: fn(&str) -> io::Result<u32>| {
            name.as_deref().map(look_up).transpose().map_err(|error| Error::new(error).key(key))
        };
        Ok(Self {
            mode: output.permissions()?,
            owner: number("output.owner", &output.owner, sys::user)?,
            group: number("output.group", &output.group, sys::group)?,
            format: output.format,
        })
    }

    /// What lies beside the log is as the log is.
    pub(super) fn access(self) -> Access {
        Access { mode: self.mode, owner: self.owner, group: self.group }
    }

    /// Opens the live file, or makes it, and locks it. A last record that a crash left torn is ended, so
    /// that the next event stands by itself.
    pub(super) fn live(self, path: &Path) -> Result<File, Wrong> {
        loop {
            let file = match options().open(path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => match self.create(path) {
                    // Somebody else was faster.
                    Err(wrong) if wrong.error.kind() == io::ErrorKind::AlreadyExists => continue,
                    created => created?,
                },
                Err(error) => return Err(error.into()),
            };
            let metadata = file.metadata()?;
            if !metadata.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "is no regular file").into());
            }
            lock(&file)?;
            // A writer that has just rotated it let go of the lock after we had opened it.
            if path.symlink_metadata().is_ok_and(|named| id(&named) != id(&metadata)) {
                continue;
            }
            self.own(&file)?;
            // Whoever can write can forge.
            if metadata.mode() & 0o002 != 0 {
                file.set_permissions(Permissions::from_mode(metadata.mode() & 0o7775))?;
            }
            self.is_ours(&file)?;
            self.end_torn(&file)?;
            return Ok(file);
        }
    }

    /// Makes a file that does not exist yet, and locks it.
    pub(super) fn create(self, path: &Path) -> Result<File, Wrong> {
        // Nobody else may read it before it has its owner. The umask has no say in the mode.
        let file = options().create_new(true).mode(0o600).open(path)?;
        // Somebody who was faster to lock it writes to it now: it is not ours to remove.
        lock(&file)?;
        let finish = || -> Result<(), Wrong> {
            self.own(&file)?;
            file.set_permissions(Permissions::from_mode(self.mode))?;
            Ok(())
        };
        finish().inspect_err(|_: &Wrong| drop(fs::remove_file(path)))?;
        Ok(file)
    }

    /// A log has one format.
    fn is_ours(self, file: &File) -> Result<(), Wrong> {
        let mut first = [0; 4];
        let count = file.read_at(&mut first, 0)?;
        let wrong = match Format::of(&first[..count]) {
            // Too short to tell: torn at its very beginning.
            Some(_) if count < first.len() => return Ok(()),
            Some(found) if found != self.format => found,
            _ => return Ok(()),
        };
        let reason = match wrong {
            Format::Json => {
                "holds no FlatBuffers: with `output.format = \"flatbuffers\"` it must be another file"
            }
            Format::Flatbuffers => {
                "holds FlatBuffers: with `output.format = \"json\"` it must be another file"
            }
        };
        Err(io::Error::new(io::ErrorKind::InvalidInput, reason).into())
    }

    /// Ends a last record that has no end: a line with its newline, a frame with what makes it as long as it says.
    pub(super) fn end_torn(self, file: &File) -> io::Result<()> {
        let length = file.metadata()?.len();
        match self.format {
            Format::Json => {
                let mut last = [b'\n'];
                if length > 0 {
                    file.read_exact_at(&mut last, length - 1)?;
                }
                if last == [b'\n'] { Ok(()) } else { (&*file).write_all(b"\n") }
            }
            // Where a frame begins is known only by those before it.
            Format::Flatbuffers => {
                let mut frames = frames::Frames::of_file(file, 0);
                let mut fill = None;
                while let Some((_, piece, _)) = frames.next_piece()? {
                    fill = frames::fill(piece);
                }
                fill.map_or(Ok(()), |fill| (&*file).write_all(&fill))
            }
        }
    }

    fn own(self, file: &File) -> Result<(), Wrong> {
        let metadata = file.metadata()?;
        if let Some(owner) = self.owner.filter(|owner| *owner != metadata.uid()) {
            fchown(file, Some(owner), None).map_err(|error| Wrong { key: "output.owner", error })?;
        }
        if let Some(group) = self.group.filter(|group| *group != metadata.gid()) {
            fchown(file, None, Some(group)).map_err(|error| Wrong { key: "output.group", error })?;
        }
        Ok(())
    }
}

/// Links are resolved once, at the start; what appears in the file's place later is not followed.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    // A FIFO without a reader must not hang Mesos's start.
    options.read(true).append(true).custom_flags(libc::O_CLOEXEC | libc::O_NONBLOCK | libc::O_NOFOLLOW);
    options
}

/// Two writers would tear each other's lines and count their sequences twice.
fn lock(file: &File) -> io::Result<()> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => {
            io::Error::new(io::ErrorKind::WouldBlock, "another process writes audit events to it")
        }
        TryLockError::Error(error) => error,
    })
}

/// What makes a file the same file whatever it is called.
pub(super) fn id(metadata: &fs::Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// Where the path really leads. Logs are often links; from here on only the end of the chain matters, so that
/// archives are beside the file and not beside the link.
pub(super) fn place(path: &Path) -> io::Result<Place> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let directory = path.parent().unwrap_or(Path::new("/"));
        make_directory(directory)?;
        let directory = directory.canonicalize()?;
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        match fs::read_link(directory.join(name)) {
            Ok(target) => path = directory.join(target),
            // No link, or nothing there yet.
            Err(_) => return Place::new(directory.join(name)),
        }
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}

/// Makes a directory with those above it.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot make directory {}: {error}", path.display()))
    })
}

/// Makes names durable, not only contents.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// What a file's first event says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heading {
    /// When.
    pub time: Option<Timestamp>,
    /// In which process run.
    pub run: Option<String>,
}

#[derive(Deserialize)]
struct First {
    #[serde(rename = "@timestamp")]
    timestamp: Timestamp,
    process: Option<FirstProcess>,
}

#[derive(Deserialize)]
struct FirstProcess {
    entity_id: Option<String>,
}

/// Reads the first event of a file; nothing where there is none that can be read.
pub(super) fn heading(file: &File) -> Heading {
    let mut bytes = Vec::with_capacity(HEADING_BYTES);
    let mut block = [0; 4096];
    while bytes.len() < HEADING_BYTES {
        match file.read_at(&mut block, bytes.len() as u64) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&block[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Heading::default(),
        }
        if Format::of(&bytes) == Some(Format::Json) && block.contains(&b'\n') {
            break;
        }
    }
    let first = Format::of(&bytes).unwrap_or_default().first(&bytes);
    let Ok(line) = json_of(first) else { return Heading::default() };
    serde_json::from_slice(&line).map_or_else(
        |_| Heading::default(),
        |first: First| Heading {
            time: Some(first.timestamp),
            run: first.process.and_then(|process| process.entity_id),
        },
    )
}

/// Where an open file is now, by the kernel's word. For messages.
pub(super) fn current_name(file: &File) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()
}
