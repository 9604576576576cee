//! Names, labels, user agents and paths that were made to break a log or a terminal, through a real Mesos.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use mesos_audit_core::event::{Action, MAX_LINE_BYTES, OwnedEvent};
use mesos_testbed::{Cluster, Framework, Task};
use serde_json::{Value, json};

use crate::support::{Audited, TestResult, lines, program, start, task};

/// Escapes, controls of both sets, newlines, a direction override, quotes, and what looks like an event.
const EVIL: &str = "evil\u{1b}[2J\u{1b}]0;owned\u{7}\r\n\u{9b}31m\u{85}\u{2028}\u{202e}\u{7f}\"},{\"event\":{\"action\":\"forged\"}}\n";
/// The same where Mesos's HTTP parser or its JSON parser refuses the other controls: broken UTF-8 in it.
const BROKEN: &[u8] = b"evil\xff\xc2\x9b31m\xe2\x80\xae\xc0\xafend";

const LOGIN: &str = "Authorization: Basic b3BzOm9wcy1zZWNyZXQ="; // ops:ops-secret
const MARATHON: &str = "Authorization: Basic bWFyYXRob246bWFyYXRob24tc2VjcmV0"; // marathon:marathon-secret

/// Sends the bytes; what is answered at once.
fn raw(cluster: &Cluster, request: &[u8]) -> Result<String, Box<dyn std::error::Error>> {
    let mut stream = TcpStream::connect(cluster.address())?;
    stream.write_all(request)?;
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}

fn requests(cluster: &Cluster) -> TestResult {
    // Mesos decodes the query, and leaves the path as it is.
    let mut request = b"GET /master/slaves/evil%1b%5b2J".to_vec();
    request.extend_from_slice(BROKEN);
    request.extend_from_slice(b"?evil%1b%0d%0a%ff=1 HTTP/1.1\r\nHost: m\r\n");
    request.extend_from_slice(LOGIN.as_bytes());
    request.extend_from_slice(b"\r\nUser-Agent: ");
    request.extend_from_slice(BROKEN);
    request.extend_from_slice(b"\r\nX-Forwarded-For: ");
    request.extend_from_slice(BROKEN);
    request.extend_from_slice(b"\r\n\r\n");
    let answer = raw(cluster, &request)?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // As long as Mesos's HTTP parser lets a header be.
    let long = format!(
        "GET /master/flags HTTP/1.1\r\nHost: m\r\n{LOGIN}\r\nUser-Agent: long-{}\r\n\r\n",
        "x".repeat(60_000)
    );
    let answer = raw(cluster, long.as_bytes())?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    // A framework whose name is no UTF-8: Mesos's JSON parser does not look.
    let mut body = b"{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":{\"user\":\"root\",\"principal\":\"marathon\",\"name\":\"".to_vec();
    body.extend_from_slice(BROKEN);
    body.extend_from_slice(b"\"}}}");
    let head = format!(
        "POST /master/api/v1/scheduler HTTP/1.1\r\nHost: m\r\n{MARATHON}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answer = raw(cluster, &[head.as_bytes(), &body].concat())?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    Ok(())
}

fn frameworks(cluster: &Cluster) -> TestResult {
    let framework = Framework::new(EVIL)
        .login("marathon", "marathon-secret")
        .user("root")
        .field("hostname", json!(EVIL))
        .field("labels", json!({"labels": [{"key": EVIL, "value": EVIL}]}));
    let mut marathon = cluster.scheduler(&framework)?;
    let labels = |count: usize| {
        let labels: Vec<_> =
            (0..count).map(|n| json!({"key": format!("{EVIL}{n}"), "value": EVIL})).collect();
        json!({"labels": labels})
    };
    let odd = Task::new("odd-task", "exec sleep 1000")
        .task_info(json!({"name": EVIL, "labels": labels(1000)}))
        .executor_id("odd-executor")
        .executor_info(json!({"name": EVIL, "source": EVIL}))
        .status(json!({"message": EVIL}));
    let long = Task::new("long-task", "true")
        .task_info(json!({"name": format!("long{}", EVIL.repeat((1 << 20) / EVIL.len()))}));
    marathon.launch_all(&[odd, long])?;
    marathon.wait_status("odd-task", "TASK_RUNNING")?;
    marathon.wait_status("long-task", "TASK_FINISHED")?;
    marathon.kill("odd-task")?;
    marathon.wait_status("odd-task", "TASK_KILLED")?;
    marathon.stop()?;
    Ok(())
}

/// No byte in it does anything but show.
fn is_harmless(text: &str) -> bool {
    let bidi =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| c.is_control() || bidi(c) || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Without the colours that the program itself may use.
fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("\u{1b}[") {
        plain += &rest[..start];
        let code = &rest[start + 2..];
        let end = code.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(code.len());
        assert!(code[end..].starts_with('m'), "not a colour: {:?}", &code[..code.len().min(20)]);
        rest = &code[end + 1..];
    }
    plain + rest
}

fn told(audited: &Audited) -> TestResult {
    let events = audited.events()?;
    let has = |what: &str, wanted: &dyn Fn(&OwnedEvent) -> bool| {
        assert!(events.iter().any(wanted), "{what} is not told as it was");
    };
    let broken = String::from_utf8_lossy(BROKEN);
    has("the user agent", &|event| event.user_agent.as_ref().is_some_and(|agent| agent.original == broken));
    has("the forwarded address", &|event| {
        event.source.as_ref().is_some_and(|source| source.forwarded_for.as_deref() == Some(&*broken))
    });
    has("the path", &|event| {
        event.url.as_ref().is_some_and(|url| {
            url.path == format!("/master/slaves/evil%1b%5b2J{broken}")
                && url.query_keys == ["evil\u{1b}\r\n\u{fffd}"]
        })
    });
    let cut = |event: &OwnedEvent, field: &str| event.mesos.truncated.iter().any(|one| one == field);
    has("the long user agent, cut", &|event| {
        cut(event, "user_agent.original")
            && event.user_agent.as_ref().is_some_and(|agent| agent.original.starts_with("long-xxx"))
    });
    for name in [EVIL, &*broken] {
        has("the framework's name", &|event| {
            event.event.action == Action::Authorization
                && event.mesos.framework.as_ref().is_some_and(|one| one.name.as_deref() == Some(name))
        });
    }
    has("the task's name", &|event| {
        task(event) == "odd-task" && event.mesos.task.as_ref().unwrap().name.as_deref() == Some(EVIL)
    });
    has("its labels, of which there are too many", &|event| {
        task(event) == "odd-task"
            && cut(event, "mesos.task.labels")
            && event.mesos.task.as_ref().unwrap().labels[0].key.starts_with("evil")
    });
    has("the megabyte, cut", &|event| task(event) == "long-task" && cut(event, "mesos.task.name"));
    assert!(events.iter().all(|event| event.event.action.name() != "forged"));
    Ok(())
}

#[test]
fn hostile_texts_break_neither_the_log_nor_a_terminal() -> TestResult {
    let audited = start("hostile", "release", |builder, audit| {
        // With all their details.
        (builder, audit.config("[policy]\nrules = []"))
    })?;
    requests(&audited.cluster)?;
    frameworks(&audited.cluster)?;
    audited.wait("the executor's end", |event| {
        event.event.action == Action::ExecutorRemoved
            && event.mesos.executor.as_ref().is_some_and(|one| one.id.as_deref() == Some("odd-executor"))
    })?;
    told(&audited)?;

    let schema: Value = serde_json::from_str(&std::fs::read_to_string("schema/audit_event.schema.json")?)?;
    let validator = jsonschema::validator_for(&schema)?;
    for line in lines(&audited.log)?.lines() {
        assert!(line.len() <= MAX_LINE_BYTES, "{} bytes", line.len());
        let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        assert!(!line.contains(ends), "{line:?}");
        let event: Value = serde_json::from_str(line)?;
        assert!(validator.is_valid(&event), "{line}");
    }

    let log = audited.log.as_os_str();
    for command in [["tail", "--all"].as_slice(), &["trace", "odd-task"]] {
        let shown = |color: &str| {
            let mut args: Vec<_> = command.iter().map(std::ffi::OsStr::new).collect();
            args.extend(["--color".as_ref(), std::ffi::OsStr::new(color), log]);
            program(&args)
        };
        let (plain, coloured) = (shown("never")?, shown("always")?);
        let (plain, coloured) = (String::from_utf8(plain.stdout)?, String::from_utf8(coloured.stdout)?);
        assert!(plain.contains("evil"), "{command:?} shows it: {plain}");
        assert!(plain.lines().all(is_harmless), "{plain:?}");
        assert!(without_colours(&coloured).lines().all(is_harmless), "{coloured:?}");
    }
    Ok(())
}
