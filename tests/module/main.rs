//! The module in a real Mesos 1.11.0.
//!
//! `cargo xtask test` builds what is loaded here; by hand, `cargo xtask build` (and `--preset faults`,
//! `--preset asan`) must come first.

mod allocator;
mod canary;
mod coverage;
mod decisions;
mod durable;
mod errors;
mod executors;
mod faults;
mod hostile;
mod policy;
mod reconcile;
mod refusals;
mod requests;
mod schemes;
mod support;
mod trace;
mod trail;
