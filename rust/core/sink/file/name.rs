//! What the files are called: the live one, its archives, and what is not finished.
//!
//! An archive of `audit.jsonl` is `audit-20261123T152400.123456Z-0f1e2d3c.jsonl`, with `.gz` appended once it
//! is compressed: names sort by time, and a collector that follows `audit.jsonl*` never sees one. What is not
//! finished begins with a dot: globs leave it out.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::clock::Timestamp;

const COMPRESSED: &str = ".gz";
const UNFINISHED: &str = ".tmp";

/// A directory and the names of one log in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    live: PathBuf,
    directory: PathBuf,
    name: String,
    stem: String,
    suffix: String,
}

/// The name of an archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Archive {
    /// Without `.gz`.
    pub plain: String,
    /// When its first event was, by its name.
    pub stamp: Timestamp,
    /// Whether the name has `.gz`.
    pub compressed: bool,
}

impl Archive {
    /// The name of its compressed form.
    pub(super) fn gz(&self) -> String {
        format!("{}{COMPRESSED}", self.plain)
    }
}

impl Place {
    /// # Errors
    /// The path names no file, or is no UTF-8.
    pub(super) fn new(live: PathBuf) -> io::Result<Self> {
        let wrong = |reason| io::Error::new(io::ErrorKind::InvalidInput, reason);
        let directory = live.parent().ok_or_else(|| wrong("names no file"))?.to_owned();
        let name = live.file_name().ok_or_else(|| wrong("names no file"))?;
        let name = name.to_str().ok_or_else(|| wrong("is no UTF-8"))?.to_owned();
        let (stem, suffix) = match name.rfind('.') {
            Some(dot) if dot > 0 => name.split_at(dot),
            _ => (name.as_str(), ""),
        };
        let (stem, suffix) = (stem.to_owned(), suffix.to_owned());
        Ok(Self { live, directory, name, stem, suffix })
    }

    /// The file that is written.
    pub(super) fn live(&self) -> &Path {
        &self.live
    }

    /// Where it is.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Something else there.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// What the next live file is called until it has its place.
    pub(super) fn fresh(&self) -> PathBuf {
        self.path(&format!(".{}{UNFINISHED}", self.name))
    }

    /// What a file is called until it is whole.
    pub(super) fn unfinished(&self, name: &str) -> PathBuf {
        self.path(&format!(".{name}{UNFINISHED}"))
    }

    /// The name of an archive that is not compressed. `run` is the id of the process run that began it.
    pub(super) fn archive(&self, stamp: Timestamp, run: &str) -> String {
        let stamp: String = stamp.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let run: String = run.chars().filter(|c| is_hex(*c)).chain("00000000".chars()).take(8).collect();
        format!("{}-{stamp}-{run}{}", self.stem, self.suffix)
    }

    /// What an archive's name says; none for any other name. What this does not recognise is never deleted.
    pub(super) fn parse(&self, name: &str) -> Option<Archive> {
        let plain = name.strip_suffix(COMPRESSED).unwrap_or(name);
        let rest = plain.strip_prefix(self.stem.as_str())?.strip_prefix('-')?;
        let rest = rest.strip_suffix(self.suffix.as_str())?;
        let (stamp, run) = rest.split_once('-')?;
        let stamp = parse_stamp(stamp)?;
        (run.len() == 8 && run.chars().all(is_hex)).then(|| Archive {
            plain: plain.to_owned(),
            stamp,
            compressed: plain.len() != name.len(),
        })
    }

    /// The archive that was to be made of it, if the name is that of an unfinished copy of a deleted file.
    pub(super) fn unfinished_rescue(&self, name: &str) -> Option<String> {
        self.parse(finished(name)?).filter(|archive| !archive.compressed).map(|archive| archive.plain)
    }

    /// Whether the name is that of something a crash left unfinished.
    pub(super) fn is_unfinished(&self, name: &str) -> bool {
        finished(name).is_some_and(|inner| inner == self.name || self.parse(inner).is_some())
    }
}

/// What something unfinished was to be called.
fn finished(name: &str) -> Option<&str> {
    name.strip_prefix('.')?.strip_suffix(UNFINISHED)
}

fn is_hex(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='f')
}

/// `20261123T152400.123456Z`, and nothing else.
fn parse_stamp(text: &str) -> Option<Timestamp> {
    const FORM: &str = "00000000T000000.000000Z";
    let fits = |(c, form): (u8, u8)| if form == b'0' { c.is_ascii_digit() } else { c == form };
    if text.len() != FORM.len() || !text.bytes().zip(FORM.bytes()).all(fits) {
        return None;
    }
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_micros(time.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Place {
        Place::new(Path::new("/log").join(name)).unwrap()
    }

    #[test]
    fn names_say_what_they_were_made_of_and_sort_by_time() {
        let place = place("mesos-master.jsonl");
        let times =
            [0, 1_795_447_440_123_456, 1_795_447_440_123_457, 1_795_447_441_000_000, 99_999_999_999_999_999];
        let names = times.map(|time| place.archive(Timestamp::from_micros(time), "0f1e2d3c4b5a6978"));
        assert_eq!(names[1], "mesos-master-20261123T152400.123456Z-0f1e2d3c.jsonl");
        assert!(names.is_sorted());
        for (name, time) in names.iter().zip(times) {
            let archive = place.parse(name).unwrap();
            assert_eq!((archive.stamp.as_micros(), archive.compressed), (time, false));
            let compressed = place.parse(&archive.gz()).unwrap();
            assert_eq!((&compressed.plain, compressed.compressed), (name, true));
        }
    }

    #[test]
    fn what_is_not_exactly_an_archive_is_none() {
        let place = place("audit.jsonl");
        for name in [
            "audit.jsonl",
            "audit.jsonl.1",
            "audit-20261123T152400.123456Z-0f1e2d3c.jsonl.bak",
            "audit-20261123T152400.123456Z-0f1e2d3c.jsonl.gz.gz",
            "audit-20261123T152400.123456Z-0f1e2d3.jsonl",
            "audit-20261123T152400.123456Z-0F1E2D3C.jsonl",
            "audit-20261323T152400.123456Z-0f1e2d3c.jsonl",
            "audit-20261123T152400Z-0f1e2d3c.jsonl",
            "audit-2026-11-23-0f1e2d3c.jsonl",
            "audit-2-20261123T152400.123456Z-0f1e2d3c.jsonl",
            "audit-20261123T152400.123456Z-0f1e2d3c.json",
            "xaudit-20261123T152400.123456Z-0f1e2d3c.jsonl",
            ".audit-20261123T152400.123456Z-0f1e2d3c.jsonl.gz.tmp",
            "audit-.jsonl",
            "audit",
            "",
        ] {
            assert_eq!(place.parse(name), None, "{name}");
        }
    }

    #[test]
    fn unfinished_names_are_recognised() {
        let place = place("audit.jsonl");
        let archive = place.parse("audit-20261123T152400.123456Z-0f1e2d3c.jsonl").unwrap();
        for path in [place.fresh(), place.unfinished(&archive.gz()), place.unfinished(&archive.plain)] {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(place.is_unfinished(name) && name.starts_with('.'), "{name}");
        }
        for name in ["audit.jsonl", ".audit.jsonl", ".other.jsonl.tmp", "audit.jsonl.tmp", ".tmp", ""] {
            assert!(!place.is_unfinished(name), "{name}");
        }
    }

    #[test]
    fn names_without_an_extension_work_as_well() {
        for name in ["audit", ".audit", "a.b.c"] {
            let place = place(name);
            let archive = place.archive(Timestamp::from_micros(7), "zz");
            assert_eq!(place.parse(&archive).unwrap().plain, archive);
            assert!(archive.ends_with(if name == "a.b.c" { "-00000000.c" } else { "-00000000" }));
        }
    }
}
