//! The worker's way to the file.

use std::{io, time::Instant};

use super::{BACKLOG_BYTES, TRY_AGAIN, Worker};
use crate::{
    chain::Cause,
    clock::Timestamp,
    panics,
    pipeline::{
        inject::{self, Place},
        relay::Away,
        report,
        stream::Counts,
        syncing::Synced,
        writer::Writer,
    },
    telemetry,
};

impl Worker {
    /// Writes what is encoded, and turns to another file where that is due.
    pub(super) fn write(&mut self) {
        if self.turn_over() {
            self.flush();
        }
    }

    /// The same, but by the other thread where nothing stands against it, so that this one can go on.
    pub(super) fn pass_on(&mut self) {
        // Instead of waiting for it. Which of the two has more to do depends on the records and the file system.
        while !self.relay.is_back() && self.stream.help_writer() {}
        if !self.turn_over() {
            return;
        }
        if self.retry_at.is_none() && !self.syncing.is_strict() {
            let away = Away { waiting: self.waiting, taken: self.taken };
            match self.relay.send(self.stream.take(), away) {
                Ok(()) => {
                    self.waiting = 0;
                    return;
                }
                Err(batches) => self.writer().add(batches),
            }
        }
        self.flush();
    }

    /// Turns to another file where that is due. Tells whether there is anything that may be written.
    fn turn_over(&mut self) -> bool {
        let Some(change) = self.writer().sink.due(Timestamp::now()) else { return true };
        // What is numbered already belongs to the file that ends.
        if self.health.is_news(self.counts()) {
            self.tell_ledger();
        }
        self.stream.seal(Cause::Rotation);
        self.flush();
        if self.owed > 0 {
            return false;
        }
        // If it fails the sink has told, and asks again.
        if let Ok(changed) = self.writer().sink.change(change) {
            self.begun = Some((change, changed.closed));
            self.begin_file();
        }
        true
    }

    /// The first event of a file that has begun. After a panic in the middle of this it comes before anything else.
    pub(super) fn begin_file(&mut self) {
        let Some((change, closed)) = self.begun.clone() else { return };
        inject::here(&self.ledger, Place::Beginning);
        let chain = self.writer().header(closed.as_deref());
        let previous = closed.map(|path| path.display().to_string());
        self.stream.push(report::turned(change.name(), previous, self.judge.policy(), chain));
        self.begun = None;
        self.stream.seal(Cause::Start);
    }

    /// Writes what is encoded. What cannot be written stays, and comes first the next time.
    fn flush(&mut self) {
        let batches = self.stream.take();
        let writer = self.writer();
        writer.add(batches);
        let owed = writer.backlog();
        self.owed = owed;
        let result = self.writer().write();
        let waiting = self.waiting;
        self.wrote(result, Away { waiting, taken: self.taken });
    }

    /// The writer, once it has done what it was sent with.
    ///
    /// # Panics
    /// It has panicked over that.
    pub(super) fn writer(&mut self) -> &mut Writer {
        if let Some((outcome, away)) = self.relay.back() {
            self.waiting += away.waiting;
            match outcome {
                Ok(result) => self.wrote(result, away),
                Err(place) => {
                    self.look_at_writer();
                    panics::again(place);
                }
            }
        }
        self.relay.here().expect("it is here, or has come back")
    }

    /// What can be known of the writer only while it is here.
    pub(super) fn look_at_writer(&mut self) {
        let Some(writer) = self.relay.here() else { return };
        writer.latencies().for_each(|time| self.health.wrote(time));
        self.stream.reuse(writer.spare());
        self.owed = writer.backlog();
        self.sealed = (writer.seal_bytes(), writer.last_seal());
    }

    /// What the writer had is written, or not.
    fn wrote(&mut self, result: io::Result<bool>, what: Away) {
        self.look_at_writer();
        let Some(writer) = self.relay.here() else { return };
        let wrote = match result {
            Ok(wrote) => wrote,
            Err(error) => {
                let path = writer.sink.name();
                self.health.write_failed(&error);
                if self.retry_at.replace(Instant::now() + TRY_AGAIN).is_none() {
                    telemetry::WriteFailed { path, error: &error }.emit();
                }
                return;
            }
        };
        match self.syncing.settle(&mut *writer.sink, what.taken, wrote) {
            Synced::No => {}
            Synced::Yes => {
                writer.synced();
                self.health.synced();
            }
            Synced::Failed(error) => {
                self.sync_failures += 1;
                writer.sync_failed();
                self.health.sync_failed(&error);
            }
        }
        if self.retry_at.take().is_some() {
            self.health.write_recovered();
            telemetry::WriteRecovered { path: writer.sink.name() }.emit();
        }
        self.waiting -= what.waiting;
        self.ledger.settle(what.waiting);
    }

    /// What was encoded so far, with the seals that were made.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = self.stream.counts();
        counts.bytes += self.sealed.0;
        counts
    }

    /// Whether events may wait in memory.
    pub(super) fn has_room(&self) -> bool {
        self.stream.len() + self.owed < BACKLOG_BYTES
    }

    pub(super) fn show(&mut self, ended: bool) {
        let counts = self.counts();
        let judge = &mut self.judge;
        self.health.show(counts, self.sealed.1, || judge.suppressed(), ended);
    }
}
