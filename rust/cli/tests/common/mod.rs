//! Running the program.

#![allow(dead_code, unreachable_pub)] // Each test file uses some of it.

pub mod sealed;
pub mod verifying;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mesos-audit"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

pub(crate) fn run(args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
    program().args(args).output().unwrap().into()
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            code: output.status.code().expect("no signal"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

pub(crate) struct Dir(tempfile::TempDir);

impl Dir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

pub(crate) fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// A small event.
pub(crate) fn event(number: u32, action: &str, user: &str) -> String {
    format!(
        r#"{{"@timestamp":"2026-11-23T10:00:{:02}.000000Z","ecs":{{"version":"8.17.0"}},"event":{{"id":"r-{number}","sequence":{number},"schema":"1.0","kind":"event","category":["api"],"type":["info"],"action":"{action}","outcome":"success","module":"mesos","dataset":"mesos.audit"}},"user":{{"name":"{user}"}},"host":{{"name":"h"}},"process":{{"pid":1,"entity_id":"r"}},"service":{{"name":"mesos-master","type":"mesos","version":"1.11.0"}}}}"#,
        number % 60
    )
}

/// Events 1 to `count`, each with its newline.
pub(crate) fn events(count: u32) -> String {
    (1..=count).map(|number| event(number, "api_request", "ops") + "\n").collect()
}

/// The sequence numbers of JSON lines.
pub(crate) fn numbers(lines: &str) -> Vec<u64> {
    let number = |line| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()["event"]["sequence"].as_u64().unwrap()
    };
    lines.lines().map(number).collect()
}
