//! `mesos-audit trace`: the chain of one task, across files.

mod common;

use std::fs;

use common::{Dir, golden, run};
use mesos_audit_core::decode::trace_id;
use serde_json::{Value, json};

const FRAMEWORK: &str = "F-0001";

/// One event; `service` is `master` or `agent`, `sequence` also gives the time.
fn event(service: &str, sequence: u64, action: &str, mesos: &Value) -> String {
    let framework = mesos["framework"]["id"].as_str();
    let task = mesos["task"]["id"].as_str().or(mesos["executor"]["id"].as_str());
    let mut event = json!({
        "@timestamp": format!("2026-11-23T15:05:{:02}.{:03}000Z", sequence / 4, sequence % 4 * 250),
        "ecs": {"version": "8.17.0"},
        "event": {"id": format!("{service}-{sequence}"), "sequence": sequence, "schema": "1.0", "kind": "event",
                  "category": ["process"], "type": ["info"], "action": action, "module": "mesos",
                  "dataset": "mesos.audit"},
        "host": {"name": service},
        "process": {"pid": 1, "entity_id": service},
        "service": {"name": format!("mesos-{service}"), "type": "mesos", "version": "1.11.0"},
        "mesos": mesos,
    });
    if let (Some(framework), Some(task)) = (framework, task) {
        event["trace"] = json!({"id": trace_id(framework, task)});
    }
    format!("{event}\n")
}

fn framework() -> Value {
    json!({"id": FRAMEWORK, "name": "marathon", "principal": "marathon"})
}

fn authorization(action: &str, decision: &str, task: Option<&str>) -> Value {
    let mut mesos = json!({"framework": framework(), "authz": {"action": action, "decision": decision}});
    if let Some(task) = task {
        mesos["task"] = json!({"id": task});
    }
    mesos
}

fn of_task(component: &str, task: &str) -> Value {
    json!({"component": component, "framework": framework(), "task": {"id": task}, "agent": {"id": "S1"}})
}

fn status(task: &str, state: &str) -> Value {
    json!({"component": "agent", "framework": {"id": FRAMEWORK}, "task": {"id": task, "state": state},
           "agent": {"id": "S1"}, "container": {"id": "c1"}})
}

fn master() -> String {
    let mut subscribe = authorization("REGISTER_FRAMEWORK", "allowed", None);
    subscribe["framework"] = json!({"name": "marathon", "principal": "marathon"});
    [
        event("master", 1, "authorization", &subscribe),
        event(
            "master",
            2,
            "task_launch_attempt",
            &json!({"component": "master", "task": {"id": "web"}, "agent": {"id": "S1"}}),
        ),
        event("master", 3, "authorization", &authorization("RUN_TASK", "allowed", Some("web"))),
        event("master", 4, "task_launch", &of_task("master", "web")),
        // Of other tasks.
        event(
            "master",
            5,
            "task_launch_attempt",
            &json!({"component": "master", "task": {"id": "bad"}, "agent": {"id": "S1"}}),
        ),
        event("master", 6, "authorization", &authorization("RUN_TASK", "denied", Some("bad"))),
    ]
    .concat()
}

fn agent() -> String {
    let executor = json!({"component": "agent", "framework": {"id": FRAMEWORK}, "executor": {"id": "web"}});
    let fetched = json!({"component": "agent", "container": {"id": "c1"}});
    [
        event("agent", 5, "task_launch", &of_task("agent", "web")),
        event("agent", 6, "authorization", &authorization("RUN_TASK", "allowed", Some("web"))),
        event("agent", 7, "executor_launch", &executor),
        event("agent", 8, "container_fetched", &fetched),
        event("agent", 9, "task_status", &status("web", "TASK_RUNNING")),
        event("agent", 10, "task_status", &status("other", "TASK_RUNNING")),
        event("agent", 11, "task_status", &status("web", "TASK_FINISHED")),
        event("agent", 12, "executor_removed", &executor),
    ]
    .concat()
}

#[test]
fn a_chain_is_told_across_master_and_agent() {
    let dir = Dir::new();
    let files = [dir.write("agent", agent()), dir.write("master", master())];
    let ran = run(["trace", "web", &files[0], &files[1]]);
    assert_eq!((ran.code, &*ran.err), (0, ""), "{}", ran.out);
    let path = golden("trace.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &ran.out).unwrap();
    }
    assert_eq!(ran.out, fs::read_to_string(&path).unwrap_or_default());

    let ran =
        run(["trace", "--format", "json", &trace_id(FRAMEWORK, "web"), &files[0], &files[1], &files[1]]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&told["task"], &told["framework"], &told["end"]),
        (&json!("web"), &json!(FRAMEWORK), &json!("ended"))
    );
    let steps: Vec<_> =
        told["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    let expected = [
        "framework",
        "attempt",
        "master_authorization",
        "master_launch",
        "agent_launch",
        "agent_authorization",
        "executor",
        "container",
        "status",
        "status",
        "end",
    ];
    assert_eq!(steps, expected, "and a file that is given twice tells nothing twice");
    assert_eq!(told["steps"][1]["gap_us"], 250_000);
}

#[test]
fn what_is_missing_is_named() {
    let dir = Dir::new();
    let [master, agent] = [dir.write("master", master()), dir.write("agent", agent())];
    let missing = |file: &str| {
        let ran = run(["trace", "--format", "json", "web", file]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        serde_json::from_str::<Value>(&ran.out).unwrap()["missing"].clone()
    };
    assert_eq!(missing(&master), json!(["agent_launch", "status"]));
    assert_eq!(missing(&agent), json!(["attempt", "master_launch"]));
    let text = run(["trace", "web", &master]);
    assert!(text.out.contains("MISSING: no event of it in these files"), "{}", text.out);
}

#[test]
fn a_denied_task_has_a_whole_chain() {
    let dir = Dir::new();
    let ran = run(["trace", "bad", &dir.write("master", master())]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("`-- denied: 3 events, complete"), "{}", ran.out);
}

#[test]
fn a_task_without_an_end_and_without_its_executor_has_a_gap() {
    let dir = Dir::new();
    let whole = dir.write("master", master());
    let open: String =
        agent().lines().filter(|line| !line.contains("FINISHED")).map(|line| format!("{line}\n")).collect();
    let ran = run(["trace", "--format", "json", "web", &whole, &dir.write("agent", &open)]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &told["missing"]), (1, &json!(["status"])));
    let running: String =
        open.lines().filter(|line| !line.contains("removed")).map(|line| format!("{line}\n")).collect();
    let ran = run(["trace", "web", &whole, &dir.write("running", running)]);
    assert_eq!(ran.code, 0, "a task that runs: {}", ran.out);
    assert!(ran.out.contains("no end recorded"), "{}", ran.out);
}

#[test]
fn tasks_of_two_frameworks_are_not_mixed() {
    let dir = Dir::new();
    let other = master().replace(FRAMEWORK, "F-0002").replace("master-", "other-");
    let files = [dir.write("one", master()), dir.write("two", other), dir.write("agent", agent())];
    let ran = run(["trace", "web", &files[0], &files[1], &files[2]]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--framework from F-0001, F-0002"), "{}", ran.err);
    let ran =
        run(["trace", "--framework", "F-0002", "--format", "json", "web", &files[0], &files[1], &files[2]]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&told["framework"], &told["missing"]),
        (&json!("F-0002"), &json!(["agent_launch", "status"]))
    );
}

#[test]
fn errors_are_told_by_status() {
    let dir = Dir::new();
    let file = dir.write("master", master());
    assert_eq!(run(["trace", "nobody", &file]).code, 2);
    assert_eq!(run(["trace", "web", "/no/such/file"]).code, 2);
    assert_eq!(run(["trace", "web"]).code, 2);
    let torn = dir.write("torn", master() + "{\"@timestamp\"");
    let ran = run(["trace", "bad", &torn]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("1 line is no event"), "{}", ran.err);
}

#[test]
fn names_do_nothing_to_the_terminal() {
    let dir = Dir::new();
    let evil = "web\u{1b}[2J\nX";
    let file = dir.write("master", event("master", 1, "task_launch", &of_task("master", evil)));
    let ran = run(["trace", "--color", "never", evil, &file]);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains("\nX"), "{:?}", ran.out);
    assert!(ran.out.contains(r"\u{1b}[2J"), "{}", ran.out);
}

#[test]
fn standard_input_cannot_be_read_twice() {
    let ran = run(["trace", "web.1", "-"]);
    assert_eq!((ran.code, &*ran.out), (2, ""));
    assert!(ran.err.contains("goes through its files twice"), "{}", ran.err);
}
