//! What a logger has written: the files in a folder of its own whose names begin with `events`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rustix::fs::{FallocateFlags, fallocate};

use crate::event::Kind;

/// How often the size is looked at. Often enough to time a second's work to a thousandth.
const LOOK: Duration = Duration::from_micros(500);

/// A logger that takes longer than this to write what it has is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    /// By this lines are told from headers and announcements.
    mark: &'static str,
    /// Give the disk back what is written already: sizes stay, the bytes go.
    discard: bool,
    discarded: u64,
}

impl Output {
    /// Whatever is in `folder`, where events of that kind are recorded.
    #[must_use]
    pub fn of(folder: &Path, kind: Kind) -> Self {
        Self { folder: folder.to_owned(), mark: kind.action(), discard: false, discarded: 0 }
    }

    /// Keeps no more than some megabytes of it: what is written cannot be counted then.
    #[must_use]
    pub fn discarding(mut self) -> Self {
        self.discard = true;
        self
    }

    /// Files, without the links that name the newest.
    fn files(&self) -> Vec<(PathBuf, u64)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let sized = entries.filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            let named = entry.file_name().as_encoded_bytes().starts_with(b"events");
            (named && metadata.is_file()).then(|| (entry.path(), metadata.len()))
        });
        sized.collect()
    }

    /// Bytes so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files().iter().map(|(_, size)| size).sum()
    }

    /// Waits until nothing has been written for that long. Returns when the last byte was seen.
    ///
    /// # Errors
    /// It does not end.
    pub fn settle(&mut self, quiet: Duration) -> Result<Instant, String> {
        let start = Instant::now();
        let (mut size, mut grown) = (self.bytes(), start);
        while grown.elapsed() < quiet {
            if start.elapsed() > PATIENCE {
                return Err("its output never ends".to_owned());
            }
            thread::sleep(LOOK);
            let now = self.bytes();
            if now != size {
                (size, grown) = (now, Instant::now());
            }
            self.tidy(size);
        }
        Ok(grown)
    }

    /// Gives back what the disk holds, every now and then.
    pub fn tidy(&mut self, size: u64) {
        const STEP: u64 = 64 << 20;
        if self.discard && size > self.discarded + STEP {
            self.discarded = size;
            for (path, size) in self.files() {
                if let Ok(file) = OpenOptions::new().write(true).open(path) {
                    let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
                    // A file system that cannot do it needs the room.
                    let _ = fallocate(file, hole, 0, size);
                }
            }
        }
    }

    /// The lines that are events of ours.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn count(&self) -> io::Result<u64> {
        let finder = memchr::memmem::Finder::new(self.mark);
        let mut count = 0;
        for (path, _) in self.files() {
            let mut file = File::open(path)?;
            let mut buffer = vec![0; 1 << 20];
            let mut kept = 0;
            loop {
                let read = file.read(&mut buffer[kept..])?;
                if read == 0 {
                    break;
                }
                let filled = kept + read;
                count += finder.find_iter(&buffer[..filled]).count() as u64;
                // A mark that the next piece ends; shorter than a mark, so none is counted twice.
                kept = (self.mark.len() - 1).min(filled);
                buffer.copy_within(filled - kept..filled, 0);
            }
        }
        Ok(count)
    }
}
