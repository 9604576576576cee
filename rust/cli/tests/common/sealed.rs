//! Logs as the worker writes them, made without one.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use mesos_audit_core::{
    chain::{Block, Cause, Sealer},
    config::Integrity,
    encode::{Encode, encoder},
    event::{
        Action, Draft, Origin,
        ecs::{Host, Process, Service, Url},
        health::Ledger,
        mesos::{Audit, Dropped, Fault},
    },
    format::Format,
};

/// One run of the process.
pub struct Run {
    pub sealer: Sealer,
    origin: Origin,
    log: PathBuf,
    file: File,
    encoder: Box<dyn Encode>,
    sequence: u64,
    block: Block,
}

impl Run {
    /// Starts on `log`: header and first seal are written.
    pub fn start(log: &Path, id: &str) -> Self {
        Self::with(log, id, &Integrity::default()).unwrap()
    }

    pub fn with(log: &Path, id: &str, config: &Integrity) -> Result<Self, String> {
        let file = OpenOptions::new().append(true).create(true).open(log).unwrap();
        let sealer = Sealer::open(config, log, id).map_err(|error| error.to_string())?.unwrap();
        let origin = Origin {
            host: Host { name: "h".into() },
            process: Process { pid: 1, entity_id: id.to_owned().into() },
            service: Service {
                name: "mesos-master".into(),
                kind: "mesos".into(),
                version: "1.11.0".into(),
                node: None,
            },
        };
        let frames = log.extension().is_some_and(|end| end == "fb");
        let encoder = encoder(if frames { Format::Flatbuffers } else { Format::Json });
        let mut run =
            Self { sealer, origin, log: log.to_owned(), file, encoder, sequence: 0, block: Block::default() };
        run.header(None);
        Ok(run)
    }

    fn header(&mut self, previous: Option<&Path>) {
        let mut draft = Draft::new(Action::AuditLogOpened);
        draft.mesos.audit =
            Some(Box::new(Audit { chain: Some(self.sealer.header(previous)), ..Audit::default() }));
        self.push(draft);
        self.seal(Cause::Start);
    }

    fn encode(&mut self, draft: Draft) -> Vec<u8> {
        self.sequence += 1;
        let mut line = Vec::new();
        self.encoder.encode(&mut self.origin.finish(draft, self.sequence, &mut String::new()), &mut line);
        line
    }

    pub fn push(&mut self, draft: Draft) {
        let line = self.encode(draft);
        self.sealer.line(self.sequence, &line);
        self.sealer.absorb(&line);
        self.block.add(1, line.len());
        self.file.write_all(&line).unwrap();
        if self.block.is_full() {
            self.seal(Cause::Size);
        }
    }

    pub fn records(&mut self, count: usize) {
        for number in 0..count {
            let mut draft = Draft::new(Action::ApiRequest);
            draft.url = Some(Url { path: format!("/{}/{number}", self.sequence).into(), query_keys: vec![] });
            self.push(draft);
        }
    }

    pub fn dropped(&mut self, count: u64) {
        let mut draft = Draft::new(Action::AuditEventsDropped);
        let dropped = Dropped { count, reason: "queue_full".into() };
        draft.mesos.audit = Some(Box::new(Audit { dropped: Some(dropped), ..Audit::default() }));
        self.push(draft);
    }

    pub fn restarted(&mut self, count: u64) {
        let mut draft = Draft::new(Action::AuditWorkerRestarted);
        let fault = Fault { kind: "panic".into(), count };
        draft.mesos.audit = Some(Box::new(Audit { fault: Some(fault), ..Audit::default() }));
        self.push(draft);
    }

    /// A ledger that says so many were recorded, and dropped.
    pub fn ledger(&mut self, recorded: u64, lost: u64) {
        let dropped = (lost > 0).then(|| Dropped { count: lost, reason: "queue_full".into() });
        self.tell(Ledger { recorded, dropped: dropped.into_iter().collect(), ..Ledger::default() });
    }

    pub fn tell(&mut self, ledger: Ledger<'static>) {
        let mut draft = Draft::new(Action::AuditLedger);
        draft.mesos.audit = Some(Box::new(Audit { ledger: Some(ledger), ..Audit::default() }));
        self.push(draft);
    }

    /// The seal's line, with the state on disk and the line not: a crash can come now.
    pub fn seal_unwritten(&mut self, cause: Cause) -> Vec<u8> {
        let seal = self.sealer.seal(cause, self.sequence + 1).unwrap();
        let mut draft = Draft::new(Action::AuditSeal);
        draft.mesos.audit = Some(Box::new(Audit { seal: Some(seal), ..Audit::default() }));
        let mut line = self.encode(draft);
        self.sealer.stamp(self.sequence, &mut line);
        self.block = Block::default();
        self.sealer.persist(false).unwrap();
        line
    }

    pub fn seal(&mut self, cause: Cause) {
        let line = self.seal_unwritten(cause);
        self.file.write_all(&line).unwrap();
        self.sealer.wrote();
    }

    /// `count` blocks of `records` each.
    pub fn blocks(&mut self, count: usize, records: usize) {
        for _ in 0..count {
            self.records(records);
            self.seal(Cause::Time);
        }
    }

    pub fn rotate(&mut self, archive: &Path) {
        self.seal(Cause::Rotation);
        fs::rename(&self.log, archive).unwrap();
        self.file = OpenOptions::new().append(true).create(true).open(&self.log).unwrap();
        self.header(Some(archive));
    }

    pub fn end(mut self) {
        self.seal(Cause::End);
        self.sealer.close().unwrap();
    }
}
