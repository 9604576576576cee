//! When what is written must also be on the disk.

use std::{
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

    /// After a write, and while idle: syncs if it must. `end` is behind all that is written. Tells how many syncs
    /// failed: one or none.
    pub(super) fn settle(&mut self, sink: &mut dyn Sink, end: u64, wrote: bool) -> u64 {
        if wrote {
            self.since.get_or_insert_with(Instant::now);
        }
        let Some(since) = self.since else { return 0 };
        let must = match self.durability {
            Durability::Strict => true,
            Durability::Interval => since.elapsed() >= self.interval,
            Durability::Os => false,
        };
        if !must && !self.durable.is_awaited() {
            return 0;
        }
        self.since = None;
        match sink.sync() {
            Ok(()) => {
                self.durable.reach(end);
                0
            }
            Err(error) => {
                self.durable.doubt(end);
                telemetry::SyncFailed { path: sink.name(), error: &error }.emit();
                1
            }
        }
    }
}
