//! The writing side: collects a block, makes its seal, forgets its key.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{
    hex,
    key::{BlockKey, RootKey, Tagger},
    opening::{begin, take_up},
    seal::{BLOCK_RECORDS, TAG_DIGITS, fill},
    state::{State, StateError, StateFile},
};
use crate::{
    config::Integrity,
    error::Error,
    event::integrity::{Chain, Seal},
    format::Format,
    telemetry,
};

/// Why a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The file begins: its first event is sealed at once, so that no file is without a seal.
    Start,
    /// It is large enough.
    Size,
    /// Its first record has waited long enough.
    Time,
    /// The file ends.
    Rotation,
    /// The process ends.
    End,
}

impl Cause {
    /// As written to `mesos.audit.seal.cause`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Size => "size",
            Self::Time => "time",
            Self::Rotation => "rotation",
            Self::End => "end",
        }
    }
}

/// What the lines of a whole block come to. It has no secret in it: any thread may make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(blake3::Hash);

impl Digest {
    /// Of the bytes of all lines of a block.
    #[must_use]
    pub fn of(lines: &[u8]) -> Self {
        Self(blake3::hash(lines))
    }
}

/// Seals the lines of one log. Who writes them calls, in this order:
///
/// 1. [`Sealer::header`] for the first event of the run and of every file,
/// 2. [`Sealer::line`] for each encoded line that is no seal, and for the bytes of them all [`Sealer::absorb`], or, where
///    their digest is made already, [`Sealer::absorb_digest`],
/// 3. [`Sealer::seal`] when a [`super::Block`] of these lines is full or due, and [`Sealer::stamp`] when the seal is encoded,
/// 4. [`Sealer::persist`] before it writes to the file what holds a new seal, [`Sealer::wrote`] when all is written, and
///    [`Sealer::confirm`] when it has time,
/// 5. [`Sealer::close`] at the end.
#[derive(Debug)]
pub struct Sealer {
    log: PathBuf,
    run: String,
    key: BlockKey,
    tagger: Tagger,
    /// The block so far: its lines' bytes, and the digest of those that were absorbed.
    bytes: u64,
    digest: Box<blake3::Hasher>,
    /// The digest of all of them, where somebody else has made it.
    digested: Option<Digest>,
    tags: String,
    first: u64,
    records: u64,
    state: State,
    file: StateFile,
    /// The state in memory is newer than the one in the file.
    dirty: bool,
    /// What the one in the file says of the blocks that are written.
    noted: u64,
    /// A sync of this file failed: nobody will ever know what of it is on the disk.
    doubted: bool,
    opening: Option<Chain>,
    root_at: PathBuf,
}

impl Sealer {
    /// Takes up the chain of a log, or begins one. `log` is open for writing already, by this process alone, and
    /// whole to its last newline. None where the configuration wants no seals.
    ///
    /// # Errors
    /// The state or the key cannot be written, the log cannot be read, or the state is another log's.
    pub fn open(config: &Integrity, log: &Path, run: &str) -> Result<Option<Self>, Error> {
        if !config.seal {
            return Ok(None);
        }
        let opened = File::open(log).map_err(|error| Error::new(error).file(log))?;
        let path = config.state_for(log);
        let mut file = StateFile::open(&path)?;
        let root_at = config.key_for(log);
        let (mut state, mut opening, made) = match file.load() {
            Ok(Some(state)) => (state, Chain::default(), false),
            Ok(None) => begin(log, &opened, &root_at, "state_missing")?,
            Err(StateError::Io(error)) => return Err(Error::new(error).key("integrity.state").file(&path)),
            Err(_) => begin(log, &opened, &root_at, "state_unreadable")?,
        };
        let here = made
            || RootKey::read(&root_at).is_ok_and(|keys| keys.iter().any(|key| key.chain() == state.chain));
        if here {
            telemetry::RootKeyHere { path: &root_at, made }.emit();
            opening.key = Some(root_at.display().to_string());
        }
        let after = take_up(&mut state, &mut opening, log, &opened, &path)?;
        if opening.after.is_empty() {
            after.clone_into(&mut opening.after);
        }
        let damaged = || Error::new(StateError::Damaged).key("integrity.state").file(&path);
        let key = state.key().ok_or_else(damaged)?;
        let mut sealer = Self {
            log: log.to_owned(),
            run: run.to_owned(),
            tagger: key.tagger(),
            key,
            bytes: 0,
            digest: Box::default(),
            digested: None,
            tags: String::with_capacity(BLOCK_RECORDS * TAG_DIGITS),
            first: 0,
            records: 0,
            state,
            file,
            dirty: true,
            noted: 0,
            doubted: false,
            opening: Some(opening),
            root_at,
        };
        // Before a line of this chain exists, it is known on the disk that the chain does.
        let stored = if made { sealer.store(true) } else { Ok(()) };
        stored.map_err(|error| Error::new(error).key("integrity.state").file(&path))?;
        Ok(Some(sealer))
    }

    /// How the file that begins now joins what was before; for the file's first event. `previous_file` is the one
    /// that ends now, where the file is rotated.
    pub fn header(&mut self, previous_file: Option<&Path>) -> Chain {
        let before = self.state.inode;
        self.state.inode = fs::metadata(&self.log).map_or(0, |metadata| metadata.ino());
        self.doubted &= self.state.inode == before;
        let mut chain = self.opening.take().unwrap_or_else(|| Chain {
            after: "rotation".to_owned(),
            key: self.root_at.exists().then(|| self.root_at.display().to_string()),
            ..Chain::default()
        });
        // A run that goes on in the file of the run before does not begin it.
        if matches!(chain.after.as_str(), "first" | "rotation") || self.state.inode != before {
            self.state.file_block = self.key.block();
        }
        chain.id.clone_from(&self.state.chain);
        chain.block = self.key.block();
        chain.previous.clone_from(&self.state.previous);
        if let Some(name) = previous_file.and_then(Path::file_name) {
            chain.previous_file = Some(name.to_string_lossy().into_owned());
        }
        chain
    }

    /// Takes a line, newline included, into the block. Its bytes follow, by [`Sealer::absorb`], before the seal.
    pub fn line(&mut self, sequence: u64, line: &[u8]) {
        if self.records == 0 {
            self.first = sequence;
        }
        self.records += 1;
        self.bytes += line.len() as u64;
        push_tag(&mut self.tags, self.tagger.tag(line));
    }

    /// Takes the bytes of lines into the digest, in their order. BLAKE3 runs at its full speed only on many of them
    /// at once: so just before they leave the memory, or are sealed.
    pub fn absorb(&mut self, lines: &[u8]) {
        self.digest.update(lines);
    }

    /// Whether the block has no line yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.records == 0
    }

    /// As [`Sealer::absorb`], for the digest of all lines of the block.
    pub fn absorb_digest(&mut self, digest: Digest) {
        self.digested = Some(digest);
    }

    /// The seal of the block, for an event of action `AuditSeal` with this sequence number. None where there is
    /// nothing to seal; an end is always sealed.
    #[must_use]
    pub fn seal(&self, cause: Cause, sequence: u64) -> Option<Seal> {
        if self.records == 0 && !matches!(cause, Cause::Rotation | Cause::End) {
            return None;
        }
        Some(Seal {
            chain: self.state.chain.clone(),
            block: self.key.block(),
            cause: cause.name().to_owned(),
            first: if self.records == 0 { sequence } else { self.first },
            last: sequence.saturating_sub(1),
            records: self.records,
            bytes: self.bytes,
            digest: self.digested.unwrap_or_else(|| Digest(self.digest.finalize())).0.to_hex().to_string(),
            previous: self.state.previous.clone(),
            tags: self.tags.clone(),
            mac: super::NO_MAC.to_owned(),
        })
    }

    /// Puts the MAC into the seal's encoded line, replaces the key, and begins the next block.
    pub fn stamp(&mut self, sequence: u64, line: &mut [u8]) {
        // A line is sealed without its newline, a frame with its length.
        let newline = Format::of(line) == Some(Format::Json) && line.ends_with(b"\n");
        let end = line.len() - usize::from(newline);
        let line = &mut line[..end];
        // A line without a place for it would be a seal that nobody accepts: found by the verifier.
        if let Some(mac) = self.key.mac(line) {
            fill(line, &mac);
            self.state.previous = hex(&mac);
        }
        self.key.evolve();
        self.tagger = self.key.tagger();
        self.state.last = sequence;
        self.state.run.clone_from(&self.run);
        self.state.ended = false;
        self.bytes = 0;
        self.digest.reset();
        self.digested = None;
        self.tags.clear();
        self.records = 0;
        self.dirty = true;
    }

    /// Brings the new key to the disk, and the old one off it. Before the write of what was sealed with the old
    /// one: a crash between the two must not leave a key with which another block could be sealed. With
    /// `sync`, it is on the disk and not only on its way.
    ///
    /// # Errors
    /// It could not be written. The log should be written nevertheless: at the next start, the chain is taken
    /// up from the log.
    pub fn persist(&mut self, sync: bool) -> io::Result<()> {
        if self.dirty { self.store(sync) } else { Ok(()) }
    }

    /// All that was sealed is written to the file.
    pub fn wrote(&mut self) {
        self.state.written = self.key.block();
    }

    /// Has the state say at once that all is written, and not only with the next seal: until then, whoever cuts the last
    /// block off would be taken for a crash. For moments in which there is nothing else to do.
    ///
    /// # Errors
    /// It could not be written.
    pub fn confirm(&mut self) -> io::Result<()> {
        if self.state.written > self.noted { self.store(false) } else { Ok(()) }
    }

    /// All that was written is on the disk, unless a sync of this file has failed before: the one that succeeds then says
    /// nothing about what the failed one has left.
    pub fn synced(&mut self) {
        if !self.doubted {
            self.state.synced = self.state.written;
        }
    }

    /// What was written may not be on the disk, and a power failure may take it.
    pub fn sync_failed(&mut self) {
        self.doubted = true;
    }

    /// The last seal is written: the next start may rely on it.
    ///
    /// # Errors
    /// It could not be noted.
    pub fn close(&mut self) -> io::Result<()> {
        self.state.ended = self.records == 0;
        self.store(true)
    }

    /// The file of the state, for messages.
    #[must_use]
    pub fn state_path(&self) -> &Path {
        self.file.path()
    }

    fn store(&mut self, sync: bool) -> io::Result<()> {
        self.state.set_key(&self.key);
        super::state::boot_id().clone_into(&mut self.state.boot);
        self.file.store(&mut self.state, sync)?;
        self.dirty = false;
        self.noted = self.state.written;
        Ok(())
    }
}

fn push_tag(tags: &mut String, tag: u32) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits: [u8; TAG_DIGITS] =
        std::array::from_fn(|at| DIGITS[(tag >> (4 * (TAG_DIGITS - 1 - at))) as usize & 15]);
    tags.push_str(str::from_utf8(&digits).unwrap_or_default());
}
