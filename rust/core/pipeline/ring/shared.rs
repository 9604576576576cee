//! What both sides see.

use std::io;

use super::{
    consumer::Consumer,
    layout::Layout,
    memory::Memory,
    producer::Producer,
    sync::{Arc, AtomicU64},
};

/// Two cache lines: processors fetch them in pairs, so what different threads write is that far apart.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Apart<T>(pub(super) T);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) memory: Memory,
    pub(super) layout: Layout,
    pub(super) claims: Apart<Claims>,
    /// The oldest position not yet released. Written by the consumer only.
    pub(super) tail: Apart<AtomicU64>,
}

/// What producers write.
#[derive(Debug)]
pub(super) struct Claims {
    /// The next position to be claimed.
    pub(super) head: AtomicU64,
    /// A `tail` that some producer saw.
    pub(super) seen: AtomicU64,
    /// Who claims from this position on wakes the consumer. Written by the consumer only, and rarely.
    pub(super) alarm: AtomicU64,
}

/// No record is ever claimed there.
const NOWHERE: u64 = u64::MAX;

/// An empty ring of that many bytes, a multiple of 8.
///
/// # Errors
/// There is no such amount of memory.
pub(in super::super) fn ring(bytes: usize) -> io::Result<(Producer, Consumer)> {
    let shared = Arc::new(Shared {
        memory: Memory::new(bytes)?,
        layout: Layout::new(bytes),
        claims: Apart(Claims {
            head: AtomicU64::new(0),
            seen: AtomicU64::new(0),
            alarm: AtomicU64::new(NOWHERE),
        }),
        tail: Apart(AtomicU64::new(0)),
    });
    // The one place where a consumer is made, and it cannot be cloned: there is one per ring.
    Ok((Producer::new(Arc::clone(&shared)), Consumer::new(shared)))
}
