//! The machine: its clock, its processors, its caches, what a process costs it.

use std::{
    fs,
    hint::black_box,
    time::{Duration, Instant},
};

use rustix::{
    thread::{CpuSet, Pid, sched_getaffinity, sched_setaffinity},
    time::{ClockId, clock_gettime},
};

use crate::raw::ticks;

/// Ticks to nanoseconds, less what reading the clock costs.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    per_ns: f64,
    overhead: f64,
}

impl Clock {
    /// Compares the counter with the system's clock for a twentieth of a second.
    #[must_use]
    pub fn calibrate() -> Self {
        let (from, start) = (Instant::now(), ticks());
        while from.elapsed() < Duration::from_millis(50) {
            std::hint::spin_loop();
        }
        let per_ns = (ticks() - start) as f64 / from.elapsed().as_nanos() as f64;
        let mut readings: Vec<u64> = (0..10_000).map(|_| ticks().abs_diff(ticks())).collect();
        readings.sort_unstable();
        Self { per_ns, overhead: readings[readings.len() / 2] as f64 }
    }

    /// The time between two readings.
    #[must_use]
    pub fn ns(&self, ticks: u64) -> f64 {
        (ticks as f64 - self.overhead).max(0.0) / self.per_ns
    }
}

/// CPU time of this thread so far, in nanoseconds: to the nanosecond, unlike what `getrusage` tells.
#[must_use]
pub fn thread_cpu() -> f64 {
    cpu(ClockId::ThreadCPUTime)
}

/// CPU time of all threads so far.
#[must_use]
pub fn process_cpu() -> f64 {
    cpu(ClockId::ProcessCPUTime)
}

fn cpu(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// CPU time so far, in nanoseconds, of those threads of a process of whose names that holds.
///
/// # Errors
/// There is no such process or no such thread.
pub fn threads_cpu(process: impl std::fmt::Display, wanted: impl Fn(&str) -> bool) -> Result<f64, String> {
    let folder = format!("/proc/{process}/task");
    let said = |error: std::io::Error| format!("{folder}: {error}");
    let mut sum = None;
    for entry in fs::read_dir(&folder).map_err(said)? {
        let task = entry.map_err(said)?.path();
        if fs::read_to_string(task.join("comm")).is_ok_and(|name| wanted(name.trim_end())) {
            // Nanoseconds on a processor come first.
            let text = fs::read_to_string(task.join("schedstat")).map_err(said)?;
            let spent = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
            *sum.get_or_insert(0.0) += spent.ok_or_else(|| format!("{folder}: no times"))?;
        }
    }
    sum.ok_or_else(|| format!("{folder}: no such thread"))
}

/// A value of `/proc/.../status`: KiB, or how often.
#[must_use]
pub fn status(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// Makes the highest resident size (`VmHWM`) start anew.
pub fn forget_highest() {
    // Where that is not allowed, the highest so far counts: too high rather than too low.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Puts the caller on one processor, and every other thread of the process on the others. Where there is one
/// processor only, or the system does not allow it, nothing moves.
pub fn pin_apart() {
    let Some((mine, others)) = split() else { return };
    let own = rustix::thread::gettid();
    for entry in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let id = entry.file_name().to_string_lossy().parse().ok().and_then(Pid::from_raw);
        if let Some(id) = id.filter(|id| *id != own) {
            let _ = sched_setaffinity(Some(id), &others);
        }
    }
    let _ = sched_setaffinity(None, &mine);
}

/// The first processor that we may use, and the others.
fn split() -> Option<(CpuSet, CpuSet)> {
    let mut others = sched_getaffinity(None).ok()?;
    let first = (0..CpuSet::MAX_CPU).find(|cpu| others.is_set(*cpu))?;
    let mut mine = CpuSet::new();
    mine.set(first);
    others.unset(first);
    (others.count() > 0).then_some((mine, others))
}

/// Memory that is written to until nothing else is left in the caches.
#[derive(Debug)]
pub struct Evict(Vec<u64>);

impl Evict {
    /// Four times a core's own caches. A cache that the whole machine shares is as large as it likes, and
    /// others use it meanwhile.
    #[must_use]
    pub fn new() -> Self {
        let bytes = (4 * own_cache()).clamp(8 << 20, 64 << 20);
        Self(vec![1; bytes / size_of::<u64>()])
    }

    /// Everything out.
    pub fn run(&mut self) {
        for line in self.0.chunks_mut(8) {
            line[0] = line[0].wrapping_add(1);
        }
        black_box(&self.0);
    }
}

impl Default for Evict {
    fn default() -> Self {
        Self::new()
    }
}

/// The size of the second-level cache.
fn own_cache() -> usize {
    let text = fs::read_to_string("/sys/devices/system/cpu/cpu0/cache/index2/size").unwrap_or_default();
    text.trim().trim_end_matches('K').parse().map_or(2 << 20, |kib: usize| kib * 1024)
}

/// The processor's name and number of cores, for the report.
#[must_use]
pub fn describe() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{}, {cores} cores, Linux {}", model.unwrap_or("unknown").trim(), kernel.trim())
}
