//! A genuine seal against the lines before it: is this the block that was sealed, and what is all the rest?

use mesos_audit_core::{
    chain::{ChainLine, read_tags},
    event::integrity::{Chain, Seal},
};

use super::{
    compare::{Difference, compare},
    finding::{Finding, Place},
    pending::Sum,
    walk::Walk,
};

/// So many single differences of one block are told.
const TOLD: usize = 64;

impl Walk<'_> {
    /// Whether the last lines are those that it seals.
    pub(super) fn is_intact(&self, seal: &Seal) -> bool {
        let records = usize::try_from(seal.records).unwrap_or(usize::MAX);
        let whole = Sum { records: seal.records, bytes: seal.bytes, digest: seal.digest.clone() };
        self.pending.held().checked_sub(records).is_some_and(|start| self.pending.after(start) == whole)
    }

    /// Tells what differs; gives the block's header if it has one that can be trusted, where the block begins, and
    /// whether it is as it was sealed.
    pub(super) fn resolve(&mut self, read: &ChainLine, seal: &Seal) -> (Option<Chain>, usize, bool) {
        let held = self.pending.held();
        let records = usize::try_from(seal.records).unwrap_or(usize::MAX);
        let intact = self.is_intact(seal);
        let split = if intact { held - records } else { self.split(read, seal, records) };
        let trusted = intact || self.differences(seal, split);
        let header = (trusted && self.pending.is_header(split))
            .then(|| self.pending.read(split)?.mesos.audit.chain)
            .flatten();
        if intact {
            self.count_dropped(split);
        }
        let before = self.pending.records() - (held - split) as u64;
        let skipped = self.expected.filter(|expected| seal.block > *expected);
        match skipped {
            Some(expected) => self.skipped(read, seal, expected, split, header.as_ref()),
            None if before == 0 => self.promised(header.as_ref(), split),
            None => self.leftover(seal, split, trusted, header.as_ref()),
        }
        (header, split, intact)
    }

    /// Where the block begins among the held lines, as well as that can be told.
    fn split(&self, read: &ChainLine, seal: &Seal, records: usize) -> usize {
        let held = self.pending.held();
        let header = (0..held).rev().find(|index| {
            self.pending.is_header(*index)
                && self
                    .pending
                    .read(*index)
                    .and_then(|line| line.mesos.audit.chain)
                    .is_some_and(|chain| chain.block == seal.block)
        });
        if let Some(header) = header {
            return header;
        }
        match &self.last {
            Some(last) if last.run == read.process.entity_id => {
                usize::try_from(seal.first.saturating_sub(last.sequence + 1)).unwrap_or(0).min(held)
            }
            _ => held.saturating_sub(records),
        }
    }

    /// Names what differs between the block and its seal. Tells whether the first record is as it was sealed.
    fn differences(&mut self, seal: &Seal, split: usize) -> bool {
        let held = self.pending.held();
        let range = self.pending.place(split).zip(self.pending.place(held.saturating_sub(1)));
        let found = (0..held - split).map(|at| split + at);
        let tags = read_tags(&seal.tags).filter(|tags| tags.len() as u64 == seal.records);
        let tagger = self.key.as_ref().filter(|key| key.block() == seal.block).map(|key| key.tagger());
        let compared = tags.zip(tagger).and_then(|(tags, tagger)| {
            let found: Vec<_> = found.map(|index| tagger.tag(self.pending.line(index))).collect();
            Some((compare(&tags, &found)?, tags.first() == found.first()))
        });
        let Some((differences, first)) = compared.filter(|(differences, _)| !differences.is_empty()) else {
            let place = range.map(|(first, _)| first);
            let message = format!(
                "the records of block {} are not those that were sealed{}",
                seal.block,
                if self.key.is_none() { "; which of them, only the key can tell" } else { "" }
            );
            let finding = Finding::tampered("block", message).at(place).block(seal.block);
            self.report.add(finding.sequence(seal.first, seal.last));
            return false;
        };
        for difference in differences.iter().take(TOLD) {
            self.tell(seal, split, *difference);
        }
        if differences.len() > TOLD {
            let message = format!("block {} has {} more differences", seal.block, differences.len() - TOLD);
            self.report.add(Finding::tampered("block", message).block(seal.block));
        }
        first
    }

    fn tell(&mut self, seal: &Seal, split: usize, difference: Difference) {
        let number = |sealed: usize| seal.first + sealed as u64;
        let (kind, sealed, found, message) = match difference {
            Difference::Altered { sealed, found } => {
                ("altered", Some(sealed), Some(found), format!("record {} was altered", number(sealed)))
            }
            Difference::Removed { sealed } => {
                ("removed", Some(sealed), None, format!("record {} was removed", number(sealed)))
            }
            Difference::Inserted { found } => {
                ("inserted", None, Some(found), "this line was inserted".to_owned())
            }
            Difference::Moved { sealed, found } => {
                ("reordered", Some(sealed), Some(found), format!("record {} was moved here", number(sealed)))
            }
            Difference::Copied { found, of } => {
                ("inserted", Some(of), Some(found), format!("a copy of record {} was inserted", number(of)))
            }
        };
        if matches!(difference, Difference::Removed { .. }) {
            self.report.missing += 1;
        }
        let mut finding = Finding::tampered(kind, message).block(seal.block);
        finding.place = match (found, sealed) {
            (Some(found), _) => self.pending.place(split + found),
            // Where it was: about there.
            (None, sealed) => {
                self.pending.place((split + sealed.unwrap_or(0)).min(self.pending.held().saturating_sub(1)))
            }
        };
        self.report.add(match sealed {
            Some(sealed) => finding.sequence(number(sealed), number(sealed)),
            None => finding,
        });
    }

    /// Blocks before this one have no seal here.
    fn skipped(
        &mut self,
        read: &ChainLine,
        seal: &Seal,
        expected: u64,
        split: usize,
        header: Option<&Chain>,
    ) {
        let blocks = if expected + 1 == seal.block {
            format!("block {expected}")
        } else {
            format!("blocks {expected}-{}", seal.block - 1)
        };
        let Some(last) = self.last.clone() else { return };
        let before = self.pending.records() - (self.pending.held() - split) as u64;
        let place = self.pending.place(split);
        if let Some(lost) = header.and_then(|header| header.lost.as_ref())
            && lost.first_block <= expected
            && lost.last_block + 1 >= seal.block
        {
            // Of another run, it is not known how much of it there should be before.
            let from = if lost.run == last.run { last.sequence + before + 1 } else { 1 };
            let gone = (lost.last + 1).saturating_sub(from);
            let count = format!("{gone} records ({from}-{}) of run {}", lost.last, lost.run);
            self.report.missing += gone;
            let finding = match lost.reason.as_str() {
                "crash" => Finding::missing(
                    "crash",
                    format!("{count} were sealed and not yet written when it crashed"),
                ),
                "power_loss" => Finding::missing(
                    "power_loss",
                    format!(
                        "{count} were not yet safe on the disk when the machine went down; a truncation just then would look alike"
                    ),
                ),
                _ => Finding::tampered(
                    "truncated",
                    format!("{count} were cut off the file while nothing was running"),
                ),
            };
            self.report.add(finding.at(place).block(expected).sequence(from, lost.last));
            return;
        }
        let same_run = last.run == read.process.entity_id;
        let due = seal.first.saturating_sub(last.sequence + 1);
        let bad = self.pending.bad_seals(split) as u64;
        if same_run && before == due && seal.block == expected + 1 {
            // Nothing is missing: what should be the seal is no seal.
            let at = split.saturating_sub(1);
            if bad == 0 {
                let message = format!("record {}, the seal of block {expected}, was altered", seal.first - 1);
                let finding =
                    Finding::tampered("altered", message).at(self.pending.place(at)).block(expected);
                self.report.add(finding.sequence(seal.first - 1, seal.first - 1));
            }
            if before > 1 {
                let message = format!(
                    "without the seal, records {}-{} cannot be proven",
                    last.sequence + 1,
                    seal.first - 2
                );
                let finding =
                    Finding::tampered("unproven", message).at(self.pending.place(0)).block(expected);
                self.report.add(finding.sequence(last.sequence + 1, seal.first - 2));
            }
            return;
        }
        let message = if same_run {
            let gone = due.saturating_sub(before);
            self.report.missing += gone;
            format!(
                "{blocks}, records {}-{}: {gone} of these {due} records were removed{}",
                last.sequence + 1,
                seal.first - 1,
                if before == 0 {
                    ", or a file with them"
                } else {
                    ", the seal among them; the others cannot be proven"
                },
            )
        } else {
            format!(
                "{blocks} were removed, from record {} of run {} on, or a file with them",
                last.sequence + 1 + before,
                last.run
            )
        };
        let mut finding = Finding::tampered("removed", message).at(place).block(expected);
        if same_run && due > 0 {
            finding = finding.sequence(last.sequence + 1, seal.first - 1);
        }
        self.report.add(finding);
    }

    /// Nothing stands before the block. Was there to be something?
    fn promised(&mut self, header: Option<&Chain>, split: usize) {
        if let Some(adopted) = header.and_then(|header| header.adopted.as_ref())
            && (self.expected.is_some() || !self.part)
            && adopted.records > 0
        {
            let message =
                format!("{} unsealed records that were here at the start are gone", adopted.records);
            self.report.missing += adopted.records;
            self.report.add(Finding::tampered("removed", message).at(self.pending.place(split)));
        }
    }

    /// Lines before the block that belong to no block.
    fn leftover(&mut self, seal: &Seal, split: usize, trusted: bool, header: Option<&Chain>) {
        let sum = self.pending.before(split);
        let place = self.pending.place(0);
        let Some(adopted) = header.and_then(|header| header.adopted.as_ref()) else {
            // Reported already: bad seals are all there is, or the header that would tell is altered.
            if self.pending.bad_seals(split) as u64 == sum.records {
                return;
            }
            let message = if trusted {
                format!("{} lines before this block belong to no block: inserted", sum.records)
            } else {
                format!("{} lines before this block cannot be proven", sum.records)
            };
            let moved = header.is_some_and(|header| header.after == "moved")
                && self.last.as_ref().is_some_and(|last| !last.ended);
            self.report.add(if moved {
                let message = format!("{} records at the end of the file were never sealed: it was moved away between a crash and the next start", sum.records);
                Finding::missing("unsealed", message).at(place)
            } else {
                Finding::tampered("inserted", message).at(place).block(seal.block)
            });
            return;
        };
        let promised = Sum { records: adopted.records, bytes: adopted.bytes, digest: adopted.digest.clone() };
        if sum == promised {
            let message = format!(
                "{} records that a crash left without a seal were adopted at the next start; nothing had protected them until then",
                sum.records
            );
            self.report.add(Finding::note("adopted", message).at(place));
            return;
        }
        let tags = adopted.tags.as_deref().and_then(read_tags);
        let tagger = self.key.as_ref().filter(|key| key.block() == seal.block).map(|key| key.tagger());
        let compared =
            tags.zip(tagger).and_then(|(tags, tagger)| compare(&tags, &self.pending.tags(0..split, &tagger)));
        let Some(differences) = compared.filter(|differences| !differences.is_empty()) else {
            let message = format!(
                "the {} unsealed records that were adopted at the start are not what they were then",
                adopted.records
            );
            self.report.add(Finding::tampered("block", message).at(place).block(seal.block));
            return;
        };
        // They follow the last seal, in its run.
        let first = self.last.as_ref().map_or(1, |last| last.sequence + 1);
        let like = Seal { first, block: seal.block, ..Seal::default() };
        for difference in differences.into_iter().take(TOLD) {
            self.tell(&like, 0, difference);
        }
    }

    /// What the log itself says it has lost.
    fn count_dropped(&mut self, split: usize) {
        for index in split..self.pending.held() {
            let line = self.pending.text(index);
            if memchr::memmem::find(line, b"\"audit_events_dropped\"").is_none() {
                continue;
            }
            let event = serde_json::from_slice::<serde_json::Value>(line).unwrap_or_default();
            let dropped = &event["mesos"]["audit"]["dropped"];
            if event["event"]["action"] == "audit_events_dropped"
                && let Some(count) = dropped["count"].as_u64()
            {
                let reason = dropped["reason"].as_str().unwrap_or("unknown").chars().take(64).collect();
                let known = self.report.dropped.len() < 64;
                let total = if known {
                    self.report.dropped.entry(reason)
                } else {
                    self.report.dropped.entry("other".to_owned())
                };
                *total.or_default() += count;
            }
        }
    }

    /// Where something ends, for messages.
    pub(super) fn last_place(&self) -> Option<Place> {
        self.pending.place(self.pending.held().saturating_sub(1))
    }
}
