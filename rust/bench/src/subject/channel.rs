//! What one would write first: a channel of boxed events, and a thread that makes JSON of them.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    thread,
};

use crossbeam_channel::{Sender, TryRecvError, bounded};
use serde::Serialize;

use crate::{
    event::{Event, Kind},
    ours::SameLine,
};

/// As many as our own queue takes by default.
const QUEUE: usize = 65_536;

/// The event once it is its own. Its text is one piece, so that it costs one allocation and not thirteen: the
/// best that this design can do.
struct Owned {
    kind: Kind,
    text: Box<str>,
    ends: [u16; 13],
    timestamp: i64,
    duration_ns: u64,
    cpus: f64,
    mem: f64,
}

impl Owned {
    fn of(event: &Event) -> Self {
        let texts = event.texts();
        let mut text = String::with_capacity(texts.iter().map(|text| text.len()).sum());
        let mut ends = [0; 13];
        for (end, part) in ends.iter_mut().zip(texts) {
            text.push_str(part);
            *end = text.len() as u16;
        }
        Self {
            kind: event.kind,
            text: text.into_boxed_str(),
            ends,
            timestamp: event.timestamp,
            duration_ns: event.duration_ns,
            cpus: event.cpus,
            mem: event.mem,
        }
    }

    /// Without the texts.
    fn numbers(&self) -> Event {
        let Self { kind, timestamp, duration_ns, cpus, mem, .. } = *self;
        Event { duration_ns, cpus, mem, ..Event::at(timestamp, kind) }
    }

    fn text(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[usize::from(start)..usize::from(self.ends[index])]
    }
}

#[derive(Serialize)]
struct Line<'a> {
    timestamp: i64,
    host: &'a str,
    service: &'a str,
    principal: &'a str,
    action: &'a str,
    decision: &'a str,
    duration_ns: u64,
    framework_id: &'a str,
    framework: &'a str,
    user: &'a str,
    role: &'a str,
    task_id: &'a str,
    task: &'a str,
    agent_id: &'a str,
    executor_id: &'a str,
    cpus: f64,
    mem: f64,
}

/// What it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// The event's fields, flat.
    Short,
    /// Byte for byte what mesos-audit writes.
    Same,
}

/// The sending side.
#[derive(Debug)]
pub struct Channel(Sender<Owned>);

impl Channel {
    /// Starts the thread.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn open(folder: &Path, line: Lines) -> Result<Self, String> {
        let file = File::create(folder.join("events.log")).map_err(|error| error.to_string())?;
        let (sender, receiver) = bounded::<Owned>(QUEUE);
        thread::spawn(move || -> std::io::Result<()> {
            let mut file = BufWriter::with_capacity(256 * 1024, file);
            let mut same = SameLine::default();
            loop {
                let owned = match receiver.try_recv() {
                    Ok(owned) => owned,
                    Err(TryRecvError::Disconnected) => return file.flush(),
                    Err(TryRecvError::Empty) => {
                        file.flush()?;
                        let Ok(owned) = receiver.recv() else { return Ok(()) };
                        owned
                    }
                };
                match line {
                    Lines::Short => {
                        serde_json::to_writer(&mut file, &short(&owned))?;
                        file.write_all(b"\n")?;
                    }
                    Lines::Same => same.write(&owned.numbers(), |index| owned.text(index), &mut file)?,
                }
            }
        });
        Ok(Self(sender))
    }

    /// Waits while the queue is full.
    #[inline]
    pub fn emit(&self, event: &Event) {
        // Fails only when the thread is gone: the lines will be missed.
        let _ = self.0.send(Owned::of(event));
    }
}

fn short(owned: &Owned) -> Line<'_> {
    Line {
        timestamp: owned.timestamp,
        host: owned.text(0),
        service: owned.text(1),
        principal: owned.text(2),
        action: owned.text(3),
        decision: owned.text(4),
        duration_ns: owned.duration_ns,
        framework_id: owned.text(5),
        framework: owned.text(6),
        user: owned.text(7),
        role: owned.text(8),
        task_id: owned.text(9),
        task: owned.text(10),
        agent_id: owned.text(11),
        executor_id: owned.text(12),
        cpus: owned.cpus,
        mem: owned.mem,
    }
}
