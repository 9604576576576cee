//! The end of a log: its last seal, and what comes after it.

use std::{fs::File, io, ops::Range, os::unix::fs::FileExt};

use memchr::{memchr, memmem, memrchr};

use super::{hex, key::Tagger, seal::BLOCK_RECORDS};
use crate::{
    event::integrity::Adopted,
    format::{Format, frames::Frames},
};

/// Looked for in a log, from its end. A value cannot contain it: its quotes would be escaped.
const SEAL: &[u8] = b"\"audit_seal\"";

/// The same in a frame, where a text has no quotes; other values can contain it.
const ACTION: &[u8] = b"audit_seal";

const CHUNK: u64 = 256 * 1024;

/// Longer than any line of ours.
const LINE: u64 = 16 * 1024;

/// Where the last record that `accept` takes for a seal ends. Seals that it does not take are passed over.
pub(super) fn last_seal(file: &File, mut accept: impl FnMut(&[u8]) -> bool) -> io::Result<Option<u64>> {
    let size = file.metadata()?.len();
    if format(file)? == Format::Flatbuffers {
        return last_frame(file, accept);
    }
    let mut end = size;
    // Where the last candidate's line began: a line has one chance only.
    let mut before = size;
    while end > 0 {
        let start = end.saturating_sub(CHUNK);
        // What begins in this chunk may end in the next.
        let chunk = read(file, start..(end + SEAL.len() as u64 - 1).min(size))?;
        for at in memmem::rfind_iter(&chunk, SEAL) {
            let at = start + at as u64;
            if at >= before {
                continue;
            }
            let around = at.saturating_sub(LINE)..(at + LINE).min(size);
            let bytes = read(file, around.clone())?;
            let middle = usize::try_from(at - around.start).unwrap_or(0).min(bytes.len());
            let from = memrchr(b'\n', &bytes[..middle]).map_or(0, |newline| newline + 1);
            let to = memchr(b'\n', &bytes[middle..]).map_or(bytes.len(), |newline| middle + newline);
            before = around.start + from as u64;
            if accept(&bytes[from..to]) {
                return Ok(Some((around.start + to as u64 + 1).min(size)));
            }
        }
        end = start;
    }
    Ok(None)
}

fn format(file: &File) -> io::Result<Format> {
    Ok(Format::of(&read(file, 0..4)?).unwrap_or_default())
}

/// Where a frame begins is known only by those before it, so this goes through all of the file: a tenth of a second
/// for the largest that there is by default.
fn last_frame(file: &File, mut accept: impl FnMut(&[u8]) -> bool) -> io::Result<Option<u64>> {
    let (mut frames, mut candidates) = (Frames::of_file(file, 0), Vec::new());
    let name = memmem::Finder::new(ACTION);
    while let Some((at, frame, whole)) = frames.next_piece()? {
        if whole && name.find(frame).is_some() {
            candidates.push(at..at + frame.len() as u64);
        }
    }
    for candidate in candidates.into_iter().rev() {
        if accept(&read(file, candidate.clone())?) {
            return Ok(Some(candidate.end));
        }
    }
    Ok(None)
}

/// What comes after `start`. None where nothing does.
pub(super) fn rest(file: &File, start: u64, tagger: &Tagger) -> io::Result<Option<Adopted>> {
    let mut hasher = blake3::Hasher::new();
    let (mut records, mut bytes, mut at) = (0, 0, start);
    let mut tags = Some(String::new());
    let mut line = Vec::new();
    if format(file)? == Format::Flatbuffers {
        let mut frames = Frames::of_file(file, start);
        while let Some((_, piece, _)) = frames.next_piece()? {
            hasher.update(piece);
            bytes += piece.len() as u64;
            records += 1;
            push_tag(&mut tags, records, tagger, piece);
        }
        return Ok(adopted(records, bytes, &hasher, tags));
    }
    loop {
        let chunk = read(file, at..at + CHUNK)?;
        if chunk.is_empty() {
            break;
        }
        at += chunk.len() as u64;
        bytes += chunk.len() as u64;
        hasher.update(&chunk);
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            // Only what can be tagged is kept.
            if tags.is_some() {
                line.extend_from_slice(piece);
            }
            if !piece.ends_with(b"\n") {
                continue;
            }
            records += 1;
            push_tag(&mut tags, records, tagger, &line);
            line.clear();
        }
    }
    Ok(adopted(records, bytes, &hasher, tags))
}

/// Tags are kept as long as there are no more of them than a block has.
fn push_tag(tags: &mut Option<String>, records: u64, tagger: &Tagger, record: &[u8]) {
    match tags {
        Some(tags) if records <= BLOCK_RECORDS as u64 => {
            tags.push_str(&hex(&tagger.tag(record).to_be_bytes()));
        }
        _ => *tags = None,
    }
}

fn adopted(records: u64, bytes: u64, hasher: &blake3::Hasher, tags: Option<String>) -> Option<Adopted> {
    let digest = || hasher.finalize().to_hex().to_string();
    (bytes > 0).then(|| Adopted { records, bytes, digest: digest(), tags })
}

fn read(file: &File, range: Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0)];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read_at(&mut bytes[filled..], range.start + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
