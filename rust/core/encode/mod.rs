//! From an event to bytes. A new format is a file beside [`json`] and an implementation of [`Encode`].

pub mod flatbuffers;
pub mod json;

use crate::{
    decode::plain::Plain,
    event::{AuditEvent, Origin, mesos::Applied},
    format::Format,
};

/// A format.
pub trait Encode: Send {
    /// Appends one event, framed (for JSON: with its newline). The event may be cut to the format's limits.
    fn encode(&mut self, event: &mut AuditEvent<'_>, into: &mut Vec<u8>);

    /// Appends a plain decision, without making an event of it: the same bytes as [`Encode::encode`] of that. Tells whether it
    /// did; if not, it appended nothing, and the event is to be made. The policy's names need no escape.
    fn plain(
        &mut self,
        _plain: &Plain<'_>,
        _policy: &Applied<'_>,
        _origin: &Origin,
        _sequence: u64,
        _into: &mut Vec<u8>,
    ) -> bool {
        false
    }
}

/// The encoder of a format.
#[must_use]
pub fn encoder(format: Format) -> Box<dyn Encode> {
    match format {
        Format::Json => Box::new(json::Json::default()),
        Format::Flatbuffers => Box::new(flatbuffers::FlatBuffers::default()),
    }
}
