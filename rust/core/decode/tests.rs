//! One golden file per callback, hostile bytes, and secrets that have nowhere to go.

use std::{fs, path::Path};

use proptest::prelude::*;
use prost::Message;

use super::{
    messages::{
        authorization::{Claim, Claims, Object, Request, Subject},
        mesos::{
            Attribute, CommandInfo, ContainerId, ContainerInfo, ContainerStatus, ExecutorId, ExecutorInfo,
            FrameworkId, FrameworkInfo, Label, Labels, Resource, SlaveId, SlaveInfo, TaskId, TaskInfo,
            TaskStatus,
            container_info::DockerInfo,
            resource::AllocationInfo,
            value::{Range, Ranges, Scalar, Text},
        },
        record::{Record, Verdict},
    },
    *,
};
use crate::{
    encode::{Encode, json::Json},
    event::{
        AuditEvent, MAX_LINE_BYTES, Origin,
        ecs::{Host, Process, Service},
    },
};

fn origin() -> Origin {
    Origin {
        host: Host { name: "node-1".into() },
        process: Process { pid: 42, entity_id: "0123456789abcdef".into() },
        service: Service {
            name: "mesos-master".into(),
            kind: "mesos".into(),
            version: "1.11.0".into(),
            node: None,
        },
    }
}

fn raw(callback: Callback, fields: &[u8]) -> RawRecord<'_> {
    RawRecord { timestamp: Timestamp::from_micros(1_700_000_000_123_456), callback, fields }
}

/// The lines that a record becomes.
fn lines(callback: Callback, fields: Vec<u8>) -> Vec<String> {
    let (origin, mut id, mut lines) = (origin(), String::new(), Vec::new());
    // What cannot be read gives no lines.
    let _ = decode(raw(callback, &fields), |draft| {
        let mut line = Vec::new();
        let mut event = origin.finish(draft, lines.len() as u64 + 1, &mut id);
        Json.encode(&mut event, &mut line);
        lines.push(String::from_utf8(line).expect("UTF-8"));
    });
    lines
}

fn scalar(name: &str, amount: f64) -> Resource {
    Resource {
        name: Some(name.into()),
        scalar: Some(Scalar { value: Some(amount) }),
        allocation_info: Some(AllocationInfo { role: Some("web".into()) }),
        ..Resource::default()
    }
}

fn framework() -> FrameworkInfo {
    FrameworkInfo {
        user: Some("www".into()),
        name: Some("marathon".into()),
        id: Some(FrameworkId { value: Some("fw-1".into()) }),
        hostname: Some("scheduler.example".into()),
        principal: Some("marathon-p".into()),
        roles: vec!["web".into(), "db".into()],
        ..FrameworkInfo::default()
    }
}

fn agent() -> SlaveInfo {
    SlaveInfo {
        hostname: Some("agent-1".into()),
        port: Some(5051),
        id: Some(SlaveId { value: Some("S1".into()) }),
        resources: vec![
            scalar("cpus", 4.0),
            scalar("mem", 1024.0),
            scalar("cpus", 0.5),
            scalar("unicorns", 3.0),
            Resource {
                name: Some("ports".into()),
                ranges: Some(Ranges { range: vec![Range { begin: Some(31000), end: Some(32000) }] }),
                ..Resource::default()
            },
        ],
        attributes: vec![
            Attribute {
                name: Some("rack".into()),
                text: Some(Text { value: Some("r1".into()) }),
                ..Attribute::default()
            },
            Attribute {
                name: Some("level".into()),
                scalar: Some(Scalar { value: Some(2.5) }),
                ..Attribute::default()
            },
        ],
    }
}

fn executor() -> ExecutorInfo {
    ExecutorInfo {
        executor_id: Some(ExecutorId { value: Some("exec-1".into()) }),
        framework_id: Some(FrameworkId { value: Some("fw-1".into()) }),
        name: Some("runner".into()),
        r#type: Some(2),
        command: Some(CommandInfo { user: Some("root".into()), shell: Some(true) }),
        ..ExecutorInfo::default()
    }
}

fn task() -> TaskInfo {
    TaskInfo {
        name: Some("nginx".into()),
        task_id: Some(TaskId { value: Some("task-1".into()) }),
        slave_id: Some(SlaveId { value: Some("S1".into()) }),
        resources: vec![scalar("cpus", 0.1), scalar("mem", 32.0)],
        executor: Some(executor()),
        container: Some(ContainerInfo {
            r#type: Some(1),
            docker: Some(DockerInfo {
                image: Some("nginx:1.25".into()),
                network: Some(2),
                privileged: Some(true),
            }),
            ..ContainerInfo::default()
        }),
        labels: Some(Labels { labels: vec![Label { key: Some("team".into()) }] }),
        ..TaskInfo::default()
    }
}

fn nested() -> ContainerId {
    ContainerId {
        value: Some("child".into()),
        parent: Some(Box::new(ContainerId { value: Some("parent".into()), parent: None })),
    }
}

fn status() -> TaskStatus {
    TaskStatus {
        task_id: Some(TaskId { value: Some("task-1".into()) }),
        state: Some(3),
        slave_id: Some(SlaveId { value: Some("S1".into()) }),
        executor_id: Some(ExecutorId { value: Some("exec-1".into()) }),
        source: Some(2),
        reason: Some(8),
        healthy: Some(false),
        container_status: Some(ContainerStatus { executor_pid: Some(7), container_id: Some(nested()) }),
    }
}

fn subject() -> Subject {
    Subject {
        value: Some("ops".into()),
        claims: Some(Claims {
            labels: vec![
                Claim { key: Some("cid".into()), value: Some("container-9".into()) },
                Claim { key: Some("token".into()), value: Some("canary-claim".into()) },
            ],
        }),
    }
}

fn request() -> Record {
    Record {
        verdict: Verdict::Denied.into(),
        duration_ns: 1234,
        client_ip: vec![10, 0, 0, 7],
        client_port: 51000,
        method: "POST".into(),
        path: "/master/api/v1".into(),
        query_key: vec!["jsonp".into()],
        user_agent: "curl/8".into(),
        forwarded_for: "192.0.2.1".into(),
        realm: "mesos-master-readwrite".into(),
        scheme: "basic".into(),
        call_type: "MARK_AGENT_GONE".into(),
        ..Record::default()
    }
}

/// A record as each callback hands it over.
fn sample(callback: Callback) -> Record {
    let empty = Record::default();
    match callback {
        Callback::ModuleStart => {
            Record { module: "org_mesos_audit_Hook".into(), parameter: vec!["config".into()], ..empty }
        }
        Callback::SaslAuthentication => Record {
            verdict: Verdict::Allowed.into(),
            duration_ns: 5678,
            peer: "scheduler-1@127.0.0.1:4567".into(),
            scheme: "cram-md5".into(),
            principal: "marathon-p".into(),
            ..empty
        },
        Callback::HttpAuthentication => request(),
        Callback::Authorized => Record {
            verdict: Verdict::Denied.into(),
            duration_ns: 999,
            request: Some(Request {
                subject: Some(subject()),
                action: Some(2),
                object: Some(Object {
                    task_info: Some(task()),
                    framework_info: Some(framework()),
                    ..Object::default()
                }),
            }),
            ..empty
        },
        Callback::Approved => Record {
            verdict: Verdict::Allowed.into(),
            duration_ns: 321,
            subject: Some(subject()),
            action: 50,
            object: Some(Object { value: Some("web".into()), ..Object::default() }),
            ..empty
        },
        Callback::ApprovalSummary => {
            Record { subject: Some(subject()), action: 14, allowed: 900, denied: 100, errors: 1, ..empty }
        }
        Callback::GetApprover => {
            Record { verdict: Verdict::Error.into(), reason: "no such action".into(), action: 99, ..empty }
        }
        Callback::MasterLaunchTaskResources => {
            Record { task: Some(task()), resource: vec![scalar("cpus", 0.1)], ..empty }
        }
        Callback::MasterLaunchTaskLabels | Callback::SlaveRunTaskLabels => Record {
            task: Some(task()),
            framework: Some(framework()),
            agent: Some(agent()),
            executor: (callback == Callback::SlaveRunTaskLabels).then(executor),
            ..empty
        },
        Callback::MasterSlaveLost | Callback::SlaveResources | Callback::SlaveAttributes => {
            Record { agent: Some(agent()), ..empty }
        }
        Callback::SlaveExecutorEnvironment => Record { executor: Some(executor()), ..empty },
        Callback::SlavePreLaunchDocker => Record {
            task: Some(task()),
            executor: Some(executor()),
            container_name: "mesos-abc".into(),
            directory: "/sandbox".into(),
            ..empty
        },
        Callback::SlavePostFetch => {
            Record { container_id: Some(nested()), directory: "/sandbox".into(), ..empty }
        }
        Callback::SlaveTaskStatus => Record {
            framework_id: Some(FrameworkId { value: Some("fw-1".into()) }),
            status: Some(status()),
            ..empty
        },
        Callback::SlaveRemoveExecutor => {
            Record { framework: Some(framework()), executor: Some(executor()), ..empty }
        }
    }
}

/// `UPDATE_GOLDEN=1 cargo test` rewrites the files. What changes there changes for every user of the log.
#[test]
fn golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
    for callback in Callback::ALL {
        let mut pretty = String::new();
        for line in lines(callback, sample(callback).encode_to_vec()) {
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            pretty += &format!("{event:#}\n");
            let typed: AuditEvent<'_> = serde_json::from_str(&line).unwrap();
            assert_eq!(serde_json::to_value(typed).unwrap(), event, "an event survives a round trip");
        }
        let path = folder.join(format!("{callback:?}.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &pretty).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(pretty, golden, "{} differs; UPDATE_GOLDEN=1 rewrites it", path.display());
    }
}

#[test]
fn every_sample_is_valid_against_the_schema() {
    let validator = jsonschema::validator_for(&AuditEvent::json_schema()).unwrap();
    for callback in Callback::ALL {
        for line in lines(callback, sample(callback).encode_to_vec()) {
            let event = serde_json::from_str(&line).unwrap();
            let errors: Vec<_> = validator.iter_errors(&event).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{callback:?}: {errors:?}");
        }
    }
}

/// Appends a length-delimited field.
fn field(number: u32, payload: &[u8], into: &mut Vec<u8>) {
    prost::encoding::encode_key(number, prost::encoding::WireType::LengthDelimited, into);
    prost::encoding::encode_varint(payload.len() as u64, into);
    into.extend_from_slice(payload);
}

#[test]
fn secrets_have_nowhere_to_go() {
    let secret = b"canary-secret";
    // CommandInfo: value, an environment variable's value, an argument, a URI.
    let mut command = Vec::new();
    for number in [3, 2, 7, 1] {
        field(number, secret, &mut command);
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
        record.parameter = vec![text.clone(); many];
        let mut info = task();
        info.name = Some(text.clone());
        info.task_id = Some(TaskId { value: Some(text.clone()) });
        info.labels = Some(Labels { labels: vec![Label { key: Some(text.clone()) }; many] });
        info.command = Some(CommandInfo { user: Some(text.clone()), shell: None });
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
