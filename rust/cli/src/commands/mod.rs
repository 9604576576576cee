//! The commands: each takes its arguments, puts the library's parts together, and says how it ended.

pub(crate) mod config;
mod events;
pub(crate) mod hash;
pub(crate) mod modules;
pub(crate) mod policy;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod tail;
pub(crate) mod trace;
pub(crate) mod verify;
