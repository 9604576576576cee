//! From the bytes that a Mesos callback handed over to what happened.
//!
//! Runs on the worker thread. Bytes are protobuf wire format as Mesos serialised it, so anything may be in
//! them that a framework can put into a message: nothing here panics on it, and text that is no UTF-8 is kept
//! with U+FFFD in place of what cannot be read.

mod allocation;
mod authentication;
mod authorization;
mod call_type;
mod callback;
mod hooks;
mod id;
mod join;
mod log_line;
pub mod plain;
mod resources;
mod things;
mod wire;

pub use authorization::{action_number, kind_of_decision, requested_action};
pub use call_type::call_type;
pub use callback::Callback;
pub use join::trace_id;
pub use log_line::is_security_info;

use crate::{
    clock::Timestamp,
    event::{Action, Draft, mesos::Module},
};
use wire::{Fields, Result, WireError, numbers::record::record};

/// The messages of the protobuf subset as types, for tests to make records with.
#[cfg(test)]
#[allow(missing_docs, dead_code, clippy::all, clippy::pedantic, unreachable_pub)]
pub(crate) mod messages {
    pub mod mesos {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.mesos.rs"));
    }
    pub mod allocator {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.allocator.rs"));
    }
    pub mod authorization {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.authorization.rs"));
    }
    pub mod record {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.record.rs"));
    }
}

/// The serialized `FileDescriptorSet` of the protobuf subset, to be compared with the descriptors of a running Mesos.
pub const SUBSET_DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/subset.bin"));

/// One callback as it was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawRecord<'a> {
    /// When Mesos called.
    pub timestamp: Timestamp,
    /// Which method.
    pub callback: Callback,
    /// A `Record` of schema/record.proto, serialised.
    pub fields: &'a [u8],
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{callback}: the record {source}")]
pub struct DecodeError {
    callback: Callback,
    source: WireError,
}

/// Hands over what one callback tells: one event, or two where an HTTP request was authenticated (the authentication, and
/// the request itself). Texts are borrowed from the record.
///
/// # Errors
/// The bytes are no protobuf message, or not the one that belongs to the callback. Nothing was handed over then.
pub fn decode<'a>(
    raw: RawRecord<'a>,
    mut each: impl FnMut(Draft<'a>),
) -> std::result::Result<(), DecodeError> {
    let wrong = |source| DecodeError { callback: raw.callback, source };
    let mut stamped = |mut draft: Draft<'a>| {
        draft.timestamp = raw.timestamp;
        draft.mesos.callback = Some(raw.callback.method().into());
        draft.mesos.component = raw.callback.component();
        join::join(&mut draft);
        each(draft);
    };
    match raw.callback {
        Callback::ModuleStart => return module_start(raw.fields).map(stamped).map_err(wrong),
        Callback::SaslAuthentication => return authentication::sasl(raw.fields).map(stamped).map_err(wrong),
        Callback::HttpAuthentication => {
            return authentication::http(raw.fields, &mut stamped).map_err(wrong);
        }
        Callback::LogLine => return log_line::line(raw.fields).map(stamped).map_err(wrong),
        _ => {}
    }
    // The frequent ones are filled where they are: an event is large, and is moved but once.
    let (callback, fields) = (raw.callback, raw.fields);
    let mut draft = Draft::at(raw.timestamp, callback.action());
    let filled = match draft.action {
        Action::Authorization => authorization::decision(callback, fields, &mut draft),
        Action::AuthorizationSummary => authorization::summary(callback, fields, &mut draft),
        _ if callback.is_of_allocator() => allocation::allocation(callback, fields, &mut draft),
        _ => hooks::hook(callback, fields, &mut draft),
    };
    filled.map_err(wrong)?;
    stamped(draft);
    Ok(())
}

fn module_start(fields: &[u8]) -> Result<Draft<'_>> {
    let mut draft = Draft::at(Timestamp::default(), Action::ModuleStart);
    let mut module = Module::default();
    for field in Fields::of(fields) {
        match field? {
            (record::MODULE, value) => module.name = value.text()?,
            (record::PARAMETER, value) => module.parameters.push(value.text()?),
            _ => {}
        }
    }
    draft.mesos.module = Some(Box::new(module));
    Ok(draft)
}

#[cfg(test)]
mod tests;
