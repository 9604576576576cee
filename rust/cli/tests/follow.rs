//! `mesos-audit tail --follow` on real files that grow, rotate and shrink.

mod common;

use std::{
    fs::{self, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use common::{Dir, event, events, numbers, program};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

struct Tail {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Tail {
    fn start(args: &[&str], files: &[&Path]) -> Self {
        let mut child = program()
            .args(["tail", "-f", "--format", "json"])
            .args(args)
            .args(files)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = lines(child.stdout.take().unwrap());
        let err = lines(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    fn next(&self) -> u64 {
        numbers(&self.out.recv_timeout(PATIENCE).expect("an event in time"))[0]
    }

    fn complaint(&self) -> String {
        self.err.recv_timeout(PATIENCE).expect("a word on stderr in time")
    }

    fn is_silent(&self) -> bool {
        self.out.recv_timeout(Duration::from_millis(400)) == Err(RecvTimeoutError::Timeout)
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(source: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        BufReader::new(source).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    receiver
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn line(number: u32) -> String {
    event(number, "api_request", "ops") + "\n"
}

#[test]
fn through_rotation_without_a_gap() {
    let dir = Dir::new();
    let log = dir.path("log");
    append(&log, &events(3));
    let tail = Tail::start(&["-n1"], &[&log]);
    assert_eq!(tail.next(), 3);
    for number in 4..40 {
        append(&log, &line(number));
        if number % 5 == 0 {
            // As the module does it: the end of the old file, rename, the new file with its first event.
            append(&log, &line(number + 1000));
            fs::rename(&log, dir.path(&format!("log.{number}"))).unwrap();
            append(&log, &line(number + 2000));
        }
        assert_eq!(tail.next(), u64::from(number));
        if number % 5 == 0 {
            assert_eq!(tail.next(), u64::from(number) + 1000);
            assert_eq!(tail.next(), u64::from(number) + 2000);
        }
    }
}

#[test]
fn truncated_and_written_anew() {
    let dir = Dir::new();
    let log = dir.path("log");
    append(&log, &events(3));
    let tail = Tail::start(&["--all"], &[&log]);
    assert_eq!([tail.next(), tail.next(), tail.next()], [1, 2, 3]);
    fs::write(&log, line(7)).unwrap();
    assert_eq!(tail.next(), 7);
    assert!(tail.complaint().contains("became shorter"));
}

#[test]
fn a_file_that_comes_later_and_a_line_in_pieces() {
    let dir = Dir::new();
    let log = dir.path("log");
    let tail = Tail::start(&[], &[&log]);
    assert_eq!(
        tail.complaint(),
        format!("mesos-audit: note: {}: not there yet; waiting for it", log.display())
    );
    let text = line(1);
    append(&log, &text[..100]);
    assert!(tail.is_silent());
    append(&log, &text[100..]);
    assert_eq!(tail.next(), 1);
}

#[test]
fn several_files_and_only_what_is_wanted() {
    let dir = Dir::new();
    let (a, b) = (dir.path("a"), dir.path("b"));
    append(&a, &events(2));
    append(&b, &line(9));
    let tail = Tail::start(&["--all", "--user", "ops"], &[&a, &b]);
    assert_eq!([tail.next(), tail.next(), tail.next()], [1, 2, 9]);
    append(&a, &(event(3, "api_request", "eve") + "\nno event\n"));
    append(&b, &line(10));
    assert_eq!(tail.next(), 10);
    append(&a, &line(4));
    assert_eq!(tail.next(), 4);
    assert!(tail.complaint().ends_with("a: line 4: no event: no JSON (column 2)"));
}

#[test]
fn it_ends_when_nobody_reads_any_more() {
    let dir = Dir::new();
    let log = dir.path("log");
    append(&log, &events(1));
    let mut child = program().args(["tail", "-f"]).arg(&log).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.and_then(|status| status.code()), Some(0));
}

#[test]
fn what_can_never_be_followed_ends_with_2() {
    let output = program().args(["tail", "-f", "/"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
