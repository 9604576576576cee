//! One JSON object per line.

mod escape;
mod writer;

use serde::Serialize;

use super::Encode;
use crate::event::{AuditEvent, Limits, MAX_LINE_BYTES};
use writer::Writer;

/// UTF-8, LF, at most [`MAX_LINE_BYTES`] without the LF. Control characters are escaped, so no value can break a line.
#[derive(Debug, Default)]
pub struct Json;

impl Encode for Json {
    fn encode(&mut self, event: &mut AuditEvent<'_>, into: &mut Vec<u8>) {
        let start = into.len();
        for limits in Limits::STEPS {
            limits.apply(event);
            into.truncate(start);
            // Writing to memory cannot fail, and an event has no map with keys that are no strings; were it to happen
            // after all, what was written so far must not stay as a torn line.
            if event.serialize(Writer::new(into)).is_err() {
                into.truncate(start);
                return;
            }
            if into.len() - start <= MAX_LINE_BYTES {
                break;
            }
        }
        into.push(b'\n');
    }
}
