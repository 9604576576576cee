//! A real process with a real log, what can befall them, and whether every event is accounted for.
//!
//! - `sender`: the process, which submits records with known numbers at full rate; `tally`: how many, told in a
//!   way that outlives SIGKILL;
//! - `bed`: a log of its own, perhaps on a file system of its own (`space`) or a disk that fails on command (`disk`), and
//!   senders on it (`child`);
//! - `account`: what is in the log, held against what was sent;
//! - `soak`: all of it at random, for as long as you like.

pub mod account;
pub mod bed;
pub mod child;
pub mod disk;
pub mod sender;
pub mod soak;
pub mod space;
pub mod tally;

/// What went wrong, in words.
pub type Result<T> = std::result::Result<T, String>;

/// Says of what it is that an error is told.
pub(crate) fn at<E: std::fmt::Display>(what: impl std::fmt::Display) -> impl FnOnce(E) -> String {
    move |error| format!("{what}: {error}")
}
