//! What a call of [`Queue::submit`] costs, beside copying the same bytes. Not a test; run it by
//! `cargo test --release -p mesos-audit-core --lib -- --ignored --nocapture queue_numbers`.

use std::{hint::black_box, sync::Barrier};

use super::{
    inbox::{Inbox, Next},
    *,
};
use crate::config;

const FIELDS: usize = 500;

/// Larger than what a core has for itself.
const CACHE_BYTES: usize = 16 << 20;

/// The floor: copies to the same kind of memory, and nothing else.
struct Copies {
    memory: Vec<u8>,
    at: usize,
}

impl Copies {
    fn new() -> Self {
        Self { memory: vec![1; config::Queue::default().bytes], at: 0 }
    }

    fn copy(&mut self, fields: &[u8]) {
        if self.at + fields.len() + 16 > self.memory.len() {
            self.at = 0;
        }
        self.memory[self.at + 16..][..fields.len()].copy_from_slice(fields);
        self.at += 16 + fields.len();
    }
}

fn queue(when_full: config::WhenFull) -> (Queue, Inbox, Arc<Ledger>) {
    let ledger = Arc::new(Ledger::default());
    let config = config::Queue { when_full, block_ms: 10_000, ..config::Queue::default() };
    let (queue, inbox) = Queue::new(&config, Arc::clone(&ledger)).unwrap();
    (queue, inbox, ledger)
}

fn empty(inbox: &mut Inbox) -> u64 {
    let mut count = 0;
    while let Next::Record(record) = inbox.poll() {
        count += u64::from(!black_box(record).fields.is_empty());
    }
    count
}

fn time(f: impl FnOnce()) -> u64 {
    let start = Instant::now();
    f();
    start.elapsed().as_nanos() as u64
}

fn show(what: &str, mut times: Vec<u64>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let max = at(1.0);
    println!("{what:<28} p50 {:>5}  p99 {:>6}  p99.9 {:>6}  max {max} ns", at(0.5), at(0.99), at(0.999));
}

#[test]
#[ignore = "measures"]
fn queue_numbers() {
    let fields = vec![7; FIELDS];
    let stamp = Timestamp::from_micros(1);
    let mut copies = Copies::new();

    show("clock alone", (0..100_000).map(|_| time(|| ())).collect());
    let (submit, mut inbox, ledger) = queue(config::WhenFull::Drop);
    let mut hot = Vec::new();
    let mut floor = Vec::new();
    for _ in 0..20 {
        floor.extend((0..50_000).map(|_| time(|| copies.copy(black_box(&fields)))));
        hot.extend(
            (0..50_000).map(|_| time(|| submit.submit(stamp, Callback::Approved, black_box(&fields)))),
        );
        assert_eq!(empty(&mut inbox), 50_000);
    }
    show("hot burst, copy", floor);
    show("hot burst, submit", hot);

    let mut cache = vec![1_u8; CACHE_BYTES];
    let mut cold = |f: &mut dyn FnMut()| {
        cache.iter_mut().step_by(64).for_each(|byte| *byte = byte.wrapping_add(1));
        black_box(&mut cache);
        time(f)
    };
    let isolated = (0..2_000).map(|_| cold(&mut || copies.copy(black_box(&fields)))).collect();
    show("isolated, copy", isolated);
    let isolated = (0..2_000)
        .map(|_| cold(&mut || submit.submit(stamp, Callback::Approved, black_box(&fields))))
        .collect();
    show("isolated, submit", isolated);
    assert_eq!(empty(&mut inbox), 2_000);
    drop(submit);

    for threads in [1, 4] {
        const EVENTS: u64 = 4_000_000;
        let (submit, mut inbox, _) = queue(config::WhenFull::Block);
        let start = Barrier::new(threads + 1);
        let nanos = thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    start.wait();
                    (0..EVENTS / threads as u64)
                        .for_each(|_| submit.submit(stamp, Callback::Approved, &fields));
                });
            }
            start.wait();
            time(|| {
                let mut taken = 0;
                while taken < EVENTS {
                    taken += u64::from(matches!(inbox.wait(None), Next::Record(_)));
                    taken += empty(&mut inbox);
                }
            })
        });
        println!("{threads} threads: {:.2} M events/s taken", EVENTS as f64 * 1e3 / nanos as f64);
    }

    // One burst of what the default has to hold, with nobody taking anything.
    let fields = vec![7; 380];
    let (submit, mut inbox, burst) = queue(config::WhenFull::Drop);
    let longest = (0..100_000).map(|_| time(|| submit.submit(stamp, Callback::Approved, &fields))).max();
    let dropped = burst.dropped(DropReason::QueueFull);
    println!("burst of 100,000: longest call {longest:?} ns, {dropped} dropped");
    println!("high water {} bytes, {} records", ledger.queue_high_water(), empty(&mut inbox));
}
