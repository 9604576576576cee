//! Events as every released version wrote them, in both formats: read for ever.
//!
//! `tests/fixtures/schema/VERSION/ACTION.{jsonl,bin}`. What is there is never rewritten; `UPDATE_GOLDEN=1` adds what is
//! missing for the version of today.

use std::{collections::BTreeSet, fs, path::PathBuf};

use super::{Action, AuditEvent, Draft, Origin, OwnedEvent, SCHEMA_VERSION, ecs};
use crate::{
    encode::flatbuffers::tests::{frame, golden, line},
    format::{frames::Frames, json_of},
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schema")
}

/// An event that says no more than what every event says.
fn bare(action: Action) -> OwnedEvent {
    let origin = Origin {
        host: ecs::Host { name: "node-1".into() },
        process: ecs::Process { pid: 42, entity_id: "0123456789abcdef".into() },
        service: ecs::Service {
            name: "mesos-master".into(),
            kind: "mesos".into(),
            version: "1.11.0".into(),
            node: None,
        },
    };
    let mut draft = Draft::new(action);
    draft.timestamp = crate::clock::Timestamp::from_micros(1_700_000_000_123_456);
    let mut id = String::new();
    let text = line(
        &serde_json::from_value(serde_json::to_value(origin.finish(draft, 1, &mut id)).unwrap()).unwrap(),
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_version_of_today_has_an_event_of_each_action() {
    let folder = folder().join(SCHEMA_VERSION);
    let events = golden();
    for action in Action::ALL {
        let path = folder.join(format!("{action}.jsonl"));
        if path.exists() {
            continue;
        }
        assert!(
            std::env::var_os("UPDATE_GOLDEN").is_some(),
            "{} is missing: `UPDATE_GOLDEN=1 cargo test -p mesos-audit-core --lib fixtures` makes it",
            path.display()
        );
        let mut of_it: Vec<_> = events.iter().filter(|event| event.event.action == action).cloned().collect();
        // Examples of any version, which hold for this one as well.
        of_it.iter_mut().for_each(|event| event.event.schema = SCHEMA_VERSION.into());
        if of_it.is_empty() {
            of_it.push(bare(action));
        }
        fs::create_dir_all(&folder).unwrap();
        let lines: String = of_it.iter().map(|event| line(event) + "\n").collect();
        fs::write(&path, lines).unwrap();
        fs::write(path.with_extension("bin"), of_it.iter().flat_map(frame).collect::<Vec<_>>()).unwrap();
    }
}

#[test]
fn every_event_of_every_version_is_read_from_both_formats() {
    let schema = AuditEvent::json_schema();
    let today = jsonschema::validator_for(&schema).unwrap();
    let mut read = BTreeSet::new();
    for version in fs::read_dir(folder()).unwrap() {
        let version = version.unwrap();
        for entry in fs::read_dir(version.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|end| end != "jsonl") {
                continue;
            }
            let (text, bytes) =
                (fs::read_to_string(&path).unwrap(), fs::read(path.with_extension("bin")).unwrap());
            let mut frames = Frames::new(bytes.as_slice(), 0);
            for line in text.lines() {
                let name = path.display();
                let (_, frame, whole) = frames.next_piece().unwrap().unwrap();
                assert!(whole, "{name}");
                // The same event, whichever format it was written in.
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                assert_eq!(
                    serde_json::from_slice::<serde_json::Value>(&json_of(frame).unwrap()).unwrap(),
                    value
                );
                // Nothing that it says is lost today, and nothing has another type.
                let event: OwnedEvent =
                    serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(serde_json::to_value(&event).unwrap(), value, "{name}");
                let wrong: Vec<_> = today.iter_errors(&value).map(|error| error.to_string()).collect();
                assert!(wrong.is_empty(), "{name}: {wrong:?}");
                assert_eq!(*event.event.schema, *version.file_name().to_string_lossy(), "{name}");
                assert_eq!(path.file_stem().unwrap().to_str(), Some(event.event.action.name()));
                read.insert(event.event.action);
            }
            assert!(frames.next_piece().unwrap().is_none());
        }
    }
    assert!(read.len() >= 20, "{}", read.len());
}
