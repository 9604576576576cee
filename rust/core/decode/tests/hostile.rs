//! Bytes that somebody made to do harm.

use proptest::prelude::*;

use super::*;
use crate::event::MAX_LINE_BYTES;

/// Appends a length-delimited field.
fn field(number: u32, payload: &[u8], into: &mut Vec<u8>) {
    prost::encoding::encode_key(number, prost::encoding::WireType::LengthDelimited, into);
    prost::encoding::encode_varint(payload.len() as u64, into);
    into.extend_from_slice(payload);
}

#[test]
fn secrets_have_nowhere_to_go() {
    let secret = b"canary-secret";
    // CommandInfo: a value, an environment, arguments.
    let mut command = Vec::new();
    field(3, b"env TOKEN=canary-secret ./run", &mut command);
    field(2, secret, &mut command);
    for argument in [&b"./run"[..], b"--password", b"canary secret", b"--api-key=canary secret"] {
        field(7, argument, &mut command);
    }
    // TaskInfo: data, command, labels with a value, discovery.
    let mut label = Vec::new();
    field(1, b"key", &mut label);
    field(2, secret, &mut label);
    let mut labels = Vec::new();
    field(1, &label, &mut labels);
    let mut task = Vec::new();
    field(6, secret, &mut task);
    field(7, &command, &mut task);
    field(10, &labels, &mut task);
    field(11, secret, &mut task);
    let mut record = Vec::new();
    field(10, &task, &mut record);
    // A field that no version of the record has.
    field(500, secret, &mut record);
    for callback in Callback::ALL {
        for line in lines(callback, record.clone()) {
            assert!(!line.contains("canary"), "{callback:?}: {line}");
        }
    }
    let claims = lines(Callback::Authorized, sample(Callback::Authorized).encode_to_vec());
    assert!(claims[0].contains("container-9") && !claims[0].contains("canary"), "{claims:?}");
}

#[test]
fn text_that_is_no_utf8_costs_no_event() {
    let mut record = sample(Callback::SlaveTaskStatus);
    record.status.as_mut().unwrap().task_id = Some(TaskId { value: Some(b"t\xff\x1b[2J\n".to_vec()) });
    let line = lines(Callback::SlaveTaskStatus, record.encode_to_vec()).remove(0);
    assert!(line.contains(r#""id":"t�\u001b[2J\n""#), "{line}");
    assert_eq!(line.matches('\n').count(), 1, "the newline at its end");
}

#[test]
fn a_chain_of_parents_without_end_is_an_error_not_a_crash() {
    let mut id = vec![0x0a, 1, b'x'];
    for _ in 0..10_000 {
        let mut parent = vec![0x0a, 1, b'x'];
        field(2, &id, &mut parent);
        id = parent;
    }
    let mut record = Vec::new();
    field(16, &id, &mut record);
    let error = decode(raw(Callback::SlavePostFetch, &record), |_| panic!("an event")).unwrap_err();
    assert_eq!(error.to_string(), "Hook::slavePostFetchHook: the record nests too deeply");
}

fn hostile() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..64),
        proptest::collection::vec(Just(1_u8), 2_000..4_000),
        "\\PC{0,400}".prop_map(String::into_bytes),
        "[\"\\\\\u{0}-\u{1f}]{500,3000}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_give_an_error_or_valid_lines(bytes: Vec<u8>, index in 0..Callback::ALL.len()) {
        for line in lines(Callback::ALL[index], bytes) {
            prop_assert!(serde_json::from_str::<AuditEvent<'_>>(&line).is_ok());
        }
    }

    /// Whatever is long, and however many there are: one line within the limit, and what was cut is named.
    #[test]
    fn lines_keep_their_limit(text in hostile(), many in 1..300_usize, index in 0..Callback::ALL.len()) {
        let callback = Callback::ALL[index];
        let mut record = sample(callback);
        for slot in [
            &mut record.reason, &mut record.peer, &mut record.method, &mut record.path, &mut record.user_agent,
            &mut record.forwarded_for, &mut record.realm, &mut record.scheme, &mut record.principal,
            &mut record.container_name, &mut record.directory, &mut record.call_type,
        ] {
            slot.clone_from(&text);
        }
        record.query_key = vec![text.clone(); many];
        allocator::lengthen(&mut record, &text, many);
        record.parameter = vec![text.clone(); many];
        let mut info = task();
        info.name = Some(text.clone());
        info.task_id = Some(TaskId { value: Some(text.clone()) });
        info.labels = Some(Labels { labels: vec![Label { key: Some(text.clone()), value: Some(text.clone()) }; many] });
        info.command = Some(CommandInfo {
            user: Some(text.clone()),
            value: Some(text.clone()),
            arguments: vec![text.clone(); many],
            uris: vec![Uri { value: Some(text.clone()) }; many],
            shell: None,
        });
        let mut host = agent();
        host.hostname = Some(text.clone());
        host.attributes = vec![Attribute {
            name: Some(text.clone()),
            text: Some(Text { value: Some(text.clone()) }),
            ..Attribute::default()
        }; many];
        let mut owner = framework();
        owner.name = Some(text.clone());
        owner.principal = Some(text.clone());
        owner.roles = vec![text.clone(); many];
        if let Some(request) = &mut record.request {
            request.object = Some(Object {
                value: Some(text.clone()),
                task_info: Some(info.clone()),
                framework_info: Some(owner.clone()),
                ..Object::default()
            });
        }
        (record.task, record.agent, record.framework) = (Some(info), Some(host), Some(owner));
        for line in lines(callback, record.encode_to_vec()) {
            prop_assert!(line.len() <= MAX_LINE_BYTES + 1, "{} bytes", line.len());
            prop_assert_eq!(line.matches('\n').count(), 1);
            let event: AuditEvent<'_> = serde_json::from_str(&line).unwrap();
            if text.len() > 2_000 && !matches!(callback, Callback::SlaveExecutorEnvironment | Callback::ApprovalSummary) {
                prop_assert!(!event.mesos.truncated.is_empty() || !line.contains("\\u0001"));
            }
        }
    }
}
