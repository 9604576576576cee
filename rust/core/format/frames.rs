//! Where frames are in bytes that may be torn, damaged or hostile.
//!
//! A frame is a size-prefixed FlatBuffer: four bytes of length (little-endian, without themselves), four of the root's
//! offset, the four of the file identifier, and the rest. What a crash has torn is filled up at the next start, so it is a frame by its length, of which only the content is damaged. What is no frame by its length either is
//! skipped to the next identifier that stands where a frame would have it.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
};

use super::{IDENTIFIER, MAX_FRAME_BYTES};

/// Bytes of the length in front of a frame.
pub const PREFIX: usize = 4;

/// Up to the end of the identifier.
const HEAD: usize = PREFIX + 8;

/// Damaged bytes are given in pieces of at most this.
pub const MAX_DAMAGED: usize = 1 << 20;

/// What bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// So many bytes are a frame. Its content is yet to be verified.
    Frame(usize),
    /// So many bytes are none.
    Damaged(usize),
    /// What is here could become a frame: more bytes are needed to tell. Never at the end.
    More,
}

/// Looks at the beginning of `bytes`, which are not empty. `end`: nothing comes behind them.
#[must_use]
pub fn next(bytes: &[u8], end: bool) -> Piece {
    match length(bytes) {
        None if end => Piece::Damaged(bytes.len()),
        None => Piece::More,
        Some(length) if length > MAX_FRAME_BYTES => seek(bytes, end),
        Some(length) if length <= bytes.len() => {
            if is_head(bytes) {
                return Piece::Frame(length);
            }
            let rest = &bytes[length..];
            if is_head(rest) || (rest.is_empty() && end) {
                Piece::Damaged(length)
            } else if rest.len() < HEAD && !end {
                Piece::More
            } else {
                seek(bytes, end)
            }
        }
        Some(_) if !end => Piece::More,
        // Torn, if it began as a frame; what looks like a frame inside of it is a text of its event.
        Some(_) if is_head(bytes) || bytes.len() < HEAD => Piece::Damaged(bytes.len()),
        Some(_) => seek(bytes, end),
    }
}

/// The length of the frame that these bytes begin with, its prefix included, by its own word.
#[must_use]
pub fn length(bytes: &[u8]) -> Option<usize> {
    let (prefix, _) = bytes.split_first_chunk()?;
    usize::try_from(u32::from_le_bytes(*prefix)).ok()?.checked_add(PREFIX)
}

/// What makes a frame of what is torn at the end of a log. None where what is there is no torn frame.
///
/// The rest of a length is zeros, so that it stays within the limit. The rest of all else is 0xff: where zeros would be
/// taken for empty objects and numbers, this is neither text nor a place in the frame, so no torn event is ever read as
/// one.
#[must_use]
pub fn fill(torn: &[u8]) -> Option<Vec<u8>> {
    let mut prefix = [0; PREFIX];
    let have = torn.len().min(PREFIX);
    prefix[..have].copy_from_slice(&torn[..have]);
    let length = length(&prefix)?;
    if length > MAX_FRAME_BYTES || torn.len() >= length {
        return None;
    }
    let mut fill = vec![0; PREFIX - have];
    fill.resize(length - torn.len(), 0xff);
    Some(fill)
}

fn is_head(bytes: &[u8]) -> bool {
    bytes.get(HEAD - 4..HEAD) == Some(IDENTIFIER.as_bytes())
        && length(bytes).is_some_and(|length| (HEAD..=MAX_FRAME_BYTES).contains(&length))
}

/// Up to the next head. The answer depends on the bytes alone, not on how many of them are there already.
fn seek(bytes: &[u8], end: bool) -> Piece {
    let within = &bytes[..bytes.len().min(MAX_DAMAGED + HEAD)];
    let found = memchr::memmem::find_iter(within, IDENTIFIER.as_bytes())
        .filter_map(|at| at.checked_sub(HEAD - 4))
        .find(|at| (1..=MAX_DAMAGED).contains(at) && is_head(&bytes[*at..]));
    match found {
        Some(at) => Piece::Damaged(at),
        None if bytes.len() >= MAX_DAMAGED + HEAD => Piece::Damaged(MAX_DAMAGED),
        None if end => Piece::Damaged(bytes.len().min(MAX_DAMAGED)),
        None => Piece::More,
    }
}

/// A file from some place on, whatever else reads it.
#[derive(Debug)]
pub struct ReadAt<'f> {
    file: &'f File,
    at: u64,
}

impl<'f> ReadAt<'f> {
    /// Reads a file from `at` on.
    #[must_use]
    pub fn new(file: &'f File, at: u64) -> Self {
        Self { file, at }
    }
}

impl Read for ReadAt<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(into, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl<'f> Frames<ReadAt<'f>> {
    /// Reads a file from `at` on.
    pub fn of_file(file: &'f File, at: u64) -> Self {
        Self::new(ReadAt::new(file, at), at)
    }
}

/// The pieces of a source, to its end.
#[derive(Debug)]
pub struct Frames<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    at: u64,
    end: bool,
}

impl<R: Read> Frames<R> {
    /// Reads `source` from where it is, which is `at` in the file.
    pub fn new(source: R, at: u64) -> Self {
        Self { source, buffer: Vec::new(), start: 0, at, end: false }
    }

    /// The next piece's place, its bytes, and whether it is a frame.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn next_piece(&mut self) -> io::Result<Option<(u64, &[u8], bool)>> {
        loop {
            let rest = &self.buffer[self.start..];
            if rest.is_empty() && self.end {
                return Ok(None);
            }
            let (length, frame) = match next_or_more(rest, self.end) {
                Piece::Frame(length) => (length, true),
                Piece::Damaged(length) => (length, false),
                Piece::More => {
                    self.fill()?;
                    continue;
                }
            };
            let (at, start) = (self.at, self.start);
            self.at += length as u64;
            self.start += length;
            return Ok(Some((at, &self.buffer[start..start + length], frame)));
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let wanted = (1 << 18).max(self.buffer.len() as u64);
        self.end = self.source.by_ref().take(wanted).read_to_end(&mut self.buffer)? == 0;
        Ok(())
    }
}

fn next_or_more(rest: &[u8], end: bool) -> Piece {
    if rest.is_empty() { Piece::More } else { next(rest, end) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(content: &[u8]) -> Vec<u8> {
        let mut bytes = u32::try_from(8 + content.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend([12, 0, 0, 0]);
        bytes.extend(IDENTIFIER.as_bytes());
        bytes.extend(content);
        bytes
    }

    fn pieces(bytes: &[u8]) -> Vec<(usize, bool)> {
        let mut frames = Frames::new(bytes, 0);
        let mut found = Vec::new();
        while let Some((_, piece, whole)) = frames.next_piece().unwrap() {
            found.push((piece.len(), whole));
        }
        found
    }

    #[test]
    fn a_torn_frame_does_not_hide_those_behind_it() {
        let (one, two) = (frame(b"one"), frame(b"and two"));
        for torn in 1..one.len() {
            let mut bytes = two.clone();
            bytes.extend(&one[..torn]);
            let rest = two.len();
            assert_eq!(pieces(&bytes), [(rest, true), (torn, false)]);
            bytes.extend(fill(&one[..torn]).unwrap());
            let filled = bytes.len() - rest;
            assert!(filled <= one.len() && filled >= PREFIX);
            bytes.extend(&two);
            let whole = torn >= HEAD;
            assert_eq!(pieces(&bytes), [(rest, true), (filled, whole), (rest, true)], "{torn}");
        }
        assert_eq!(fill(&one), None);
    }

    #[test]
    fn what_is_inside_a_torn_frame_is_not_found() {
        let mut bytes = frame(&frame(b"I am a framework's name"));
        bytes.pop();
        assert_eq!(pieces(&bytes), [(bytes.len(), false)]);
    }

    #[test]
    fn garbage_is_skipped() {
        let one = frame(b"one");
        let garbage = [[0xff; 100].as_slice(), IDENTIFIER.as_bytes(), &[0; 3]].concat();
        let bytes = [one.as_slice(), &garbage, &one, &one].concat();
        let n = one.len();
        assert_eq!(pieces(&bytes), [(n, true), (garbage.len(), false), (n, true), (n, true)]);
        let much = vec![0xff; 2 * MAX_DAMAGED + 5];
        assert_eq!(pieces(&much), [(MAX_DAMAGED, false), (MAX_DAMAGED, false), (5, false)]);
    }

    proptest! {
        /// However the bytes come in, they are cut alike; and every byte is in one piece.
        #[test]
        fn the_cut_is_the_bytes_own(
            parts in prop::collection::vec(
                prop_oneof![
                    prop::collection::vec(any::<u8>(), 0..40).prop_map(|content| frame(&content)),
                    prop::collection::vec(any::<u8>(), 0..40),
                    Just(IDENTIFIER.as_bytes().to_vec()),
                    (0u8..40).prop_map(|n| vec![n, 0, 0, 0]),
                ],
                0..8,
            ),
            step in 1usize..50,
        ) {
            let bytes = parts.concat();
            let whole = pieces(&bytes);
            prop_assert_eq!(whole.iter().map(|(length, _)| length).sum::<usize>(), bytes.len());
            let (mut start, mut have, mut found) = (0, 0, Vec::new());
            while start < bytes.len() {
                match next_or_more(&bytes[start..have], have == bytes.len()) {
                    Piece::Frame(length) => { found.push((length, true)); start += length; }
                    Piece::Damaged(length) => { found.push((length, false)); start += length; }
                    Piece::More => {
                        prop_assert!(have < bytes.len());
                        have = (have + step).min(bytes.len());
                    }
                }
            }
            prop_assert_eq!(found, whole);
        }
    }
}
