//! A worker that panics, here and there.

use super::*;

#[test]
fn a_worker_that_panics_goes_on_and_what_it_had_in_hand_is_told_as_lost() {
    // A new file is begun in a test of files.
    for place in Place::ALL.into_iter().filter(|place| *place != Place::Beginning) {
        let disk = Disk::default();
        let pipeline = start(&disk, Config::default());
        pipeline.break_worker(place, 3);
        for index in 0..200 {
            submit(&pipeline, &index.to_string());
        }
        wait_for(|| pipeline.has_broken());
        submit(&pipeline, "after");
        drop(pipeline);
        let events = disk.events();
        assert_no_gaps(&events);
        let lost = dropped(&events, "panic");
        assert_eq!(count(&events, Action::ModuleStart) + lost, 201, "{place:?}");
        assert_eq!(lost, if matches!(place, Place::Taken | Place::Telling) { 3 } else { 0 }, "{place:?}");
        let told = |action: Action| {
            let audits = events.iter().filter(|event| event.event.action == action);
            audits.filter_map(|event| Some(event.mesos.audit.as_ref()?.fault.as_ref()?.count)).sum::<u64>()
        };
        // Of a record that cannot be read, its callback is told.
        let restarts = if place == Place::Telling { 0 } else { 3 };
        assert_eq!(told(Action::AuditWorkerRestarted), restarts, "{place:?}");
        assert_eq!(told(Action::AuditCallbackFailed), 3 - restarts, "{place:?}");
        let ledger =
            events.iter().rev().find_map(|event| event.mesos.audit.as_ref()?.ledger.clone()).unwrap();
        assert_eq!(ledger.worker_restarts, restarts, "{place:?}");
        assert_eq!(ledger.dropped.iter().map(|one| one.count).sum::<u64>(), lost, "{place:?}");
    }
}

#[test]
fn a_worker_that_always_panics_does_not_hold_up_the_end() {
    let disk = Disk::default();
    let pipeline = start(&disk, Config::default());
    pipeline.break_worker(Place::Announcing, u64::MAX);
    submit(&pipeline, "one");
    drop(pipeline);
}

#[test]
fn nobody_is_told_that_a_record_is_on_disk_that_the_worker_has_lost() {
    for place in [Place::Taken, Place::Telling] {
        let disk = Disk::default();
        let pipeline = start(&disk, Config::default());
        pipeline.break_worker(place, 1);
        let fields = Record { module: "one".to_owned(), ..Record::default() }.encode_to_vec();
        let deadline = || Instant::now() + Duration::from_secs(20);
        let durably =
            || pipeline.submit_durably(Timestamp::now(), Callback::ModuleStart, &fields, deadline());
        assert!(!durably(), "{place:?}");
        assert!(durably(), "the next one is");
        drop(pipeline);
        assert_eq!(dropped(&disk.events(), "panic"), 1);
    }
}

/// As of what a full disk costs.
#[test]
fn what_a_panic_cost_is_told_before_anything_that_came_after() {
    for place in [Place::Taken, Place::Telling] {
        let disk = Disk::default();
        let pipeline = start(&disk, Config::default());
        disk.stall(&pipeline);
        (0..100).for_each(|index| submit(&pipeline, &index.to_string()));
        pipeline.break_worker(place, 1);
        disk.stalled.store(false, SeqCst);
        assert!(pipeline.drain(Duration::from_secs(20)));
        drop(pipeline);
        let (seen, told) = in_order(&disk.events());
        assert_eq!(seen + told, 100, "{place:?}");
    }
}
