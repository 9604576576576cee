//! Logs to verify, changes to them, and what `mesos-audit verify` says.

use std::{fs, io::Write, path::Path};

use serde_json::Value;

use super::{Dir, Ran, run, sealed::Run};

pub fn verify(dir: &Dir, more: &[&str]) -> (i32, Value) {
    let ran = ran(dir, &[&["--format", "json"], more].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err)))
}

pub fn ran(dir: &Dir, more: &[&str]) -> Ran {
    let logs = dir.path("");
    let key = dir.path("audit.jsonl.key");
    let mut args = vec!["verify", logs.to_str().unwrap()];
    if key.exists() && !more.contains(&"--key") && !more.contains(&"nokey") {
        args.extend(["--key", key.to_str().unwrap()]);
    }
    args.extend(more.iter().filter(|arg| **arg != "nokey"));
    run(args)
}

pub fn kinds(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

/// The one finding of that kind.
pub fn only<'a>(report: &'a Value, kind: &str) -> &'a Value {
    let all: Vec<_> =
        report["findings"].as_array().unwrap().iter().filter(|one| one["kind"] == kind).collect();
    assert_eq!(all.len(), 1, "{kind} in {report:#}");
    all[0]
}

/// Three files of one run: two archives and the live log; 5 blocks of 6 records in each.
pub fn rotated(dir: &Dir) {
    let mut run = Run::start(&dir.path("audit.jsonl"), "run1");
    for archive in ["audit-1.jsonl", "audit-2.jsonl"] {
        run.blocks(3, 6);
        run.rotate(&dir.path(archive));
    }
    run.blocks(3, 6);
    run.end();
}

pub fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

pub fn put(path: &Path, lines: &[String]) {
    fs::write(path, lines.iter().map(|line| line.clone() + "\n").collect::<String>()).unwrap();
}

pub fn edit(path: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let mut all = lines(path);
    change(&mut all);
    put(path, &all);
}

pub fn gzip(path: &Path) {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&fs::read(path).unwrap()).unwrap();
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    fs::write(name, encoder.finish().unwrap()).unwrap();
}
