//! The only file that knows the core's own interface: what to change here when that changes.

use std::{
    borrow::Cow,
    cell::RefCell,
    fs,
    io::{self, Write},
    path::Path,
    time::Duration,
};

use mesos_audit_core::{
    clock::Timestamp,
    config,
    decode::{self, Callback, RawRecord},
    encode::{Encode, json::Json},
    event::{
        Action, Draft, Origin, ecs,
        mesos::{self, Agent, Applied, Authz, Decision, Executor, Framework, Mesos, Resources, Task},
    },
    pipeline::{DropReason, Pipeline},
};

use crate::event::{Event, Kind};

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
    pub fn submit(&self, event: &Event, record: &[u8]) {
        self.0.submit(Timestamp::from_micros(event.timestamp), callback(event.kind), record);
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
    pub fn of(event: &Event, record: &'a [u8]) -> Self {
        let timestamp = Timestamp::from_micros(event.timestamp);
        let raw = RawRecord { timestamp, callback: callback(event.kind), fields: record };
        Self { raw, origin: origin(), json: RefCell::default() }
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

fn origin() -> Origin {
    Origin {
        host: ecs::Host { name: "master-1.example.com".into() },
        process: ecs::Process { pid: 1, entity_id: "0123456789abcdef".into() },
        service: ecs::Service {
            name: "mesos-master".into(),
            kind: "mesos".into(),
            version: "1.11.0".into(),
            node: None,
        },
    }
}

/// The line that mesos-audit writes, made by serde_json of texts that are at hand: what it costs to write as much to the
/// file, without protobuf, rules, cleaning of secrets, seals, and with every id known.
#[derive(Debug)]
pub struct SameLine {
    origin: Origin,
    id: String,
    sequence: u64,
}

impl Default for SameLine {
    fn default() -> Self {
        Self { origin: origin(), id: String::new(), sequence: 0 }
    }
}

impl SameLine {
    /// Writes the next line. `text` has the texts of [`Event::texts`].
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write<'a>(
        &'a mut self,
        event: &Event,
        text: impl Fn(usize) -> &'a str,
        mut into: impl Write,
    ) -> io::Result<()> {
        self.sequence += 1;
        let draft = same_draft(event, text);
        serde_json::to_writer(&mut into, &self.origin.finish(draft, self.sequence, &mut self.id))?;
        into.write_all(b"\n")
    }
}

/// The line that mesos-audit writes of the event.
///
/// # Errors
/// It cannot be written.
pub fn line(event: &Event) -> Result<Vec<u8>, String> {
    let (mut line, mut same) = (Vec::new(), SameLine::default());
    let texts = event.texts();
    same.write(event, |index| texts[index], &mut line).map_err(|error| error.to_string())?;
    Ok(line)
}

/// What decoding and the policy make of the event's record.
fn same_draft<'a>(event: &Event, text: impl Fn(usize) -> &'a str) -> Draft<'a> {
    let some = |index: usize| Some(text(index).into());
    let mut draft = Draft::at(Timestamp::from_micros(event.timestamp), Action::Authorization);
    let action = event.kind.action_id() as i32;
    let (types, outcome) = decode::kind_of_decision(action, Decision::Allowed);
    draft.types = types;
    draft.outcome = Some(outcome);
    draft.duration = Some(event.duration_ns);
    draft.user = Some(ecs::User { name: text(2).into() });
    draft.mesos = Mesos {
        callback: Some(callback(event.kind).method().into()),
        authz: Some(Authz {
            action: some(3),
            action_id: Some(action),
            decision: Some(Decision::Allowed),
            ..Authz::default()
        }),
        policy: Some(Applied { digest: "fb19fb567c77d034".into(), rule: "default".into() }),
        ..Mesos::default()
    };
    if event.kind == Kind::Launch {
        launched(&mut draft, event, some);
    }
    draft
}

fn launched<'a>(draft: &mut Draft<'a>, event: &Event, some: impl Fn(usize) -> Option<Cow<'a, str>>) {
    draft.trace = Some(ecs::Trace { id: "a98e7f4622b43f7439f619bf2f908456".into() });
    let mesos = &mut draft.mesos;
    mesos.role = some(8);
    mesos.framework = Some(Framework {
        id: some(5),
        name: some(6),
        principal: some(2),
        user: some(7),
        roles: some(8).into_iter().collect(),
        hostname: None,
    });
    mesos.agent = Some(Agent { id: some(11), ..Agent::default() });
    mesos.task = Some(Task {
        id: some(9),
        name: some(10),
        resources: Some(Resources { cpus: Some(event.cpus), mem: Some(event.mem), ..Resources::default() }),
        ..Task::default()
    });
    mesos.executor = Some(Executor {
        id: some(12),
        user: some(7),
        command: Some(Box::new(mesos::Command { line: Some("exec /opt/web/run".into()), uris: vec![] })),
        ..Executor::default()
    });
}

/// Of whom Mesos asks it.
const fn callback(kind: Kind) -> Callback {
    match kind {
        Kind::Launch => Callback::Approved,
        Kind::Agent => Callback::Authorized,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_is_said() {
        for (kind, bytes) in [(Kind::Launch, 1_120..1_220), (Kind::Agent, 630..700)] {
            let length = line(&Event::at(1_700_000_000_123_456, kind)).unwrap().len();
            assert!(bytes.contains(&length), "{kind:?}: {length}");
        }
    }

    #[test]
    fn the_same_line_is_the_same() {
        for kind in [Kind::Launch, Kind::Agent] {
            let event = Event::at(1_700_000_000_123_456, kind);
            let record = event.record();
            let ours = Steps::of(&event, &record).decode();
            let mut same = same_draft(&event, |index| event.texts()[index]);
            assert!(same.mesos.policy.take().is_some());
            assert_eq!(same.trace.is_some(), kind == Kind::Launch);
            assert_eq!(same.trace.is_some(), ours.trace.is_some());
            // Every event of one task has the same.
            same.trace.clone_from(&ours.trace);
            assert_eq!(same, ours);
        }
    }
}
