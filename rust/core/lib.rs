//! The core of mesos-audit: from a Mesos callback's bytes to an audit event on disk.
//!
//! Data flows one way, and each step is a module:
//!
//! ```text
//! bridge -> pipeline::queue -> (worker thread) decode -> event -> encode -> sink
//! ```
//!
//! `bridge` is the only neighbourhood with FFI. Only [`pipeline`] knows all the steps; each step imports no
//! more than [`event`], [`config`], [`error`], [`clock`] and [`telemetry`]. Programs (the CLI, tests) use
//! [`event`], [`decode`], [`config`] and never the bridge.

#[cfg(feature = "module")]
mod bridge;
pub mod chain;
pub mod clock;
pub mod config;
pub mod decode;
pub mod encode;
pub mod error;
pub mod event;
pub mod format;
pub mod health;
mod panics;
pub mod pipeline;
pub mod policy;
pub mod redact;
pub mod sink;
pub mod telemetry;
