//! The ring under loom: every interleaving, and every value that the memory model lets a load return.
//!
//! The files of the protocol are compiled again here, with loom's atomics, and with a [`memory::Memory`] that
//! has loom check each access to the bytes for a race. A missing Release or Acquire in them fails here.

#[allow(clippy::duplicate_mod, dead_code)]
#[path = "../consumer.rs"]
mod consumer;
#[allow(clippy::duplicate_mod, dead_code)]
#[path = "../layout.rs"]
mod layout;
mod memory;
#[allow(clippy::duplicate_mod, dead_code)]
#[path = "../producer.rs"]
mod producer;
#[allow(clippy::duplicate_mod, dead_code)]
#[path = "../shared.rs"]
mod shared;
mod sync {
    pub(super) use loom::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };
}

use consumer::Consumer;
use layout::record_bytes;
use loom::thread;
use producer::Producer;
use sync::{Arc, AtomicU64, Ordering::Relaxed};

/// Runs `body` in every way in which at most `preemptions` threads are interrupted where they need not be.
fn explore(preemptions: usize, body: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(body);
}

fn ring(bytes: usize) -> (Producer, Consumer) {
    shared::ring(bytes).expect("memory")
}

/// What is submitted under that stamp.
fn fields(stamp: u64) -> [u8; 8] {
    (stamp * 0x0101_0101).to_le_bytes()
}

/// Submits one after the other; the stamps of those that found room.
fn submit(producer: &Producer, stamps: &[u64]) -> Vec<u64> {
    let mut accepted = stamps.to_vec();
    accepted.retain(|stamp| {
        let claim = producer.claim(8);
        claim.map(|claim| claim.commit(7, *stamp, &fields(*stamp))).is_some()
    });
    accepted
}

/// The next record's stamp, after a check that it is whole.
fn take(consumer: &mut Consumer) -> Option<u64> {
    let entry = consumer.next()?;
    assert_eq!((entry.tag, entry.fields), (7, fields(entry.stamp).as_slice()), "torn");
    Some(entry.stamp)
}

/// Two threads submit, each its own stamps, while this one looks `looks` times; then what is left is taken.
/// `before` is in the ring already.
fn race(bytes: usize, before: &[u64], looks: usize, first: &'static [u64], second: &'static [u64]) {
    let (producer, mut consumer) = ring(bytes);
    assert_eq!(submit(&producer, before), before);
    let other = producer.clone();
    let threads = [
        (first, thread::spawn(move || submit(&other, first))),
        (second, thread::spawn(move || submit(&producer, second))),
    ];
    let mut taken: Vec<_> = (0..looks).filter_map(|_| take(&mut consumer)).collect();
    let accepted = threads.map(|(stamps, thread)| (stamps, thread.join().expect("no panic")));
    taken.extend(std::iter::from_fn(|| take(&mut consumer)));

    let of = |stamps: &[u64]| -> Vec<u64> {
        taken.iter().copied().filter(|stamp| stamps.contains(stamp)).collect()
    };
    assert_eq!(taken[..before.len()], *before);
    for (stamps, accepted) in &accepted {
        assert_eq!(of(stamps), *accepted, "all that was accepted, once, in its thread's order");
    }
    assert_eq!(taken.len(), before.len() + accepted.iter().map(|(_, a)| a.len()).sum::<usize>());
}

#[test]
fn two_producers_lose_nothing_and_keep_their_order() {
    explore(3, || race(8 * record_bytes(8), &[], 2, &[11, 12], &[21]));
}

#[test]
fn bytes_are_used_again_only_after_they_were_read() {
    // Full: room for two records, and a rest that has to be skipped. Who finds room finds it where the consumer
    // has just been.
    explore(2, || race(2 * record_bytes(8) + 8, &[1, 2], 3, &[11], &[21]));
}

#[test]
fn room_that_one_producer_saw_is_room_for_the_other() {
    // The second may find the room through `seen` alone.
    explore(3, || race(3 * record_bytes(8), &[1, 2, 3], 3, &[11], &[21]));
}

#[test]
fn a_producer_that_falls_behind_knows_it() {
    // While it is held up between its two loads, the ring goes round: `seen` passes the head that it has.
    explore(3, || {
        let (producer, mut consumer) = ring(2 * record_bytes(8));
        let other = producer.clone();
        assert_eq!(submit(&producer, &[1, 2]), [1, 2]);
        let late = thread::spawn(move || submit(&other, &[11]));
        let mut taken: Vec<_> = (0..3).filter_map(|_| take(&mut consumer)).collect();
        let mut accepted = submit(&producer, &[21]);
        taken.extend((0..2).filter_map(|_| take(&mut consumer)));
        accepted.extend(submit(&producer, &[22, 23]));
        accepted.extend(late.join().expect("no panic"));
        taken.extend(std::iter::from_fn(|| take(&mut consumer)));
        accepted.extend([1, 2]);
        accepted.sort_unstable();
        taken.sort_unstable();
        assert_eq!(taken, accepted);
    });
}

#[test]
fn an_abandoned_claim_holds_nobody_up() {
    explore(3, || {
        let (producer, mut consumer) = ring(2 * record_bytes(8) + 8);
        let other = producer.clone();
        let first = thread::spawn(move || drop(other.claim(8)));
        let second = thread::spawn(move || submit(&producer, &[21]));
        let early = take(&mut consumer);
        first.join().expect("first");
        assert_eq!(second.join().expect("second"), [21], "there is room");
        assert_eq!(early.or_else(|| take(&mut consumer)), Some(21));
        assert_eq!(take(&mut consumer), None);
    });
}

#[test]
fn who_sees_it_empty_sees_what_the_consumer_did_before() {
    explore(3, || {
        let (producer, mut consumer) = ring(4 * record_bytes(8));
        let taken = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&taken);
        assert_eq!(submit(&producer, &[1]), [1]);
        let thread = thread::spawn(move || {
            assert_eq!(submit(&producer, &[11]), [11]);
            if producer.is_empty() {
                // As `Pipeline::drain` reads the ledger.
                assert_eq!(seen.load(Relaxed), 2);
            }
        });
        for _ in 0..4 {
            if take(&mut consumer).is_some() {
                taken.fetch_add(1, Relaxed);
            }
        }
        thread.join().expect("no panic");
    });
}

#[test]
fn one_of_those_who_claim_after_an_alarm_is_told_of_it() {
    explore(3, || {
        // Large enough that no stretch of it is filled.
        let (producer, mut consumer) = ring(32 * record_bytes(8));
        let other = producer.clone();
        let submit = |producer: Producer, stamp| {
            let claim = producer.claim(8).expect("there is room");
            let wakes = claim.wakes();
            claim.commit(7, stamp, &fields(stamp));
            wakes
        };
        let threads = [thread::spawn(move || submit(other, 11)), thread::spawn(move || submit(producer, 21))];
        let mut taken: Vec<_> = take(&mut consumer).into_iter().collect();
        let sleeps = consumer.set_alarm();
        let woken = threads.map(|thread| thread.join().expect("no panic"));
        let told = woken.into_iter().filter(|wakes| *wakes).count();
        // One of those that come then wakes it. Where it does not go to sleep, one may have seen the alarm nevertheless.
        assert!(told <= 1 && (told == 1 || !sleeps || taken.len() == 2), "{told} {sleeps} {taken:?}");
        taken.extend(std::iter::from_fn(|| take(&mut consumer)));
        assert_eq!(taken.len(), 2);
    });
}
