//! The pipeline with a file that works, one that does not, and a worker that is held up.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use prost::Message;

use super::*;
use crate::{
    clock::Timestamp,
    config::{Config, Output, WhenFull},
    decode::messages::record::Record,
    event::{Action, AuditEvent},
};

/// Hands over the start of a module of that name.
pub(super) fn submit(pipeline: &Pipeline, name: &str) {
    let fields = Record { module: name.to_owned(), ..Record::default() }.encode_to_vec();
    pipeline.submit(Timestamp::now(), Callback::ModuleStart, &fields);
}

/// The names of the records, in the stream's order, without the one that stalls.
fn names<'a>(events: &'a [AuditEvent<'_>]) -> Vec<&'a str> {
    let names = events.iter().filter_map(|event| Some(&*event.mesos.module.as_ref()?.name));
    names.filter(|name| *name != "stall").collect()
}

/// The smallest queue there is.
pub(super) fn small() -> Config {
    let mut config = Config::default();
    config.queue.bytes = 1 << 16;
    config.queue.record_bytes = 1 << 14;
    config
}

pub(super) fn loaded(config: Config) -> Loaded {
    Loaded { config, path: None, sha256: "0".repeat(64) }
}

fn events(bytes: &[u8]) -> Vec<AuditEvent<'static>> {
    assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "no torn line");
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("an event per line")).collect()
}

fn assert_no_gaps(events: &[AuditEvent<'_>]) {
    let sequences: Vec<_> = events.iter().map(|event| event.event.sequence).collect();
    assert_eq!(sequences, (1..=events.len() as u64).collect::<Vec<_>>());
}

fn dropped(events: &[AuditEvent<'_>], reason: &str) -> u64 {
    let audits = events.iter().filter_map(|event| event.mesos.audit.as_ref()?.dropped.as_ref());
    audits.filter(|dropped| dropped.reason == reason).map(|dropped| dropped.count).sum()
}

pub(super) fn count(events: &[AuditEvent<'_>], action: Action) -> u64 {
    events.iter().filter(|event| event.event.action == action).count() as u64
}

/// Memory that can be made to fail, to stall, or to take few bytes at a time.
#[derive(Clone, Default)]
pub(super) struct Disk {
    bytes: Arc<Mutex<Vec<u8>>>,
    pub(super) full: Arc<AtomicBool>,
    pub(super) stalled: Arc<AtomicBool>,
    waiting: Arc<AtomicBool>,
    small: bool,
}

impl Disk {
    /// Holds the worker up in a write, so that the queue can be filled.
    pub(super) fn stall(&self, pipeline: &Pipeline) {
        self.stalled.store(true, SeqCst);
        submit(pipeline, "stall");
        wait_for(|| self.waiting.load(SeqCst));
    }

    pub(super) fn events(&self) -> Vec<AuditEvent<'static>> {
        events(&self.bytes.lock().unwrap())
    }
}

impl Sink for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        while self.stalled.load(SeqCst) {
            self.waiting.store(true, SeqCst);
            thread::sleep(Duration::from_millis(1));
        }
        if self.full.load(SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let count = if self.small { bytes.len().min(7) } else { bytes.len() };
        self.bytes.lock().unwrap().extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn name(&self) -> &Path {
        Path::new("/disk")
    }
}

pub(super) fn start(disk: &Disk, config: Config) -> Pipeline {
    let origin = origin::origin(&config.service, "1.11.0");
    Pipeline::start_with(&loaded(config), origin, Box::new(disk.clone()), None, None).unwrap()
}

pub(super) fn wait_for(what: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !what() {
        assert!(Instant::now() < deadline, "waited in vain");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn the_first_event_is_in_the_file_before_start_returns() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("logs/{service}.jsonl");
    let config = Config {
        output: Output { path, ..Output::default() },
        service: crate::config::Service { name: Some("mesos-master".into()), ..Default::default() },
        ..Config::default()
    };
    let pipeline = Pipeline::start(&loaded(config.clone()), "1.11.0").unwrap();
    let file = dir.path().join("logs/mesos-master.jsonl");
    let first = events(&fs::read(&file).unwrap());
    assert_eq!(first.len(), 2);
    assert_eq!(first[0].event.action, Action::AuditLogOpened);
    assert_eq!(first[1].event.action, Action::AuditSeal);
    assert_eq!(first[0].service.version, "1.11.0");

    let error = Pipeline::start(&loaded(config), "1.11.0").unwrap_err().to_string();
    assert!(error.contains("another process writes"), "{error}");

    submit(&pipeline, "one");
    // Idle: written without a push from anybody.
    wait_for(|| events(&fs::read(&file).unwrap()).len() == 3);
    drop(pipeline);
    assert_no_gaps(&events(&fs::read(&file).unwrap()));
}

/// A directory's logs: live and archived.
fn logs(dir: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).collect()
}

/// All events in a directory's files, each of which begins with its header; with the headers' reasons.
fn files(dir: &Path) -> (Vec<AuditEvent<'static>>, Vec<String>) {
    let mut names = logs(dir);
    // The live file is the last, though `.` sorts after `-` only by luck.
    names.sort_by_key(|path| (path.ends_with("audit.jsonl"), path.clone()));
    let (mut all, mut reasons, mut last) = (Vec::new(), Vec::new(), None);
    for name in names {
        let events = events(&fs::read(&name).unwrap());
        assert_eq!(events[0].event.action, Action::AuditLogOpened);
        let file = events[0].mesos.audit.as_ref().unwrap().file.clone().unwrap();
        assert_eq!(file.previous, last);
        last = Some(name.display().to_string().into());
        reasons.push(file.reason);
        all.extend(events);
    }
    (all, reasons.into_iter().map(|reason| reason.into_owned()).collect())
}

#[test]
fn files_rotate_without_a_gap_and_each_begins_with_a_header() {
    let dir = tempfile::tempdir().unwrap();
    let output = Output {
        path: dir.path().canonicalize().unwrap().join("audit.jsonl"),
        rotate_bytes: 1 << 16,
        compress: crate::config::Compress::None,
        ..Output::default()
    };
    let config = Config { output, ..Config::default() };
    let pipeline = Pipeline::start(&loaded(config), "1.11.0").unwrap();
    for index in 0..1_000 {
        submit(&pipeline, &index.to_string());
        if index % 50 == 0 {
            assert!(pipeline.drain(Duration::from_secs(20)));
        }
    }
    drop(pipeline);
    let (events, reasons) = files(&dir.path().canonicalize().unwrap());
    assert_no_gaps(&events);
    assert_eq!(count(&events, Action::ModuleStart), 1_000);
    assert!(reasons.len() > 3, "{reasons:?}");
    assert!(reasons[0] == "start" && reasons[1..].iter().all(|reason| reason == "size"), "{reasons:?}");
}

#[test]
fn a_deleted_file_is_noticed_while_nothing_happens_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    let path = dir.join("audit.jsonl");
    let output = Output { path: path.clone(), compress: crate::config::Compress::None, ..Output::default() };
    let config = Config { output, ..Config::default() };
    let pipeline = Pipeline::start(&loaded(config), "1.11.0").unwrap();
    submit(&pipeline, "before");
    assert!(pipeline.drain(Duration::from_secs(20)));
    fs::remove_file(&path).unwrap();
    wait_for(|| path.exists() && logs(&dir).len() == 2);
    submit(&pipeline, "after");
    drop(pipeline);
    let (events, reasons) = files(&dir);
    assert_no_gaps(&events);
    assert_eq!(count(&events, Action::ModuleStart), 2);
    assert_eq!(reasons, ["start", "deleted"]);
}

#[test]
fn every_thread_keeps_its_order_and_nothing_is_lost() {
    let disk = Disk { small: true, ..Disk::default() };
    let pipeline = start(&disk, Config::default());
    thread::scope(|scope| {
        for thread in 0..8 {
            let pipeline = &pipeline;
            scope.spawn(move || {
                for index in 0..500 {
                    submit(pipeline, &format!("{thread}-{index:03}"));
                }
            });
        }
    });
    assert!(pipeline.drain(Duration::from_secs(20)));
    drop(pipeline);
    let events = disk.events();
    // With the header and the ledger.
    assert_eq!(events.len(), 2 + 8 * 500);
    assert_no_gaps(&events);
    for thread in 0..8 {
        let names: Vec<_> = events
            .iter()
            .filter_map(|event| Some(event.mesos.module.as_ref()?.name.clone()))
            .filter(|name| name.starts_with(&format!("{thread}-")))
            .collect();
        assert!(names.is_sorted() && names.len() == 500);
    }
}

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
    let mut config = small();
    config.queue.when_full = WhenFull::Block;
    config.queue.block_ms = 10_000;
    let pipeline = start(&disk, config);
    disk.stall(&pipeline);
    thread::scope(|scope| {
        scope.spawn(|| (0..100).for_each(|index| submit(&pipeline, &format!("{index:04000}"))));
        thread::sleep(Duration::from_millis(20));
        disk.stalled.store(false, SeqCst);
    });
    assert!(pipeline.drain(Duration::from_secs(20)));
    // Sampled, so not the very highest.
    assert!((1..=(1 << 16)).contains(&pipeline.ledger().queue_high_water()));
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
    while let inbox::Next::Record(record) = inbox.wait(None) {
        assert_eq!((record.callback, record.fields), (Callback::Approved, &*fields));
        taken += 1;
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
    let mut config = Config::default();
    config.queue.when_full = WhenFull::Block;
    config.queue.block_ms = 10_000;
    let pipeline = start(&disk, config);
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

#[test]
fn faults_are_told_even_when_nothing_else_happens() {
    let disk = Disk::default();
    let pipeline = start(&disk, Config::default());
    pipeline.fault(Callback::SlaveTaskStatus, FaultKind::Panic, "panic at somewhere.rs:1");
    wait_for(|| count(&disk.events(), Action::AuditCallbackFailed) == 1);
    for _ in 0..3 {
        pipeline.fault(Callback::Approved, FaultKind::Exception, "std::bad_alloc");
    }
    drop(pipeline);
    let events = disk.events();
    let faults: Vec<_> = events
        .iter()
        .filter_map(|event| event.mesos.audit.as_ref()?.fault.as_ref().map(|f| (event, f)))
        .collect();
    assert_eq!(faults[0].0.mesos.callback.as_deref(), Some("Hook::slaveTaskStatusDecorator"));
    assert_eq!(faults[0].0.error.as_ref().unwrap().message, "panic at somewhere.rs:1");
    let exceptions: u64 = faults.iter().filter(|(_, f)| f.kind == "exception").map(|(_, f)| f.count).sum();
    assert_eq!(exceptions, 3);
}

#[test]
fn bytes_that_cannot_be_read_are_told_in_their_place() {
    let disk = Disk::default();
    let pipeline = start(&disk, Config::default());
    pipeline.submit(Timestamp::now(), Callback::ModuleStart, &[0xff; 9]);
    submit(&pipeline, "after");
    drop(pipeline);
    let events = disk.events();
    assert_eq!(events[1].event.action, Action::AuditRecordUnreadable);
    assert_eq!(events[1].mesos.callback.as_deref(), Some("Module::create"));
    assert_eq!(events[2].mesos.module.as_ref().unwrap().name, "after");
}
