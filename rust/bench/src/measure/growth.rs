//! What an event costs when there are more and more of them, and more and more threads.

use std::path::Path;

use super::{Task, Values, throughput, values};
use crate::{ours::Full, output::Output, subject::Subject};

/// Few events are repeated until there are as many as this, as one such run is too short to be measured.
const ENOUGH: u64 = 100_000;

pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let subject = Subject::open(task.subject, folder, task.kind, Full::Wait)?;
    let mut output = Output::of(folder, task.kind).discarding();
    // Memory is touched and paths are learned once, however many events follow.
    throughput::run(&subject, task.kind, &mut output, task.threads, 1000, None)?;
    let repeat = (ENOUGH / task.events).clamp(1, 20);
    let (mut caller, mut background, mut seconds) = (0.0, 0.0, 0.0);
    for _ in 0..repeat {
        let run = throughput::run(&subject, task.kind, &mut output, task.threads, task.events, None)?;
        caller += run.caller;
        background += run.background;
        seconds += run.seconds;
    }
    if subject.lost() > 0 {
        return Err(format!("{} events were lost", subject.lost()));
    }
    let count = (task.events * repeat) as f64;
    let name = |what: &str| format!("growth.{}.{}.{what}", task.events, task.threads);
    Ok(values([
        (name("caller").as_str(), caller / count),
        (name("background").as_str(), background / count),
        (name("rate").as_str(), count / seconds),
    ]))
}
