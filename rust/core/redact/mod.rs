//! What must not be read by everybody who may read the log.
//!
//! Secrets mostly have nowhere to go: a field of Mesos's that is not declared in `schema/` cannot be decoded. What is left are
//! texts that people write, and in which anything may stand: command lines, URIs, error messages. [`scrub`] takes out of them
//! what looks like a secret.

mod class;
mod scrub;
mod uri;
mod value;
mod words;

pub use class::{Class, FIELDS, Field, class};
pub use scrub::{MARKER, scrub, scrub_cut};

#[cfg(test)]
mod tests;
