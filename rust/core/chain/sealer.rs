//! The writing side: collects a block, makes its seal, forgets its key.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    hex,
    key::{BlockKey, RootKey, Tagger},
    seal::{BLOCK_BYTES, BLOCK_RECORDS, ChainLine, TAG_DIGITS, fill},
    state::{State, StateError, StateFile},
    tail,
};
use crate::{
    config::Integrity,
    error::Error,
    event::integrity::{Chain, Seal},
    telemetry,
};

/// A state may be behind the log by as many blocks (64 GiB of them): more is no state of this log.
const CATCH_UP: u64 = 1 << 20;

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

/// Seals the lines of one log. The worker calls, in this order:
///
/// 1. [`Sealer::header`] for the first event of the run and of every file,
/// 2. [`Sealer::line`] for each encoded line that is no seal,
/// 3. [`Sealer::seal`] when [`Sealer::due`] says so, and [`Sealer::stamp`] when the seal is encoded,
/// 4. [`Sealer::persist`] before it writes to the file what holds a new seal, [`Sealer::wrote`] when all is written,
/// 5. [`Sealer::close`] at the end.
#[derive(Debug)]
pub struct Sealer {
    log: PathBuf,
    run: String,
    interval: Duration,
    key: BlockKey,
    tagger: Tagger,
    /// The block so far.
    bytes: Vec<u8>,
    tags: String,
    first: u64,
    records: u64,
    since: Option<Instant>,
    state: State,
    file: StateFile,
    /// The state in memory is newer than the one in the file.
    dirty: bool,
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
            interval: Duration::from_millis(config.seal_ms),
            tagger: key.tagger(),
            key,
            bytes: Vec::with_capacity(BLOCK_BYTES + BLOCK_BYTES / 4),
            tags: String::with_capacity(BLOCK_RECORDS * TAG_DIGITS),
            first: 0,
            records: 0,
            since: None,
            state,
            file,
            dirty: true,
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
        self.state.inode = fs::metadata(&self.log).map_or(0, |metadata| metadata.ino());
        let mut chain = self.opening.take().unwrap_or_else(|| Chain {
            after: "rotation".to_owned(),
            key: self.root_at.exists().then(|| self.root_at.display().to_string()),
            ..Chain::default()
        });
        // A run that goes on in the file of the run before does not begin it.
        if matches!(chain.after.as_str(), "first" | "rotation" | "moved") {
            self.state.file_block = self.key.block();
        }
        chain.id.clone_from(&self.state.chain);
        chain.block = self.key.block();
        chain.previous.clone_from(&self.state.previous);
        chain.previous_file =
            previous_file.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        chain
    }

    /// Takes a line, newline included, into the block.
    pub fn line(&mut self, sequence: u64, line: &[u8]) {
        if self.records == 0 {
            self.first = sequence;
            self.since = Some(Instant::now());
        }
        self.records += 1;
        self.bytes.extend_from_slice(line);
        push_tag(&mut self.tags, self.tagger.tag(line));
    }

    /// Why the block should be sealed now, if it should.
    #[must_use]
    pub fn due(&self, now: Instant) -> Option<Cause> {
        if self.is_full() {
            Some(Cause::Size)
        } else if self.deadline().is_some_and(|deadline| now >= deadline) {
            Some(Cause::Time)
        } else {
            None
        }
    }

    /// Whether the block has its size. Needs no clock.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= BLOCK_BYTES || self.records >= BLOCK_RECORDS as u64
    }

    /// When the block must be sealed, whatever its size. None while it is empty.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.since.map(|since| since + self.interval)
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
            bytes: self.bytes.len() as u64,
            digest: blake3::hash(&self.bytes).to_hex().to_string(),
            previous: self.state.previous.clone(),
            tags: self.tags.clone(),
            mac: super::NO_MAC.to_owned(),
        })
    }

    /// Puts the MAC into the seal's encoded line, replaces the key, and begins the next block.
    pub fn stamp(&mut self, sequence: u64, line: &mut [u8]) {
        let end = line.len() - usize::from(line.ends_with(b"\n"));
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
        self.bytes.clear();
        self.bytes.shrink_to(4 * BLOCK_BYTES);
        self.tags.clear();
        self.records = 0;
        self.since = None;
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

    /// All that was written is on the disk.
    pub fn synced(&mut self) {
        self.state.synced = self.state.written;
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
        Ok(())
    }
}

/// A new chain, because there is no state, or none that can be read.
fn begin(log: &Path, file: &File, root_at: &Path, why: &str) -> Result<(State, Chain, bool), Error> {
    let mut before = None;
    let found = tail::last_seal(file, |line| {
        before = ChainLine::seal(line).map(|(_, seal)| seal.chain);
        before.is_some()
    });
    found.map_err(|error| Error::new(error).file(log))?;
    let root = RootKey::random()?;
    root.append(root_at).map_err(|error| error.key("integrity.key"))?;
    // A log without a seal, and no state: nothing is missing.
    let after = if before.is_none() && why == "state_missing" { "first" } else { why };
    let state = State::begin(&root, log, before);
    Ok((state, Chain { after: after.to_owned(), ..Chain::default() }, true))
}

/// Brings state and log together after whatever happened in between; tells what that was.
fn take_up(
    state: &mut State,
    opening: &mut Chain,
    log: &Path,
    file: &File,
    path: &Path,
) -> Result<&'static str, Error> {
    let unreadable = |error: io::Error| Error::new(error).file(log);
    let damaged = || Error::new(StateError::Damaged).key("integrity.state").file(path);
    let mut key = state.key().ok_or_else(damaged)?;
    let (mut other, mut found) = (None, None);
    let end = tail::last_seal(file, |line| {
        let Some((read, seal)) = ChainLine::seal(line) else { return false };
        if seal.chain != state.chain {
            // Chains are not mixed in one log: the last one is the one.
            other = Some(seal.chain);
            return true;
        }
        let ours = match seal.block {
            block if block >= state.block => {
                // The state is behind: it could not be written, or the machine lost it. Its key knows.
                let later = (block - state.block < CATCH_UP).then(|| key.at(block)).flatten();
                later.is_some_and(|mut later| {
                    let made = later.made(line, &seal.mac);
                    if made {
                        later.evolve();
                        key = later;
                    }
                    made
                })
            }
            block if block + 1 == state.block => seal.mac == state.previous,
            _ => true,
        };
        if ours {
            found = Some((read.process.entity_id, read.event.sequence, seal));
        }
        ours
    })
    .map_err(unreadable)?;
    if let Some(other) = other.as_ref().filter(|other| state.before.as_ref() != Some(other)) {
        let reason =
            format!("is the state of another log (its chain is {}, the log's is {other})", state.chain);
        return Err(Error::new(reason).key("integrity.state").file(path));
    }
    if end.is_none() && !state.is_of(log) {
        let reason = format!("is the state of another log, {}", state.log);
        return Err(Error::new(reason).key("integrity.state").file(path));
    }
    let inode = file.metadata().map_err(unreadable)?.ino();
    let have = match &found {
        Some((_, _, seal)) => seal.block + 1,
        // Nothing of ours: it was there and is gone, or it is in a file that is no longer here.
        None if inode == state.inode && state.block > 0 => state.file_block.min(state.written),
        None => state.written,
    };
    opening.lost = state.lost(have);
    if let Some((run, last, seal)) = found
        && seal.block >= state.block
    {
        state.set_key(&key);
        (state.previous, state.run, state.last) = (seal.mac, run, last);
        state.ended = seal.cause == Cause::End.name();
    }
    super::tail::rest(file, end.unwrap_or(0), &key.tagger())
        .map(|adopted| opening.adopted = adopted)
        .map_err(unreadable)?;
    state.written = state.written.max(have.min(state.block));
    state.log = State::name_of(log);
    opening.previous_run = Some(state.run.clone()).filter(|run| !run.is_empty());
    Ok(if state.block == 0 {
        "first"
    } else if end.is_none() && inode != state.inode {
        "moved"
    } else if state.ended && opening.adopted.is_none() && opening.lost.is_none() {
        "sealed"
    } else {
        "unsealed"
    })
}

fn push_tag(tags: &mut String, tag: u32) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits: [u8; TAG_DIGITS] =
        std::array::from_fn(|at| DIGITS[(tag >> (4 * (TAG_DIGITS - 1 - at))) as usize & 15]);
    tags.push_str(str::from_utf8(&digits).unwrap_or_default());
}
