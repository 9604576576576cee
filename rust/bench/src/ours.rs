//! The only file that knows the core's own interface: what to change here when that changes.

use std::{cell::RefCell, fs, path::Path, time::Duration};

use mesos_audit_core::{
    clock::Timestamp,
    config,
    decode::{self, Callback, RawRecord},
    encode::{Encode, json::Json},
    event::{Draft, Origin, ecs},
    pipeline::{DropReason, Pipeline},
};

/// Whether a caller may be held up rather than lose a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// As it is by default.
    Default,
    /// Waits as long as it takes.
    Wait,
}

/// `output.format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON lines, as it is by default.
    Lines,
    /// FlatBuffers.
    Frames,
}

/// The configuration's file, written to `folder`; the output is `events` beside it.
///
/// # Errors
/// It cannot be written.
pub fn configure(folder: &Path, full: Full, form: Form) -> Result<std::path::PathBuf, String> {
    let format = if form == Form::Lines { "json" } else { "flatbuffers" };
    // One file, as the others write: no archive is compressed while something is timed.
    let mut text = format!(
        "[output]\nformat = {format:?}\nrotate_bytes = 0\nkeep_bytes = 0\npath = {:?}\n[integrity]\nkey = {:?}\nstate = {:?}\n",
        folder.join("events.{ext}").display().to_string(),
        folder.join("chain.key").display().to_string(),
        folder.join("chain.seal").display().to_string(),
    );
    if full == Full::Wait {
        text += "[queue]\nwhen_full = \"block\"\nblock_ms = 10000\n";
    }
    let path = folder.join("audit.toml");
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// A running pipeline.
#[derive(Debug)]
pub struct Ours(Pipeline);

impl Ours {
    /// Starts one that writes to `folder`.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(folder: &Path, full: Full, form: Form) -> Result<Self, String> {
        let loaded =
            config::load(Some(&configure(folder, full, form)?)).map_err(|error| error.to_string())?;
        Pipeline::start(&loaded, "1.11.0").map(Self).map_err(|error| error.to_string())
    }

    /// Hands over a record that is serialised already.
    #[inline]
    pub fn submit(&self, timestamp: i64, record: &[u8]) {
        self.0.submit(Timestamp::from_micros(timestamp), Callback::Approved, record);
    }

    /// Waits until all is written.
    pub fn drain(&self) {
        self.0.drain(Duration::from_secs(60));
    }

    /// Records that found no room or could not be written.
    #[must_use]
    pub fn lost(&self) -> u64 {
        DropReason::ALL.iter().map(|reason| self.0.ledger().dropped(*reason)).sum()
    }
}

/// The steps of the worker one by one, for the benchmarks of the parts.
#[derive(Debug)]
pub struct Steps<'a> {
    raw: RawRecord<'a>,
    origin: Origin,
    json: RefCell<Json>,
}

impl<'a> Steps<'a> {
    /// Of this record.
    #[must_use]
    pub fn of(timestamp: i64, record: &'a [u8]) -> Self {
        let origin = Origin {
            host: ecs::Host { name: "master-1.example.com".into() },
            process: ecs::Process { pid: 1, entity_id: "0123456789abcdef".into() },
            service: ecs::Service {
                name: "mesos-master".into(),
                kind: "mesos".into(),
                version: "1.11.0".into(),
                node: None,
            },
        };
        Self { raw: raw(timestamp, record), origin, json: RefCell::default() }
    }

    /// Takes the record apart.
    ///
    /// # Panics
    /// It is no record.
    #[must_use]
    pub fn decode(&self) -> Draft<'a> {
        let mut decoded = None;
        decode::decode(self.raw, |draft| decoded = Some(draft)).expect("a record");
        decoded.expect("an event")
    }

    /// Makes the line of it.
    pub fn encode(&self, draft: Draft<'_>, id: &mut String, line: &mut Vec<u8>) {
        line.clear();
        self.json.borrow_mut().encode(&mut self.origin.finish(draft, 1, id), line);
    }
}

fn raw(timestamp: i64, record: &[u8]) -> RawRecord<'_> {
    RawRecord { timestamp: Timestamp::from_micros(timestamp), callback: Callback::Approved, fields: record }
}
