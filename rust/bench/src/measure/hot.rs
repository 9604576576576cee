//! Each call of bursts that every queue holds.

use std::path::Path;

use super::{QUIET, Task, Values, values};
use crate::{
    event::{Event, Kind},
    machine,
    machine::Clock,
    ours::Full,
    output::Output,
    raw::ticks,
    stats::{median, quantile},
    subject::Subject,
};

/// Smaller than the smallest queue, spdlog's.
pub(super) const BURST: u64 = 4_000;

/// Every call's time in ticks, without the first burst.
pub(super) fn calls(
    subject: &Subject,
    kind: Kind,
    output: &mut Output,
    bursts: u64,
    mut before: impl FnMut(u64),
) -> Result<Vec<u64>, String> {
    let mut all = Vec::with_capacity((bursts * BURST) as usize);
    for burst in 0..=bursts {
        before(burst);
        for number in 0..BURST {
            let event = Event::numbered(burst * BURST + number, kind);
            let start = ticks();
            subject.emit(&event);
            let ticks = ticks() - start;
            if burst > 0 {
                all.push(ticks);
            }
        }
        subject.finish_thread()?;
        output.settle(QUIET)?;
    }
    Ok(all)
}

/// Nanoseconds of a call in bursts that are timed as a whole: finer than the clock's steps, of which the least calls take two
/// or three.
fn whole(subject: &Subject, kind: Kind, output: &mut Output, clock: &Clock) -> Result<f64, String> {
    const BURSTS: usize = 15;
    let mut all = Vec::with_capacity(BURSTS);
    for _ in 0..BURSTS {
        let start = ticks();
        for number in 0..BURST {
            subject.emit(&Event::numbered(number, kind));
        }
        all.push(clock.ns(ticks() - start) / BURST as f64);
        subject.finish_thread()?;
        output.settle(QUIET)?;
    }
    Ok(median(&all))
}

pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let clock = Clock::calibrate();
    let subject = Subject::open(task.subject, folder, task.kind, Full::Default)?;
    machine::pin_apart();
    let mut output = Output::of(folder, task.kind);
    let calls = calls(&subject, task.kind, &mut output, task.events / BURST, |_| {})?;
    let mut ns: Vec<f64> = calls.into_iter().map(|ticks| clock.ns(ticks)).collect();
    let whole = whole(&subject, task.kind, &mut output, &clock)?;
    Ok(values([
        ("hot.whole", whole),
        ("hot.p50", quantile(&mut ns, 0.5)),
        ("hot.p99", quantile(&mut ns, 0.99)),
        ("hot.p999", quantile(&mut ns, 0.999)),
    ]))
}
