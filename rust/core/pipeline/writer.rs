//! The end of the way: seals what was encoded, and writes it.

use std::{
    collections::VecDeque,
    io,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    batch::{Batch, Cut},
    inject::{self, Place},
    ledger::Ledger,
    stream::{MOST_SPARE, SPARE_BYTES},
};
use crate::{
    chain::Sealer,
    clock::Timestamp,
    encode::{Encode, encoder},
    event::{
        Action, Draft, Origin,
        integrity::{Chain, Seal},
        mesos::Audit,
    },
    format::Format,
    health::LastSeal,
    sink::Sink,
    telemetry,
};

/// What has been encoded and is not written. A panic loses nothing of it: whoever calls again goes on where it was.
pub(super) struct Writer {
    ledger: Arc<Ledger>,
    origin: Origin,
    encoder: Box<dyn Encode>,
    /// Where a seal's id is put together.
    id: String,
    sealer: Option<Sealer>,
    pub(super) sink: Box<dyn Sink>,
    /// Whether what is written counts only when it is on the disk.
    strict: bool,
    batches: VecDeque<Batch>,
    /// So many of them, from the front, are sealed.
    sealed: usize,
    /// Of the first, the sink has so many bytes already.
    written: usize,
    /// Bytes of all seals of this run.
    seal_bytes: u64,
    last_seal: Option<LastSeal>,
    /// How long the writes took that nobody has asked for yet.
    latencies: Vec<Duration>,
    spare: Vec<Batch>,
}

impl Writer {
    pub(super) fn new(
        ledger: Arc<Ledger>,
        origin: Origin,
        format: Format,
        sealer: Option<Sealer>,
        sink: Box<dyn Sink>,
        strict: bool,
    ) -> Self {
        Self {
            ledger,
            origin,
            encoder: encoder(format),
            id: String::new(),
            sealer,
            sink,
            strict,
            batches: VecDeque::new(),
            sealed: 0,
            written: 0,
            seal_bytes: 0,
            last_seal: None,
            latencies: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Takes what comes next.
    pub(super) fn add(&mut self, batches: impl IntoIterator<Item = Batch>) {
        self.batches.extend(batches);
    }

    /// Writes all that it has, and tells whether that was anything. What cannot be written stays, and comes first the next
    /// time.
    ///
    /// # Errors
    /// Not all could be written.
    pub(super) fn write(&mut self) -> io::Result<bool> {
        self.seal();
        if self.batches.is_empty() {
            return Ok(false);
        }
        self.persist();
        inject::here(&self.ledger, Place::Writing);
        while let Some(batch) = self.batches.front() {
            while self.written < batch.bytes.len() {
                let start = Instant::now();
                let result = self.sink.write(&batch.bytes[self.written..]);
                self.latencies.push(start.elapsed());
                match result {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    // Kept where a panic does not lose it: what the sink has must not be written again.
                    Ok(count) => self.written += count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            inject::here(&self.ledger, Place::Written);
            self.written = 0;
            self.sealed -= 1;
            let done = self.batches.pop_front();
            if self.spare.len() < MOST_SPARE {
                self.spare.extend(done.and_then(|batch| batch.emptied(SPARE_BYTES)));
            }
        }
        if let Some(sealer) = &mut self.sealer {
            sealer.wrote();
        }
        Ok(true)
    }

    /// How many bytes wait.
    pub(super) fn backlog(&self) -> usize {
        self.batches.iter().map(|batch| batch.bytes.len()).sum::<usize>() - self.written
    }

    pub(super) fn seal_bytes(&self) -> u64 {
        self.seal_bytes
    }

    pub(super) fn last_seal(&self) -> Option<LastSeal> {
        self.last_seal
    }

    /// How long each write took since the last time.
    pub(super) fn latencies(&mut self) -> impl Iterator<Item = Duration> {
        self.latencies.drain(..)
    }

    /// Memory for what comes.
    pub(super) fn spare(&mut self) -> impl Iterator<Item = Batch> {
        self.spare.drain(..)
    }

    /// For the first event of a file. All that was numbered before is written.
    pub(super) fn header(&mut self, previous_file: Option<&Path>) -> Option<Chain> {
        self.sealer.as_mut().map(|sealer| sealer.header(previous_file))
    }

    /// While there is nothing else to do: the state says that all is written.
    pub(super) fn confirm(&mut self) {
        self.store(Sealer::confirm);
    }

    /// All that is written is on the disk.
    pub(super) fn synced(&mut self) {
        if let Some(sealer) = &mut self.sealer {
            sealer.synced();
        }
    }

    /// What is written may never be on the disk.
    pub(super) fn sync_failed(&mut self) {
        if let Some(sealer) = &mut self.sealer {
            sealer.sync_failed();
        }
    }

    /// Notes that the last seal is the last.
    pub(super) fn close(&mut self) {
        if self.batches.is_empty() {
            self.store(Sealer::close);
        }
    }

    /// Before a write: the key that sealed what is written must be gone from the state.
    fn persist(&mut self) {
        let strict = self.strict;
        self.store(|sealer| sealer.persist(strict));
    }

    fn store(&mut self, store: impl FnOnce(&mut Sealer) -> io::Result<()>) {
        if let Some(sealer) = &mut self.sealer
            && let Err(error) = store(sealer)
        {
            telemetry::StateNotWritten { path: sealer.state_path(), error: &error }.emit();
        }
    }

    /// Makes the seals that are due, and so gives up their keys.
    fn seal(&mut self) {
        while let Some(batch) = self.batches.get_mut(self.sealed) {
            if let Some(sealer) = &mut self.sealer {
                batch.tell(sealer);
                // Of a seal that panicked half way nothing stays.
                let start = batch.body();
                batch.bytes.truncate(start);
                if let Some(Cut { cause, sequence, at }) = batch.cut
                    && let Some(seal) = sealer.seal(cause, sequence)
                {
                    let block = seal.block;
                    let mut event = self.origin.finish(seal_draft(seal, at), sequence, &mut self.id);
                    self.encoder.encode(&mut event, &mut batch.bytes);
                    sealer.stamp(sequence, &mut batch.bytes[start..]);
                    self.seal_bytes += (batch.bytes.len() - start) as u64;
                    self.last_seal = Some(LastSeal { block, sequence, at });
                }
                batch.cut = None;
            }
            self.sealed += 1;
        }
    }
}

fn seal_draft(seal: Seal, at: Timestamp) -> Draft<'static> {
    let mut draft = Draft::at(at, Action::AuditSeal);
    draft.mesos.audit = Some(Box::new(Audit { seal: Some(seal), ..Audit::default() }));
    draft
}
