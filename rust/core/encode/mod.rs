//! From an event to bytes. A new format is a file beside [`json`] and an implementation of [`Encode`].

pub mod json;

use crate::event::AuditEvent;

/// A format.
pub trait Encode: Send {
    /// Appends one event, framed (for JSON: with its newline). The event may be cut to the format's limits.
    fn encode(&mut self, event: &mut AuditEvent<'_>, into: &mut Vec<u8>);
}
