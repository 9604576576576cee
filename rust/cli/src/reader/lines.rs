//! Records of a source that may still grow: lines, or frames of FlatBuffers as the lines that they would be. Which of the two it is, the first bytes tell.

use std::{
    io::{self, ErrorKind, Read},
    ops::Range,
};

use mesos_audit_core::format::{
    BadFrame, Format,
    frames::{self, Piece},
    to_json,
};

/// The longest line that is kept in memory. An event is at most 7.5 KiB; what is longer than this is no event, and must not fill the memory.
pub const MAX_LINE: usize = 1024 * 1024;

const CHUNK: usize = 64 * 1024;

/// A line, or a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its bytes without the newline; of a frame, its event as JSON. Empty where it was too long, or is no valid frame.
    pub bytes: &'a [u8],
    /// The frame as it is in the file; none where it is a line.
    pub frame: Option<Frame<'a>>,
    /// Counts from 1 where the reading began.
    pub number: u64,
    /// It was longer than [`MAX_LINE`].
    pub too_long: bool,
}

/// A frame, or what is in the place of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its bytes, length included.
    pub raw: &'a [u8],
    /// Where in the file it begins.
    pub offset: u64,
    /// Why it cannot be read.
    pub damage: Option<&'a BadFrame>,
}

/// Lines of `source`. At the source's end [`Lines::next_line`] gives none and keeps what has no newline yet, so that it can be asked again later.
#[derive(Debug)]
pub struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    /// `buffer[start..end]` is read and not yet given; there is no newline before `scanned`.
    start: usize,
    scanned: usize,
    end: usize,
    number: u64,
    /// Where the reading began.
    base: u64,
    read: u64,
    too_long: bool,
    /// Known as soon as there are bytes.
    format: Option<Format>,
    /// The frame that was given last, as JSON, or why it is none.
    text: Vec<u8>,
    damage: Option<BadFrame>,
}

impl<R: Read> Lines<R> {
    /// Reads `source` from where it is.
    pub fn new(source: R) -> Self {
        Self::at(source, 0)
    }

    /// Reads `source` from where it is, which is byte `base` of the file.
    pub fn at(source: R, base: u64) -> Self {
        Self {
            source,
            buffer: vec![0; 2 * CHUNK],
            start: 0,
            scanned: 0,
            end: 0,
            number: 0,
            base,
            read: 0,
            too_long: false,
            format: None,
            text: Vec::new(),
            damage: None,
        }
    }

    /// The next line that has an end.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        if !self.is_known()? {
            return Ok(None);
        }
        if self.format == Some(Format::Flatbuffers) {
            return self.next_frame();
        }
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[self.scanned..self.end]) {
                let line = self.start..self.scanned + at;
                self.start = line.end + 1;
                self.scanned = self.start;
                return Ok(Some(self.give(line)));
            }
            self.scanned = self.end;
            if self.end - self.start > MAX_LINE {
                self.too_long = true;
            }
            if self.too_long {
                self.start = self.end;
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Whether there is enough to tell the format.
    fn is_known(&mut self) -> io::Result<bool> {
        while self.format.is_none() {
            let here = &self.buffer[self.start..self.end];
            if here.len() >= frames::PREFIX {
                self.format = Format::of(here);
            } else if !self.fill()? {
                // So short, only a line can be whole.
                let here = &self.buffer[self.start..self.end];
                self.format = here.contains(&b'\n').then_some(Format::Json);
                break;
            }
        }
        Ok(self.format.is_some())
    }

    fn next_frame(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            let here = &self.buffer[self.start..self.end];
            let piece = if here.is_empty() { Piece::More } else { frames::next(here, false) };
            match piece {
                Piece::Frame(length) | Piece::Damaged(length) => return Ok(Some(self.give_frame(length))),
                Piece::More => {
                    self.scanned = self.start;
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn give_frame(&mut self, length: usize) -> Line<'_> {
        let offset = self.base + self.read - (self.end - self.start) as u64;
        let frame = self.start..self.start + length;
        self.start = frame.end;
        self.scanned = self.start;
        self.number += 1;
        self.text.clear();
        let raw = &self.buffer[frame];
        self.damage = to_json(raw, &mut self.text).err();
        let frame = Frame { raw, offset, damage: self.damage.as_ref() };
        Line { bytes: &self.text, frame: Some(frame), number: self.number, too_long: false }
    }

    /// What comes after the last newline or whole frame, at the source's end: a record whose end is missing. Behind a damaged frame there can be others: to be
    /// asked until there is nothing.
    pub fn take_rest(&mut self) -> Option<Line<'_>> {
        let here = &self.buffer[self.start..self.end];
        if self.format == Some(Format::Flatbuffers) && !here.is_empty() {
            let (Piece::Frame(length) | Piece::Damaged(length)) = frames::next(here, true) else {
                return None;
            };
            return Some(self.give_frame(length));
        }
        if self.start == self.end && !self.too_long {
            return None;
        }
        let line = self.start..self.end;
        self.start = self.end;
        self.scanned = self.end;
        Some(self.give(line))
    }

    /// How many bytes were read from the source.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    fn give(&mut self, line: Range<usize>) -> Line<'_> {
        self.number += 1;
        let too_long = std::mem::take(&mut self.too_long);
        let bytes = if too_long { &[] } else { &self.buffer[line] };
        Line { bytes, frame: None, number: self.number, too_long }
    }

    /// Reads more; false at the source's end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.scanned -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < CHUNK {
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    self.read += count as u64;
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::VecDeque, rc::Rc};

    use proptest::prelude::*;

    use super::*;

    /// Gives its pieces one by one, and an end where there is none.
    #[derive(Clone, Default)]
    struct Pieces(Rc<RefCell<VecDeque<Vec<u8>>>>);

    impl Read for Pieces {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let Some(piece) = self.0.borrow_mut().pop_front() else { return Ok(0) };
            into[..piece.len()].copy_from_slice(&piece);
            Ok(piece.len())
        }
    }

    fn all(lines: &mut Lines<Pieces>) -> Vec<(Vec<u8>, u64)> {
        let mut given = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            given.push((line.bytes.to_vec(), line.number));
        }
        given
    }

    #[test]
    fn a_torn_line_waits_for_its_end() {
        let source = Pieces::default();
        let mut lines = Lines::new(source.clone());
        source.0.borrow_mut().push_back(b"one\ntw".to_vec());
        assert_eq!(all(&mut lines), [(b"one".to_vec(), 1)]);
        assert_eq!(all(&mut lines), []);
        source.0.borrow_mut().push_back(b"o\n\nrest".to_vec());
        assert_eq!(all(&mut lines), [(b"two".to_vec(), 2), (b"".to_vec(), 3)]);
        assert_eq!(lines.take_rest(), Some(Line { bytes: b"rest", frame: None, number: 4, too_long: false }));
        assert_eq!(lines.take_rest(), None);
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let text = io::Cursor::new(b"a\n".to_vec()).chain(io::repeat(b'x').take(64 << 20));
        let mut lines = Lines::new(text.chain(&b"\nb\n"[..]));
        assert_eq!(lines.next_line().unwrap().unwrap().bytes, b"a");
        assert_eq!(
            lines.next_line().unwrap(),
            Some(Line { bytes: b"", frame: None, number: 2, too_long: true })
        );
        assert_eq!(
            lines.next_line().unwrap(),
            Some(Line { bytes: b"b", frame: None, number: 3, too_long: false })
        );
        assert!(lines.buffer.len() < 4 * MAX_LINE);
    }

    proptest! {
        #[test]
        fn however_it_is_cut_the_lines_are_the_same(pieces: Vec<Vec<u8>>) {
            let whole = pieces.concat();
            prop_assume!(Format::of(&whole) != Some(Format::Flatbuffers));
            let mut lines = Lines::new(Pieces(Rc::new(RefCell::new(
                pieces.into_iter().filter(|piece| !piece.is_empty()).collect(),
            ))));
            let mut given: Vec<_> = all(&mut lines).into_iter().map(|(bytes, _)| bytes).collect();
            given.push(lines.take_rest().map(|line| line.bytes.to_vec()).unwrap_or_default());
            prop_assert_eq!(given, whole.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>());
        }
    }
}
