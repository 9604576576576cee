//! Real files: opened, rotated, deleted under our feet.

use std::{fs, path::PathBuf};

use super::*;
use crate::config::Output;

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

/// Submits until there are several files.
fn rotated(meanwhile: impl FnOnce(&Pipeline)) -> Vec<AuditEvent<'static>> {
    let dir = tempfile::tempdir().unwrap();
    let output = Output {
        path: dir.path().canonicalize().unwrap().join("audit.jsonl"),
        rotate_bytes: 1 << 16,
        compress: crate::config::Compress::None,
        ..Output::default()
    };
    let config = Config { output, ..Config::default() };
    let pipeline = Pipeline::start(&loaded(config), "1.11.0").unwrap();
    meanwhile(&pipeline);
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
    events
}

#[test]
fn files_rotate_without_a_gap_and_each_begins_with_a_header() {
    rotated(|_| {});
}

#[test]
fn a_file_begins_with_its_header_though_the_worker_panicked_before_it() {
    let events = rotated(|pipeline| pipeline.break_worker(Place::Beginning, 3));
    let restarts = events.iter().filter(|event| event.event.action == Action::AuditWorkerRestarted);
    let counts = restarts.map(|event| event.mesos.audit.as_ref().unwrap().fault.as_ref().unwrap().count);
    assert_eq!(counts.sum::<u64>(), 3);
}

#[test]
fn a_log_of_frames_goes_on_after_a_torn_one() {
    use crate::format::{Format, frames::Frames, json_of};

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().canonicalize().unwrap().join("audit.{ext}");
    let output = Output { path, format: Format::Flatbuffers, ..Output::default() };
    let config = Config { output, ..Config::default() };
    let live = dir.path().join("audit.fb");
    for run in 0..3 {
        let pipeline = Pipeline::start(&loaded(config.clone()), "1.11.0").unwrap();
        for index in 0..700 {
            submit(&pipeline, &format!("{run}-{index}"));
        }
        assert!(pipeline.drain(Duration::from_secs(20)));
        drop(pipeline);
        let bytes = fs::read(&live).unwrap();
        // A crash in the middle of a write: the last seal is torn.
        fs::write(&live, &bytes[..bytes.len() - 100]).unwrap();
    }
    let bytes = fs::read(&live).unwrap();
    let mut frames = Frames::new(bytes.as_slice(), 0);
    let (mut events, mut torn) = (Vec::new(), 0);
    while let Some((_, piece, _)) = frames.next_piece().unwrap() {
        match json_of(piece) {
            Ok(text) => events.push(serde_json::from_slice::<AuditEvent<'static>>(&text).unwrap()),
            Err(_) => torn += 1,
        }
    }
    assert_eq!((count(&events, Action::ModuleStart), torn), (2_100, 3));
    let after =
        events.iter().filter_map(|event| Some(event.mesos.audit.as_ref()?.chain.as_ref()?.after.clone()));
    assert_eq!(after.collect::<Vec<_>>(), ["first", "unsealed", "unsealed"]);
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
