//! A process in which nothing happens any more.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{QUIET, Task, Values, values};
use crate::{event::Event, machine::process_cpu, ours::Full, output::Output, subject::Subject};

const WATCHED: Duration = Duration::from_secs(3);

pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let subject = Subject::open(task.subject, folder, Full::Default)?;
    for number in 0..1000 {
        subject.emit(&Event::at(number));
    }
    Output::of(folder).settle(QUIET)?;
    // Whoever polls for a while before it sleeps may do so.
    thread::sleep(Duration::from_millis(500));
    let (start, before) = (Instant::now(), process_cpu());
    thread::sleep(WATCHED);
    let spent = process_cpu() - before;
    Ok(values([("idle.percent", spent / start.elapsed().as_nanos() as f64 * 100.0)]))
}
