//! The two formats of a log, as far as bytes go: which one it is, where a record ends, and a frame as JSON text.
//!
//! Whoever handles records, and not events, works with both by this: the sink that must not tear them, the chain that
//! seals them, the readers. A record is a line with its newline, or a frame with its length.

pub(crate) mod escape;
pub mod frames;
mod layout;
mod text;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use layout::MAX_FRAME_BYTES;
pub(crate) use layout::{Field, IDENTIFIER, Kind, ROOT, Table};
pub use text::{BadFrame, to_json};

/// How events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON object per line: what collectors read.
    #[default]
    Json,
    /// FlatBuffers (schema/audit_event.fbs), each with its length in front: for `mesos-audit` and programs with that
    /// schema, which find a field without reading the rest.
    Flatbuffers,
}

impl Format {
    /// The format of what begins with these bytes: at least four, or all there are. None where there is nothing yet.
    ///
    /// A frame is shorter than 64 KiB, so the upper bytes of its length are zeros; JSON never has any.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [] => None,
            [_, _, 0, 0, ..] => Some(Self::Flatbuffers),
            _ => Some(Self::Json),
        }
    }

    /// How names of files end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json => "jsonl",
            Self::Flatbuffers => "fb",
        }
    }

    /// The first record of bytes that this process has encoded itself.
    pub(crate) fn first(self, bytes: &[u8]) -> &[u8] {
        let end = match self {
            Self::Json => memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1),
            Self::Flatbuffers => frames::length(bytes).map_or(bytes.len(), |length| length.min(bytes.len())),
        };
        &bytes[..end]
    }
}

/// A record as JSON text, without newline.
///
/// # Errors
/// It is a frame, and no valid one.
pub fn json_of(record: &[u8]) -> Result<Cow<'_, [u8]>, BadFrame> {
    if Format::of(record) == Some(Format::Flatbuffers) {
        let mut text = Vec::with_capacity(2 * record.len());
        to_json(record, &mut text)?;
        return Ok(text.into());
    }
    Ok(record.strip_suffix(b"\n").unwrap_or(record).into())
}

/// Where in a record the text of the field at this path is, without its quotes: that of the seal's MAC.
pub(crate) fn mac_span(record: &[u8]) -> Option<std::ops::Range<usize>> {
    if Format::of(record) == Some(Format::Flatbuffers) {
        return text::find(record, &["mesos", "audit", "seal", "mac"]).filter(|span| span.len() == 64);
    }
    // It is the last text in the line; what comes before cannot look like it, because quotes in values are escaped.
    const KEY: &[u8] = b"\"mac\":\"";
    let at = memchr::memmem::rfind(record, KEY)? + KEY.len();
    (record.get(at + 64) == Some(&b'"')).then_some(at..at + 64)
}

/// Whether what was written so far ends with a whole record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Boundary {
    format: Format,
    /// Of a frame's length, the bytes that were written.
    prefix: [u8; 4],
    have: usize,
    /// Of the frame behind it, the bytes that were not.
    left: usize,
    whole: bool,
}

impl Boundary {
    /// Before the first record.
    pub(crate) fn new(format: Format) -> Self {
        Self { format, prefix: [0; 4], have: 0, left: 0, whole: true }
    }

    /// More was written.
    pub(crate) fn advance(&mut self, mut bytes: &[u8]) {
        if self.format == Format::Json {
            self.whole = bytes.last().map_or(self.whole, |last| *last == b'\n');
            return;
        }
        while !bytes.is_empty() {
            if self.left == 0 {
                self.prefix[self.have] = bytes[0];
                self.have += 1;
                bytes = &bytes[1..];
                if self.have == 4 {
                    self.have = 0;
                    self.left = u32::from_le_bytes(self.prefix) as usize;
                }
            } else {
                let count = self.left.min(bytes.len());
                self.left -= count;
                bytes = &bytes[count..];
            }
        }
        self.whole = self.left == 0 && self.have == 0;
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart_by_four_bytes() {
        assert_eq!(Format::of(b""), None);
        assert_eq!(Format::of(b"{}\n"), Some(Format::Json));
        assert_eq!(Format::of(b"{\"@t"), Some(Format::Json));
        assert_eq!(Format::of(&[0xa0, 2, 0, 0, 4]), Some(Format::Flatbuffers));
        assert_eq!(Format::of(&[0, 0, 0, 0]), Some(Format::Flatbuffers));
    }

    #[test]
    fn a_write_that_stops_anywhere_is_known_to() {
        let mut frames = vec![3, 0, 0, 0, b'\n', 2, 3];
        frames.extend([1, 0, 0, 0, b'\n']);
        for step in 1..frames.len() {
            let mut boundary = Boundary::new(Format::Flatbuffers);
            let mut written = 0;
            for chunk in frames.chunks(step) {
                boundary.advance(chunk);
                written += chunk.len();
                assert_eq!(boundary.is_whole(), written == 7 || written == 12, "{step} {written}");
            }
        }
        let mut boundary = Boundary::new(Format::Json);
        assert!(boundary.is_whole());
        boundary.advance(b"a\nb");
        assert!(!boundary.is_whole());
        boundary.advance(b"");
        assert!(!boundary.is_whole());
        boundary.advance(b"\n");
        assert!(boundary.is_whole());
    }
}
