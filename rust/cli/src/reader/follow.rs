//! A file as it grows, through rotation and truncation.
//!
//! By polling: it works on every file system, and a poll costs one `read` and one `stat`. Rotation is seen by the inode that the path names. The old file is left only when
//! the new one has something in it: an external logrotate creates the new file before the process turns to it. Of two rotations between two polls, the
//! file in the middle is missed.

use std::{
    fs::{self, File, Metadata},
    io::{self, ErrorKind, Seek, SeekFrom},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{Line, Lines, lines_before};

/// Where the reading of a file begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At its first byte.
    Beginning,
    /// At this byte, where a line begins.
    Offset(u64),
}

/// What a poll found.
#[derive(Debug)]
pub enum Happening<'a> {
    /// A line.
    Line(Found<'a>),
    /// The file was replaced while its last line had no end.
    Torn(Found<'a>),
    /// There is no file. Told once.
    Missing,
    /// The file became shorter, and is read from its beginning.
    Truncated,
    /// The file cannot be read. Told once, and tried again with each poll.
    Trouble(io::Error),
}

/// A line, and where it is.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The line; its number counts from where the reading began.
    pub line: Line<'a>,
    file: &'a File,
    base: u64,
}

impl Found<'_> {
    /// The line's number in its file. Reads all that comes before the place where the reading began, so for messages only.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.line.number + lines_before(self.file, self.base).unwrap_or_default()
    }
}

/// A file that is followed by its name.
#[derive(Debug)]
pub struct Follow {
    path: PathBuf,
    open: Option<Open>,
    told: Option<ErrorKind>,
}

#[derive(Debug)]
struct Open {
    lines: Lines<File>,
    /// The same file once more, to look up lines in.
    file: File,
    id: (u64, u64),
    /// Where the reading began.
    base: u64,
}

impl Open {
    fn new(mut file: File, metadata: &Metadata, base: u64) -> io::Result<Self> {
        if base > 0 {
            file.seek(SeekFrom::Start(base))?;
        }
        Ok(Self { file: file.try_clone()?, lines: Lines::at(file, base), id: id(metadata), base })
    }

    fn position(&self) -> u64 {
        self.base + self.lines.bytes_read()
    }
}

fn id(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// The file that the path names now.
enum Named {
    Same,
    Truncated,
    Other,
}

impl Follow {
    /// Follows `path`, whether it exists or not.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), open: None, told: None }
    }

    /// Follows a file that is already open.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn opened(path: impl Into<PathBuf>, file: File, start: Start) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let base = match start {
            Start::Beginning => 0,
            Start::Offset(offset) => offset,
        };
        Ok(Self { path: path.into(), open: Some(Open::new(file, &metadata, base)?), told: None })
    }

    /// The file's name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells what is new since the last poll; true where there was a line.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn poll<E>(&mut self, mut each: impl FnMut(Happening<'_>) -> Result<(), E>) -> Result<bool, E> {
        match self.advance(&mut each) {
            Ok(any) => Ok(any),
            Err(Stop::Sink(error)) => Err(error),
            Err(Stop::File(error)) => {
                if self.told.replace(error.kind()) != Some(error.kind()) {
                    each(match error.kind() {
                        ErrorKind::NotFound => Happening::Missing,
                        _ => Happening::Trouble(error),
                    })?;
                }
                Ok(false)
            }
        }
    }

    fn advance<E>(&mut self, each: &mut impl FnMut(Happening<'_>) -> Result<(), E>) -> Result<bool, Stop<E>> {
        let mut any = false;
        if self.open.is_none() {
            self.open_named()?;
        }
        while let Some(open) = &mut self.open {
            any |= drain(open, each)?;
            match named(&self.path, open)? {
                Named::Same => break,
                Named::Truncated => {
                    each(Happening::Truncated).map_err(Stop::Sink)?;
                    let mut file = open.file.try_clone()?;
                    file.seek(SeekFrom::Start(0))?;
                    let metadata = file.metadata()?;
                    self.open = Some(Open::new(file, &metadata, 0)?);
                }
                Named::Other => {
                    // Once more: what was written between the last read and the first line of the new file.
                    any |= drain(open, each)?;
                    let Open { lines, file, base, .. } = open;
                    while let Some(line) = lines.take_rest() {
                        each(Happening::Torn(Found { line, file, base: *base })).map_err(Stop::Sink)?;
                    }
                    self.open = None;
                    self.open_named()?;
                }
            }
        }
        self.told = None;
        Ok(any)
    }

    fn open_named(&mut self) -> io::Result<()> {
        let file = File::open(&self.path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "no regular file"));
        }
        self.open = Some(Open::new(file, &metadata, 0)?);
        Ok(())
    }
}

enum Stop<E> {
    File(io::Error),
    Sink(E),
}

impl<E> From<io::Error> for Stop<E> {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

fn drain<E>(open: &mut Open, each: &mut impl FnMut(Happening<'_>) -> Result<(), E>) -> Result<bool, Stop<E>> {
    let mut any = false;
    let Open { lines, file, base, .. } = open;
    while let Some(line) = lines.next_line()? {
        any = true;
        each(Happening::Line(Found { line, file, base: *base })).map_err(Stop::Sink)?;
    }
    Ok(any)
}

fn named(path: &Path, open: &Open) -> io::Result<Named> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // Between rename and create.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Named::Same),
        Err(error) => return Err(error),
    };
    Ok(if id(&metadata) != open.id {
        if metadata.len() > 0 { Named::Other } else { Named::Same }
    } else if metadata.len() < open.position() {
        Named::Truncated
    } else {
        Named::Same
    })
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
