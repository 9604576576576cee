//! Rounds over everybody, so that each is measured under the same conditions as the others.

use clap::ValueEnum;

use crate::{
    event::Kind,
    measure::{Measure, Task},
    subject::Name::{
        self, Channel, Copy, Frames, Glog, Module, Nothing, Ours, SameChannel, SameGlog, SameSpdlog,
        SameWrite, Spdlog, Tracing, Write,
    },
};

/// What can be chosen with `--only`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Nanoseconds on the caller's thread.
    Caller,
    /// Events per second until the file is complete, and CPU time.
    Throughput,
    /// More events, more threads.
    Growth,
    /// Memory, idle CPU time, and the longest call of a burst.
    Limits,
    /// Instruction counts by callgrind.
    Instructions,
    /// A real Mesos with 10,000 tasks.
    Mesos,
}

/// One process.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) task: Task,
}

impl Step {
    fn new(subject: Name, measure: Measure, events: u64, threads: usize) -> Self {
        Self { task: Task { subject, measure, kind: Kind::Launch, events, threads, folder: None } }
    }

    fn of(mut self, kind: Kind) -> Self {
        self.task.kind = kind;
        self
    }

    pub(super) fn title(&self) -> String {
        let Task { subject, measure, kind, events, threads, .. } = &self.task;
        let measure = format!("{measure:?}").to_lowercase();
        match measure.as_str() {
            "throughput" | "growth" => {
                let action = kind.action();
                format!("{}: {measure}, {events} {action} events, {threads} threads", subject.key())
            }
            _ => format!("{}: {measure}", subject.key()),
        }
    }
}

/// Everything, in order.
pub(super) fn steps(parts: &[Part], quick: bool) -> Vec<Step> {
    let rounds = if quick { 3 } else { 9 };
    let mut steps = Vec::new();
    for round in 0..rounds {
        if parts.contains(&Part::Caller) {
            caller(&mut steps, quick);
        }
        if parts.contains(&Part::Throughput) {
            throughput(&mut steps, quick);
        }
        if parts.contains(&Part::Limits) {
            steps.push(Step::new(Ours, Measure::Burst, 100_000, 1));
            if round == 0 {
                let others = [Glog, Tracing, Spdlog, Channel];
                steps.extend(others.map(|name| Step::new(name, Measure::Burst, 100_000, 1)));
            }
            if round == 0 {
                let seconds = if quick { 3 } else { 60 };
                steps.push(Step::new(Ours, Measure::Idle, seconds, 1));
                steps.push(Step::new(Module, Measure::Idle, seconds, 1));
            }
        }
        // Growth is slow; its points are compared with each other, in the same round.
        if parts.contains(&Part::Growth) && round < 3 {
            growth(&mut steps, quick);
        }
    }
    steps
}

fn caller(steps: &mut Vec<Step>, quick: bool) {
    let hot = if quick { 40_000 } else { 200_000 };
    let isolated = if quick { 60 } else { 200 };
    steps.push(Step::new(Module, Measure::Decision, hot, 1));
    for name in [Glog, Tracing, Spdlog, Channel, Ours, Copy, Nothing] {
        steps.push(Step::new(name, Measure::Hot, hot, 1));
        if name != Nothing {
            steps.push(Step::new(name, Measure::Isolated, isolated, 1));
        }
    }
}

fn throughput(steps: &mut Vec<Step>, quick: bool) {
    let events = if quick { 200_000 } else { 500_000 };
    for threads in [1, 4] {
        for name in [
            Glog,
            SameGlog,
            Tracing,
            Spdlog,
            SameSpdlog,
            Channel,
            SameChannel,
            Ours,
            Module,
            Write,
            SameWrite,
        ] {
            steps.push(Step::new(name, Measure::Throughput, events, threads));
        }
        for name in [SameGlog, SameSpdlog, SameChannel, Ours, SameWrite] {
            steps.push(Step::new(name, Measure::Throughput, events, threads).of(Kind::Agent));
        }
    }
    steps.push(Step::new(Frames, Measure::Throughput, events, 1));
}

fn growth(steps: &mut Vec<Step>, quick: bool) {
    let most = if quick { 5 } else { 7 };
    steps.extend((3..=most).map(|power| Step::new(Ours, Measure::Growth, 10_u64.pow(power), 1)));
    let events = if quick { 100_000 } else { 1_000_000 };
    steps.extend([2, 4, 8, 16].map(|threads| Step::new(Ours, Measure::Growth, events, threads)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_measured_as_often_as_everybody_else() {
        let steps = steps(&[Part::Caller, Part::Throughput], true);
        let count = |name, kind| {
            let of = |step: &&Step| step.task.subject == name && step.task.kind == kind;
            steps.iter().filter(of).count()
        };
        for name in [Tracing, Spdlog, Channel, Ours] {
            assert_eq!(count(name, Kind::Launch), count(Glog, Kind::Launch));
        }
        for name in [SameSpdlog, SameChannel, Ours] {
            assert_eq!(count(name, Kind::Agent), count(SameGlog, Kind::Agent));
        }
    }
}
