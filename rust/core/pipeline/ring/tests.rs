//! Real threads, random sizes, rings so small that everything happens at their end.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use proptest::prelude::*;

use super::{
    layout::{Header, Layout, record_bytes},
    *,
};

fn pair(bytes: usize) -> (Producer, Consumer) {
    ring(bytes).expect("memory")
}

/// Bytes that tell their record from any other.
fn fields(stamp: u64, length: usize) -> Vec<u8> {
    let mut state = stamp.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn submit(producer: &Producer, stamp: u64, length: usize) -> bool {
    let fields = fields(stamp, length);
    let claim = producer.claim(length);
    claim.map(|claim| claim.commit(stamp as u16, stamp, &fields)).is_some()
}

/// The next record's stamp, after its bytes were checked.
fn take(consumer: &mut Consumer) -> Option<u64> {
    let entry = consumer.next()?;
    assert_eq!(entry.tag, entry.stamp as u16);
    assert_eq!(entry.fields, fields(entry.stamp, entry.fields.len()), "torn");
    Some(entry.stamp)
}

proptest! {
    /// Against a queue of the standard library, with every size of ring, also those that are no power of two.
    #[test]
    fn a_ring_is_a_queue(
        units in 8_usize..80,
        steps in prop::collection::vec(prop::option::weighted(0.55, 0_usize..100), 1..400),
    ) {
        let (producer, mut consumer) = pair(units * 8);
        let mut model = VecDeque::new();
        let mut used = 0;
        for (stamp, step) in steps.into_iter().enumerate() {
            let stamp = stamp as u64;
            match step {
                Some(length) => {
                    let length = length % (producer.largest() + 1);
                    if submit(&producer, stamp, length) {
                        model.push_back((stamp, length));
                        used += record_bytes(length);
                    } else {
                        // Refused for want of room only: with what a skip can waste, it is nearly full. The
                        // record last taken is not released yet.
                        prop_assert!(consumer.used() as usize + 2 * record_bytes(length) > units * 8);
                    }
                }
                None => {
                    let expected = model.pop_front();
                    prop_assert_eq!(take(&mut consumer), expected.map(|(stamp, _)| stamp));
                    used -= expected.map_or(0, |(_, length)| record_bytes(length));
                }
            }
            prop_assert!(used <= units * 8 && used as u64 <= consumer.used());
        }
        while let Some((stamp, _)) = model.pop_front() {
            prop_assert_eq!(take(&mut consumer), Some(stamp));
        }
        prop_assert_eq!(take(&mut consumer), None);
        prop_assert!(producer.is_empty());
        prop_assert_eq!(consumer.used(), 0);
    }

    /// Whatever the sizes: nothing lost, nothing torn, each thread's order kept.
    #[test]
    fn threads_lose_nothing(
        units in 16_usize..600,
        lengths in prop::collection::vec(prop::collection::vec(0_usize..200, 1..200), 1..6),
    ) {
        let (producer, mut consumer) = pair(units * 8);
        let total: usize = lengths.iter().map(Vec::len).sum();
        let mut next = vec![0; lengths.len()];
        thread::scope(|scope| {
            for (number, lengths) in lengths.iter().enumerate() {
                let producer = producer.clone();
                scope.spawn(move || {
                    for (index, length) in lengths.iter().enumerate() {
                        let length = length % (producer.largest() + 1);
                        while !submit(&producer, (number << 32 | index) as u64, length) {
                            thread::yield_now();
                        }
                    }
                });
            }
            let mut taken = 0;
            while taken < total {
                let Some(stamp) = take(&mut consumer) else {
                    thread::yield_now();
                    continue;
                };
                let (number, index) = ((stamp >> 32) as usize, stamp & 0xffff_ffff);
                assert_eq!(index, next[number], "in its thread's order");
                next[number] += 1;
                taken += 1;
            }
        });
        prop_assert_eq!(take(&mut consumer), None);
        prop_assert!(producer.is_empty());
    }

    #[test]
    fn headers_survive_a_round_trip(tag: u16, length in 0_usize..1 << 30) {
        for header in [Header::Record { tag, fields: length }, Header::Skip { bytes: length }] {
            prop_assert_ne!(header.to_word(), 0);
            prop_assert_eq!(Header::from_word(header.to_word()), Some(header));
        }
    }

    #[test]
    fn positions_advance_by_what_is_claimed(
        units in 8_usize..1 << 20,
        sizes in prop::collection::vec(1_usize..64, 1..99),
    ) {
        let layout = Layout::new(units * 8);
        let (mut head, mut sum) = (0, 0);
        for size in sizes {
            let size = size.min(units / 4) * 8;
            let place = layout.place(head, size);
            prop_assert!(layout.offset(place.start) + size <= layout.capacity());
            prop_assert!(place.end > place.start && place.start >= head);
            prop_assert_eq!(layout.used(head, place.end), (place.pad + size) as u64);
            prop_assert_eq!(layout.used(head, head), 0);
            sum += (place.pad + size) as u64;
            head = place.end;
        }
        prop_assert_eq!(layout.used(0, head), sum);
    }
}

#[test]
fn every_offset_can_be_the_last() {
    for units in 16..64 {
        for length in 0..=units * 2 - 16 {
            let (producer, mut consumer) = pair(units * 8);
            for stamp in 0..200 {
                assert!(submit(&producer, stamp, length), "{length} in {units}");
                assert_eq!(take(&mut consumer), Some(stamp));
            }
        }
    }
}

#[test]
fn a_full_ring_refuses_and_goes_on_when_there_is_room() {
    let (producer, mut consumer) = pair(4096);
    let mut stamp = 0;
    while submit(&producer, stamp, 48) {
        stamp += 1;
    }
    assert_eq!(stamp, 64);
    assert_eq!(consumer.used(), 4096);
    assert_eq!(take(&mut consumer), Some(0));
    assert!(!submit(&producer, stamp, 48), "the record that is being read still has its place");
    assert!(consumer.is_ready());
    assert!(submit(&producer, stamp, 48));
    assert!((1..=64).all(|stamp| take(&mut consumer) == Some(stamp)));
    assert_eq!(take(&mut consumer), None);
}

#[test]
fn a_producer_that_is_held_up_delays_and_corrupts_nothing() {
    let (producer, mut consumer) = pair(4096);
    assert!(submit(&producer, 1, 10));
    let claim = producer.claim(10).expect("room");
    assert!(submit(&producer, 3, 10));
    assert_eq!(take(&mut consumer), Some(1));
    assert_eq!(take(&mut consumer), None, "the second is not there yet");
    assert!(!producer.is_empty());
    claim.commit(2, 2, &fields(2, 10));
    assert_eq!(take(&mut consumer), Some(2));
    assert_eq!(take(&mut consumer), Some(3));
}

#[test]
fn a_producer_that_unwinds_leaves_a_hole() {
    let (producer, mut consumer) = pair(4096);
    let wrong = catch_unwind(AssertUnwindSafe(|| {
        let claim = producer.claim(10).expect("room");
        claim.commit(1, 1, b"not ten");
    }));
    assert!(wrong.is_err());
    assert!(submit(&producer, 2, 10));
    assert_eq!(take(&mut consumer), Some(2));
}

#[test]
fn what_was_released_does_not_stay_in_memory() {
    let (producer, mut consumer) = pair(4096);
    for stamp in 0..1000 {
        assert!(submit(&producer, stamp, (stamp % 300) as usize));
        assert_eq!(take(&mut consumer), Some(stamp));
    }
    assert_eq!(take(&mut consumer), None);
    assert!(consumer.is_blank());
}

#[test]
fn a_child_process_does_not_see_the_records() {
    let (producer, mut consumer) = pair(4096);
    assert!(submit(&producer, 1, 10));
    // SAFETY: the child touches the ring only, and ends without unwinding or running anybody's destructors.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let code = i32::from(!consumer.is_blank());
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(code) };
    }
    let mut status = -1;
    // SAFETY: waits for our own child, and `status` outlives the call.
    unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!(status, 0, "all zero, and no fault");
    assert_eq!(take(&mut consumer), Some(1));
}
