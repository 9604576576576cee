//! Notices that the configuration's file has changed.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Between two looks. A file that is as it was at the look before is whole: editors truncate and write, or rename.
const EVERY: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Watch {
    path: PathBuf,
    looked_at: Option<Instant>,
    seen: Option<Stamp>,
    handled: Option<Stamp>,
}

/// What changes with a file. None of it for one that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp(Option<(u64, u64, u64, i64, i64)>);

impl Watch {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, looked_at: None, seen: None, handled: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is something to read that was not read yet. True once for each change; the first time for the file
    /// as it is, which may have changed since the start read it.
    pub(super) fn has_news(&mut self, now: Instant) -> bool {
        if self.looked_at.is_some_and(|time| now.saturating_duration_since(time) < EVERY) {
            return false;
        }
        self.looked_at = Some(now);
        let stamp = Stamp(
            fs::metadata(&self.path)
                .ok()
                .map(|is| (is.dev(), is.ino(), is.len(), is.mtime(), is.mtime_nsec())),
        );
        let settled = self.seen.replace(stamp) == Some(stamp);
        if !settled || self.handled == Some(stamp) {
            return false;
        }
        self.handled = Some(stamp);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_news_once_and_only_when_the_file_has_settled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.toml");
        fs::write(&path, "1").unwrap();
        let mut watch = Watch::new(path.clone());
        let mut now = Instant::now();
        let mut look = |watch: &mut Watch| {
            now += EVERY;
            watch.has_news(now)
        };
        assert_eq!([look(&mut watch), look(&mut watch), look(&mut watch)], [false, true, false]);
        fs::write(&path, "22").unwrap();
        assert!(!look(&mut watch), "it may be half written");
        fs::write(&path, "333").unwrap();
        assert_eq!([look(&mut watch), look(&mut watch), look(&mut watch)], [false, true, false]);
        fs::remove_file(&path).unwrap();
        assert_eq!([look(&mut watch), look(&mut watch), look(&mut watch)], [false, true, false]);
        let again = now;
        assert!(!watch.has_news(again), "not more often than once a second");
    }
}
