//! Where the chain stands, on disk: the current key, and what a restart must know to tell a crash from tampering.
//!
//! Two slots in one page of one file, written in turn; then the older one is wiped. Writing in place instead of
//! replacing the file has three reasons: it is cheap enough to be done before every write of the log, it
//! works on a full disk, and it overwrites the old key where a replaced file would leave it in free blocks.
//! Both slots are in one page, so that whatever reaches the disk first holds one that is whole.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::LazyLock,
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{
    hex,
    key::{BlockKey, RootKey},
    unhex,
};
use crate::{error::Error, event::integrity::Lost};

const SLOT: usize = 2048;
/// A slot begins with the digest of the rest, in hexadecimal.
const DIGEST: usize = 64;
/// Of a path, that much is kept: its end says more than its beginning.
const PATH: usize = 512;

/// Where a chain stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    version: u32,
    generation: u64,
    /// Id of the chain.
    pub chain: String,
    /// The block that is not sealed yet: so many were.
    pub block: u64,
    key: Secret,
    /// MAC of the last seal.
    pub previous: String,
    /// The run that made it.
    pub run: String,
    /// Its sequence number.
    pub last: u64,
    /// Blocks before this one are in the file: its write had succeeded.
    pub written: u64,
    /// Blocks before this one are on the disk: a sync had succeeded.
    pub synced: u64,
    /// The last run ended as it should, with a seal.
    pub ended: bool,
    /// Boot id of the machine.
    pub boot: String,
    /// The log.
    pub log: String,
    /// Its inode.
    pub inode: u64,
    /// The block that the log's file begins with.
    pub file_block: u64,
    /// The chain that the log had when this one began.
    pub before: Option<String>,
}

/// A key on its way to and from the disk.
#[derive(Clone, Serialize, Deserialize)]
struct Secret(String);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// There is none.
    #[error("there is none")]
    Missing,
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is damaged.
    #[error("it is damaged")]
    Damaged,
}

impl State {
    pub(super) fn begin(root: &RootKey, log: &Path, before: Option<String>) -> Self {
        let key = BlockKey::first(root);
        Self {
            version: 1,
            generation: 0,
            chain: root.chain(),
            block: 0,
            key: Secret(hex(key.bytes())),
            previous: super::NO_MAC.to_owned(),
            run: String::new(),
            last: 0,
            written: 0,
            synced: 0,
            ended: false,
            boot: boot_id().to_owned(),
            log: log_name(log),
            inode: 0,
            file_block: 0,
            before,
        }
    }

    /// Reads one without changing or locking it.
    ///
    /// # Errors
    /// There is none that could be read.
    pub fn read(path: &Path) -> Result<Self, StateError> {
        let mut last = StateError::Missing;
        // A reader can come between the two writes of a writer, though hardly twice.
        for _ in 0..3 {
            let file = match File::open(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(StateError::Missing),
                other => other?,
            };
            match load(&file) {
                Ok(Some(state)) => return Ok(state),
                Ok(None) => last = StateError::Missing,
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The key of the block that is not sealed yet.
    #[must_use]
    pub fn key(&self) -> Option<BlockKey> {
        Some(BlockKey::new(unhex(&self.key.0)?, self.block))
    }

    pub(super) fn set_key(&mut self, key: &BlockKey) {
        self.block = key.block();
        self.key = Secret(hex(key.bytes()));
    }

    /// Whether it was made for that log.
    pub(super) fn is_of(&self, log: &Path) -> bool {
        self.log == log_name(log)
    }

    pub(super) fn name_of(log: &Path) -> String {
        log_name(log)
    }

    /// What was sealed and is not in the file, of which blocks before `have` are there.
    #[must_use]
    pub fn lost(&self, have: u64) -> Option<Lost> {
        if have >= self.block {
            return None;
        }
        let reason = if have >= self.written {
            "crash"
        } else if have >= self.synced && self.boot != boot_id() {
            "power_loss"
        } else {
            "unexplained"
        };
        Some(Lost {
            first_block: have,
            last_block: self.block - 1,
            run: self.run.clone(),
            last: self.last,
            reason: reason.to_owned(),
        })
    }
}

/// The state's file, of which this process is the only user.
#[derive(Debug)]
pub(super) struct StateFile {
    file: File,
    path: PathBuf,
    generation: u64,
}

impl StateFile {
    /// Opens or makes it.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let wrong = |error: &dyn std::fmt::Display| Error::new(error).key("integrity.state").file(path);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(|error| wrong(&error))?;
        }
        let flags = libc::O_CLOEXEC | libc::O_NONBLOCK | libc::O_NOFOLLOW;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(flags)
            .open(path)
            .map_err(|error| wrong(&error))?;
        if !file.metadata().map_err(|error| wrong(&error))?.is_file() {
            return Err(wrong(&"is no regular file"));
        }
        lock(&file).map_err(|error| match error {
            fs::TryLockError::WouldBlock => wrong(&"another process uses it"),
            fs::TryLockError::Error(error) => wrong(&error),
        })?;
        Ok(Self { file, path: path.to_owned(), generation: 0 })
    }

    pub(super) fn load(&mut self) -> Result<Option<State>, StateError> {
        let state = load(&self.file)?;
        self.generation = state.as_ref().map_or(0, |state| state.generation);
        Ok(state)
    }

    /// Replaces what is there. Whenever the machine stops, the file holds the old state or the new one.
    pub(super) fn store(&mut self, state: &mut State, sync: bool) -> io::Result<()> {
        state.generation = self.generation + 1;
        let mut slot = Zeroizing::new(Vec::with_capacity(SLOT));
        slot.resize(DIGEST, b'0');
        serde_json::to_writer(&mut *slot, state)?;
        if slot.len() > SLOT {
            return Err(io::Error::other("the state is too large"));
        }
        slot.resize(SLOT, b' ');
        let digest = blake3::hash(&slot[DIGEST..]).to_hex();
        slot[..DIGEST].copy_from_slice(digest.as_bytes());
        let [new, old] = [state.generation % 2, 1 - state.generation % 2].map(|slot| slot * SLOT as u64);
        self.file.write_all_at(&slot, new)?;
        if sync {
            self.file.sync_data()?;
        }
        self.file.write_all_at(&[0; SLOT], old)?;
        if sync {
            self.file.sync_data()?;
        }
        self.generation = state.generation;
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// A child that the process before forked holds the lock until it executes its program: that takes a moment.
fn lock(file: &File) -> Result<(), fs::TryLockError> {
    for _ in 0..50 {
        match file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
            other => return other,
        }
    }
    file.try_lock()
}

fn load(file: &File) -> Result<Option<State>, StateError> {
    let mut page = Zeroizing::new([0; 2 * SLOT]);
    let mut filled = 0;
    while filled < page.len() {
        match file.read_at(&mut page[filled..], filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let slots = page.chunks_exact(SLOT).filter_map(read_slot);
    match slots.max_by_key(|state| state.generation) {
        Some(state) => Ok(Some(state)),
        None if page.iter().all(|byte| *byte == 0) => Ok(None),
        None => Err(StateError::Damaged),
    }
}

fn read_slot(slot: &[u8]) -> Option<State> {
    let (digest, rest) = slot.split_at(DIGEST);
    if blake3::hash(rest).to_hex().as_bytes() != digest {
        return None;
    }
    let state: State = serde_json::from_slice(rest).ok()?;
    (state.version == 1 && state.key().is_some()).then_some(state)
}

fn log_name(log: &Path) -> String {
    let name = log.to_string_lossy();
    // Twice as long in JSON at the worst, six times where it has control characters: still within the slot.
    let limit = if name.contains(char::is_control) { PATH / 4 } else { PATH };
    name[name.ceil_char_boundary(name.len().saturating_sub(limit))..].to_owned()
}

/// Another one after each start of the machine: what the page cache held is gone then.
pub(super) fn boot_id() -> &'static str {
    static BOOT_ID: LazyLock<String> = LazyLock::new(|| {
        fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
    });
    &BOOT_ID
}
