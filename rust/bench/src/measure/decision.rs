//! What the module adds to a call of Mesos's own approver: both are asked in turn, in one process.

use std::path::Path;

use super::{Task, Values, hot, isolated, values};
use crate::{
    event::{Event, Kind},
    machine::{self, Clock},
    ours::Full,
    output::Output,
    raw::{Foreign, ticks},
    stats::{median, quantile, quantile_beyond},
    subject::Subject,
};

/// By `which` of peers/module.cpp.
const RECORDED: i32 = 0;
const RECORDED_BARE: i32 = 1;
const COUNTED: i32 = 2;
const COUNTED_BARE: i32 = 3;

/// Isolated calls, of each kind.
const ISOLATED: u64 = 80;

/// Calls that are timed together where one takes less than reading the clock does.
const BATCH: u32 = 1000;
const BATCHES: usize = 300;

pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let clock = Clock::calibrate();
    let subject = Subject::open(task.subject, folder, task.kind, Full::Default)?;
    let Subject::Foreign(foreign) = &subject else {
        return Err("only the module is compared with Mesos's own approver".to_owned());
    };
    machine::pin_apart();
    let mut output = Output::of(folder, task.kind);

    // Even bursts are ours, odd ones Mesos's own.
    let which = |number: u64| if number.is_multiple_of(2) { RECORDED } else { RECORDED_BARE };
    let bursts = task.events / hot::BURST * 2;
    let calls = hot::calls(&subject, task.kind, &mut output, bursts, |burst| foreign.select(which(burst)))?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for (index, burst) in calls.chunks(hot::BURST as usize).enumerate() {
        // The first burst, number 0, is not among them.
        let side = if which(index as u64 + 1) == RECORDED { &mut ours } else { &mut bare };
        side.extend(burst.iter().map(|ticks| clock.ns(*ticks)));
    }
    let hot = [0.5, 0.99, 0.999].map(|part| quantile_beyond(&mut ours, &mut bare, part));
    let whole = quantile(&mut ours, 0.999);

    let calls =
        isolated::calls(&subject, task.kind, &clock, ISOLATED * 2, |number| foreign.select(which(number)));
    let every_other = |first: usize| calls.iter().skip(first).step_by(2).copied().collect::<Vec<_>>();
    let isolated = median(&every_other(0)) - median(&every_other(1));

    Ok(values([
        ("hot.p50", hot[0]),
        ("hot.p99", hot[1]),
        ("hot.p999", hot[2]),
        ("hot.whole.p999", whole),
        ("hot.bare", quantile(&mut bare, 0.5)),
        ("hot.bare.p99", quantile(&mut bare, 0.99)),
        ("hot.bare.p999", quantile(&mut bare, 0.999)),
        ("isolated.p50", isolated),
        ("isolated.bare", median(&every_other(1))),
        ("counted.p50", counted(foreign, &clock)),
    ]))
}

/// The median of what a batch of decisions that are only counted takes beyond the same of Mesos's own.
fn counted(foreign: &Foreign, clock: &Clock) -> f64 {
    let event = Event::at(0, Kind::Launch);
    let batch = |which| {
        foreign.select(which);
        let start = ticks();
        for _ in 0..BATCH {
            foreign.emit(&event);
        }
        clock.ns(ticks() - start) / f64::from(BATCH)
    };
    let differences: Vec<_> = (0..BATCHES).map(|_| batch(COUNTED) - batch(COUNTED_BARE)).collect();
    median(&differences)
}
