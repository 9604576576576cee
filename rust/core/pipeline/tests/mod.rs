//! The pipeline with a file that works (`files`), with more to do than one thread can (`bursts`), an output that does not, a
//! worker that is held up (`losses`), one that panics (`panics`), and lines of Mesos's log (`lines`).

mod bursts;
mod files;
mod lines;
mod losses;
mod panics;

use std::{
    collections::BTreeSet,
    io,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use prost::Message;

use super::*;
use crate::{
    clock::Timestamp,
    config::{Config, WhenFull},
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

/// Who submits waits for room.
fn patient(mut config: Config) -> Config {
    config.queue.when_full = WhenFull::Block;
    config.queue.block_ms = 10_000;
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

/// How many of the records that are called by their numbers are there, and how many are told to be missing: each before
/// whatever came after it.
fn in_order(events: &[AuditEvent<'_>]) -> (u64, u64) {
    let (mut seen, mut told) = (0, 0);
    for event in events {
        let audit = event.mesos.audit.as_ref();
        told += audit.and_then(|audit| audit.dropped.as_ref()).map_or(0, |dropped| dropped.count);
        let name = event.mesos.module.as_ref().map(|module| &*module.name);
        if let Some(index) = name.and_then(|name| name.parse::<u64>().ok()) {
            assert_eq!(index, seen + told, "what is missing before it is told before it");
            seen += 1;
        }
    }
    (seen, told)
}

pub(super) fn count(events: &[AuditEvent<'_>], action: Action) -> u64 {
    events.iter().filter(|event| event.event.action == action).count() as u64
}

/// Memory that can be made to fail, to stall, or to take few bytes at a time.
#[derive(Clone)]
pub(super) struct Disk {
    bytes: Arc<Mutex<Vec<u8>>>,
    pub(super) full: Arc<AtomicBool>,
    pub(super) stalled: Arc<AtomicBool>,
    pub(super) unsyncable: Arc<AtomicBool>,
    waiting: Arc<AtomicBool>,
    /// So many bytes more fit.
    room: Arc<AtomicUsize>,
    /// How often there was no room at all.
    refusals: Arc<AtomicUsize>,
    /// Names of the threads that wrote.
    writers: Arc<Mutex<BTreeSet<String>>>,
    small: bool,
}

impl Default for Disk {
    fn default() -> Self {
        Self {
            bytes: Arc::default(),
            full: Arc::default(),
            stalled: Arc::default(),
            unsyncable: Arc::default(),
            waiting: Arc::default(),
            room: Arc::new(usize::MAX.into()),
            refusals: Arc::default(),
            writers: Arc::default(),
            small: false,
        }
    }
}

impl Disk {
    /// Holds the worker up in a write, so that the queue can be filled.
    pub(super) fn stall(&self, pipeline: &Pipeline) {
        self.waiting.store(false, SeqCst);
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
        let name = thread::current().name().unwrap_or_default().to_owned();
        self.writers.lock().unwrap().insert(name);
        let room = self.room.load(SeqCst);
        let count = if self.small { bytes.len().min(7) } else { bytes.len() }.min(room);
        if count == 0 {
            self.refusals.fetch_add(1, SeqCst);
            return Err(io::ErrorKind::StorageFull.into());
        }
        if room < usize::MAX {
            self.room.fetch_sub(count, SeqCst);
        }
        self.bytes.lock().unwrap().extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.unsyncable.load(SeqCst) { Err(io::Error::other("I/O error")) } else { Ok(()) }
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
