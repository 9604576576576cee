//! More than one thread is to do: who writes, and what becomes of it when that fails half way.

use super::*;

/// Some two megabytes once they are encoded.
const BURST: u64 = 4_000;

/// Lets a burst wait, and then go.
fn burst<T>(disk: &Disk, pipeline: &Pipeline, meanwhile: impl FnOnce() -> T) -> T {
    disk.stall(pipeline);
    (0..BURST).for_each(|index| submit(pipeline, &index.to_string()));
    let done = meanwhile();
    disk.stalled.store(false, SeqCst);
    done
}

#[test]
fn a_burst_is_written_by_another_thread_and_what_is_little_by_the_worker() {
    let disk = Disk::default();
    let pipeline = start(&disk, Config::default());
    submit(&pipeline, "one");
    assert!(pipeline.drain(Duration::from_secs(20)));
    let writers = || disk.writers.lock().unwrap().clone();
    // Two events were written before there was a worker.
    assert!(writers().len() == 2 && !writers().contains("mesos-audit-out"));
    burst(&disk, &pipeline, || {});
    assert!(pipeline.drain(Duration::from_secs(20)));
    drop(pipeline);
    let several = thread::available_parallelism().is_ok_and(|count| count.get() > 1);
    assert_eq!(writers().contains("mesos-audit-out"), several);
    let events = disk.events();
    assert_no_gaps(&events);
    assert_eq!(in_order(&events), (BURST, 0));
}

#[test]
fn a_disk_that_fills_up_in_a_burst_loses_nothing_and_keeps_the_order() {
    for room in [0, 1, 100_000, 300_000, 700_000] {
        let disk = Disk::default();
        let pipeline = start(&disk, Config::default());
        burst(&disk, &pipeline, || disk.room.store(room, SeqCst));
        wait_for(|| disk.refusals.load(SeqCst) > 1);
        assert!(!pipeline.drain(Duration::from_millis(5)), "not all is written");
        disk.room.store(usize::MAX, SeqCst);
        assert!(pipeline.drain(Duration::from_secs(20)));
        drop(pipeline);
        let events = disk.events();
        assert_no_gaps(&events);
        assert_eq!(in_order(&events), (BURST, 0), "after {room} bytes");
    }
}

#[test]
fn a_panic_of_the_other_thread_is_told_and_costs_nothing() {
    for place in [Place::Writing, Place::Written] {
        let disk = Disk::default();
        let pipeline = start(&disk, Config::default());
        burst(&disk, &pipeline, || pipeline.break_worker(place, 3));
        assert!(pipeline.drain(Duration::from_secs(20)) && pipeline.has_broken());
        drop(pipeline);
        let events = disk.events();
        assert_no_gaps(&events);
        assert_eq!(in_order(&events), (BURST, 0), "{place:?}");
        let restarts = events.iter().filter(|event| event.event.action == Action::AuditWorkerRestarted);
        let counts = restarts.map(|event| {
            assert!(event.error.as_ref().unwrap().message.starts_with("panic"));
            event.mesos.audit.as_ref().unwrap().fault.as_ref().unwrap().count
        });
        assert_eq!(counts.sum::<u64>(), 3, "{place:?}");
    }
}

#[test]
fn who_waits_for_the_disk_in_a_burst_is_told_of_it() {
    let disk = Disk::default();
    let pipeline = start(&disk, Config::default());
    let fields = Record { module: "awaited".to_owned(), ..Record::default() }.encode_to_vec();
    let durably = || {
        let deadline = Instant::now() + Duration::from_secs(20);
        pipeline.submit_durably(Timestamp::now(), Callback::ModuleStart, &fields, deadline)
    };
    thread::scope(|scope| {
        let awaited = burst(&disk, &pipeline, || scope.spawn(durably));
        assert!(awaited.join().unwrap());
        disk.unsyncable.store(true, SeqCst);
        let awaited = burst(&disk, &pipeline, || scope.spawn(durably));
        assert!(!awaited.join().unwrap(), "a sync that failed");
    });
}
