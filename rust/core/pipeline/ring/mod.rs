//! Many producers, one consumer, one ring of bytes.
//!
//! Mesos's threads copy their bytes straight into the ring; the worker reads them there. On the caller's path
//! there is no allocation, no system call, no lock and no waiting for another thread: one compare-and-swap
//! claims room, which also decides the total order, so nothing has to be merged afterwards.
//!
//! # Layout
//!
//! ```text
//!         tail                                     head
//!          v                                        v
//! 0000 ... [header|stamp|fields...][header|... ] .. 000000000000
//!          committed                 claimed        free: all zero
//! ```
//!
//! A record is a header word of 8 bytes, a stamp of 8 bytes and its fields, rounded up to [`layout::ALIGN`].
//! It never wraps: what does not fit before the end begins at the start of the next lap, and a *skip* fills the
//! rest. Positions grow for ever (see [`layout::Layout`]), so a full ring and an empty one differ.
//!
//! # The protocol, and why each ordering is what it is
//!
//! 1. **Claim.** A producer moves `head` forward by compare-and-swap. That a range has one owner follows from the
//!    atomicity alone, and `head` publishes no data but the alarm, for which this is an *Acquire*.
//! 2. **Write.** It copies stamp and fields behind the header.
//! 3. **Commit.** It stores the header word, *Release*. Until then that word is zero, since free bytes are
//!    zero. A producer that is preempted here delays what comes after it, and corrupts nothing; one that
//!    unwinds leaves a skip.
//! 4. **Take.** The consumer loads the header word at `tail`, *Acquire*: not zero means that all the record is
//!    there to be read, in place.
//! 5. **Release.** Once the consumer asks for the next record it zeroes this one and moves `tail`, *Release*.
//!    A producer may write there only when it has seen that `tail`, *Acquire*, itself or through `seen`.
//!
//! `seen` is the producers' copy of `tail`, in the same cache line as `head`: they look at `tail` itself, which
//! the consumer writes all the time, only when the ring seems full. It is stored *Release* after an *Acquire*
//! of `tail` and loaded *Acquire*, so it passes the consumer's zeroing on. It may go back when two producers
//! store it at once; an old `tail` is merely cautious. It is loaded before `head`: each `tail` was some
//! producer's `head` earlier, and that producer's commit, the consumer's release and this load are a chain of
//! Release and Acquire, so the `head` that is loaded then is not older than that `tail`.
//!
//! `alarm` is how a consumer that has found nothing for long sleeps without looking: it stores the position where the next
//! claim begins, and then reads `head` by a read-modify-write that releases. Whoever claims there afterwards has acquired that,
//! and finds the alarm; whoever claimed before is found by the consumer, which does not go to sleep. It is in the same cache line
//! as `head`, and positions never come again, so an old alarm needs no taking back.
//!
//! Zeroing costs the worker some 10 ns of a record it has just read. It makes a header impossible to forge (a
//! framework chooses much of what is in the fields), and what Mesos handed over and the decoder skipped, such
//! as an environment with passwords, does not stay in memory.
//!
//! # What checks this
//!
//! `model` compiles the same three files against loom, which tries all the interleavings and all the values
//! that the memory model allows. `tests` runs them with real threads and random sizes.

// The three files that `model` compiles a second time, against other atomics and another memory.
mod consumer;
mod layout;
mod producer;
mod shared;

mod memory;
mod sync {
    //! What the protocol is built of. The model has another.
    pub(super) use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };
}

pub(super) use consumer::Consumer;
pub(super) use producer::{Claim, Producer};
pub(super) use shared::ring;

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
