//! The start: bringing the state, the key and the log together after whatever happened in between.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

use super::{
    key::{BlockKey, RootKey},
    seal::ChainLine,
    sealer::Cause,
    state::{State, StateError},
    tail,
};
use crate::{
    error::Error,
    event::integrity::{Chain, Seal},
};

/// A state may be behind the log by as many blocks (64 GiB of them): more is no state of this log.
const CATCH_UP: u64 = 1 << 20;

/// A new chain, because there is no state, or none that can be read.
pub(super) fn begin(
    log: &Path,
    file: &File,
    root_at: &Path,
    why: &str,
) -> Result<(State, Chain, bool), Error> {
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
pub(super) fn take_up(
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
    let end = tail::last_seal(file, |line| ours(state, line, &mut key, &mut other, &mut found))
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
    // A run that died between the two renames of a rotation has left its file under an archive's name.
    let turned = end.is_none() && inode != state.inode && state.block > 0;
    let archive = if turned { archived(state, log, &mut key, &mut found) } else { None };
    opening.previous_file = archive;
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
    tail::rest(file, end.unwrap_or(0), &key.tagger())
        .map(|adopted| opening.adopted = adopted)
        .map_err(unreadable)?;
    state.written = state.written.max(have.min(state.block));
    state.log = State::name_of(log);
    opening.previous_run = Some(state.run.clone()).filter(|run| !run.is_empty());
    Ok(if state.block == 0 {
        "first"
    } else if turned && opening.previous_file.is_none() {
        "moved"
    } else if state.ended && opening.adopted.is_none() && opening.lost.is_none() {
        "sealed"
    } else {
        "unsealed"
    })
}

/// A seal of this log: the run that made it, its sequence number, itself.
type Found = Option<(String, u64, Seal)>;

/// Whether a line is the last seal of this chain that is here, as far as the state and its key can tell.
fn ours(
    state: &State,
    line: &[u8],
    key: &mut BlockKey,
    other: &mut Option<String>,
    found: &mut Found,
) -> bool {
    let Some((read, seal)) = ChainLine::seal(line) else { return false };
    if seal.chain != state.chain {
        // Chains are not mixed in one log: the last one is the one.
        *other = Some(seal.chain);
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
                    *key = later;
                }
                made
            })
        }
        block if block + 1 == state.block => seal.mac == state.previous,
        _ => true,
    };
    if ours {
        *found = Some((read.process.entity_id, read.event.sequence, seal));
    }
    ours
}

/// The name of the file that the run before was turning when it died: beside the log, the one that it wrote, and the
/// seal that a rotation puts at a file's end is the last there is in it. If somebody moved the file, it has no such end.
fn archived(state: &State, log: &Path, key: &mut BlockKey, found: &mut Found) -> Option<String> {
    let directory = log.parent()?;
    let device = fs::metadata(directory).ok()?.dev();
    let entry = fs::read_dir(directory).ok()?.flatten().find(|entry| {
        entry.path() != log
            && entry.metadata().is_ok_and(|metadata| {
                metadata.is_file() && (metadata.dev(), metadata.ino()) == (device, state.inode)
            })
    })?;
    let file = File::open(entry.path()).ok()?;
    let (mut known, mut other, mut last) = (key.clone(), None, None);
    let end = tail::last_seal(&file, |line| ours(state, line, &mut known, &mut other, &mut last)).ok()??;
    let whole = other.is_none() && end == file.metadata().ok()?.len();
    let (_, _, seal) = last.as_ref().filter(|_| whole)?;
    if seal.cause != Cause::Rotation.name() {
        return None;
    }
    (*key, *found) = (known, last);
    Some(entry.file_name().to_string_lossy().into_owned())
}
