//! `mesos-audit verify`: docs/integrity.md says what is proven, and how.

mod args;
mod compare;
mod end;
mod files;
mod finding;
mod ledger;
mod pending;
mod print;
mod resolve;
mod walk;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use mesos_audit_core::{
    chain::{RootKey, State, StateError},
    health::Status as Told,
};

pub(crate) use args::Args;
use files::Log;
use finding::{FileSummary, Finding, Report, Verdict, Weight};
use walk::Walk;

use crate::{
    reader::{Lines, open},
    report::{Status, complain},
};

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let Some((roots, logs)) = prepare(args) else { return Ok(Status::Failed) };
    let mut report = Report::default();
    if roots.is_empty() {
        let message = "no key was given: digests, numbers and links are checked, but who alters a record can \
                       make these anew";
        report.add(Finding::missing("no_key", message));
    }
    let (mut unreadable, mut walked) = (false, Vec::new());
    // A state is read before the log that it is about: a log that grows meanwhile is no shorter than it says.
    let known = Known { states: states(args, &logs, &mut report), told: statuses(&logs), roots };
    let mut groups = files::group(logs);
    while !groups.is_empty() {
        let group = groups.remove(0);
        if group[0].begins.is_none() {
            unsealed(&group, groups.is_empty() && walked.is_empty(), &mut report);
            continue;
        }
        let (failed, chains) = chain(group, &mut groups, &known, args, &mut report);
        unreadable |= failed;
        walked.extend(chains);
    }
    for state in known.states.values().filter(|state| !walked.contains(&state.chain) && state.written > 0) {
        let message =
            format!("chain {}: its state is here, and none of its {} blocks", state.chain, state.written);
        report.add(Finding::tampered("truncated", message));
    }
    if report.sealed == 0 {
        report.add(Finding::missing("nothing", "there is no record that a seal covers"));
    }
    print::print(&report, &known.roots, args)?;
    Ok(match report.verdict() {
        Verdict::Tampered => Status::Wrong,
        _ if unreadable => Status::Failed,
        Verdict::Unchecked => Status::Failed,
        Verdict::Incomplete => Status::Incomplete,
        Verdict::Complete => Status::Fine,
    })
}

/// What lies beside the logs.
struct Known {
    /// By chain.
    states: HashMap<String, State>,
    /// By the log beside which it is.
    told: HashMap<PathBuf, Told>,
    roots: Vec<RootKey>,
}

/// Keys and files. None where one cannot be read: that was told.
fn prepare(args: &Args) -> Option<(Vec<RootKey>, Vec<Log>)> {
    let expand = |paths, wanted: &dyn Fn(&std::ffi::OsStr) -> bool| {
        files::expand(paths, wanted)
            .map_err(|(path, error)| complain(format_args!("{}: {error}", path.display())))
            .ok()
    };
    let mut roots = Vec::new();
    for path in expand(&args.key, &|name| Path::new(name).extension().is_some_and(|end| end == "key"))? {
        match RootKey::read(&path) {
            Ok(keys) => roots.extend(keys),
            Err(error) => {
                complain(error);
                return None;
            }
        }
    }
    if roots.is_empty() && !args.key.is_empty() {
        complain("--key: there is no file `*.key` in it");
        return None;
    }
    let mut logs = Vec::new();
    for path in expand(&args.files, &files::is_log)? {
        match files::probe(&path) {
            Ok(log) => logs.push(log),
            Err(error) => {
                complain(format_args!("{}: {error}", path.display()));
                return None;
            }
        }
    }
    if logs.is_empty() {
        complain("there is no audit file");
        return None;
    }
    Some((roots, logs))
}

/// The states that are there, by chain; and those that stand beside a log of another chain, by that.
fn states(args: &Args, logs: &[Log], report: &mut Report) -> HashMap<String, State> {
    let mut states: HashMap<String, State> = HashMap::new();
    for log in logs {
        let path = args.state.clone().unwrap_or_else(|| Log::beside(&log.path, ".seal"));
        match State::read(&path) {
            // The last word has the state's own chain: a file may hold the end of one and the beginning of another.
            Ok(state)
                if logs.iter().any(|log| log.begins.as_ref().is_some_and(|(id, _)| *id == state.chain)) =>
            {
                states.insert(state.chain.clone(), state);
            }
            Ok(state) => {
                states.entry(state.chain.clone()).or_insert_with(|| state.clone());
                if let Some((chain, _)) = &log.begins {
                    states.entry(chain.clone()).or_insert(state);
                }
            }
            Err(StateError::Missing) if args.state.is_none() => {}
            Err(error) => {
                let message = format!("{}: the state cannot be used: {error}", path.display());
                report.add(Finding::new(Weight::Missing, "state", message));
            }
        }
    }
    states
}

/// What the processes have told of themselves. A help and no proof: one that cannot be read is as good as none.
fn statuses(logs: &[Log]) -> HashMap<PathBuf, Told> {
    let read = |log: &Log| Some((log.path.clone(), Told::read(&Log::beside(&log.path, ".status")).ok()?));
    logs.iter().filter_map(read).collect()
}

/// Files without any seal: none of ours is ever written so.
fn unsealed(group: &[Log], alone: bool, report: &mut Report) {
    for log in group {
        report.files.push(FileSummary {
            file: log.name.clone(),
            lines: 0,
            seals: 0,
            blocks: None,
            tampered: 0,
        });
        let place = Some(finding::Place { file: log.name.clone(), line: 1 });
        // A log is empty for a moment when it is made; what was rotated never is.
        let live = Log::beside(&log.path, ".seal").exists();
        report.add(if log.empty && (live || alone) {
            Finding::note("empty", "the file is empty").at(place)
        } else if log.empty {
            Finding::tampered("emptied", "the file is empty: what it held was removed").at(place)
        } else {
            let message = "the file has no seal at all: replaced, or written with `integrity.seal = false`";
            Finding::tampered("unsealed_file", message).at(place)
        });
    }
}

/// One chain, and those that begin in its files. Tells whether a file could not be read, and which chains it was.
fn chain(
    mut group: Vec<Log>,
    groups: &mut Vec<Vec<Log>>,
    known: &Known,
    args: &Args,
    report: &mut Report,
) -> (bool, Vec<String>) {
    let Known { states, told, roots } = known;
    let (mut unreadable, mut walked) = (false, Vec::new());
    let id = group[0].begins.as_ref().map(|(chain, _)| chain.clone()).unwrap_or_default();
    let watch = states.get(&id).and_then(|state| state.block.checked_sub(1));
    twins(&mut group, report);
    let mut walk = Walk::new(report, roots, args.part, watch);
    walk.runs = group.iter().filter_map(|log| Some((told.get(&log.path)?.run.clone(), 0))).collect();
    walk.begin(&id);
    if let (Some((_, block)), Some(header)) = (&group[0].begins, &group[0].header) {
        walk.expect(*block, header.clone());
    }
    let mut at = 0;
    while at < group.len() {
        unreadable |= !file(&group[at], &mut walk);
        at += 1;
        walked.extend(walk.chain.clone());
        // The chain may have been followed by another in the last file; its other files come next.
        if at == group.len()
            && let Some(next) = groups.iter().position(|next| {
                next[0].begins.as_ref().is_some_and(|(chain, _)| Some(chain) == walk.chain.as_ref())
            })
        {
            group.extend(groups.remove(next));
        }
    }
    // That of the chain, or that which stands beside one of its files and should be.
    let ids = group.iter().filter_map(|log| log.begins.as_ref().map(|(chain, _)| chain));
    let state = walk.chain.iter().chain(ids).find_map(|chain| states.get(chain));
    walked.extend(state.map(|state| state.chain.clone()));
    walk.finish(state);
    for told in group.iter().filter_map(|log| told.get(&log.path)) {
        walk.against_status(told);
    }
    (unreadable, walked)
}

/// Files that begin with the same block: copies, of which one is enough, or not.
fn twins(group: &mut Vec<Log>, report: &mut Report) {
    let blocks = files::unique(group.iter().filter_map(|log| log.begins.clone()));
    for block in blocks {
        let same: Vec<_> = group.iter().filter(|log| log.begins.as_ref() == Some(&block)).cloned().collect();
        if same.len() < 2 {
            continue;
        }
        let mut sums: Vec<_> = same.iter().map(|log| (files::digest(&log.path).ok(), log)).collect();
        sums.sort_by_key(|(sum, _)| std::cmp::Reverse(sum.map_or(0, |(length, _)| length)));
        let Some(((kept_sum, kept), others)) = sums.split_first() else { continue };
        for (sum, log) in others {
            let place = Some(finding::Place { file: log.name.clone(), line: 1 });
            report.add(if sum.is_some() && sum == kept_sum {
                Finding::note("copy", format!("the file is a copy of {}", kept.name)).at(place)
            } else {
                let message = format!(
                    "the file begins like {} (block {}) and is another: one of them was altered, replaced or cut short",
                    kept.name, block.1
                );
                Finding::tampered("duplicate", message).at(place).block(block.1)
            });
            group.retain(|other| other.path != log.path);
        }
    }
}

fn file(log: &Log, walk: &mut Walk<'_>) -> bool {
    walk.file(&log.name);
    walk.report.files.push(FileSummary {
        file: log.name.clone(),
        lines: 0,
        seals: 0,
        blocks: None,
        tampered: 0,
    });
    let mut read = || -> io::Result<()> {
        let mut lines = Lines::new(open(&log.path)?);
        let mut count = 0;
        while let Some(line) = lines.next_line()? {
            count = line.number;
            walk.line(&line, true);
        }
        while let Some(line) = lines.take_rest() {
            count = line.number;
            walk.line(&line, false);
        }
        if let Some(file) = walk.report.files.last_mut() {
            file.lines = count;
        }
        Ok(())
    };
    let Err(error) = read() else { return true };
    complain(format_args!("{}: {error}", log.name));
    let message = format!("the file cannot be read to its end: {error}");
    let place = Some(finding::Place { file: log.name.clone(), line: 1 });
    walk.report.add(Finding::new(Weight::Unchecked, "unreadable", message).at(place));
    false
}
