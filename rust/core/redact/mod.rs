//! What must not be read by everybody who may read the log.
//!
//! Secrets mostly have nowhere to go: a field of Mesos's that is not declared in `schema/` cannot be decoded. What is left are
//! texts that people write, and in which anything may stand: command lines, URIs, error messages. [`scrub`] takes out of them
//! what looks like a secret. What must be comparable and not readable becomes a keyed hash ([`HashKey`]). [`Redactor`] does both to every event,
//! by the class of each field ([`FIELDS`]).

mod class;
mod key;
mod redactor;
mod scrub;
mod uri;
mod value;
mod words;

pub use class::{Class, FIELDS, Field, class};
pub use key::{HASH_PREFIX, HashKey};
pub use redactor::Redactor;
pub use scrub::{MARKER, scrub, scrub_cut};

#[cfg(test)]
mod tests;
