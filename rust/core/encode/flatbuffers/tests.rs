use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    encode::json::Json,
    event::OwnedEvent,
    format::{frames, json_of, mac_span, to_json},
};

pub(crate) fn frame(event: &OwnedEvent) -> Vec<u8> {
    let mut bytes = Vec::new();
    FlatBuffers::default().encode(&mut event.clone(), &mut bytes);
    assert_eq!(frames::length(&bytes), Some(bytes.len()), "one whole frame");
    bytes
}

pub(crate) fn line(event: &OwnedEvent) -> String {
    let mut bytes = Vec::new();
    Json::default().encode(&mut event.clone(), &mut bytes);
    assert_eq!(bytes.pop(), Some(b'\n'));
    String::from_utf8(bytes).unwrap()
}

fn back(frame: &[u8]) -> String {
    let mut text = Vec::new();
    to_json(frame, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Every event that the repository has a golden file of.
pub(crate) fn golden() -> Vec<OwnedEvent> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut events = Vec::new();
    for entry in fs::read_dir(root.join("tests/golden/events")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        for value in values.flat_map(|value| match value.unwrap() {
            Value::Array(all) => all,
            one => vec![one],
        }) {
            events.push(serde_json::from_value(value).unwrap());
        }
    }
    let lines = fs::read_to_string(root.join("rust/cli/tests/golden/events.jsonl")).unwrap();
    // Lines of other schemas, for the CLI's tests, are among them.
    events.extend(lines.lines().filter_map(|line| serde_json::from_str::<OwnedEvent>(line).ok()));
    assert!(events.len() > 40, "{}", events.len());
    events
}

#[test]
fn every_golden_event_comes_back_as_the_line_that_it_would_be() {
    for event in golden() {
        let (frame, line) = (frame(&event), line(&event));
        assert_eq!(back(&frame), line);
        assert_eq!(serde_json::from_slice::<OwnedEvent>(&json_of(&frame).unwrap()).unwrap(), event);
    }
}

#[test]
fn zero_and_absent_are_two_things() {
    let mut event = golden().remove(0);
    for duration in [None, Some(0), Some(u64::MAX)] {
        event.event.duration = duration;
        let read: OwnedEvent = serde_json::from_str(&back(&frame(&event))).unwrap();
        assert_eq!(read.event.duration, duration);
    }
}

#[test]
fn a_seal_has_a_place_for_its_mac() {
    let is_seal = |event: &OwnedEvent| event.mesos.audit.as_ref().is_some_and(|audit| audit.seal.is_some());
    let seals: Vec<_> = golden().into_iter().filter(is_seal).collect();
    assert!(!seals.is_empty());
    for event in seals {
        let frame = frame(&event);
        let mac = &event.mesos.audit.as_ref().unwrap().seal.as_ref().unwrap().mac;
        assert_eq!(&frame[mac_span(&frame).unwrap()], mac.as_bytes());
    }
}

#[test]
fn a_frame_cut_anywhere_is_refused() {
    let frame = frame(&golden()[0]);
    for end in 0..frame.len() {
        assert!(to_json(&frame[..end], &mut Vec::new()).is_err(), "{end}");
        // As the next start leaves it.
        let mut filled = frame[..end].to_vec();
        filled.extend(frames::fill(&frame[..end]).unwrap());
        assert!(filled.len() <= frame.len());
        // The last bytes of a frame are padding: without them, nothing is missing.
        if let Ok(text) = json_of(&filled) {
            assert!(text == back(&frame).as_bytes() && frame[end..].iter().all(|byte| *byte == 0), "{end}");
        }
    }
}

#[test]
fn what_points_to_itself_again_and_again_is_refused() {
    // A list of as many texts as fit, all of them the same long one.
    let mut event = golden().remove(0);
    event.mesos.truncated = vec!["x".repeat(1_000).into(); 24];
    let mut frame = frame(&event);
    let text = frame.windows(1_000).rposition(|window| window.iter().all(|byte| *byte == b'x')).unwrap() - 4;
    let target = u32::try_from(text).unwrap();
    let _ = mac_span(&frame);
    for at in (12..frame.len() - 4).step_by(4) {
        let old: [u8; 4] = frame[at..at + 4].try_into().unwrap();
        if let Some(offset) = target.checked_sub(u32::try_from(at).unwrap()) {
            frame[at..at + 4].copy_from_slice(&offset.to_le_bytes());
            let mut out = Vec::new();
            let _ = to_json(&frame, &mut out);
            assert!(out.len() < 7 << 20);
            frame[at..at + 4].copy_from_slice(&old);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever a framework calls itself, both formats say the same, and cut the same.
    #[test]
    fn hostile_texts_are_cut_alike(
        texts in prop::collection::vec(
            ("(\\PC|[\u{0}-\u{80}]){0,12}", 1usize..700).prop_map(|(text, times)| text.repeat(times)),
            5,
        ),
        many in 0usize..80,
        index in 0usize..40,
    ) {
        let mut event = golden().swap_remove(index);
        let [a, b, c, d, e] = <[String; 5]>::try_from(texts).unwrap();
        let framework = crate::event::mesos::Framework {
            id: Some(a.clone().into()),
            name: Some(b.clone().into()),
            roles: vec![c.clone().into(); many],
            ..Default::default()
        };
        event.mesos.framework = Some(framework);
        event.event.reason = Some(d.into());
        event.mesos.task = Some(crate::event::mesos::Task {
            name: Some(e.into()),
            labels: vec![crate::event::mesos::Label { key: c.clone().into(), ..Default::default() }; many],
            ..Default::default()
        });
        let line = line(&event);
        prop_assert_eq!(back(&frame(&event)), line);
    }

    /// No bytes make the reader panic, or give what is no JSON.
    #[test]
    fn altered_frames_are_refused_or_are_json(
        index in 0usize..40,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut frame = frame(&golden().swap_remove(index));
        for (at, byte) in changes {
            let at = at.index(frame.len());
            frame[at] = byte;
        }
        let mut text = Vec::new();
        match to_json(&frame, &mut text) {
            Ok(()) => prop_assert!(serde_json::from_slice::<Value>(&text).is_ok()),
            Err(error) => prop_assert!(text.is_empty() && !error.to_string().contains('\n')),
        }
        let _ = mac_span(&frame);
    }

    #[test]
    fn random_bytes_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 16..300)) {
        let length = u32::try_from(bytes.len() - 4).unwrap();
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        bytes[8..12].copy_from_slice(IDENTIFIER.as_bytes());
        let mut text = Vec::new();
        if to_json(&bytes, &mut text).is_ok() {
            prop_assert!(serde_json::from_slice::<Value>(&text).is_ok());
        }
        let _ = mac_span(&bytes);
    }
}

/// Google's own compiler, of another version, by the committed schema: it knows nothing of our builder and our reader.
#[test]
fn flatc_reads_the_same() {
    use std::process::Command;

    fn plain(value: Value) -> Value {
        match value {
            // flatc prints twelve digits.
            Value::Number(number) if number.is_f64() => {
                Value::from(format!("{:.6}", number.as_f64().unwrap()))
            }
            Value::Array(all) => all.into_iter().map(plain).collect(),
            Value::Object(all) => all.into_iter().map(|(key, value)| (key, plain(value))).collect(),
            other => other,
        }
    }
    if Command::new("flatc").arg("--version").output().is_err() {
        eprintln!("flatc (Debian's flatbuffers-compiler) is not installed: not tested");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/audit_event.fbs");
    let events = golden();
    let name = |index: usize| dir.path().join(format!("{index}.bin"));
    for (index, event) in events.iter().enumerate() {
        fs::write(name(index), frame(event)).unwrap();
    }
    let made = Command::new("flatc")
        .args(["--json", "--strict-json", "--raw-binary", "--size-prefixed", "-o"])
        .arg(dir.path())
        .arg(schema)
        .arg("--")
        .args((0..events.len()).map(name))
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    for (index, event) in events.iter().enumerate() {
        let text = fs::read_to_string(dir.path().join(format!("{index}.json"))).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        let mut wanted = serde_json::to_value(event).unwrap();
        let fields = wanted.as_object_mut().unwrap();
        fields.remove("@timestamp");
        fields.insert("timestamp".to_owned(), event.timestamp.as_micros().into());
        assert_eq!(plain(read), plain(wanted));
    }
}
