//! Which call a request to the v1 API makes.

use std::borrow::Cow;

use serde::Deserialize;

use super::wire::{
    Fields,
    numbers::calls::{master, scheduler},
};

/// Bodies above this are not read: this runs on Mesos's thread.
const MAX_BODY_BYTES: usize = 1 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Api {
    Operator,
    Scheduler,
}

/// The call's `type`, as `GET_STATE`; none where the path is no v1 API, or the body does not say.
///
/// May be called on any thread. Takes time in proportion to the body, of which no byte but the type's name is
/// kept; Mesos itself parses the same body right after, and more slowly.
#[must_use]
pub fn call_type(path: &[u8], content_type: &[u8], body: &[u8]) -> Option<Cow<'static, str>> {
    let api = if path.ends_with(b"/api/v1") {
        Api::Operator
    } else if path.ends_with(b"/api/v1/scheduler") {
        Api::Scheduler
    } else {
        return None;
    };
    if body.len() > MAX_BODY_BYTES {
        return None;
    }
    if content_type.starts_with(b"application/json") {
        return json(body).map(Cow::Owned);
    }
    if content_type.starts_with(b"application/x-protobuf") {
        return protobuf(api, body).map(Cow::Borrowed);
    }
    None
}

fn json(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Call<'a> {
        #[serde(borrow, rename = "type")]
        kind: Cow<'a, str>,
    }
    let call: Call<'_> = serde_json::from_slice(body).ok()?;
    // Whatever else a client writes there is no type of Mesos's, and perhaps something that nobody should
    // read.
    let plausible = call.kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    (plausible && (1..=64).contains(&call.kind.len())).then(|| call.kind.into_owned())
}

fn protobuf(api: Api, body: &[u8]) -> Option<&'static str> {
    let (field, names) = match api {
        Api::Operator => (master::TYPE, master::r#type::NAMES),
        Api::Scheduler => (scheduler::TYPE, scheduler::r#type::NAMES),
    };
    let mut number = None;
    for part in Fields::of(body) {
        let (found, value) = part.ok()?;
        if found == field {
            number = Some(value.int32().ok()?);
        }
    }
    names.iter().find(|(known, _)| Some(*known) == number).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &[u8] = b"application/json";
    const PROTOBUF: &[u8] = b"application/x-protobuf";

    #[test]
    fn json_says_its_type_wherever_it_stands() {
        for body in
            [&br#"{"type":"GET_STATE"}"#[..], br#"{"x":{"type":"NO"},"y":[1,"\u0041"],"type":"GET_STATE"}"#]
        {
            assert_eq!(call_type(b"/master/api/v1", JSON, body).as_deref(), Some("GET_STATE"));
        }
        for body in
            [&b""[..], b"{", b"{}", br#"{"type":7}"#, br#"{"type":""}"#, br#"{"type":"get secret=1"}"#]
        {
            assert_eq!(call_type(b"/master/api/v1", JSON, body), None, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn protobuf_numbers_are_those_of_the_api_called() {
        assert_eq!(call_type(b"/api/v1", PROTOBUF, &[8, 9]).as_deref(), Some("GET_STATE"));
        // A framework id (field 1) goes before the type (field 2).
        let accept = [0x0a, 3, 0x0a, 1, b'f', 0x10, 3];
        assert_eq!(call_type(b"/master/api/v1/scheduler", PROTOBUF, &accept).as_deref(), Some("ACCEPT"));
        assert_eq!(call_type(b"/api/v1", PROTOBUF, &[8, 200, 1]), None, "a type of a later Mesos");
    }

    #[test]
    fn other_paths_have_none() {
        for path in [&b"/master/state"[..], b"/slave(1)/api/v1/executor", b""] {
            assert_eq!(call_type(path, JSON, br#"{"type":"GET_STATE"}"#), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(body: Vec<u8>) {
            for kind in [JSON, PROTOBUF] {
                for path in [&b"/api/v1"[..], b"/api/v1/scheduler"] {
                    let _ = call_type(path, kind, &body);
                }
            }
        }
    }
}
