//! Frames of FlatBuffers: as they lie in a file that may be damaged, and as one whose length is right, so that changes
//! of libFuzzer's get as far as its tables.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesos_audit_core::{
    encode::encoder,
    event::OwnedEvent,
    format::{Format, frames::Frames, json_of, to_json},
};
use serde_json::Value;

fn encoded(format: Format, event: &OwnedEvent) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoder(format).encode(&mut event.clone(), &mut bytes);
    bytes
}

/// One harmless line of JSON, or a reason that is one line too. What is an event is the same in both formats, and stays
/// what it is.
fn look(frame: &[u8]) {
    let obeyed = |c: char| c.is_control() || ['\u{2028}', '\u{2029}'].contains(&c);
    let json = match json_of(frame) {
        Ok(json) => String::from_utf8(json.into_owned()).expect("UTF-8"),
        Err(error) => return assert!(!error.to_string().contains(obeyed), "{error:?}"),
    };
    assert!(!json.contains(obeyed), "{json:?}");
    assert!(serde_json::from_str::<Value>(&json).expect("JSON").is_object(), "{json}");
    let Ok(event) = serde_json::from_str::<OwnedEvent>(&json) else { return };

    let written = encoded(Format::Flatbuffers, &event);
    let mut line = json_of(&written).expect("our own").into_owned();
    let again: OwnedEvent = serde_json::from_slice(&line).expect("an event still");
    assert_eq!(encoded(Format::Flatbuffers, &again), written, "{json}");
    line.push(b'\n');
    let expected = encoded(Format::Json, &event);
    assert_eq!(String::from_utf8_lossy(&line), String::from_utf8_lossy(&expected), "{json}");
}

fuzz_target!(|data: &[u8]| {
    let mut frames = Frames::new(data, 0);
    let mut end = 0;
    while let Some((at, piece, whole)) = frames.next_piece().expect("memory can be read") {
        assert_eq!(at, end, "every byte is in one piece");
        end += piece.len() as u64;
        if whole {
            look(piece);
        } else {
            assert!(to_json(piece, &mut Vec::new()).is_err(), "{piece:?} is no frame");
        }
    }
    assert_eq!(end, data.len() as u64);

    let mut frame = data.to_vec();
    if let (Some(length), Some(head)) = (data.len().checked_sub(4), frame.first_chunk_mut::<12>()) {
        head[..4].copy_from_slice(&(length as u32).to_le_bytes());
        head[8..].copy_from_slice(b"MAE1");
        look(&frame);
    }
});
