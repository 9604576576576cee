//! Instructions instead of seconds: the same on a busy machine, so that what creeps is seen.
//!
//! Counted by callgrind on a fixed amount of work. What starting costs falls out, as two amounts are compared.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::Args;

use crate::{
    event::{Event, Kind},
    measure::Values,
    ours::{Form, Full, Ours},
    run::{checkout, scratch},
};

/// How much more is a creep rather than another compiler: a twentieth.
pub const TOLERANCE: f64 = 0.05;

/// The counts that were accepted.
const BASELINE: &str = "rust/bench/instructions.json";

const FEW: u64 = 2_000;
const MANY: u64 = 6_000;

/// Submitted at once: the worker then has something to do for longer than it takes to wake it.
const BATCH: u64 = 500;

/// What callgrind watches.
#[derive(Clone, Debug, Args)]
pub struct Work {
    /// How many events.
    #[arg(long)]
    pub events: u64,
}

impl Work {
    /// Does it.
    ///
    /// # Errors
    /// The pipeline does not start.
    pub fn run(&self) -> Result<(), String> {
        let folder = scratch()?;
        let ours = Ours::start(folder.path(), Full::Wait, Form::Lines)?;
        let event = Event::at(0, Kind::Launch);
        let record = event.record();
        for batch in 0..self.events / BATCH {
            submit_batch(&ours, event, 1_700_000_000_000_000 + (batch * BATCH).cast_signed(), &record);
            ours.drain();
        }
        if ours.lost() > 0 { Err("events were lost".to_owned()) } else { Ok(()) }
    }
}

/// By its name callgrind knows when to count.
#[inline(never)]
fn submit_batch(ours: &Ours, event: Event, timestamp: i64, record: &[u8]) {
    for number in 0..BATCH {
        ours.submit(&Event { timestamp: timestamp + number.cast_signed(), ..event }, record);
    }
}

/// Counts, and compares with what was accepted; with `accept`, these are accepted.
///
/// # Errors
/// valgrind is not there or fails, or the file with the accepted counts cannot be written.
pub fn measure(accept: bool, progress: &mut dyn FnMut(&str)) -> Result<Values, String> {
    let mut count = |events, only_submit| {
        progress(&format!("callgrind: {events} events"));
        callgrind(events, only_submit)
    };
    let mut per_event = |only_submit| -> Result<f64, String> {
        Ok((count(MANY, only_submit)? - count(FEW, only_submit)?) / (MANY - FEW) as f64)
    };
    let mut values = Values::new();
    values.insert("submit".to_owned(), per_event(true)?.round());
    values.insert("worker".to_owned(), per_event(false)?.round());

    let path = checkout().join(BASELINE);
    if accept {
        let text = serde_json::to_string_pretty(&values).map_err(|error| error.to_string())?;
        fs::write(&path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let before: Values = match fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?,
        // Nothing accepted yet.
        Err(_) => Values::new(),
    };
    values.extend(before.into_iter().map(|(name, value)| (format!("{name}.before"), value)));
    Ok(values)
}

/// Instructions of the thread that submits, in `submit_batch` only; or else all of the other threads together.
fn callgrind(events: u64, only_submit: bool) -> Result<f64, String> {
    let folder = scratch()?;
    let out = folder.path().join("out");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--separate-threads=yes", "--fair-sched=yes"]);
    command.arg(format!("--callgrind-out-file={}", out.display()));
    if only_submit {
        command.arg("--toggle-collect=*submit_batch*");
    }
    command.arg(std::env::current_exe().map_err(|error| error.to_string())?);
    command.args(["work", "--events", &events.to_string()]).stdout(Stdio::null());
    let output = command.output().map_err(|error| format!("valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("valgrind: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let threads = totals(folder.path())?;
    let wanted = threads.into_iter().filter(|(first, _)| *first == only_submit).map(|(_, total)| total);
    Some(wanted.sum()).filter(|total| *total > 0.0).ok_or_else(|| "callgrind counted nothing".to_owned())
}

/// For each thread whether it is the first, and its instructions.
fn totals(folder: &Path) -> Result<Vec<(bool, f64)>, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let total = |path: &PathBuf| {
        let text = fs::read_to_string(path).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("totals: "))?;
        Some((path.to_string_lossy().ends_with("-01"), line.trim().parse().ok()?))
    };
    Ok(files.iter().filter_map(total).collect())
}
