//! What is full: the queue, and the disk.

use super::*;

#[test]
fn a_full_queue_drops_counts_and_tells() {
    for (when_full, reason) in [(WhenFull::Drop, "queue_full"), (WhenFull::Block, "deadline")] {
        let disk = Disk::default();
        let mut config = small();
        config.queue.when_full = when_full;
        config.queue.block_ms = 1;
        let pipeline = start(&disk, config);
        disk.stall(&pipeline);
        for index in 0..100 {
            submit(&pipeline, &format!("{index:04000}"));
        }
        disk.stalled.store(false, SeqCst);
        // Of a loss the worker tells, even if nothing follows.
        wait_for(|| dropped(&disk.events(), reason) > 0);
        drop(pipeline);
        let events = disk.events();
        let lost = dropped(&events, reason);
        assert!(lost > 0);
        assert_eq!(count(&events, Action::ModuleStart) + lost, 101, "each one is either there or counted");
        assert_no_gaps(&events);
        assert!(names(&events).is_sorted());
    }
}

#[test]
fn block_waits_for_room() {
    let disk = Disk::default();
    let pipeline = start(&disk, patient(small()));
    disk.stall(&pipeline);
    thread::scope(|scope| {
        scope.spawn(|| (0..100).for_each(|index| submit(&pipeline, &format!("{index:04000}"))));
        thread::sleep(Duration::from_millis(20));
        disk.stalled.store(false, SeqCst);
    });
    assert!(pipeline.drain(Duration::from_secs(20)));
    drop(pipeline);
    assert_eq!(count(&disk.events(), Action::ModuleStart), 101);
}

#[test]
fn bytes_are_bounded() {
    let disk = Disk::default();
    let pipeline = start(&disk, small());
    disk.stall(&pipeline);
    for _ in 0..100 {
        submit(&pipeline, &"x".repeat(10_000));
    }
    submit(&pipeline, &"x".repeat(20_000));
    disk.stalled.store(false, SeqCst);
    drop(pipeline);
    let events = disk.events();
    assert_eq!(dropped(&events, "oversized"), 1);
    let kept = count(&events, Action::ModuleStart);
    assert!((1..=8).contains(&kept), "{kept} of 10 kB in 64 kB");
    assert_eq!(dropped(&events, "queue_full") + kept, 101);
}

#[test]
fn large_records_keep_their_place_and_are_bounded_in_bytes() {
    let disk = Disk::default();
    let mut config = small();
    config.queue.record_bytes = 1 << 20;
    let pipeline = start(&disk, config);
    disk.stall(&pipeline);
    submit(&pipeline, "0-first");
    for index in 1..=4 {
        submit(&pipeline, &format!("{index}-large-{}", "x".repeat(300_000)));
        submit(&pipeline, &format!("{index}-small"));
    }
    submit(&pipeline, &"x".repeat(1 << 20));
    disk.stalled.store(false, SeqCst);
    assert!(pipeline.drain(Duration::from_secs(20)));
    // What has been taken gives its room back.
    submit(&pipeline, &format!("5-large-{}", "x".repeat(900_000)));
    drop(pipeline);
    let events = disk.events();
    let kept: Vec<_> = names(&events).into_iter().map(|name| &name[..7]).collect();
    let all =
        ["0-first", "1-large", "1-small", "2-large", "2-small", "3-large", "3-small", "4-small", "5-large"];
    assert_eq!(kept, all, "a fourth large one is more than the limit");
    assert_eq!((dropped(&events, "queue_full"), dropped(&events, "oversized")), (1, 1));
    assert_no_gaps(&events);
}

#[test]
fn a_burst_of_decisions_fits() {
    let (queue, mut inbox) = Queue::new(&Config::default().queue, Arc::default()).unwrap();
    let fields = vec![1; 380];
    (0..100_000).for_each(|_| queue.submit(Timestamp::now(), Callback::Approved, &fields));
    drop(queue);
    let mut taken = 0;
    loop {
        match inbox.wait(None) {
            inbox::Next::Record(record) => {
                assert_eq!((record.callback, record.fields), (Callback::Approved, &*fields));
                taken += 1;
            }
            inbox::Next::Wake => {}
            inbox::Next::Empty | inbox::Next::Closed => break,
        }
    }
    assert_eq!(taken, 100_000);
}

#[test]
fn a_full_disk_that_gets_room_again_loses_nothing_that_fits_in_memory() {
    let disk = Disk { small: true, ..Disk::default() };
    let pipeline = start(&disk, Config::default());
    disk.full.store(true, SeqCst);
    for index in 0..1_000 {
        submit(&pipeline, &index.to_string());
    }
    assert!(!pipeline.drain(Duration::from_millis(50)));
    disk.full.store(false, SeqCst);
    assert!(pipeline.drain(Duration::from_secs(20)));
    drop(pipeline);
    let events = disk.events();
    assert_eq!(count(&events, Action::ModuleStart), 1_000);
    assert_no_gaps(&events);
}

#[test]
fn a_disk_that_stays_full_costs_bounded_memory_and_a_count() {
    let disk = Disk::default();
    let pipeline = start(&disk, patient(Config::default()));
    disk.full.store(true, SeqCst);
    // An event is some 500 bytes and more: three times the backlog.
    for index in 0..50_000 {
        submit(&pipeline, &index.to_string());
    }
    wait_for(|| pipeline.ledger().dropped(DropReason::WriteFailed) > 0);
    disk.full.store(false, SeqCst);
    drop(pipeline);
    let events = disk.events();
    assert_no_gaps(&events);
    assert_eq!(count(&events, Action::ModuleStart) + dropped(&events, "write_failed"), 50_000);
}

/// A process that is killed then has told of all that is missing before what it has written.
#[test]
fn what_a_full_disk_cost_is_told_before_anything_that_came_after() {
    let disk = Disk::default();
    let pipeline = start(&disk, patient(Config::default()));
    disk.full.store(true, SeqCst);
    let flows = AtomicBool::new(true);
    let sent = thread::scope(|scope| {
        // Records come all the time: the worker is busy with them when there is room again.
        let sender = scope.spawn(|| {
            let mut sent = 0;
            while flows.load(SeqCst) {
                (0..200).for_each(|index| submit(&pipeline, &(sent + index).to_string()));
                sent += 200;
                thread::sleep(Duration::from_micros(200));
            }
            sent
        });
        wait_for(|| pipeline.ledger().dropped(DropReason::WriteFailed) > 0);
        disk.full.store(false, SeqCst);
        // The backlog is written.
        wait_for(|| disk.bytes.lock().unwrap().len() > 8 << 20);
        thread::sleep(Duration::from_millis(50));
        flows.store(false, SeqCst);
        sender.join().unwrap()
    });
    drop(pipeline);
    let (seen, told) = in_order(&disk.events());
    assert!(told > 0);
    assert_eq!(seen + told, sent);
}

#[test]
fn an_output_that_fails_at_once_stops_the_start() {
    let disk = Disk::default();
    disk.full.store(true, SeqCst);
    let config = Config::default();
    let origin = origin::origin(&config.service, "1.11.0");
    let error =
        Pipeline::start_with(&loaded(config), origin, Box::new(disk), None, None).unwrap_err().to_string();
    assert_eq!(error, "/disk: output.path: no storage space");
}
