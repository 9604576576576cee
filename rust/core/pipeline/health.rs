//! How the pipeline is: for the log, as ledgers, and for the status file.

use std::{
    io,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    ledger::{DropReason, Ledger},
    stream::Counts,
};
use crate::{
    clock::Timestamp,
    config::Config,
    event::{
        Origin, health,
        health::{QueueUse, Suppressed, WriteLatency},
        mesos::Dropped,
    },
    health::{Access, LastSeal, Output, STATUS_VERSION, Status, pid_space},
    sink, telemetry,
};

/// Between two writes of the status file.
const STATUS_EVERY: Duration = Duration::from_secs(1);

/// Announced losses, by reason.
pub(super) type Announced = [u64; DropReason::ALL.len()];

/// Kept by the worker.
#[derive(Debug)]
pub(super) struct Health {
    ledger: Arc<Ledger>,
    capacity: u64,
    interval: Option<Duration>,
    heartbeat: Duration,
    /// When the last ledger was told, and what had happened by then.
    told_at: Instant,
    told: (Counts, [u64; 4]),
    latency: WriteLatency,
    latency_total: u64,
    write_failures: u64,
    sync_failures: u64,
    worker_restarts: u64,
    last_fault: Option<Timestamp>,
    /// What `last_drop` was found by.
    dropped: u64,
    output: Output,
    file: Option<StatusFile>,
}

/// The status file.
#[derive(Debug)]
struct StatusFile {
    path: PathBuf,
    access: Access,
    /// As it is in the file, or should be.
    status: Status,
    tried_at: Option<Instant>,
    /// A failure was told.
    failed: bool,
}

impl Health {
    pub(super) fn new(
        config: &Config,
        ledger: Arc<Ledger>,
        origin: &Origin,
        file: Option<(PathBuf, PathBuf)>,
    ) -> Self {
        let health = &config.health;
        let file = file.map(|(path, log)| StatusFile {
            path,
            // The configuration was checked, and the output made by it.
            access: sink::file::access(&config.output).unwrap_or_default(),
            status: first(origin, log, health.heartbeat_s),
            tried_at: None,
            failed: false,
        });
        Self {
            ledger,
            capacity: config.queue.bytes as u64,
            interval: (health.ledger_s > 0).then(|| Duration::from_secs(health.ledger_s)),
            heartbeat: Duration::from_secs(health.heartbeat_s),
            told_at: Instant::now(),
            told: Default::default(),
            latency: WriteLatency::default(),
            latency_total: 0,
            write_failures: 0,
            sync_failures: 0,
            worker_restarts: 0,
            last_fault: None,
            dropped: 0,
            output: Output::default(),
            file,
        }
    }

    /// A write has taken so long.
    pub(super) fn wrote(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.latency.writes += 1;
        self.latency.max = self.latency.max.max(micros);
        self.latency_total = self.latency_total.saturating_add(micros);
        self.latency.mean = self.latency_total / self.latency.writes;
    }

    pub(super) fn write_failed(&mut self, error: &io::Error) {
        self.write_failures += 1;
        self.output.failing_since.get_or_insert_with(Timestamp::now);
        self.output.error = Some(error.to_string());
    }

    pub(super) fn write_recovered(&mut self) {
        self.output.failing_since = None;
        self.output.error = None;
    }

    pub(super) fn sync_failed(&mut self, error: &io::Error) {
        self.sync_failures += 1;
        self.last_fault = Some(Timestamp::now());
        self.output.unsynced_since.get_or_insert_with(Timestamp::now);
        self.output.sync_error = Some(error.to_string());
    }

    /// What was written from then on is on the disk. What a failed sync has left in doubt stays so.
    pub(super) fn synced(&mut self) {
        self.output.unsynced_since = None;
        self.output.sync_error = None;
    }

    /// The worker panicked so often, and that was told.
    pub(super) fn restarted(&mut self, times: u64) {
        self.worker_restarts += times;
        self.last_fault = Some(Timestamp::now());
    }

    fn faults(&self) -> [u64; 4] {
        [self.write_failures, self.sync_failures, self.worker_restarts, self.ledger.callback_faults()]
    }

    /// Whether anything has happened that the last ledger does not tell.
    pub(super) fn is_news(&self, counts: Counts) -> bool {
        let (told, faults) = &self.told;
        (counts.recorded, counts.own) != (told.recorded, told.own) || *faults != self.faults()
    }

    /// Whether a ledger is due.
    pub(super) fn is_due(&self, counts: Counts) -> bool {
        let since = self.told_at.elapsed();
        since >= self.heartbeat
            || self.interval.is_some_and(|interval| since >= interval && self.is_news(counts))
    }

    /// The ledger, to be told now.
    pub(super) fn tell(&mut self, counts: Counts, announced: &Announced) -> health::Ledger<'static> {
        let told = self.counters(counts, announced);
        self.told_at = Instant::now();
        self.told = (counts, self.faults());
        self.latency = WriteLatency::default();
        self.latency_total = 0;
        told
    }

    fn counters(&self, counts: Counts, announced: &Announced) -> health::Ledger<'static> {
        let dropped = DropReason::ALL.into_iter().zip(announced).filter(|(_, count)| **count > 0);
        let [write_failures, sync_failures, worker_restarts, callback_faults] = self.faults();
        health::Ledger {
            recorded: counts.recorded,
            counted_only: counts.counted_only,
            suppressed: Vec::new(),
            events: counts.events,
            bytes: counts.bytes,
            dropped: dropped
                .map(|(reason, count)| Dropped { count: *count, reason: reason.name().into() })
                .collect(),
            write_failures,
            sync_failures,
            worker_restarts,
            callback_faults,
            queue: QueueUse {
                high_water_bytes: self.ledger.queue_high_water(),
                capacity_bytes: self.capacity,
            },
            write_latency_us: self.latency,
        }
    }

    /// Renews the status file if something has changed and the last time is a second ago, or the heartbeat is due.
    /// At the end, at once. `suppressed` is asked only then.
    pub(super) fn show(
        &mut self,
        counts: Counts,
        seal: Option<LastSeal>,
        suppressed: impl FnOnce() -> Vec<Suppressed<'static>>,
        ended: bool,
    ) {
        let Some(tried_at) = self.file.as_ref().map(|file| file.tried_at) else { return };
        if !ended && tried_at.is_some_and(|time| time.elapsed() < STATUS_EVERY) {
            return;
        }
        // What is lost and could not be announced yet counts here: this is about now.
        let lost = DropReason::ALL.map(|reason| self.ledger.dropped(reason));
        let mut counters = self.counters(counts, &lost);
        counters.suppressed = suppressed();
        let total = lost.iter().sum();
        let Some(file) = &mut self.file else { return };
        // Means little between two ledgers, and would change without any event.
        if counters.write_latency_us.writes == 0 {
            counters.write_latency_us = file.status.counters.write_latency_us;
        }
        let now = Timestamp::now();
        let mut status = Status {
            counters,
            seal,
            output: self.output.clone(),
            last_fault: self.last_fault,
            ..file.status.clone()
        };
        if total > self.dropped {
            self.dropped = total;
            status.last_drop = Some(now);
        }
        status.ended = ended.then_some(now);
        let due = tried_at.is_none_or(|time| time.elapsed() >= self.heartbeat);
        if status == file.status && !due && !file.failed {
            return;
        }
        status.updated = now;
        file.status = status;
        file.write();
    }
}

impl StatusFile {
    fn write(&mut self) {
        self.tried_at = Some(Instant::now());
        match self.status.write(&self.path, self.access) {
            Ok(()) => self.failed = false,
            Err(error) => {
                if !std::mem::replace(&mut self.failed, true) {
                    telemetry::StatusNotWritten { path: &self.path, error: &error }.emit();
                }
            }
        }
    }
}

fn first(origin: &Origin, log: PathBuf, heartbeat_s: u64) -> Status {
    Status {
        format: STATUS_VERSION,
        pid: origin.process.pid,
        pid_space: pid_space(),
        run: origin.process.entity_id.to_string(),
        service: origin.service.name.to_string(),
        host: origin.host.name.to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        log,
        started: Timestamp::now(),
        updated: Timestamp::now(),
        ended: None,
        heartbeat_s,
        output: Output::default(),
        last_drop: None,
        last_fault: None,
        counters: health::Ledger::default(),
        seal: None,
    }
}
