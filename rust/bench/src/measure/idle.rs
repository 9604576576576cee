//! A process in which nothing happens any more, with all that looks after the log's health as it is by default.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{QUIET, Task, Values, values};
use crate::{
    event::Event,
    machine::process_cpu,
    ours::Full,
    output::Output,
    subject::{Name, Subject},
};

/// By the beginning of their names, the threads of the module.
const OWN: &str = "mesos-audit";

/// `task.events` is for how many seconds.
pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let subject = Subject::open(task.subject, folder, Full::Default)?;
    for number in 0..1000 {
        subject.emit(&Event::at(number));
    }
    Output::of(folder).settle(QUIET)?;
    // Whoever polls for a while before it sleeps may do so.
    thread::sleep(Duration::from_millis(500));
    // Beside libmesos, which has threads of its own that are never quite idle.
    let cpu = || if task.subject == Name::Module { own_cpu() } else { Ok(process_cpu()) };
    let (start, before) = (Instant::now(), cpu()?);
    thread::sleep(Duration::from_secs(task.events));
    let spent = cpu()? - before;
    Ok(values([("idle.percent", spent / start.elapsed().as_nanos() as f64 * 100.0)]))
}

/// CPU time of the module's threads so far, in nanoseconds.
fn own_cpu() -> Result<f64, String> {
    let said = |error: std::io::Error| format!("/proc/self/task: {error}");
    let mut sum = None;
    for entry in fs::read_dir("/proc/self/task").map_err(said)? {
        let task = entry.map_err(said)?.path();
        if fs::read_to_string(task.join("comm")).is_ok_and(|name| name.starts_with(OWN)) {
            // Nanoseconds on a processor come first.
            let text = fs::read_to_string(task.join("schedstat")).map_err(said)?;
            let spent = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
            *sum.get_or_insert(0.0) += spent.ok_or("/proc/self/task: no times")?;
        }
    }
    sum.ok_or_else(|| format!("no thread is called {OWN}"))
}
