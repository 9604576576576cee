//! FlatBuffers by the slots of schema/audit_event.fbs, each frame with its length in front.

mod build;

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use serde::Serialize;

use super::Encode;
use crate::{
    event::{AuditEvent, Limits, MAX_LINE_BYTES},
    format::{IDENTIFIER, Kind, MAX_FRAME_BYTES, ROOT},
};
use build::{Build, Value, Writer};

/// Size-prefixed FlatBuffers, as `flatc` calls them, with the file identifier of the schema.
///
/// What is cut is what [`Json`](super::json::Json) would cut: the length of the event as JSON is counted along. So both
/// formats say the same, and a log of one can be turned into the other.
#[derive(Debug)]
pub struct FlatBuffers {
    build: Build<'static>,
}

impl Default for FlatBuffers {
    fn default() -> Self {
        Self { build: Build::new(FlatBufferBuilder::with_capacity(4096)) }
    }
}

impl Encode for FlatBuffers {
    fn encode(&mut self, event: &mut AuditEvent<'_>, into: &mut Vec<u8>) {
        let mut root = None;
        for limits in Limits::STEPS {
            limits.apply(event);
            self.build.reset();
            root = match event.serialize(Writer { to: &mut self.build, kind: Kind::Table(ROOT) }) {
                Ok(Some(Value::Offset(root))) => Some(root),
                // An event has nothing that a table could not hold (the tests look); were it to happen after all,
                // nothing is better than half of one.
                _ => return,
            };
            if self.build.json <= MAX_LINE_BYTES {
                break;
            }
        }
        let Some(root) = root else { return };
        self.build.buffer.finish_size_prefixed(WIPOffset::<()>::new(root), Some(IDENTIFIER));
        let frame = self.build.buffer.finished_data();
        if frame.len() <= MAX_FRAME_BYTES {
            into.extend_from_slice(frame);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
