//! The sink on real file systems: sizes, times, other people's hands, full disks and deaths.

mod archives;
mod crash;
mod hands;
mod opening;
mod rotation;
mod system;

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};

use super::*;
use crate::config::Compress;

const RUN: &str = "0f1e2d3c4b5a6978";
const START: i64 = 1_795_447_440_000_000;

/// A sink in a directory of its own, whose time the test moves.
struct Bed {
    dir: tempfile::TempDir,
    time: Monotonic,
    now: i64,
    output: Output,
}

impl Bed {
    fn new(output: Output) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), time: Monotonic::new(), now: START, output }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("audit.jsonl")
    }

    fn open(&self) -> FileSink {
        let now = Timestamp::from_micros(self.now);
        FileSink::open_at(&self.path(), &self.output, RUN, now, self.time.clone()).unwrap()
    }

    /// Lets time pass, on both clocks.
    fn pass(&mut self, time: Duration) {
        self.time.skip(time);
        self.now += i64::try_from(time.as_micros()).unwrap();
    }

    fn due(&self, sink: &mut FileSink) -> Option<Change> {
        sink.due(Timestamp::from_micros(self.now))
    }

    /// A moment later: long enough for a look at the file.
    fn later(&mut self, sink: &mut FileSink) -> Option<Change> {
        self.pass(LOOK);
        self.due(sink)
    }
}

/// Rotation by hand, nothing compressed.
fn plain() -> Output {
    Output { rotate_bytes: 100, compress: Compress::None, ..Output::default() }
}

fn write(sink: &mut FileSink, text: &str) {
    assert_eq!(sink.write(text.as_bytes()).unwrap(), text.len());
}

/// An event as far as the sink reads it.
fn header(micros: i64, run: &str) -> String {
    let time = Timestamp::from_micros(micros);
    format!("{{\"@timestamp\":\"{time}\",\"process\":{{\"entity_id\":\"{run}\"}}}}\n")
}

fn rotate(sink: &mut FileSink) -> io::Result<Changed> {
    sink.change(Change::Rotate(RotateReason::Size))
}

/// Every file of a directory, unpacked, by its name.
fn contents(dir: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let mut text = String::new();
        let mut file = fs::File::open(entry.path()).unwrap();
        if name.ends_with(".gz") {
            flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
        } else {
            file.read_to_string(&mut text).unwrap();
        }
        all.insert(name, text);
    }
    all
}

fn names(dir: &Path) -> Vec<String> {
    // Without a look inside: another thread may be removing one.
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What the thread of the sink does in its own time, done now.
fn rounds(bed: &Bed) -> keeper::Rounds {
    let place = Place::new(bed.path()).unwrap();
    keeper::Rounds::new(place, &bed.output, bed.time.clone(), Default::default())
}

fn wait_for(what: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if what() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain");
}

/// Runs an ignored test of this program in a process of its own. `before` is shell that ends in `"$@"`.
fn elsewhere(test: &str, before: &str, environment: &[(&str, &str)]) -> std::process::Output {
    let program = std::env::current_exe().unwrap();
    Command::new("sh")
        .args(["-c", before, "sh"])
        .arg(program)
        .args(["--exact", &format!("sink::file::tests::{test}"), "--ignored", "--nocapture"])
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}
