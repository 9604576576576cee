//! What is in a log, record by record, and how that fits what was sent.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::Path,
};

use mesos_audit::reader::Lines;
use serde_json::Value;

use crate::{
    Result, at,
    tally::{Sent, THREADS},
};

/// What one process has left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The last number of each thread that is recorded.
    pub last: [u64; THREADS],
    /// How many are.
    pub recorded: u64,
    /// Announced as dropped, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// How the run before ended, as the header says.
    pub after: String,
}

/// What all of them have.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// In the order in which they were started.
    pub runs: Vec<Run>,
    /// Lines that are no event.
    pub torn: u64,
    /// Events of mesos-audit's own, by action.
    pub own: BTreeMap<String, u64>,
    ids: BTreeMap<String, usize>,
}

impl Run {
    /// Announced as dropped.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.values().sum()
    }

    /// Missing before the last that is recorded of its thread: what no crash explains.
    #[must_use]
    pub fn gaps(&self) -> u64 {
        self.last.iter().sum::<u64>() - self.recorded
    }

    /// Of a process that ended: everything that was sent is recorded or announced.
    ///
    /// # Errors
    /// It is not.
    pub fn is_complete(&self, sent: &Sent) -> Result<()> {
        if self.recorded + self.dropped() == sent.total() {
            return Ok(());
        }
        let (recorded, dropped) = (self.recorded, &self.dropped);
        Err(format!("{} sent, {recorded} recorded, dropped: {dropped:?}", sent.total()))
    }

    /// Of a process that was killed: how many of the last are missing.
    ///
    /// # Errors
    /// Others are missing, beyond those that were announced, or some are there that were not sent.
    pub fn tail(&self, sent: &Sent) -> Result<u64> {
        if self.last.iter().zip(&sent.last).any(|(recorded, sent)| recorded > sent) {
            return Err(format!("{:?} recorded, {:?} sent", self.last, sent.last));
        }
        if self.gaps() > self.dropped() {
            let dropped = &self.dropped;
            return Err(format!("{} missing before the last one, dropped: {dropped:?}", self.gaps()));
        }
        (sent.total() - self.recorded)
            .checked_sub(self.dropped())
            .ok_or_else(|| "more dropped than sent".to_owned())
    }
}

impl Account {
    pub(crate) fn of(logs: &Path) -> Result<Self> {
        let mut names = Vec::new();
        for entry in fs::read_dir(logs).map_err(at(logs.display()))? {
            let name = entry.map_err(at(logs.display()))?.file_name();
            names.extend(name.into_string().ok().filter(|name| name.ends_with(".jsonl")));
        }
        // By time, the live file last: "-" sorts before ".".
        names.sort();
        let mut account = Self::default();
        for name in names {
            let path = logs.join(name);
            let file = File::open(&path).map_err(at(path.display()))?;
            let mut lines = Lines::new(file);
            while let Some(line) = lines.next_line().map_err(at(path.display()))? {
                account.line(&String::from_utf8_lossy(line.bytes)).map_err(at(path.display()))?;
            }
            while let Some(line) = lines.take_rest() {
                account.line(&String::from_utf8_lossy(line.bytes)).map_err(at(path.display()))?;
            }
        }
        Ok(account)
    }

    fn line(&mut self, line: &str) -> Result<()> {
        // Taken apart by hand: there are millions. What was torn has no end, or was not begun here.
        let whole = line.starts_with("{\"@timestamp\"") && line.ends_with("}}}");
        let sent = line.contains("\"action\":\"module_start\"");
        if whole && sent {
            let name = between(line, "\"module\":{\"name\":\"").ok_or_else(|| format!("no name: {line}"))?;
            return self.record(name, line);
        }
        match serde_json::from_str::<Value>(line) {
            Ok(event) => self.own(&event),
            Err(_) => self.torn += 1,
        }
        Ok(())
    }

    fn record(&mut self, name: &str, line: &str) -> Result<()> {
        let mut words = name.split('.').map(str::parse::<u64>);
        let (Some(Ok(run)), Some(Ok(thread)), Some(Ok(number))) = (words.next(), words.next(), words.next())
        else {
            return Err(format!("nobody sent {name:?}"));
        };
        let id = between(line, "\"entity_id\":\"").and_then(|id| self.ids.get(id));
        if id != Some(&(run as usize)) {
            return Err(format!("{name} is told by another run, or before its header"));
        }
        let run = &mut self.runs[run as usize];
        let last = run.last.get_mut(thread as usize).ok_or_else(|| format!("nobody sent {name:?}"))?;
        if number <= *last {
            return Err(format!("{name} comes after number {last} of its thread"));
        }
        *last = number;
        run.recorded += 1;
        Ok(())
    }

    fn own(&mut self, event: &Value) {
        let action = event["event"]["action"].as_str().unwrap_or_default();
        *self.own.entry(action.to_owned()).or_default() += 1;
        let audit = &event["mesos"]["audit"];
        let id = event["process"]["entity_id"].as_str().unwrap_or_default();
        if audit["file"]["reason"] == "start" {
            self.ids.insert(id.to_owned(), self.runs.len());
            let after = audit["chain"]["after"].as_str().unwrap_or_default().to_owned();
            self.runs.push(Run { after, ..Run::default() });
        }
        let dropped = &audit["dropped"];
        if let (Some(run), Some(count)) = (self.ids.get(id), dropped["count"].as_u64()) {
            let reason = dropped["reason"].as_str().unwrap_or_default();
            *self.runs[*run].dropped.entry(reason.to_owned()).or_default() += count;
        }
    }
}

/// What stands between `start` and the next quotation mark.
fn between<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    let rest = &line[line.find(start)? + start.len()..];
    rest.split('"').next()
}
