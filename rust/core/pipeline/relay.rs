//! A second pair of hands: while many records wait, one thread encodes and another seals and writes.
//!
//! The writer itself goes to the other thread and comes back, so nothing is shared and nothing can be done in two places at
//! once. Where little is to do, which is nearly always, it never leaves, and the other thread sleeps.

use std::{io, thread};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{batch::Batch, writer::Writer};
use crate::{error::Error, panics};

/// What became of a write: whether anything was written, or where it panicked.
pub(super) type Outcome = Result<io::Result<bool>, String>;

/// What a batch of records holds that is with the other thread.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Away {
    /// Records of which events are among it.
    pub(super) waiting: u64,
    /// Behind all records that were taken from the queue by then.
    pub(super) taken: u64,
}

/// The writer, here or there.
pub(super) struct Relay {
    here: Option<Box<Writer>>,
    away: Away,
    /// None where the machine has one processor only.
    aside: Option<Aside>,
}

struct Aside {
    /// None once the thread is to end.
    to: Option<Sender<Box<Writer>>>,
    from: Receiver<(Box<Writer>, Outcome)>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Relay {
    /// # Errors
    /// No thread can be made.
    pub(super) fn new(writer: Writer) -> Result<Self, Error> {
        let several = thread::available_parallelism().is_ok_and(|count| count.get() > 1);
        let aside = several.then(Aside::start).transpose()?;
        Ok(Self { here: Some(Box::new(writer)), away: Away::default(), aside })
    }

    /// The writer, if it is here.
    pub(super) fn here(&mut self) -> Option<&mut Writer> {
        self.here.as_deref_mut()
    }

    /// What is away.
    pub(super) fn away(&self) -> Away {
        self.away
    }

    /// Whether nobody has to wait for the writer.
    pub(super) fn is_back(&self) -> bool {
        self.here.is_some() || self.aside.as_ref().is_none_or(|aside| !aside.from.is_empty())
    }

    /// Waits for the writer, if it is away, and tells what became of what it was sent with.
    pub(super) fn back(&mut self) -> Option<(Outcome, Away)> {
        if self.here.is_some() {
            return None;
        }
        let (writer, outcome) = self.aside.as_ref()?.from.recv().ok()?;
        self.here = Some(writer);
        Some((outcome, std::mem::take(&mut self.away)))
    }

    /// Has the other thread write these. Gives them back where there is none, or where the writer is away.
    pub(super) fn send(&mut self, batches: Vec<Batch>, away: Away) -> Result<(), Vec<Batch>> {
        let Some(to) = self.aside.as_ref().and_then(|aside| aside.to.as_ref()) else { return Err(batches) };
        let Some(mut writer) = self.here.take() else { return Err(batches) };
        writer.add(batches);
        if let Err(error) = to.send(writer) {
            // The thread has ended, which it does not before it is told to.
            self.here = Some(error.into_inner());
            return Err(Vec::new());
        }
        self.away = away;
        Ok(())
    }
}

impl Aside {
    fn start() -> Result<Self, Error> {
        let (to, inbox) = bounded::<Box<Writer>>(1);
        let (outbox, from) = bounded(1);
        let work = move || {
            for mut writer in inbox {
                let outcome = panics::caught(|| writer.write());
                if outbox.send((writer, outcome)).is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name("mesos-audit-out".to_owned())
            .spawn(work)
            .map_err(|error| Error::new(format!("cannot start a thread: {error}")))?;
        Ok(Self { to: Some(to), from, thread: Some(thread) })
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // It ends when it has done what it was sent.
        self.to = None;
        if let Some(thread) = self.thread.take() {
            // It catches its panics; there is nothing to learn from a failed join.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Config,
        format::Format,
        pipeline::{origin::origin, tests::Disk},
    };

    fn relay() -> Relay {
        let origin = origin(&Config::default().service, "1.11.0");
        let disk = Box::new(Disk::default());
        Relay::new(Writer::new(Default::default(), origin, Format::Json, None, disk, false)).unwrap()
    }

    fn batch() -> Vec<Batch> {
        let mut batch = Batch::with_capacity(8);
        batch.bytes.extend(b"{}\n");
        batch.record(1);
        vec![batch]
    }

    #[test]
    fn with_one_processor_the_writer_stays() {
        let mut relay = Relay { aside: None, ..relay() };
        assert_eq!(relay.send(batch(), Away::default()).unwrap_err().len(), 1);
        assert!(relay.back().is_none() && relay.here().is_some());
    }

    #[test]
    fn the_writer_comes_back_with_what_became_of_it() {
        let mut relay = Relay { aside: Some(Aside::start().unwrap()), ..relay() };
        for waiting in 1..100 {
            assert!(relay.send(batch(), Away { waiting, taken: 2 * waiting }).is_ok());
            assert!(relay.here().is_none());
            assert_eq!(relay.send(batch(), Away::default()).unwrap_err().len(), 1, "it is away");
            let (outcome, away) = relay.back().unwrap();
            assert!(matches!(outcome, Ok(Ok(true))));
            assert_eq!((away.waiting, away.taken), (waiting, 2 * waiting));
            assert_eq!((relay.away().waiting, relay.here().unwrap().backlog()), (0, 0));
        }
        // It ends with what it was sent, whether or not anybody waits for it.
        assert!(relay.send(batch(), Away::default()).is_ok());
    }
}
