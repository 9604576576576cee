//! The steps of the pipeline one by one.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mesos_audit_bench::{
    event::{Event, Kind},
    ours::{Form, Full, Ours, Steps},
};

/// Fewer than the queue holds.
const BURST: u64 = 1000;

fn parts(criterion: &mut Criterion) {
    let event = Event::at(0, Kind::Launch);
    let record = event.record();
    let steps = Steps::of(&event, &record);

    criterion.bench_function("decode", |bencher| bencher.iter(|| black_box(steps.decode())));
    let (mut id, mut line) = (String::new(), Vec::with_capacity(8192));
    criterion.bench_function("encode", |bencher| {
        bencher.iter_batched(
            || steps.decode(),
            |draft| {
                steps.encode(draft, &mut id, &mut line);
                black_box(line.len())
            },
            BatchSize::SmallInput,
        );
    });

    let folder = tempfile::tempdir().expect("a folder");
    let ours = Ours::start(folder.path(), Full::Wait, Form::Lines).expect("a pipeline");
    let mut group = criterion.benchmark_group("submit");
    group.throughput(Throughput::Elements(BURST));
    group.bench_function("burst", |bencher| {
        bencher.iter_batched(
            || ours.drain(),
            |()| {
                (0..BURST.cast_signed())
                    .for_each(|number| ours.submit(&Event { timestamp: number, ..event }, &record))
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, parts);
criterion_main!(benches);
