//! When what is written must also be on the disk.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use super::durable::Durable;
use crate::{
    config::{Durability, Output},
    sink::Sink,
    telemetry,
};

/// The worker's side of durability.
#[derive(Debug)]
pub(super) struct Syncing {
    durability: Durability,
    interval: Duration,
    durable: Arc<Durable>,
    /// Since when something is written that is not synced.
    since: Option<Instant>,
}

/// What became of a sync.
#[derive(Debug)]
pub(super) enum Synced {
    /// None was due.
    No,
    Yes,
    Failed(io::Error),
}

impl Syncing {
    pub(super) fn new(output: &Output, durable: Arc<Durable>) -> Self {
        let interval = Duration::from_millis(output.sync_ms);
        Self { durability: output.durability, interval, durable, since: None }
    }

    /// How long the worker may nap before a sync is due.
    pub(super) fn left(&self) -> Option<Duration> {
        let since = self.since.filter(|_| self.durability == Durability::Interval)?;
        Some(self.interval.saturating_sub(since.elapsed()))
    }

    /// A record before `end` was lost: whoever waits for it must not be told that it is on the disk when what comes
    /// after it is. Those that wait for others before it are told no as well, which is rare and errs on the safe side.
    pub(super) fn lost(&self, end: u64) {
        if self.durable.is_awaited() {
            self.durable.doubt(end);
        }
    }

    /// Whether nothing counts as written before it is on the disk.
    pub(super) fn is_strict(&self) -> bool {
        self.durability == Durability::Strict
    }

    /// After a write, and while idle: syncs if it must. `end` is behind all that is written.
    pub(super) fn settle(&mut self, sink: &mut dyn Sink, end: u64, wrote: bool) -> Synced {
        if wrote {
            self.since.get_or_insert_with(Instant::now);
        }
        let Some(since) = self.since else { return Synced::No };
        let must = match self.durability {
            Durability::Strict => true,
            Durability::Interval => since.elapsed() >= self.interval,
            Durability::Os => false,
        };
        if !must && !self.durable.is_awaited() {
            return Synced::No;
        }
        self.since = None;
        match sink.sync() {
            Ok(()) => {
                self.durable.reach(end);
                Synced::Yes
            }
            Err(error) => {
                self.durable.doubt(end);
                telemetry::SyncFailed { path: sink.name(), error: &error }.emit();
                Synced::Failed(error)
            }
        }
    }
}
