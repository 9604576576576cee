//! `mesos-audit tail`, without following.

mod common;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use common::{Dir, event, events, golden, numbers, program, run};

#[test]
fn the_last_ten_of_each_file_or_as_many_as_asked_for() {
    let dir = Dir::new();
    let (a, b) = (dir.write("a", events(12)), dir.write("b", events(3)));
    let tail = |args: &[&str]| {
        let ran = run([&["tail", "--format", "json"], args].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        numbers(&ran.out)
    };
    assert_eq!(tail(&[&a, &b]), (3..=12).chain(1..=3).collect::<Vec<_>>());
    assert_eq!(tail(&["-n", "2", &b, &a]), [2, 3, 11, 12]);
    assert!(tail(&["-n0", &a]).is_empty());
    assert_eq!(tail(&["--all", &a]).len(), 12);
    assert_eq!(tail(&["-n", "2", "--where", "event.sequence!=12", &a]), [10, 11]);
    assert_eq!(tail(&["--since", "2026-11-23T10:00:01Z", "--until", "2026-11-23T10:00:04Z", &a]), [1, 2, 3]);
    assert_eq!(tail(&["--since", "2026-11-23 10:00:01Z", &a]).len(), 12);
}

#[test]
fn json_lines_pass_unchanged() {
    let text = fs::read_to_string(golden("events.jsonl")).unwrap();
    // Spaces and unknown fields stay too.
    let text = text + r#" { "@timestamp":"x", "event" : {"action":"new\u0041"},"more":1.50 } "# + "\n";
    let dir = Dir::new();
    let ran = run(["tail", "--all", "--format", "json", &dir.write("log", &text)]);
    assert_eq!((ran.code, ran.out), (0, text));
}

#[test]
fn pretty_is_plain_in_a_pipe_and_coloured_on_demand() {
    let log = golden("events.jsonl");
    let log = log.to_str().unwrap();
    let plain = run(["tail", "--all", log]);
    assert_eq!((plain.code, plain.out), (0, fs::read_to_string(golden("pretty.txt")).unwrap()));
    let colored = run(["tail", "--all", "--color", "always", log]).out;
    assert_eq!(colored.replace('\x1b', "␛"), fs::read_to_string(golden("pretty-color.txt")).unwrap());
    let legend = run(["tail", "-n0", "--legend", log]).out;
    assert_eq!(legend, mesos_audit::pretty::legend(false) + "\n");
}

#[test]
fn filters() {
    let log = golden("events.jsonl");
    let log = log.to_str().unwrap();
    for (args, expected) in [
        (
            &["--where", "event.action=authorization", "--where", "mesos.authz.decision=denied"][..],
            &[8, 10][..],
        ),
        (&["--action", "authorization", "--outcome", "denied"], &[8, 10]),
        (&["--outcome", "forbidden,discarded"], &[5, 6]),
        (&["--action", "module_start,agent_lost", "--action", "docker_prepare"], &[2, 17, 23]),
        (&["--user", "eve", "--where", "source.ip!=fe80::1"], &[8, 10]),
        (&["--task", "web.1", "--action", "task_status"], &[19, 20, 21]),
        (&["--framework", "marathon"], &[7, 15, 36, 37]),
        (&["--agent", "a1.example.com"], &[23, 24]),
        (&["-w", "mesos.task.state~FAIL"], &[20]),
        (&["-w", "event.type=creation"], &[1, 31]),
        (&["-w", "mesos.authz.claims.value=c-1"], &[11]),
        (&["-w", "user.name~\u{1b}"], &[29]),
    ] {
        let ran = run([&["tail", "--all", "--format=json"], args, &[log]].concat());
        assert_eq!((ran.code, numbers(&ran.out).as_slice()), (0, expected), "{args:?} {}", ran.err);
    }
}

#[test]
fn a_field_that_does_not_exist_is_noted() {
    let dir = Dir::new();
    let ran = run(["tail", "-w", "event.actoin=x", &dir.write("log", events(1))]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("no field event.actoin; did you mean event.action?"), "{}", ran.err);
}

#[test]
fn lines_that_are_no_events_are_named_and_counted() {
    let dir = Dir::new();
    let good = event(1, "api_request", "ops");
    let log =
        dir.write("log", format!("{good}\nhello\x1b[2J\n\n{good}\n{{\"a\":1}}\n{good}\n{}", &good[..90]));
    let ran = run(["tail", "--all", "--format", "json", &log]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 3));
    let expected = format!(
        "mesos-audit: {log}: line 2: no event: no JSON (column 1)\n\
         mesos-audit: {log}: line 3: no event: empty\n\
         mesos-audit: {log}: line 5: no event: JSON, but no event of mesos-audit\n\
         mesos-audit: {log}: line 7: no event: incomplete\n\
         mesos-audit: {log}: 4 lines are no events\n"
    );
    assert_eq!(ran.err, expected);
    // From the end, numbers are still the file's.
    let ran = run(["tail", "-n2", "--format", "json", &log]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 2));
    assert!(ran.err.contains("line 5: ") && ran.err.contains("2 lines are no events"), "{}", ran.err);
    let ran = run(["tail", "--all", &dir.write("many", "x\n".repeat(1000))]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 5 + 2 + 1), "{}", ran.err);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_shown() {
    let dir = Dir::new();
    let log = dir.write("log", events(1));
    let ran = run(["tail", "--format", "json", "/nowhere/log", "/", &log]);
    assert_eq!((ran.code, numbers(&ran.out)), (2, vec![1]));
    assert!(ran.err.starts_with("mesos-audit: /nowhere/log: No such file or directory"), "{}", ran.err);
    assert!(ran.err.contains("mesos-audit: /: Is a directory"), "{}", ran.err);
    let odd = dir.path("\x1b[31m");
    let ran = run(["tail".as_ref(), odd.as_os_str()]);
    assert!(ran.code == 2 && !ran.err.contains('\x1b') && ran.err.contains("\\u{1b}"), "{}", ran.err);
}

#[test]
fn wrong_usage_is_2() {
    for args in [
        &["tail"][..],
        &["tail", "-n", "x", "f"],
        &["tail", "--all", "-n1", "f"],
        &["tail", "--where", "nonsense", "f"],
        &["tail", "--action", "nonsense", "f"],
        &["tail", "--since", "nonsense", "f"],
        &["nonsense"],
        &[],
    ] {
        assert_eq!(run(args).code, 2, "{args:?}");
    }
    for args in [&["--version"][..], &["--help"], &["tail", "--help"], &["schema"], &["completions", "bash"]]
    {
        let ran = run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    }
    assert_eq!(run(["--version"]).out, format!("mesos-audit {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn stdin_gives_its_last_lines() {
    let mut child = program()
        .args(["tail", "-n2", "--format=json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(events(5).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(numbers(&String::from_utf8(output.stdout).unwrap()), [4, 5]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = Dir::new();
    let log = dir.write("log", events(20_000));
    let mut child = program()
        .args(["tail", "--all", &log])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn a_full_disk_is_one() {
    let dir = Dir::new();
    let log = dir.write("log", events(3));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_mesos-audit")).args(["tail", &log]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("mesos-audit: standard output: "));
}

#[test]
fn the_environment_chooses_colours_too() {
    let dir = Dir::new();
    let log = dir.write("log", events(1));
    let colored = |variables: &[(&str, &str)]| {
        let output = program().args(["tail", &log]).envs(variables.iter().copied()).output().unwrap();
        output.stdout.contains(&b'\x1b')
    };
    assert!(!colored(&[]));
    assert!(colored(&[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[("NO_COLOR", "1")]));
}
