//! From an event to bytes. A new format is a file beside [`json`] and an implementation of [`Encode`].

pub mod flatbuffers;
pub mod json;

use crate::{event::AuditEvent, format::Format};

/// A format.
pub trait Encode: Send {
    /// Appends one event, framed (for JSON: with its newline). The event may be cut to the format's limits.
    fn encode(&mut self, event: &mut AuditEvent<'_>, into: &mut Vec<u8>);
}

/// The encoder of a format.
#[must_use]
pub fn encoder(format: Format) -> Box<dyn Encode> {
    match format {
        Format::Json => Box::new(json::Json::default()),
        Format::Flatbuffers => Box::new(flatbuffers::FlatBuffers::default()),
    }
}
