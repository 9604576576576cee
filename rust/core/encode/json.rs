//! One JSON object per line.

mod escape;
mod float;
mod line;
mod plain;
#[cfg(test)]
mod tests;
mod wide;
mod writer;

use super::Encode;
use crate::{
    decode::plain::Plain,
    event::{AuditEvent, Limits, MAX_LINE_BYTES, Origin, mesos::Applied},
};
use line::Fragments;
use writer::{Seen, Stop};

/// Where a line is put together. One that needs more is cut, nearly always.
const ROOM: usize = 4 * MAX_LINE_BYTES;

/// No record is so large that its line needs more.
const MOST_ROOM: usize = 1 << 29;

/// UTF-8, LF, at most [`MAX_LINE_BYTES`] without the LF. Control characters are escaped, so no value can break a line.
#[derive(Debug)]
pub struct Json {
    /// Each line is written here, in memory that is warm and needs no initialising, and copied once it is whole.
    room: Vec<u8>,
    fragments: Fragments,
    kinds: Vec<plain::Kind>,
}

impl Default for Json {
    fn default() -> Self {
        Self { room: vec![0; ROOM], fragments: Fragments::default(), kinds: Vec::new() }
    }
}

impl Encode for Json {
    fn encode(&mut self, event: &mut AuditEvent<'_>, into: &mut Vec<u8>) {
        let seen = Seen::default();
        let mut written = self.write(event, &seen);
        // Nearly always nothing is long, and nobody need look for what is.
        if seen.is_long() || !written.as_ref().is_ok_and(|length| *length <= MAX_LINE_BYTES) {
            for limits in Limits::STEPS {
                limits.apply(event);
                written = self.write(event, &seen);
                if written.as_ref().is_ok_and(|length| *length <= MAX_LINE_BYTES) {
                    break;
                }
            }
        }
        // What has nothing to be cut is written however long it is, rather than lost.
        while written.is_err() && !seen.is_refused() && self.room.len() < MOST_ROOM {
            self.room.resize(self.room.len() * 2, 0);
            written = self.write(event, &seen);
        }
        // Of what cannot be written nothing is: no torn line.
        if let Ok(length) = written {
            self.room[length] = b'\n';
            into.extend_from_slice(&self.room[..=length]);
        }
        if self.room.len() > ROOM {
            self.room.truncate(ROOM);
            self.room.shrink_to_fit();
        }
    }

    fn plain(
        &mut self,
        plain: &Plain<'_>,
        policy: &Applied<'_>,
        origin: &Origin,
        sequence: u64,
        into: &mut Vec<u8>,
    ) -> bool {
        let written = self.put_plain(plain, policy, origin, sequence);
        if let Some(line) = written.and_then(|length| self.room.get(..length)) {
            into.extend_from_slice(line);
        }
        written.is_some()
    }
}

impl Json {
    /// The line's length; the place behind it is there.
    fn write(&mut self, event: &AuditEvent<'_>, seen: &Seen) -> Result<usize, Stop> {
        let last = self.room.len() - 1;
        let rest = self.fragments.event(event, &mut self.room[..last], seen)?.len();
        Ok(last - rest)
    }
}
