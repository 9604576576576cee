//! Ledgers and the status file, as the worker writes them.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    sync::atomic::Ordering::SeqCst,
};

use super::{
    tests::{Disk, count, loaded, small, start, submit, wait_for},
    *,
};
use crate::{
    config::Config,
    event::{Action, AuditEvent, health::Ledger},
    health::Status,
};

fn ledgers(events: &[AuditEvent<'static>]) -> Vec<Ledger<'static>> {
    events.iter().filter_map(|event| event.mesos.audit.as_ref()?.ledger.clone()).collect()
}

#[test]
fn the_last_ledger_is_what_a_reader_counts() {
    let disk = Disk::default();
    let pipeline = start(&disk, small());
    disk.stall(&pipeline);
    (0..100).for_each(|index| submit(&pipeline, &format!("{index:04000}")));
    disk.stalled.store(false, SeqCst);
    pipeline.fault(Callback::Approved, FaultKind::Exception, "std::bad_alloc");
    drop(pipeline);
    let events = disk.events();
    let told = ledgers(&events);
    let last = told.last().unwrap();
    assert_eq!(events.last().unwrap().event.action, Action::AuditLedger);
    assert_eq!(last.recorded, count(&events, Action::ModuleStart));
    assert_eq!(last.events + 1, events.len() as u64);
    let all: u64 = last.dropped.iter().map(|dropped| dropped.count).sum();
    assert!(all > 0 && last.recorded + all == 101, "{last:?}");
    assert_eq!((last.callback_faults, last.worker_restarts), (1, 0));
    assert!(last.queue.high_water_bytes > 0 && last.write_latency_us.max > 0);
}

#[test]
fn ledgers_come_after_news_and_with_the_heartbeat() {
    let disk = Disk::default();
    let mut config = Config::default();
    config.health.ledger_s = 1;
    config.health.heartbeat_s = 3;
    let pipeline = start(&disk, config);
    // The header is news. After it, silence until the heartbeat.
    wait_for(|| count(&disk.events(), Action::AuditLedger) == 1);
    thread::sleep(Duration::from_millis(1_800));
    assert_eq!(count(&disk.events(), Action::AuditLedger), 1);
    wait_for(|| count(&disk.events(), Action::AuditLedger) == 2);
    drop(pipeline);
}

#[test]
fn the_status_file_tells_and_is_left_alone_while_nothing_happens() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.status");
    let disk = Disk::default();
    let config = Config::default();
    let origin = origin::origin(&config.service, "1.11.0");
    let files = Some((path.clone(), "/disk".into()));
    let pipeline =
        Pipeline::start_with(&loaded(config), origin, Box::new(disk.clone()), None, files).unwrap();
    let read = || Status::read(&path).unwrap();
    let first = read();
    assert_eq!((first.pid, first.counters.events, first.ended), (std::process::id(), 1, None));
    assert_eq!(first.is_gone(), Some(false));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    thread::sleep(Duration::from_millis(2_500));
    let idle = read().updated;
    thread::sleep(Duration::from_millis(2_500));
    assert_eq!(read().updated, idle, "nothing has happened");
    disk.full.store(true, SeqCst);
    submit(&pipeline, "one");
    wait_for(|| read().output.failing_since.is_some());
    assert_eq!(read().output.error.unwrap(), "no storage space");
    disk.full.store(false, SeqCst);
    wait_for(|| read().output.failing_since.is_none() && read().counters.recorded == 1);
    drop(pipeline);
    assert!(read().ended.is_some() && read().counters.write_failures > 0);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing unfinished is left");
}

#[test]
fn what_a_rule_skips_is_in_the_status_file_while_the_process_runs() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.status");
    let config: Config =
        toml::from_str("[[policy.rules]]\nid = 'noise'\nlevel = 'skip'\nauthorization = ['VIEW_TASK']\n")
            .unwrap();
    let origin = origin::origin(&config.service, "1.11.0");
    let files = Some((path.clone(), "/disk".into()));
    let disk = Box::new(Disk::default());
    let pipeline = Pipeline::start_with(&loaded(config), origin, disk, None, files).unwrap();
    let read = || Status::read(&path).unwrap().counters.suppressed;
    assert!(read().is_empty());
    // Mesos's number of VIEW_TASK; allowed.
    (0..3).for_each(|_| pipeline.policy().skip(14, 0));
    wait_for(|| matches!(&*read(), [one] if one.rule == "noise" && one.count == 3));
    drop(pipeline);
}

#[test]
fn a_status_file_that_cannot_be_written_disturbs_nothing() {
    let disk = Disk::default();
    let config = Config::default();
    let origin = origin::origin(&config.service, "1.11.0");
    let files = Some(("/nowhere/at/all.status".into(), "/disk".into()));
    let pipeline =
        Pipeline::start_with(&loaded(config), origin, Box::new(disk.clone()), None, files).unwrap();
    submit(&pipeline, "one");
    drop(pipeline);
    assert_eq!(count(&disk.events(), Action::ModuleStart), 1);
}

#[test]
fn a_failed_sync_is_told_until_one_succeeds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.status");
    let disk = Disk::default();
    let mut config = Config::default();
    config.output.durability = crate::config::Durability::Strict;
    let origin = origin::origin(&config.service, "1.11.0");
    let files = Some((path.clone(), "/disk".into()));
    disk.unsyncable.store(true, SeqCst);
    let pipeline =
        Pipeline::start_with(&loaded(config), origin, Box::new(disk.clone()), None, files).unwrap();
    let read = || Status::read(&path).unwrap();
    submit(&pipeline, "one");
    wait_for(|| read().output.unsynced_since.is_some());
    assert_eq!(read().output.sync_error.unwrap(), "I/O error");
    assert!(read().last_fault.is_some() && read().counters.sync_failures > 0);
    disk.unsyncable.store(false, SeqCst);
    submit(&pipeline, "two");
    wait_for(|| read().output.unsynced_since.is_none());
    assert!(read().last_fault.is_some(), "what was in doubt stays in doubt");
    drop(pipeline);
    assert!(count(&disk.events(), Action::AuditSyncFailed) > 0);
}

#[test]
fn the_status_file_belongs_to_whom_the_log_belongs() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let own = fs::metadata(dir.path()).unwrap();
    let mut config = Config::default();
    config.output.path = path.clone();
    config.output.mode = "0644".to_owned();
    // Only root can give files away.
    let (owner, group) = if own.uid() == 0 { (65_534, 65_534) } else { (own.uid(), own.gid()) };
    config.output.owner = Some(owner.to_string());
    config.output.group = Some(group.to_string());
    drop(Pipeline::start(&loaded(config), "1.11.0").unwrap());
    for file in [path.clone(), dir.path().join("audit.jsonl.status")] {
        let metadata = fs::metadata(&file).unwrap();
        assert_eq!((metadata.uid(), metadata.gid(), metadata.mode() & 0o777), (owner, group, 0o644));
    }
}
