//! Lines of Mesos's log: handed over without waiting, counted where they repeat.

use super::*;

fn line(severity: i32, text: &str) -> Vec<u8> {
    let record = Record {
        severity,
        file: "a.cpp".into(),
        line: 1,
        text: text.into(),
        text_bytes: text.len() as u64,
        ..Record::default()
    };
    record.encode_to_vec()
}

fn log(pipeline: &Pipeline, severity: i32, text: &str) -> Option<u64> {
    pipeline.submit_at_once(Timestamp::now(), Callback::LogLine, &line(severity, text))
}

fn counts(events: &[AuditEvent<'_>]) -> Vec<u64> {
    events.iter().filter_map(|event| Some(event.mesos.repeated.as_ref()?.count)).collect()
}

#[test]
fn who_waits_for_all_hears_what_was_only_counted() {
    let disk = Disk::default();
    let pipeline = start(&disk, Config::default());
    for _ in 0..5 {
        log(&pipeline, 1, "again");
    }
    assert!(pipeline.drain(Duration::from_secs(20)));
    let events = disk.events();
    assert_eq!((count(&events, Action::ErrorLogged), counts(&events)), (2, vec![4]));
    drop(pipeline);
    assert_no_gaps(&disk.events());
}

#[test]
fn a_fatal_line_is_there_when_it_was_waited_for_and_so_is_what_was_counted() {
    let disk = Disk::default();
    let pipeline = start(&disk, Config::default());
    for _ in 0..3 {
        log(&pipeline, 1, "again");
    }
    let position = log(&pipeline, 3, "the end").expect("room");
    assert!(pipeline.await_durable(position, Instant::now() + Duration::from_secs(20)));
    let events = disk.events();
    assert!(events.iter().any(|event| event.log.as_ref().is_some_and(|log| log.level == "fatal")));
    assert_eq!(counts(&events), [2]);
}

#[test]
fn a_line_waits_for_no_room_whatever_the_configuration_says() {
    let disk = Disk::default();
    let pipeline = start(&disk, patient(small()));
    disk.stall(&pipeline);
    // Were each of them to wait, this would take hours.
    let lost = (0..2000).filter(|number| log(&pipeline, 2, &format!("{number:>200}")).is_none()).count();
    assert!(lost > 0);
    disk.stalled.store(false, SeqCst);
    drop(pipeline);
    assert_eq!(dropped(&disk.events(), "queue_full"), lost as u64);
}
