//! Secrets in all places of a real cluster where people put them, and none in anything that the module writes.

use std::{error::Error, fs, io::Read, path::Path, thread, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::MultiGzDecoder;
use mesos_testbed::{Audit, Cluster, Framework, Task};
use serde_json::{Value, json};

use crate::{
    schemes::{KEY, key_file, token},
    support::{Audited, TestResult, ops, prepare, scalar},
};

/// How every secret of this test begins. Each then names its place, which a failure shows.
const HUSH: &str = "hush-";

/// What stands beside the secrets and must be recorded: a log of nothing has no secrets either.
const TOLD: [&str; 22] = [
    "told-framework",
    "told-task",
    "told-name",
    "told-label",
    "told-executor",
    "told-executor-name",
    "told-uri",
    "told-second",
    "told-command",
    "told-agent/1",
    "told-query",
    "told-path",
    "192.0.2.77",
    "told-role",
    "told-fourth",
    "told-group-executor",
    "ATTACH_CONTAINER_INPUT",
    "told-nested",
    "framework-7",
    "TASK_FAILED",
    "FORGED_CALL",
    "audit_ledger",
];

fn environment(place: &str) -> Value {
    json!({"variables": [
        {"name": "TOKEN", "value": format!("{HUSH}{place}-environment")},
        {"name": "SECRET", "type": "SECRET", "secret": {"type": "VALUE",
            "value": {"data": STANDARD.encode(format!("{HUSH}{place}-secret-environment"))}}},
    ]})
}

fn labels(key: &str, place: &str) -> Value {
    json!({"labels": [{"key": key, "value": format!("{HUSH}{place}-label")}]})
}

/// A command with a secret wherever one can stand.
fn command(told: &str, place: &str) -> Value {
    json!({
        "shell": false,
        "value": told,
        "arguments": [told, "--password", format!("{HUSH}{place}-argument"),
                      format!("--api-key={HUSH}{place}-flag"), format!("https://me:{HUSH}{place}-userinfo@host/")],
        "uris": [{"value": format!("http://me:{HUSH}{place}-uri@told-uri/x.tgz?signature={HUSH}{place}-uri-query")}],
        "environment": environment(place),
    })
}

fn csi_secret(place: &str) -> Value {
    json!({"type": "VALUE", "value": {"data": STANDARD.encode(format!("{HUSH}csi-{place}-secret"))}})
}

fn volumes() -> Value {
    json!([
        {"mode": "RO", "container_path": "a", "source": {"type": "SECRET", "secret": {"type": "VALUE",
            "value": {"data": STANDARD.encode("hush-volume-secret")}}}},
        {"mode": "RW", "container_path": "b", "source": {"type": "DOCKER_VOLUME", "docker_volume": {
            "driver": "nfs", "name": "hush-volume-name",
            "driver_options": {"parameter": [{"key": "password", "value": "hush-volume-option"}]}}}},
        {"mode": "RW", "container_path": "c", "source": {"type": "CSI_VOLUME", "csi_volume": {
            "plugin_name": "plugin", "static_provisioning": {
                "volume_id": "volume",
                "volume_capability": {
                    "mount": {"mount_flags": ["password=hush-csi-mount-flag"]},
                    "access_mode": {"mode": "SINGLE_NODE_WRITER"},
                },
                "node_stage_secrets": {"password": csi_secret("stage")},
                "node_publish_secrets": {"password": csi_secret("publish")},
                "volume_context": {"password": "hush-csi-context"},
            }}}},
    ])
}

/// A task that an executor of ours runs.
fn running() -> Task {
    Task::new("told-task", "sleep 1000 # --password hush-task-data")
        .label("told-label", "hush-task-label")
        .executor_id("told-executor")
        .status(json!({
            "message": "password=hush-status-message",
            "data": STANDARD.encode("hush-status-data"),
            "labels": labels("told-status-label", "status"),
        }))
        .task_info(json!({
            "name": "told-name",
            "discovery": {"visibility": "CLUSTER", "name": "hush-discovery", "labels": labels("x", "discovery")},
        }))
        .executor_info(json!({
            "name": "told-executor-name",
            "data": STANDARD.encode("hush-executor-data"),
            "labels": labels("x", "executor"),
            "command": {
                "environment": {"variables": [{"name": "TOKEN", "value": "hush-executor-environment"}]},
            },
        }))
}

/// A task of the kind that goes to Docker. This agent has none, after everybody has heard of the task.
fn docker() -> Value {
    json!([{"type": "LAUNCH", "launch": {"task_infos": [{
        "name": "told-name",
        "task_id": {"value": "told-second"},
        "agent_id": {"value": "$AGENT_ID"},
        "resources": [scalar("cpus", 0.1), scalar("mem", 32.0)],
        "labels": labels("told-label", "docker"),
        "data": STANDARD.encode("hush-docker-data"),
        "command": command("told-command", "docker"),
        "health_check": {"type": "COMMAND", "command": command("check", "check")},
        "container": {
            "type": "DOCKER",
            "docker": {
                "image": "told-image:1",
                "parameters": [{"key": "env", "value": "TOKEN=hush-docker-parameter"}],
            },
            "volumes": volumes(),
        },
    }]}}])
}

/// The same with an image that says how to fetch it, in Mesos's own containerizer.
fn image() -> Value {
    json!([{"type": "LAUNCH", "launch": {"task_infos": [{
        "name": "told-name",
        "task_id": {"value": "told-third"},
        "agent_id": {"value": "$AGENT_ID"},
        "resources": [scalar("cpus", 0.1), scalar("mem", 32.0)],
        "command": command("told-command", "image"),
        "container": {
            "type": "MESOS",
            "mesos": {"image": {"type": "DOCKER", "docker": {
                "name": "told-image:2",
                "credential": {"principal": "p", "secret": "hush-image-credential"},
                "config": {"type": "VALUE", "value": {"data": STANDARD.encode("hush-image-config")}},
            }}},
            "volumes": volumes(),
        },
    }]}}])
}

/// Two tasks for one executor, which checks on them.
fn group(framework: &str) -> Value {
    let resources = [scalar("cpus", 0.1), scalar("mem", 32.0), scalar("disk", 32.0)];
    let one = |id: &str| {
        json!({
            "name": "told-name",
            "task_id": {"value": id},
            "agent_id": {"value": "$AGENT_ID"},
            "resources": resources,
            "labels": labels("told-label", "group"),
            "data": STANDARD.encode("hush-group-data"),
            "command": command("told-command", "group"),
            "check": {"type": "COMMAND", "command": {"command": command("check", "group-check")}},
            "health_check": {"type": "HTTP", "http": {"port": 80, "path": "/?token=hush-group-health"}},
            "discovery": {"visibility": "CLUSTER", "name": "hush-group-discovery"},
        })
    };
    let executor = json!({
        "type": "CUSTOM",
        "executor_id": {"value": "told-group-executor"},
        "framework_id": {"value": framework},
        "resources": resources,
        "command": {"value": "sleep 1000 # --password hush-group-executor", "environment": {"variables": [
            {"name": "TOKEN", "value": "hush-group-executor-environment"}]}},
        "data": STANDARD.encode("hush-group-executor-data"),
    });
    json!([{"type": "LAUNCH_GROUP", "launch_group":
            {"executor": executor, "task_group": {"tasks": [one("told-fourth"), one("told-fifth")]}}}])
}

fn reservation() -> Value {
    json!([{"type": "RESERVE", "reserve": {"resources": [{
        "name": "cpus", "type": "SCALAR", "scalar": {"value": 0.1},
        "reservations": [{"type": "DYNAMIC", "role": "told-role", "principal": "marathon",
                          "labels": labels("told-reservation", "reservation")}],
    }]}}])
}

/// What frameworks are trusted with.
fn frameworks(cluster: &Cluster) -> TestResult {
    let framework = Framework::new("told-framework")
        .login("marathon", "marathon-secret")
        .roles(&["told-role"])
        .field("webui_url", json!("http://me:hush-webui@told-web/?token=hush-webui-query"))
        .field("labels", labels("told-framework-label", "framework"));
    let mut marathon = cluster.scheduler(&framework)?;
    let framework = marathon.framework_id()?;
    marathon.launch(&running())?;
    let status = marathon.wait_status("told-task", "TASK_RUNNING")?;
    assert_eq!(status["message"], "password=hush-status-message", "Mesos hands it on");
    marathon.operations(&docker(), None)?;
    marathon.wait_status("told-second", "TASK_FAILED")?;
    marathon.operations(&image(), None)?;
    marathon.wait_status("told-third", "TASK_FAILED")?;
    marathon.operations(&reservation(), None)?;
    marathon.operations(&group(&framework), None)?;
    cluster.wait_for("the group on the agent", || {
        let containers = cluster.get("/slave(1)/containers", Some(&ops()))?.json()?;
        Ok(containers.to_string().contains("told-group-executor").then_some(()))
    })?;
    marathon.call(&json!({"type": "MESSAGE", "message": {
        "agent_id": {"value": cluster.agent_id(Some(&ops()))?},
        "executor_id": {"value": "told-executor"},
        "data": STANDARD.encode("hush-message-data"),
    }}))?;
    nested(cluster)?;
    marathon.kill("told-task")?;
    marathon.wait_status("told-task", "TASK_KILLED")?;
    marathon.stop()?;
    Ok(())
}

/// A container in that of the task, as an operator would start it to look around.
fn nested(cluster: &Cluster) -> TestResult {
    let parent = cluster.container_id("told-executor", Some(&ops()))?;
    attach(cluster, &parent)?;
    let call = json!({"type": "LAUNCH_NESTED_CONTAINER", "launch_nested_container": {
        "container_id": {"value": "told-nested", "parent": {"value": parent}},
        "command": command("told-command", "nested"),
        "container": {"type": "MESOS", "volumes": volumes()},
    }});
    let answer = cluster.v1_agent_call(&call, Some(&ops()))?;
    // This agent cannot fetch; by then everybody was asked whether the container may be.
    assert!(answer.body.contains("mesos-fetcher"), "{} {}", answer.status, answer.body);
    Ok(())
}

/// What somebody types into a container, and what a file in its sandbox holds.
fn attach(cluster: &Cluster, container: &str) -> TestResult {
    let typed = json!({"type": "PROCESS_IO", "process_io": {"type": "DATA",
        "data": {"type": "STDIN", "data": STANDARD.encode("hush-typed\n")}}});
    let answer = cluster.attach_input(container, &[typed], &ops())?;
    eprintln!("ATTACH_CONTAINER_INPUT: {} {}", answer.status, answer.body);
    let call = json!({"type": "READ_FILE", "read_file": {
        "path": "/slave/hush-read-file/stdout?token=hush-read-query", "offset": 0}});
    cluster.v1_agent_call(&call, Some(&ops()))?;
    Ok(())
}

fn basic(principal: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{principal}:{secret}")))
}

/// What people put into requests.
fn requests(cluster: &Cluster) -> TestResult {
    let right = basic("ops", "ops-secret");
    let valid = format!("Bearer {}", token(KEY, "hush-claim"));
    for (authorization, status) in [
        (&*right, 200),
        (&*valid, 200),
        (&*basic("ops", "hush-wrong-password"), 401),
        (&*format!("Bearer {}", token("another-key", "hush-forged-claim")), 401),
        ("Bearer hush-no-token", 401),
        ("Negotiate hush-negotiation", 401),
        ("hush-no-scheme", 401),
    ] {
        let headers = [
            ("Authorization", authorization),
            ("User-Agent", "told-agent/1 (token=hush-user-agent)"),
            ("Cookie", "session=hush-cookie"),
            ("Proxy-Authorization", "Basic hush-proxy"),
            ("Mesos-Stream-Id", "hush-stream-id"),
            ("X-Api-Key", "hush-api-key"),
            ("X-Forwarded-For", "192.0.2.77"),
            ("Referer", "http://me:hush-referer@host/?token=hush-referer-query"),
        ];
        let path = "/master/slaves/told-path/password=hush-path?told-query=hush-query&token=hush-token";
        assert_eq!(cluster.request("GET", path, &headers, "")?.status, status, "{authorization}");
    }
    let teardown = cluster.post("/master/teardown", "frameworkId=hush-form", Some(&ops()))?;
    assert_eq!(teardown.status, 400, "{}", teardown.body);
    for call in [
        json!({"type": "GET_HEALTH", "password": "hush-unknown-field"}),
        json!({"type": "READ_FILE", "read_file": {"path": "/no/such?token=hush-file", "offset": 0}}),
        json!({"type": "FORGED_CALL", "forged_call": {"secret": "hush-unknown-call"}}),
    ] {
        cluster.v1_call(&call, Some(&ops()))?;
        cluster.v1_agent_call(&call, Some(&ops()))?;
    }
    cluster.post("/api/v1", "{\"type\": \"hush-no-json", Some(&ops()))?;
    cluster.sasl_login("marathon", "hush-sasl")?;
    let mut thief = cluster.scheduler(&Framework::new("told-thief").login("batch", "hush-framework"))?;
    thief.login()?;
    Ok(())
}

/// Everything in the folder, archives unpacked, by the files' names.
fn written(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let mut bytes = fs::read(&path)?;
        if path.extension().is_some_and(|extension| extension == "gz") {
            let packed = std::mem::take(&mut bytes);
            MultiGzDecoder::new(&*packed).read_to_end(&mut bytes)?;
        }
        files.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(files)
}

fn is_in(outputs: &[(String, String)], told: &str) -> bool {
    outputs.iter().any(|(_, text)| text.contains(told))
}

/// The beginning of a secret as it is, and within Base64 wherever that begins.
fn forms_of_a_secret() -> Vec<String> {
    let within = |before: usize| {
        let text = STANDARD.encode(format!("{}{HUSH}", "x".repeat(before)));
        text[(8 * before).div_ceil(6)..8 * (before + HUSH.len()) / 6].to_owned()
    };
    vec![HUSH.to_owned(), within(0), within(1), within(2)]
}

#[test]
fn base64_is_looked_into() {
    for text in ["hush-cookie", "x:hush-cookie", "ops:hush-cookie", "", "1hush-", "12hush-"] {
        let encoded = STANDARD.encode(text);
        let found = forms_of_a_secret()[1..].iter().any(|form| encoded.contains(form));
        assert_eq!(found, text.contains(HUSH), "{text}: {encoded}");
    }
}

#[test]
fn no_secret_of_a_real_cluster_is_written() -> TestResult {
    let (builder, _, _) = prepare("canary", "release")?;
    let folder = builder.dir().join("written");
    fs::create_dir(&folder)?;
    let log = folder.join("audit.jsonl");
    let hash_key = folder.join("hash.key");
    let key = key_file(&builder);
    let cluster = Audit::new(&Audit::library("release"), &log)
        .schemes("basic,jwt", Some(&key))
        .config(&format!(
            "rotate_bytes = 65536\ncompress_after_s = 0\n[[policy.rules]]\nid = \"all\"\nlevel = \"full\"\n[redact]\nkey_file = {:?}\n",
            hash_key.display().to_string()
        ))
        .install(builder)?
        .start()?;
    let mut audited = Audited { cluster, log };

    requests(&audited.cluster)?;
    frameworks(&audited.cluster)?;
    // The same again until there are archives.
    let archived = || {
        let files = fs::read_dir(&folder).into_iter().flatten().flatten();
        files.filter(|file| file.path().extension().is_some_and(|extension| extension == "gz")).count() > 1
    };
    for _ in 0..100 {
        if archived() {
            break;
        }
        requests(&audited.cluster)?;
    }
    audited.cluster.wait_for("archives", || Ok(archived().then_some(())))?;
    // SIGTERM takes what the worker has not written yet. While archives are made, files may be gone when they are read.
    let is_written = || written(&folder).is_ok_and(|outputs| TOLD.iter().all(|told| is_in(&outputs, told)));
    audited.cluster.wait_for("all that is told", || Ok(is_written().then_some(())))?;
    audited.cluster.signal("TERM")?;
    while audited.cluster.is_running() {
        thread::sleep(Duration::from_millis(10));
    }

    let mut outputs = written(&folder)?;
    let names = outputs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
    for part in ["audit.jsonl", ".gz", ".status", ".seal", ".key"] {
        assert!(names.contains(part), "{part} in {names}");
    }
    let stderr = audited.cluster.stderr();
    let ours: Vec<_> = stderr.lines().filter(|line| line.contains("mesos-audit")).collect();
    outputs.push(("stderr".to_owned(), ours.join("\n")));

    let mut forms = forms_of_a_secret();
    // The right passwords, and the key that signs tokens.
    forms.extend(["-secret\"", "-secret ", "b3BzOm9wcy1zZWNyZXQ", KEY].map(str::to_owned));
    for (name, text) in &outputs {
        for line in text.lines() {
            for form in &forms {
                assert!(!line.contains(form.as_str()), "{form} in {name}: {line}");
            }
        }
    }
    for told in TOLD {
        assert!(is_in(&outputs, told), "{told} is not recorded");
    }
    let hashes = outputs.iter().map(|(_, text)| text.matches("\"hmac:").count()).sum::<usize>();
    assert!(hashes > 0, "labels' values are known by their hashes");
    Ok(())
}
