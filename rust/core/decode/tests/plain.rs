//! Plain decisions, and that nobody can tell from their lines which way they went.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*};
use prost_types::{DescriptorProto, FileDescriptorSet};

use super::{
    messages::mesos::{
        Image, Task as MesosTask,
        container_info::MesosInfo,
        image,
        resource::{DiskInfo, ReservationInfo, disk_info::Persistence},
    },
    *,
};
use crate::{config::Redact, decode::plain::Plain, event::mesos::Applied};

const APPLIED: Applied<'static> = Applied {
    digest: std::borrow::Cow::Borrowed("fb19fb567c77d034"),
    rule: std::borrow::Cow::Borrowed("r-1"),
};

/// The line of an event that is made of the record.
fn ordinary(raw: RawRecord<'_>, redactor: &Redactor) -> Vec<u8> {
    let (origin, mut id, mut line) = (origin(), String::new(), Vec::new());
    let told = decode(raw, |mut draft| {
        // As the pipeline does where no request is known.
        draft.http = None;
        draft.mesos.policy = Some(APPLIED);
        redactor.apply(&mut draft);
        Json::default().encode(&mut origin.finish(draft, 77, &mut id), &mut line);
    });
    assert!(told.is_ok(), "a plain record can be read");
    line
}

/// The line without one, where it is plain.
fn at_once(raw: RawRecord<'_>, redactor: &Redactor) -> Option<Vec<u8>> {
    let plain = Plain::read(raw)?;
    let mut line = b"before".to_vec();
    let written =
        redactor.leaves(&plain) && Json::default().plain(&plain, &APPLIED, &origin(), 77, &mut line);
    let line = line.strip_prefix(b"before").unwrap().to_vec();
    assert_eq!(written, !line.is_empty());
    written.then_some(line)
}

/// A record that most are like.
fn usual() -> Record {
    let executor = ExecutorInfo {
        command: Some(CommandInfo {
            user: Some("root".into()),
            value: Some("exec ./runner --port 80".into()),
            ..CommandInfo::default()
        }),
        resources: vec![scalar("cpus", 0.1)],
        ..executor()
    };
    let task = TaskInfo { executor: Some(executor), ..task() };
    Record {
        verdict: Verdict::Allowed.into(),
        duration_ns: 321,
        subject: Some(Subject { value: Some("ops".into()), claims: None }),
        action: 2,
        object: Some(Object {
            task_info: Some(task),
            framework_info: Some(framework()),
            ..Object::default()
        }),
        ..Record::default()
    }
}

#[test]
fn a_usual_decision_is_plain_and_its_line_the_same() {
    let redactor = Redactor::default();
    let viewed = Object {
        task: Some(MesosTask {
            task_id: Some(TaskId { value: Some("t".into()) }),
            state: Some(1),
            ..MesosTask::default()
        }),
        ..Object::default()
    };
    let asked = Object { value: Some("/master/state".into()), ..Object::default() };
    for (callback, object, verdict) in [
        (Callback::Approved, usual().object, Verdict::Allowed),
        (Callback::Approved, Some(viewed), Verdict::Denied),
        (Callback::Approved, Some(asked), Verdict::Forbidden),
        (Callback::Approved, Some(Object::default()), Verdict::Discarded),
        (Callback::Authorized, None, Verdict::Error),
        (Callback::GetApprover, None, Verdict::Allowed),
    ] {
        let record = Record { verdict: verdict.into(), object, ..usual() }.encode_to_vec();
        let line = at_once(raw(callback, &record), &redactor).expect("plain");
        assert_eq!(text(&line), text(&ordinary(raw(callback, &record), &redactor)));
    }
}

#[test]
fn what_has_anything_else_in_it_is_not_plain() {
    let plain = |record: &Record| {
        at_once(raw(Callback::Approved, &record.encode_to_vec()), &Redactor::default()).is_some()
    };
    assert!(plain(&usual()));
    let with = |change: &dyn Fn(&mut Record)| {
        let mut record = usual();
        change(&mut record);
        plain(&record)
    };
    fn info(record: &mut Record) -> &mut TaskInfo {
        record.object.as_mut().unwrap().task_info.as_mut().unwrap()
    }
    assert!(!with(&|record| record.subject = Some(subject())), "claims");
    assert!(!with(&|record| record.reason = "why".into()));
    assert!(!with(&|record| record.action = 9_999), "an action that Mesos 1.11 has not");
    assert!(
        !with(&|record| info(record).labels.as_mut().unwrap().labels[0].key = None),
        "a label without a key"
    );
    assert!(!with(&|record| info(record).executor = Some(executor())), "a command with a secret in it");
    assert!(!with(&|record| info(record).name = Some("a\"b".into())), "an escape");
    assert!(!with(&|record| info(record).name = Some("é".into())));
    assert!(!with(&|record| info(record).name = Some("x".repeat(2000).into())), "too long");
    assert!(!with(&|record| info(record).resources.push(agent().resources.pop().unwrap())), "ports");
    // What a log is configured to hide or to hash.
    let dir = tempfile::tempdir().unwrap();
    let record = usual().encode_to_vec();
    for config in [
        Redact { commands: false, ..Redact::default() },
        Redact { hash: vec![crate::config::Hashed::FrameworkUser], ..Redact::default() },
        Redact { key_file: Some(dir.path().join("key")), ..Redact::default() },
    ] {
        let redactor = Redactor::open(&config).unwrap();
        assert!(at_once(raw(Callback::Approved, &record), &redactor).is_none());
    }
    assert!(at_once(raw(Callback::SlaveTaskStatus, &record), &Redactor::default()).is_none());
}

/// A field that is new in one of these is to be read, or to end it, in `decode/plain.rs` too; then it is noted here.
#[test]
fn every_field_of_its_messages_is_known() {
    let set = FileDescriptorSet::decode(SUBSET_DESCRIPTORS).unwrap();
    let mut fields = BTreeMap::new();
    let is_theirs = |package: &str| matches!(package, "mesos_audit.mesos" | "mesos_audit.authorization");
    for file in set.file.iter().filter(|file| is_theirs(file.package())) {
        file.message_type.iter().for_each(|message| collect(message, "", &mut fields));
    }
    for (message, known) in [
        ("Request", "action object subject"),
        ("Subject", "claims value"),
        (
            "Object",
            "command_info container_id executor_info framework_info machine_id quota_info resource task task_info value \
             weight_info",
        ),
        ("FrameworkInfo", "checkpoint hostname id name principal role roles user"),
        ("TaskInfo", "command container executor labels name resources slave_id task_id"),
        ("Task", "container executor_id framework_id labels name resources slave_id state task_id user"),
        ("ExecutorInfo", "command container executor_id framework_id labels name resources type"),
        ("CommandInfo", "arguments shell uris user value"),
        ("ContainerInfo", "docker mesos type"),
        ("ContainerInfo.DockerInfo", "image network privileged"),
        ("ContainerInfo.MesosInfo", "image"),
        ("Image", "appc docker"),
        ("Labels", "labels"),
        ("Label", "key value"),
    ] {
        assert_eq!(fields[message], known, "{message}");
    }
}

/// The names of each message's fields, in alphabetical order.
fn collect(message: &DescriptorProto, outer: &str, into: &mut BTreeMap<String, String>) {
    let name = format!("{outer}{}", message.name());
    let mut fields: Vec<_> = message.field.iter().map(|field| field.name()).collect();
    fields.sort_unstable();
    into.insert(name.clone(), fields.join(" "));
    message.nested_type.iter().for_each(|inner| collect(inner, &format!("{name}."), into));
}

fn text(line: &[u8]) -> &str {
    str::from_utf8(line).unwrap()
}

type Bytes = Option<Vec<u8>>;

fn bytes() -> BoxedStrategy<Bytes> {
    option::weighted(
        0.8,
        prop_oneof![
            // Mostly such as is plain, since one text that is not decides for all.
            60 => "[a-zA-Z0-9/._-]{0,40}".prop_map(String::into_bytes),
            20 => "[ !#-Z^-~]{0,90}".prop_map(String::into_bytes),
            1 => "[ -~]{0,90}".prop_map(String::into_bytes),
            2 => "(run|--token|password=|x){0,4}".prop_map(String::into_bytes),
            1 => vec(any::<u8>(), 0..20),
            1 => "[a-z]{1000,1100}".prop_map(String::into_bytes),
        ],
    )
    .boxed()
}

fn seldom<T: std::fmt::Debug>(what: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    option::weighted(0.1, what)
}

fn resource() -> BoxedStrategy<Resource> {
    let name =
        prop_oneof![Just("cpus"), Just("mem"), Just("disk"), Just("gpus"), Just("unicorns"), Just("ports")];
    let amount =
        prop_oneof![6 => (0..4_000_000_u32).prop_map(|number| f64::from(number) / 1000.0), 1 => any::<f64>()];
    let ranges = seldom(Just(Ranges { range: vec![Range { begin: Some(1), end: Some(2) }] }));
    (name, option::of(amount), ranges, bytes(), bytes(), seldom(bytes()), seldom(bytes()))
        .prop_map(|(name, amount, ranges, role, allocated, reserved, volume)| Resource {
            name: Some(name.into()),
            scalar: amount.map(|amount| Scalar { value: Some(amount) }),
            ranges,
            role,
            allocation_info: allocated.map(|role| AllocationInfo { role: Some(role) }),
            reservations: reserved
                .map(|role| ReservationInfo { role, principal: None })
                .into_iter()
                .collect(),
            disk: volume.map(|id| DiskInfo { persistence: Some(Persistence { id, principal: None }) }),
            ..Resource::default()
        })
        .boxed()
}

fn info() -> BoxedStrategy<FrameworkInfo> {
    (bytes(), bytes(), bytes(), bytes(), bytes(), bytes(), vec(bytes(), 0..6))
        .prop_map(|(user, name, id, role, hostname, principal, roles)| FrameworkInfo {
            user,
            name,
            id: id.map(|id| FrameworkId { value: Some(id) }),
            role,
            hostname,
            principal,
            roles: roles.into_iter().flatten().collect(),
            ..FrameworkInfo::default()
        })
        .boxed()
}

fn container() -> BoxedStrategy<ContainerInfo> {
    let docker = (bytes(), option::of(0..6), option::of(any::<bool>()))
        .prop_map(|(image, network, privileged)| DockerInfo { image, network, privileged });
    let image = (bytes(), any::<bool>()).prop_map(|(name, appc)| Image {
        appc: appc.then(|| image::Appc { name: name.clone() }),
        docker: (!appc).then_some(image::Docker { name }),
    });
    (option::of(0..4), option::of(docker), option::of(image))
        .prop_map(|(kind, docker, image)| ContainerInfo {
            r#type: kind,
            docker,
            mesos: image.map(|image| MesosInfo { image: Some(image) }),
        })
        .boxed()
}

fn labels() -> BoxedStrategy<Labels> {
    let label = (bytes(), bytes()).prop_map(|(key, value)| Label { key, value });
    vec(label, 0..5).prop_map(|labels| Labels { labels }).boxed()
}

fn command() -> BoxedStrategy<CommandInfo> {
    (bytes(), bytes(), seldom(bytes()), seldom(bytes()))
        .prop_map(|(user, value, argument, uri)| CommandInfo {
            user,
            value,
            arguments: argument.flatten().into_iter().collect(),
            uris: uri.map(|value| Uri { value }).into_iter().collect(),
            shell: None,
        })
        .boxed()
}

fn executor_info() -> BoxedStrategy<ExecutorInfo> {
    (
        bytes(),
        bytes(),
        bytes(),
        option::of(0..4),
        option::of(command()),
        vec(resource(), 0..3),
        option::of(container()),
    )
        .prop_map(|(id, framework, name, kind, command, resources, container)| ExecutorInfo {
            executor_id: id.map(|id| ExecutorId { value: Some(id) }),
            framework_id: framework.map(|id| FrameworkId { value: Some(id) }),
            name,
            r#type: kind,
            command,
            resources,
            container,
            ..ExecutorInfo::default()
        })
        .boxed()
}

fn task_info() -> BoxedStrategy<TaskInfo> {
    let parts =
        (option::of(executor_info()), option::of(command()), option::of(container()), option::of(labels()));
    (bytes(), bytes(), bytes(), vec(resource(), 0..4), parts)
        .prop_map(|(name, id, agent, resources, (executor, command, container, labels))| TaskInfo {
            name,
            task_id: id.map(|id| TaskId { value: Some(id) }),
            slave_id: agent.map(|id| SlaveId { value: Some(id) }),
            resources,
            executor,
            command,
            container,
            labels,
        })
        .boxed()
}

fn mesos_task() -> BoxedStrategy<MesosTask> {
    let ids = (bytes(), bytes(), bytes(), bytes());
    (
        bytes(),
        ids,
        option::of(-1..16),
        vec(resource(), 0..4),
        bytes(),
        (option::of(labels()), option::of(container())),
    )
        .prop_map(|(name, (id, framework, executor, agent), state, resources, user, (labels, container))| {
            MesosTask {
                name,
                task_id: id.map(|id| TaskId { value: Some(id) }),
                framework_id: framework.map(|id| FrameworkId { value: Some(id) }),
                executor_id: executor.map(|id| ExecutorId { value: Some(id) }),
                slave_id: agent.map(|id| SlaveId { value: Some(id) }),
                state,
                resources,
                user,
                labels,
                container,
            }
        })
        .boxed()
}

fn object() -> BoxedStrategy<Object> {
    let rest = (option::of(executor_info()), seldom(Just(())), seldom(resource()));
    (bytes(), option::of(info()), option::of(task_info()), option::of(mesos_task()), rest)
        .prop_map(|(value, framework_info, task_info, task, (executor_info, container, resource))| Object {
            value,
            framework_info,
            task_info,
            task,
            executor_info,
            container_id: container.map(|()| nested()),
            resource,
            ..Object::default()
        })
        .boxed()
}

fn record() -> BoxedStrategy<Record> {
    let asked = (option::of(bytes()), seldom(Just(())), option::of(object()), -1..60);
    let reason = prop_oneof![9 => Just(String::new()), 1 => "[a-z]{1,9}"].prop_map(String::into_bytes);
    let numbers = (0..6_i32, any::<u64>(), reason);
    (numbers, asked, any::<bool>(), seldom(1..9_u64))
        .prop_map(|((verdict, duration_ns, reason), (user, claims, object, action), whole, allowed)| {
            let subject = user.map(|value| Subject { value, claims: claims.and(subject().claims) });
            let record = Record {
                verdict,
                duration_ns,
                reason,
                allowed: allowed.unwrap_or_default(),
                ..Record::default()
            };
            if whole {
                let request = Request { subject, action: Some(action), object };
                Record { request: Some(request), ..record }
            } else {
                Record { subject, action, object, ..record }
            }
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Also of messages that come twice, as protobuf lets them, and of bytes that are none.
    #[test]
    fn whatever_is_plain_has_the_same_line(
        first in record(), again in seldom(record()), wrong in seldom((any::<usize>(), any::<u8>())), which in 0..3_usize
    ) {
        let mut fields = first.encode_to_vec();
        fields.extend(again.iter().flat_map(Message::encode_to_vec));
        if let Some((at, byte)) = wrong && let Some(at) = at.checked_rem(fields.len()) {
            fields[at] = byte;
        }
        let redactor = Redactor::default();
        let raw = raw([Callback::Approved, Callback::Authorized, Callback::GetApprover][which], &fields);
        if let Some(line) = at_once(raw, &redactor) {
            let ordinary = ordinary(raw, &redactor);
            prop_assert_eq!(text(&line), text(&ordinary));
        }
    }
}
