//! The line that is put together of pieces is the one that serde would write.

use std::cell::RefCell;

use proptest::prelude::*;

use super::{line::plainly, *};
use crate::{
    clock::Timestamp,
    event::{
        Action, Draft, Origin,
        ecs::{Error, EventType, Host, Outcome, Process, Service, ServiceNode, Source, Url, User},
        mesos::{Authz, Framework, Module, Resources, Task},
    },
};

fn origin(node: Option<String>) -> Origin {
    Origin {
        host: Host { name: "node-1".into() },
        process: Process { pid: 42, entity_id: "0123456789abcdef".into() },
        service: Service {
            name: "mesos-master".into(),
            kind: "mesos".into(),
            version: "1.11.0".into(),
            node: node.map(|name| ServiceNode { name: name.into() }),
        },
    }
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        "[a-z0-9/-]{0,60}".prop_map(Some),
        "(\\PC|[\u{0}-\u{80}]){0,30}".prop_map(Some),
        "[a-z]{1000,1100}".prop_map(Some),
    ]
}

thread_local! {
    /// As in the worker, one encoder for all events.
    static JSON: RefCell<Json> = RefCell::default();
}

/// What the encoder writes, and what its limits and serde make of the same event.
fn both(origin: &Origin, draft: Draft<'_>) -> (Vec<u8>, Vec<u8>) {
    let (mut ids, mut line) = ([String::new(), String::new()], Vec::new());
    let [one, other] = &mut ids;
    JSON.with_borrow_mut(|json| json.encode(&mut origin.finish(draft.clone(), 7, one), &mut line));
    let mut event = origin.finish(draft, 7, other);
    let mut plain = Vec::new();
    for limits in Limits::STEPS {
        limits.apply(&mut event);
        plain = plainly(&event);
        if plain.len() <= MAX_LINE_BYTES {
            break;
        }
    }
    plain.push(b'\n');
    (line, plain)
}

proptest! {
    #[test]
    fn pieces_make_the_same_line_as_serde(
        texts in proptest::collection::vec(text(), 12),
        action in 0..Action::ALL.len(),
        numbers: (u64, bool, f64),
        many in prop_oneof![Just(0_usize), Just(3), Just(40), Just(900)],
    ) {
        let at = |index: usize| texts[index].clone().map(std::borrow::Cow::Owned);
        let mut draft = Draft::at(Timestamp::from_micros(1_700_000_000_123_456), Action::ALL[action]);
        if numbers.1 {
            draft.types = &[EventType::Access, EventType::Denied];
            draft.outcome = Some(Outcome::Failure);
            draft.duration = Some(numbers.0);
        }
        draft.reason = at(0);
        draft.error = at(1).map(|message| Error { message });
        draft.user = at(2).map(|name| User { name });
        draft.source = at(3).map(|address| Source { address: Some(address), port: Some(1), ..Source::default() });
        draft.url = at(4).map(|path| Url { path, query_keys: vec!["a".into(); many] });
        draft.mesos.role = at(5);
        draft.mesos.framework = at(6).map(|name| {
            Framework { name: Some(name), roles: vec!["web".into(); many], ..Framework::default() }
        });
        draft.mesos.authz = at(7).map(|object| Authz { object: Some(object), action_id: Some(-1), ..Authz::default() });
        let cpus = Some(numbers.2).filter(|number| number.is_finite());
        draft.mesos.task = at(8).map(|id| Task {
            id: Some(id),
            resources: Some(Resources { cpus, mem: Some(512.0), ..Resources::default() }),
            ..Task::default()
        });
        let (line, plain) = both(&origin(texts[9].clone()), draft);
        prop_assert_eq!(String::from_utf8(line).unwrap(), String::from_utf8(plain).unwrap());
    }
}

#[test]
fn serde_json_reads_the_same_event() {
    let origin = origin(None);
    for action in Action::ALL {
        let draft = Draft::at(Timestamp::from_micros(1), action);
        let (line, _) = both(&origin, draft.clone());
        let mut id = String::new();
        let expected = serde_json::to_string(&origin.finish(draft, 7, &mut id)).unwrap() + "\n";
        assert_eq!(String::from_utf8(line).unwrap(), expected);
    }
}

#[test]
fn what_has_nothing_to_be_cut_is_written_however_long_it_is() {
    let origin = origin(None);
    let mut json = Json::default();
    for length in [10, MAX_LINE_BYTES, ROOM, 10 * ROOM, 10] {
        let mut draft = Draft::at(Timestamp::from_micros(1), Action::ModuleStart);
        let name = "x".repeat(length);
        draft.mesos.module = Some(Box::new(Module { name: name.as_str().into(), ..Module::default() }));
        let (mut id, mut line) = (String::new(), Vec::new());
        json.encode(&mut origin.finish(draft, 1, &mut id), &mut line);
        let event: AuditEvent<'_> = serde_json::from_slice(&line).unwrap();
        assert_eq!(event.mesos.module.unwrap().name, name);
        assert_eq!(json.room.len(), ROOM);
    }
}
