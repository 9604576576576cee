//! The process's own count against ours: what a run says it has recorded, and what is here.

use std::collections::BTreeMap;

use mesos_audit_core::{
    chain::ChainLine,
    event::{integrity::Seal, mesos::Counts},
};
use serde::Deserialize;

use super::{
    finding::{Finding, Place, Weight},
    walk::Walk,
};
use crate::report::counted;

/// Reasons for a loss that are told apart; a log may claim any.
const REASONS: usize = 64;

/// What is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sums {
    recorded: u64,
    counted_only: u64,
    dropped: BTreeMap<String, u64>,
    /// Panics of the worker.
    restarts: u64,
}

/// One run, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Tally {
    run: String,
    /// Since the last ledger that can be relied on.
    found: Sums,
    /// What that one said. None where the run's beginning is not here, so that there is nothing to start from.
    told: Option<Sums>,
    /// Where it was.
    from: u64,
    /// `missing` of the report at that time.
    missing: u64,
    /// Since then, something was found that told its own story.
    broken: bool,
}

#[derive(Deserialize)]
struct Line {
    event: Event,
    #[serde(default)]
    mesos: Mesos,
}

#[derive(Deserialize)]
struct Event {
    sequence: u64,
    action: String,
}

#[derive(Default, Deserialize)]
struct Mesos {
    #[serde(default)]
    audit: Audit,
    #[serde(default)]
    authz: Authz,
    counted: Option<Counted>,
}

#[derive(Deserialize)]
struct Counted {
    count: u64,
}

#[derive(Default, Deserialize)]
struct Authz {
    counts: Option<Counts>,
}

#[derive(Default, Deserialize)]
struct Audit {
    dropped: Option<Dropped>,
    fault: Option<Fault>,
    ledger: Option<Ledger>,
}

#[derive(Deserialize)]
struct Dropped {
    count: u64,
    reason: String,
}

#[derive(Deserialize)]
struct Fault {
    count: u64,
}

#[derive(Deserialize)]
struct Ledger {
    recorded: u64,
    counted_only: u64,
    #[serde(default)]
    worker_restarts: u64,
    #[serde(default)]
    dropped: Vec<Dropped>,
}

impl Sums {
    fn drop(&mut self, dropped: &Dropped) {
        let reason: String = dropped.reason.chars().take(64).collect();
        let known = self.dropped.len() < REASONS || self.dropped.contains_key(&reason);
        let sum = self.dropped.entry(if known { reason } else { "other".to_owned() }).or_default();
        *sum = sum.saturating_add(dropped.count);
    }
}

impl From<&Ledger> for Sums {
    fn from(ledger: &Ledger) -> Self {
        let mut sums = Self {
            recorded: ledger.recorded,
            counted_only: ledger.counted_only,
            restarts: ledger.worker_restarts,
            ..Self::default()
        };
        ledger.dropped.iter().for_each(|dropped| sums.drop(dropped));
        sums
    }
}

impl Walk<'_> {
    /// Counts the block that begins with the held line `split`. If it is not `intact`, what was done to it is told
    /// elsewhere, and no ledger in it is believed.
    pub(super) fn tally(&mut self, read: &ChainLine, seal: &Seal, split: usize, intact: bool) {
        let skipped = self.expected.is_some_and(|expected| seal.block > expected);
        if self.tally.run != read.process.entity_id {
            let begins = seal.first == 1;
            self.tally = Tally {
                run: read.process.entity_id.clone(),
                told: begins.then(Sums::default),
                missing: self.report.missing,
                ..Tally::default()
            };
        }
        self.tally.broken |= !intact || skipped;
        for index in split..self.pending.held() {
            // A quote in a value is escaped, so this cannot be part of one.
            let own = memchr::memmem::find(self.pending.text(index), b"\"action\":\"audit_").is_some();
            let has = |what: &[u8]| memchr::memmem::find(self.pending.text(index), what).is_some();
            let plain = !own
                && !has(b"\"action\":\"authorization_summary\"")
                && !has(b"\"action\":\"events_counted\"");
            if plain {
                self.tally.found.recorded += 1;
                continue;
            }
            let Ok(line) = serde_json::from_slice::<Line>(self.pending.text(index)) else { continue };
            let found = &mut self.tally.found;
            if !line.event.action.starts_with("audit_") || line.event.action == "audit_record_unreadable" {
                found.recorded += 1;
            }
            if let Some(counts) = line.mesos.authz.counts {
                let told = [counts.allowed, counts.denied, counts.errors];
                found.counted_only = told.into_iter().fold(found.counted_only, u64::saturating_add);
            }
            if let Some(counted) = line.mesos.counted {
                found.counted_only = found.counted_only.saturating_add(counted.count);
            }
            if let Some(fault) = line.mesos.audit.fault
                && line.event.action == "audit_worker_restarted"
            {
                found.restarts = found.restarts.saturating_add(fault.count);
            }
            match (&line.mesos.audit.dropped, &line.mesos.audit.ledger) {
                (Some(dropped), _) if line.event.action == "audit_events_dropped" => found.drop(dropped),
                (_, Some(ledger)) if line.event.action == "audit_ledger" && intact => {
                    self.balance(&ledger.into(), line.event.sequence, self.pending.place(index));
                }
                _ => {}
            }
        }
    }

    /// A ledger: what it says has happened since the one before, against what is here.
    fn balance(&mut self, says: &Sums, sequence: u64, place: Option<Place>) {
        let tally = std::mem::take(&mut self.tally);
        self.tally = Tally {
            run: tally.run,
            told: Some(says.clone()),
            from: sequence,
            missing: self.report.missing,
            ..Tally::default()
        };
        let Some(told) = tally.told else { return };
        let where_ = format!("between records {} and {sequence}", tally.from.max(1));
        let known = self.report.missing - tally.missing;
        let mut agrees = true;
        let mut pairs = vec![
            ("recorded events", says.recorded, told.recorded, tally.found.recorded),
            ("counted decisions", says.counted_only, told.counted_only, tally.found.counted_only),
            ("restarts of the worker", says.restarts, told.restarts, tally.found.restarts),
        ];
        let restarts = says.restarts.saturating_sub(told.restarts);
        if restarts > 0 {
            let message = format!(
                "mesos-audit itself failed {} {where_} and went on; what it had in its hands then is among the records \
                 dropped (panic)",
                counted(restarts, "time", "times")
            );
            self.report.add(Finding::note("worker_restarted", message).at(place.clone()));
        }
        let reasons = says.dropped.keys().chain(tally.found.dropped.keys()).cloned();
        let lost: Vec<_> = super::files::unique(reasons)
            .into_iter()
            .map(|reason| (format!("losses ({reason})"), reason))
            .collect();
        for (what, reason) in &lost {
            let of = |sums: &Sums| sums.dropped.get(reason).copied().unwrap_or_default();
            pairs.push((what, of(says), of(&told), of(&tally.found)));
        }
        for (index, (what, now, before, found)) in pairs.into_iter().enumerate() {
            let Some(expected) = now.checked_sub(before) else {
                agrees = false;
                self.unbalanced(
                    place.as_ref(),
                    tally.broken,
                    format!("the ledger of record {sequence} says less than the one before: {now} {what}, then {before}"),
                );
                continue;
            };
            if expected == found {
                continue;
            }
            agrees = false;
            let (few, many) = (expected.saturating_sub(found), found.saturating_sub(expected));
            let why = if tally.broken {
                "; why is told above"
            } else if self.key.is_none() {
                "; without the key it cannot be told whether they were removed or never written"
            } else {
                "; the seals are whole, so nobody changed the log: mesos-audit itself went wrong"
            };
            let message = if few > 0 {
                format!("{few} of {expected} {what} {where_} are missing{why}")
            } else {
                format!("{many} more {what} {where_} than the {expected} that were counted{why}")
            };
            if index == 0 && !tally.broken {
                self.report.missing += few.saturating_sub(known);
            }
            self.unbalanced(place.as_ref(), tally.broken, message);
        }
        if agrees && !tally.broken {
            self.report.accounted += tally.found.recorded;
        }
    }

    fn unbalanced(&mut self, place: Option<&Place>, broken: bool, message: String) {
        let weight = if broken {
            Weight::Note
        } else if self.key.is_none() {
            // Digests can be made anew without the key; then it is the numbers that give it away.
            Weight::Tampered
        } else {
            Weight::Missing
        };
        self.report.add(Finding::new(weight, "ledger", message).at(place.cloned()));
    }
}
