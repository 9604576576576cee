//! A process in which nothing happens any more, with all that looks after the log's health as it is by default.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{QUIET, Task, Values, values};
use crate::{
    event::Event,
    machine::{process_cpu, threads_cpu},
    ours::Full,
    output::Output,
    subject::{Name, Subject},
};

/// The threads of the module, by their names. Libmesos's are called as the process is, which begins alike.
fn is_own(name: &str) -> bool {
    name == "mesos-audit" || matches!(name.strip_prefix("mesos-audit-"), Some("out" | "old"))
}

/// `task.events` is for how many seconds.
pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let subject = Subject::open(task.subject, folder, task.kind, Full::Default)?;
    for number in 0..1000 {
        subject.emit(&Event::at(number, task.kind));
    }
    Output::of(folder, task.kind).settle(QUIET)?;
    // Whoever polls for a while before it sleeps may do so.
    thread::sleep(Duration::from_millis(500));
    // Beside libmesos, which has threads of its own that are never quite idle.
    let cpu = || if task.subject == Name::Module { threads_cpu("self", is_own) } else { Ok(process_cpu()) };
    let (start, before) = (Instant::now(), cpu()?);
    thread::sleep(Duration::from_secs(task.events));
    let spent = cpu()? - before;
    Ok(values([("idle.percent", spent / start.elapsed().as_nanos() as f64 * 100.0)]))
}
