//! What Mesos hands over, through decoder, redactor and encoder. The first byte chooses the callback.
#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::fuzz_target;
use mesos_audit_core::{
    clock::Timestamp,
    decode::{Callback, RawRecord, decode, plain::Plain},
    encode::{Encode, json::Json},
    event::{
        AuditEvent, MAX_LINE_BYTES, Origin,
        ecs::{Host, Process, Service},
        mesos::Applied,
    },
    redact::Redactor,
};

fn origin() -> Origin {
    Origin {
        host: Host { name: "node-1".into() },
        process: Process { pid: 42, entity_id: "0123456789abcdef".into() },
        service: Service {
            name: "mesos-master".into(),
            kind: "mesos".into(),
            version: Cow::Borrowed("1.11.0"),
            node: None,
        },
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, fields)) = data.split_first() else { return };
    let callback = Callback::ALL[usize::from(first) % Callback::ALL.len()];
    let (origin, redactor, mut json) = (origin(), Redactor::default(), Json::default());
    let timestamp = Timestamp::from_micros(1_700_000_000_123_456);
    let raw = RawRecord { timestamp, callback, fields };
    let policy = Applied { digest: "0123456789abcdef".into(), rule: "default".into() };
    let mut at_once = Vec::new();
    let plain = Plain::read(raw).filter(|plain| redactor.leaves(plain));
    let is_plain = plain.is_some_and(|plain| json.plain(&plain, &policy, &origin, 1, &mut at_once));
    // An error is an answer too, but not of what is plain.
    let told = decode(raw, |mut draft| {
        draft.mesos.policy = is_plain.then(|| policy.clone());
        redactor.apply(&mut draft);
        let (mut id, mut line) = (String::new(), Vec::new());
        json.encode(&mut origin.finish(draft, 1, &mut id), &mut line);
        assert!(!is_plain || line == at_once, "{:?}", String::from_utf8_lossy(&at_once));
        assert_eq!(line.pop(), Some(b'\n'));
        // The name of a module is Mesos's, not a stranger's, and is never cut.
        assert!(line.len() <= MAX_LINE_BYTES || callback == Callback::ModuleStart, "{} bytes", line.len());
        let line = String::from_utf8(line).expect("UTF-8");
        assert!(!line.contains(|c: char| c.is_ascii_control()), "{line:?}");
        let event: AuditEvent<'_> = serde_json::from_str(&line).expect("an event");
        assert_eq!(event.event.sequence, 1);
    });
    assert!(told.is_ok() || !is_plain);
});
