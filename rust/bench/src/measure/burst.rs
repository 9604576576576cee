//! 100,000 decisions at once, with everything as it is by default: how long the unluckiest caller is held up,
//! and how much memory that takes.

use std::path::Path;

use super::{QUIET, Task, Values, values};
use crate::{
    event::Event,
    machine::{self, Clock},
    ours::Full,
    output::Output,
    raw::ticks,
    subject::Subject,
};

/// A call that takes longer is looked at: did it wait, or was the processor taken away from it?
const SUSPICIOUS_NS: f64 = 50_000.0;

pub(super) fn measure(task: &Task, folder: &Path) -> Result<Values, String> {
    let clock = Clock::calibrate();
    machine::forget_highest();
    let before = machine::status("/proc/self/status", "VmRSS");
    let subject = Subject::open(task.subject, folder, task.kind, Full::Default)?;
    let mut output = Output::of(folder, task.kind);
    machine::pin_apart();

    let waits = || machine::status("/proc/thread-self/status", "voluntary_ctxt_switches");
    let preemptions = || machine::status("/proc/thread-self/status", "nonvoluntary_ctxt_switches");
    let (mut longest, mut longest_own) = (0.0_f64, 0.0_f64);
    let (mut waited, mut preempted) = (waits(), preemptions());
    for number in 0..task.events {
        let event = Event::numbered(number, task.kind);
        let start = ticks();
        subject.emit(&event);
        let ns = clock.ns(ticks() - start);
        longest = longest.max(ns);
        if ns > SUSPICIOUS_NS {
            // The system gave the processor to another program in the middle of the call, and the call itself
            // waited for nothing: that is the machine's doing.
            let (now_waited, now_preempted) = (waits(), preemptions());
            if now_preempted == preempted || now_waited != waited {
                longest_own = longest_own.max(ns);
            }
            (waited, preempted) = (now_waited, now_preempted);
        } else {
            longest_own = longest_own.max(ns);
        }
    }
    subject.finish_thread()?;
    output.settle(QUIET)?;
    let highest = machine::status("/proc/self/status", "VmHWM");
    Ok(values([
        ("burst.longest", longest),
        ("burst.longest_own", longest_own),
        ("burst.lost", subject.lost() as f64),
        ("memory.mib", highest.saturating_sub(before) as f64 / 1024.0),
    ]))
}
