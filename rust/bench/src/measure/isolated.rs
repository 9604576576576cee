//! One call at a time: nothing of it in the caches, everybody else asleep.

use std::{path::Path, thread, time::Duration};

use super::{Task, Values, values};
use crate::{
    event::{Event, Kind},
    machine::{self, Clock, Evict},
    ours::Full,
    raw::ticks,
    stats::quantile,
    subject::Subject,
};

/// Long enough for a background thread to fall asleep.
const PAUSE: Duration = Duration::from_millis(3);

/// The time of each call in nanoseconds. `before` is told how many were made.
pub(super) fn calls(
    subject: &Subject,
    kind: Kind,
    clock: &Clock,
    count: u64,
    mut before: impl FnMut(u64),
) -> Vec<f64> {
    let mut evict = Evict::new();
    let call = |number: u64| {
        before(number);
        thread::sleep(PAUSE);
        evict.run();
        let event = Event::numbered(number, kind);
        let start = ticks();
        subject.emit(&event);
        clock.ns(ticks() - start)
    };
    (0..count).map(call).collect()
}

pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let clock = Clock::calibrate();
    let subject = Subject::open(task.subject, folder, task.kind, Full::Default)?;
    machine::pin_apart();
    let mut ns = calls(&subject, task.kind, &clock, task.events, |_| {});
    Ok(values([("isolated.p50", quantile(&mut ns, 0.5))]))
}
