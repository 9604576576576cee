//! Lines that no seal has covered yet.

use std::rc::Rc;

use mesos_audit_core::chain::{BLOCK_RECORDS, ChainLine, Tagger};

use super::finding::Place;
use crate::reader::Line;

/// More than this is held only as a digest. A block has 64 KiB.
const MOST_BYTES: usize = 4 << 20;
const MOST_LINES: usize = 16 * BLOCK_RECORDS;

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Held {
    start: usize,
    end: usize,
    /// A frame's event as JSON.
    text: Option<Box<[u8]>>,
    file: Rc<str>,
    number: u64,
    /// A seal that its key did not make, already told.
    pub(super) bad_seal: bool,
}

/// What came before those that are held.
#[derive(Clone, Debug, Default)]
struct Spilled {
    hasher: blake3::Hasher,
    records: u64,
    bytes: u64,
}

/// Lines since the last seal.
#[derive(Debug, Default)]
pub(super) struct Pending {
    bytes: Vec<u8>,
    lines: Vec<Held>,
    spilled: Spilled,
}

/// Records, bytes and digest of lines in a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) digest: String,
}

impl Pending {
    pub(super) fn push(&mut self, line: &Line<'_>, newline: bool, file: &Rc<str>, bad_seal: bool) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(line.frame.map_or(line.bytes, |frame| frame.raw));
        if newline && line.frame.is_none() {
            self.bytes.push(b'\n');
        }
        let text = line.frame.map(|_| line.bytes.into());
        let number = line.number;
        let held = Held { start, end: self.bytes.len(), text, file: Rc::clone(file), number, bad_seal };
        self.lines.push(held);
        if self.bytes.len() > MOST_BYTES || self.lines.len() > MOST_LINES {
            self.spill();
        }
    }

    /// Keeps what can still be a block.
    fn spill(&mut self) {
        let count = self.lines.len().saturating_sub(2 * BLOCK_RECORDS).max(1);
        let end = self.lines[count - 1].end;
        self.spilled.hasher.update(&self.bytes[..end]);
        self.spilled.records += count as u64;
        self.spilled.bytes += end as u64;
        self.bytes.drain(..end);
        self.lines.drain(..count);
        for line in &mut self.lines {
            line.start -= end;
            line.end -= end;
        }
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.lines.clear();
        self.spilled = Spilled::default();
    }

    pub(super) fn held(&self) -> usize {
        self.lines.len()
    }

    /// All lines, those that are not held included.
    pub(super) fn records(&self) -> u64 {
        self.spilled.records + self.lines.len() as u64
    }

    pub(super) fn total_bytes(&self) -> u64 {
        self.spilled.bytes + self.bytes.len() as u64
    }

    /// Of the held lines.
    pub(super) fn bad_seals(&self, before: usize) -> usize {
        self.lines[..before].iter().filter(|line| line.bad_seal).count()
    }

    pub(super) fn line(&self, index: usize) -> &[u8] {
        self.lines.get(index).map_or(&[], |line| &self.bytes[line.start..line.end])
    }

    /// The line, or what would be the line.
    pub(super) fn text(&self, index: usize) -> &[u8] {
        let held = self.lines.get(index);
        held.and_then(|held| held.text.as_deref()).unwrap_or_else(|| self.line(index))
    }

    pub(super) fn place(&self, index: usize) -> Option<Place> {
        self.lines.get(index).map(|line| Place { file: line.file.to_string(), line: line.number })
    }

    pub(super) fn read(&self, index: usize) -> Option<ChainLine> {
        serde_json::from_slice(self.text(index)).ok()
    }

    pub(super) fn is_header(&self, index: usize) -> bool {
        memchr::memmem::find(self.text(index), b"\"audit_log_opened\"").is_some()
            && self.read(index).is_some_and(|line| line.event.action == "audit_log_opened")
    }

    /// Of the held lines from `index` on.
    pub(super) fn after(&self, index: usize) -> Sum {
        let start = self.lines.get(index).map_or(self.bytes.len(), |line| line.start);
        let bytes = &self.bytes[start..];
        Sum {
            records: (self.lines.len() - index.min(self.lines.len())) as u64,
            bytes: bytes.len() as u64,
            digest: blake3::hash(bytes).to_hex().to_string(),
        }
    }

    /// Of all lines before the held line `index`.
    pub(super) fn before(&self, index: usize) -> Sum {
        let end = self.lines.get(index).map_or(self.bytes.len(), |line| line.start);
        let mut hasher = self.spilled.hasher.clone();
        hasher.update(&self.bytes[..end]);
        Sum {
            records: self.spilled.records + index as u64,
            bytes: self.spilled.bytes + end as u64,
            digest: hasher.finalize().to_hex().to_string(),
        }
    }

    pub(super) fn tags(&self, range: std::ops::Range<usize>, tagger: &Tagger) -> Vec<u32> {
        range.map(|index| tagger.tag(self.line(index))).collect()
    }
}
