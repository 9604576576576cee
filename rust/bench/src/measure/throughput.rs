//! Events per second until the file is complete, and what they cost.

use std::{
    path::Path,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use super::{QUIET, Task, Values, values};
use crate::{
    event::{Event, Kind},
    machine::{process_cpu, thread_cpu},
    ours::Full,
    output::Output,
    subject::Subject,
};

/// How long a line that is expected may take to come.
const PATIENCE: Duration = Duration::from_secs(5);

/// What one run took.
pub(super) struct Run {
    pub(super) seconds: f64,
    /// CPU nanoseconds of the threads that emit, all together.
    pub(super) caller: f64,
    /// The same of all other threads.
    pub(super) background: f64,
}

/// Has that many threads emit that many events together. It ends when as many lines as are expected are written, or
/// nothing more is.
pub(super) fn run(
    subject: &Subject,
    kind: Kind,
    output: &mut Output,
    threads: usize,
    events: u64,
    expected: Option<u64>,
) -> Result<Run, String> {
    let each = events / threads as u64;
    let gate = Barrier::new(threads + 1);
    let emit = || -> Result<f64, String> {
        gate.wait();
        let before = thread_cpu();
        for number in 0..each {
            subject.emit(&Event::numbered(number, kind));
        }
        subject.finish_thread()?;
        Ok(thread_cpu() - before)
    };
    let (start, mine, all, results) = thread::scope(|scope| {
        let callers: Vec<_> = (0..threads).map(|_| scope.spawn(emit)).collect();
        let (mine, all) = (thread_cpu(), process_cpu());
        gate.wait();
        let start = Instant::now();
        while callers.iter().any(|caller| !caller.is_finished()) {
            thread::sleep(Duration::from_millis(1));
            output.tidy(output.bytes());
        }
        let results: Vec<_> = callers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        (start, mine, all, results)
    });
    let mut caller = 0.0;
    for result in results {
        caller += result.map_err(|_| "a thread panicked")??;
    }
    // The end is what the file says, all the same.
    subject.flush();
    let mut end = output.settle(QUIET)?;
    // A machine that does other things too may have stopped the writer for a moment: that is not the end.
    let asked = Instant::now();
    while let Some(expected) = expected
        && asked.elapsed() < PATIENCE
        && output.count().map_err(|error| error.to_string())? < expected
    {
        let before = output.bytes();
        let grown = output.settle(QUIET * 5)?;
        if output.bytes() != before {
            end = grown;
        }
    }
    let background = process_cpu() - all - (thread_cpu() - mine) - caller;
    Ok(Run { seconds: (end - start).as_secs_f64(), caller, background: background.max(0.0) })
}

pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let subject = Subject::open(task.subject, folder, task.kind, Full::Wait)?;
    let mut output = Output::of(folder, task.kind);
    // What starting alone has it write.
    output.settle(QUIET)?;
    let (before, size) = (output.count().map_err(|error| error.to_string())?, output.bytes());
    let events = task.events / task.threads as u64 * task.threads as u64;
    let run = run(&subject, task.kind, &mut output, task.threads, events, Some(before + events))?;
    let written = output.count().map_err(|error| error.to_string())? - before;
    if written != events {
        return Err(format!("{written} of {events} events are in the file"));
    }
    let (count, threads) = (events as f64, task.threads);
    let name = |what: &str| format!("{}{what}.{threads}", task.kind.prefix());
    Ok(values([
        (name("rate").as_str(), count / run.seconds),
        (name("caller").as_str(), run.caller / count),
        (name("background").as_str(), run.background / count),
        (name("bytes").as_str(), (output.bytes() - size) as f64 / count),
    ]))
}
