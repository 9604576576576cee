//! A sample per callback: one golden file each (`golden`); hostile bytes, and secrets that have nowhere to go (`hostile`).

mod allocator;
mod golden;
mod hostile;
mod plain;

use prost::Message;

use super::{
    messages::{
        authorization::{Claim, Claims, Object, Request, Subject},
        mesos::{
            Attribute, CommandInfo, ContainerId, ContainerInfo, ContainerStatus, ExecutorId, ExecutorInfo,
            FrameworkId, FrameworkInfo, Label, Labels, Resource, SlaveId, SlaveInfo, TaskId, TaskInfo,
            TaskStatus,
            command_info::Uri,
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
        AuditEvent, Origin,
        ecs::{Host, Process, Service},
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
            version: "1.11.0".into(),
            node: None,
        },
    }
}

fn raw(callback: Callback, fields: &[u8]) -> RawRecord<'_> {
    RawRecord { timestamp: Timestamp::from_micros(1_700_000_000_123_456), callback, fields }
}

/// The lines that a record becomes, without a key for hashes.
fn lines(callback: Callback, fields: Vec<u8>) -> Vec<String> {
    let (origin, mut id, mut lines) = (origin(), String::new(), Vec::new());
    // What cannot be read gives no lines.
    let _ = decode(raw(callback, &fields), |mut draft| {
        Redactor::default().apply(&mut draft);
        let mut line = Vec::new();
        let mut event = origin.finish(draft, lines.len() as u64 + 1, &mut id);
        Json::default().encode(&mut event, &mut line);
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
        command: Some(CommandInfo {
            user: Some("root".into()),
            shell: Some(true),
            value: Some("./runner --token hunter2 --port 80".into()),
            uris: vec![Uri { value: Some("https://me:hunter2@example.org/runner.tgz?sig=hunter2".into()) }],
            ..CommandInfo::default()
        }),
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
        labels: Some(Labels {
            labels: vec![Label { key: Some("team".into()), value: Some("hunter2".into()) }],
        }),
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
                Claim {
                    key: Some("mesos_audit_request".into()),
                    value: Some("GET 0123456789abcdef-r7".into()),
                },
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
        request_id: "0123456789abcdef-r7".into(),
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
        Callback::LogLine => Record {
            severity: 1,
            file: "master.cpp".into(),
            line: 6322,
            text: "Refusing re-registration of agent S1 at slave(1)@10.0.0.7:5051 (agent-1): Not authorized"
                .into(),
            text_bytes: 87,
            ..empty
        },
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
        callback => allocator::sample(callback),
    }
}
