//! The end of a chain: what no seal covers yet, and whether this is where it must end.

use mesos_audit_core::{
    chain::{BLOCK_BYTES, BLOCK_RECORDS, State},
    health::Status,
};

use super::{
    finding::{Finding, Weight},
    walk::Walk,
};

impl Walk<'_> {
    /// After the last line.
    pub(super) fn finish(&mut self, state: Option<&State>) {
        self.tail();
        match state {
            Some(state) if self.chain.as_ref() == Some(&state.chain) => self.against(state),
            Some(state) => {
                let message = format!(
                    "the state beside the log is that of another chain, {}: the log or the state was replaced",
                    state.chain
                );
                self.report.add(Finding::tampered("state", message));
            }
            None if !self.part => {
                let message = "there is no state to tell where the log must end: what was cut off at its end would \
                               not be missed";
                self.report.add(Finding::missing("end", message));
            }
            None => {}
        }
    }

    /// What the process had told of itself when it was last heard of. Nothing seals that, so it proves nothing; but who
    /// cuts off the end and takes the state away as well has to think of it too.
    pub(super) fn against_status(&mut self, told: &Status) {
        let over = told.ended.is_some() || told.is_gone() == Some(true);
        let Some(sealed) = self.runs.get(&told.run).filter(|_| over && !self.part) else { return };
        let unsealed = self.last.as_ref().filter(|last| last.run == told.run).map(|_| self.pending.records());
        let here = sealed + unsealed.unwrap_or(0);
        if told.counters.events <= here {
            return;
        }
        let message = format!(
            "the status file says that run {} had made {} records, and the log ends with its record {here}: its end was \
             cut off, or lost in a crash",
            told.run, told.counters.events
        );
        self.report.add(Finding::missing("status", message).at(self.last_place()));
    }

    /// Lines behind the last seal.
    fn tail(&mut self) {
        let records = self.pending.records();
        let Some(last) = self.last.clone().filter(|_| records > 0) else { return };
        let place = self.pending.place(0);
        let bad = self.pending.bad_seals(self.pending.held()) as u64;
        let room = (BLOCK_RECORDS as u64, 2 * BLOCK_BYTES as u64);
        let first = (last.sequence + 1, last.sequence + records);
        if bad == 0 && last.ended && !self.pending.is_header(0) {
            let message = format!("{records} lines were added behind the last seal of a run that had ended");
            self.report.add(Finding::tampered("inserted", message).at(place));
        } else if bad > 0 || records > room.0 || self.pending.total_bytes() > room.1 {
            // The seals themselves were told one by one.
            let message =
                format!("{records} lines at the end have no seal of theirs, more than ever wait for one");
            self.report.add(Finding::tampered("unsealed", message).at(place).sequence(first.0, first.1));
        } else {
            let message = format!(
                "{records} records at the end have no seal yet: the process runs, or it crashed; nothing protects them"
            );
            self.report.add(Finding::note("unsealed", message).at(place).sequence(first.0, first.1));
        }
    }

    /// The state has the key of the next block: nobody can make one that belongs to an earlier end.
    fn against(&mut self, state: &State) {
        let expected = self.expected.unwrap_or(0);
        if let Some(known) = &self.key {
            let right = (state.block >> 36 == 0)
                .then(|| known.at(state.block).or_else(|| self.key_before(state.block)))
                .flatten();
            if !right.zip(state.key()).is_some_and(|(right, claimed)| right.same(&claimed)) {
                let message = "the state does not hold the key that belongs to it: forged";
                return self.report.add(Finding::tampered("state", message));
            }
        } else {
            let message = "without the root key, the state that tells the end is not proven either";
            self.report.add(Finding::new(Weight::Note, "state", message));
        }
        if state.block == expected {
            if self.previous.as_ref().is_some_and(|previous| *previous != state.previous) {
                let message = "the last seal is not the one that the state knows: the end was replaced";
                self.report.add(Finding::tampered("replaced", message).at(self.last_place()));
            }
        } else if state.block < expected {
            // The log has grown since the state was read, or the state could not be written.
            if self.watched.as_ref().is_some_and(|mac| *mac != state.previous) {
                let message = "the seal that the state knows is another one in the log: replaced";
                self.report.add(Finding::tampered("replaced", message));
            }
        } else if !self.part
            && let Some(lost) = state.lost(expected)
        {
            let from =
                self.last.as_ref().filter(|last| last.run == state.run).map_or(1, |last| last.sequence + 1);
            let from = from + self.pending.records();
            let gone = (lost.last + 1).saturating_sub(from);
            self.report.missing += gone;
            let what = format!(
                "the log must go on to block {}, record {} of run {}",
                lost.last_block, lost.last, state.run
            );
            let finding = match lost.reason.as_str() {
                "crash" => {
                    Finding::missing("crash", format!("{what}: being written just now, or lost in a crash"))
                }
                "power_loss" => Finding::missing(
                    "power_loss",
                    format!("{what}: cut off, or lost when the machine went down"),
                ),
                _ => Finding::tampered("truncated", format!("{what}: its end was cut off")),
            };
            self.report.add(finding.block(lost.first_block).sequence(from, lost.last));
        }
    }
}
