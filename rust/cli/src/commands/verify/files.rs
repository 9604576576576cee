//! Which files there are, and in which order they were written.

use std::{
    collections::HashMap,
    ffi::OsStr,
    fs,
    hash::Hash,
    io,
    path::{Path, PathBuf},
};

use mesos_audit_core::chain::ChainLine;

use crate::reader::{Lines, open};

/// So many seals at a file's beginning are asked what it begins with.
const ASKED: u64 = 3;

/// One file of a log.
#[derive(Clone, Debug)]
pub(super) struct Log {
    pub(super) path: PathBuf,
    pub(super) name: String,
    /// Chain and first block. None where it has no seal.
    pub(super) begins: Option<(String, u64)>,
    /// Run and sequence number of the header that it begins with.
    pub(super) header: Option<(String, u64)>,
    /// Time stamp of its first line.
    pub(super) time: String,
    pub(super) empty: bool,
}

impl Log {
    /// The file beside `path` with that much more of a name.
    pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
        let mut path = path.as_os_str().to_owned();
        path.push(suffix);
        path.into()
    }
}

/// The files that the arguments name.
pub(super) fn expand(
    paths: &[PathBuf],
    wanted: impl Fn(&OsStr) -> bool,
) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut files = Vec::new();
    for path in paths {
        let told = |error| (path.clone(), error);
        if !fs::metadata(path).map_err(told)?.is_dir() {
            files.push(path.clone());
            continue;
        }
        for entry in fs::read_dir(path).map_err(told)? {
            let entry = entry.map_err(told)?;
            if wanted(&entry.file_name()) && entry.path().is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// Whether a file of a directory is one of a log.
pub(super) fn is_log(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".jsonl", ".json", ".fb"].iter().any(|end| name.ends_with(end))
}

/// Looks at the beginning of a file.
pub(super) fn probe(path: &Path) -> io::Result<Log> {
    // All of it is read once more: of a pipe nothing would be left, as if somebody had emptied it.
    let kind = fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::ErrorKind::NotSeekable.into());
    }
    let mut lines = Lines::new(open(path)?);
    let mut votes: HashMap<(String, u64), u64> = HashMap::new();
    let (mut time, mut empty, mut seals) = (String::new(), true, 0);
    let (mut first, mut header, mut said) = (None, None, None);
    while let Some(line) = lines.next_line()? {
        if std::mem::take(&mut empty) {
            time = String::from_utf8_lossy(line.bytes.get(15..42).unwrap_or_default()).into_owned();
            if let Ok(mut line) = serde_json::from_slice::<ChainLine>(line.bytes)
                && let Some(chain) = line.mesos.audit.chain.take()
            {
                header = Some((line.process.entity_id, line.event.sequence));
                said = Some((chain.id.clone(), chain.block));
                votes.insert((chain.id, chain.block), 1);
            }
        }
        if memchr::memmem::find(line.bytes, b"\"audit_seal\"").is_some()
            && let Some((_, seal)) = ChainLine::seal(line.bytes)
        {
            let vote = (seal.chain, seal.block.saturating_sub(seals));
            first.get_or_insert_with(|| vote.clone());
            *votes.entry(vote).or_default() += 1;
            seals += 1;
            if seals == ASKED {
                break;
            }
        }
    }
    empty &= lines.take_rest().is_none();
    // Several statements, because each of them can have been altered: the one that most agree on.
    let best = votes.iter().max_by_key(|(vote, count)| (**count, first.as_ref() == Some(*vote)));
    let mut begins = best.filter(|_| seals > 0).map(|(vote, _)| vote.clone());
    // A seal that cannot even be read makes all others seem to be one block further.
    if let (Some((chain, block)), Some((named, start))) = (&mut begins, &said)
        && chain == named
        && *block == start + 1
    {
        *block = *start;
    }
    let header = header.filter(|_| said == begins);
    Ok(Log { path: path.to_owned(), name: path.display().to_string(), begins, header, time, empty })
}

/// Groups files by chain, each in the order of its blocks.
pub(super) fn group(logs: Vec<Log>) -> Vec<Vec<Log>> {
    let mut groups: Vec<Vec<Log>> = Vec::new();
    for log in logs {
        let chain = log.begins.as_ref().map(|(chain, _)| chain.clone());
        let same = |group: &&mut Vec<Log>| group[0].begins.as_ref().map(|(chain, _)| chain.clone()) == chain;
        match groups.iter_mut().find(same) {
            Some(group) => group.push(log),
            None => groups.push(vec![log]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|log| log.begins.as_ref().map(|(_, block)| *block));
    }
    groups.sort_by(|a, b| a[0].time.cmp(&b[0].time));
    groups
}

/// Length and digest of a whole file.
pub(super) fn digest(path: &Path) -> io::Result<(u64, blake3::Hash)> {
    let mut source = open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok((hasher.count(), hasher.finalize())),
            Ok(count) => {
                hasher.update(&buffer[..count]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Equal elements once, in their order.
pub(super) fn unique<T: Clone + Eq + Hash>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = std::collections::HashSet::new();
    all.into_iter().filter(|one| seen.insert(one.clone())).collect()
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn what_can_be_read_only_once_is_refused() {
        let (reader, _writer) = io::pipe().unwrap();
        let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
        assert_eq!(probe(Path::new(&path)).unwrap_err().kind(), io::ErrorKind::NotSeekable);
    }
}
