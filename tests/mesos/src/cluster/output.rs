//! What the host process leaves in the cluster's folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Enough to see why Mesos did not start, little enough for a terminal.
const TAIL_LINES: usize = 30;
const SANITIZER_LOG: &str = "asan.log";

pub(super) fn stdout_path(dir: &Path) -> PathBuf {
    dir.join("stdout")
}

pub(super) fn stderr_path(dir: &Path) -> PathBuf {
    dir.join("stderr")
}

/// The sanitizer adds a process id to this.
pub(super) fn sanitizer_path(dir: &Path) -> PathBuf {
    dir.join(SANITIZER_LOG)
}

/// The text of a file that may hold anything, or nothing yet.
pub(super) fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

/// The last lines, without the dynamic linker's remarks about OpenSSL, which are always there and mean nothing.
pub(super) fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.contains("no version information")).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

/// What the sanitizer wrote for any process of the cluster.
pub(super) fn sanitizer_report(dir: &Path) -> Option<String> {
    let entries = fs::read_dir(dir).ok()?;
    let is_log = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(SANITIZER_LOG);
    entries.flatten().filter(is_log).map(|entry| read(&entry.path())).find(|text| !text.is_empty())
}
