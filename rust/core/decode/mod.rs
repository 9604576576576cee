//! From the bytes that a Mesos callback handed over to what happened.
//!
//! Runs on the worker thread. Bytes are protobuf wire format as Mesos serialised it, so anything may be in
//! them that a framework can put into a message: nothing here panics on it, and text that is no UTF-8 is kept
//! with U+FFFD in place of what cannot be read.

mod authentication;
mod authorization;
mod call_type;
mod callback;
mod hooks;
mod things;

use prost::Message;

pub use authorization::action_number;
pub use call_type::call_type;
pub use callback::Callback;

use crate::{
    clock::Timestamp,
    event::{Draft, mesos::Module},
};

/// The protobuf subset of `schema/`, generated.
#[allow(missing_docs, dead_code, clippy::all, clippy::pedantic, unreachable_pub)]
pub(crate) mod wire {
    pub mod mesos {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.mesos.rs"));
    }
    pub mod authorization {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.authorization.rs"));
    }
    pub mod calls {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.calls.rs"));
    }
    pub mod record {
        include!(concat!(env!("OUT_DIR"), "/mesos_audit.record.rs"));
    }
}

/// The serialized `FileDescriptorSet` of the protobuf subset, to be compared with the descriptors of a
/// running Mesos.
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
#[error("{callback}: {source}")]
pub struct DecodeError {
    callback: Callback,
    source: prost::DecodeError,
}

/// What one callback tells: one event, or two where an HTTP request was authenticated (the authentication,
/// and the request itself).
///
/// # Errors
/// The bytes are no protobuf message.
pub fn decode(raw: RawRecord<'_>) -> Result<Vec<Draft>, DecodeError> {
    let record = wire::record::Record::decode(raw.fields)
        .map_err(|source| DecodeError { callback: raw.callback, source })?;
    let mut drafts = match raw.callback {
        Callback::ModuleStart => vec![module_start(&record)],
        Callback::SaslAuthentication => vec![authentication::sasl(&record)],
        Callback::HttpAuthentication => authentication::http(&record),
        Callback::Authorized | Callback::Approved | Callback::GetApprover => {
            vec![authorization::decision(raw.callback, record)]
        }
        Callback::ApprovalSummary => vec![authorization::summary(record)],
        _ => vec![hooks::hook(raw.callback, record)],
    };
    for draft in &mut drafts {
        draft.timestamp = raw.timestamp;
        draft.mesos.callback = Some(raw.callback.method().to_owned());
        draft.mesos.component = raw.callback.component();
    }
    Ok(drafts)
}

fn module_start(record: &wire::record::Record) -> Draft {
    let mut draft = Draft::new(crate::event::Action::ModuleStart);
    draft.mesos.module = Some(Module {
        name: record.module.clone(),
        parameters: record.parameter.iter().map(|p| text(p)).collect(),
    });
    draft
}

/// Text of a protobuf string, whatever its bytes.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The same, of a field that may be absent. Empty is absent: Mesos sets empty strings where it has nothing.
fn some_text(bytes: Option<&[u8]>) -> Option<String> {
    bytes.filter(|bytes| !bytes.is_empty()).map(text)
}

/// The same, of a proto3 field.
fn nonempty(bytes: &[u8]) -> Option<String> {
    some_text(Some(bytes))
}

#[cfg(test)]
mod tests;
