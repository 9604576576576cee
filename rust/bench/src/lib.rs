//! How fast mesos-audit is, beside others, measured in one run.
//!
//! [`subject`] holds who is measured, [`measure`] what. Each measurement is a process of its own, so that nobody
//! finds another's threads, memory or caches; [`run`] starts them in turn, round after round, so that whatever
//! else the machine does hits all alike, and keeps the medians. [`report`] compares them with the targets.
//!
//! `cargo xtask bench` builds all that is needed and starts it.

pub mod event;
pub mod instructions;
pub mod machine;
pub mod measure;
pub mod mesos;
pub mod ours;
pub mod output;
pub mod raw;
pub mod report;
pub mod run;
pub mod stats;
pub mod subject;
pub mod wire;
