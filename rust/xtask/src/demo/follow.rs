//! The trail as it grows, on a thread of its own.

use std::{
    fs::File,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use mesos_audit::{
    pretty::Printer,
    reader::{Follow, Happening, Start},
};
use mesos_audit_core::event::OwnedEvent;

use super::screen::Screen;
use crate::run::Result;

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Nothing new for so long is the end of a scene.
const QUIET: Duration = Duration::from_millis(120);

/// Prints each event of a log.
#[derive(Debug)]
pub(super) struct Follower {
    stop: Arc<AtomicBool>,
    seen: Arc<AtomicU64>,
    thread: JoinHandle<std::result::Result<Vec<OwnedEvent>, String>>,
}

impl Follower {
    /// Begins with the log's first line.
    pub(super) fn start(log: &Path, screen: &Arc<Screen>) -> Result<Self> {
        let log = Follow::opened(log, File::open(log)?, Start::Beginning)?;
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let thread = thread::spawn({
            let (stop, seen, screen) = (Arc::clone(&stop), Arc::clone(&seen), Arc::clone(screen));
            move || follow(log, &stop, &seen, &screen)
        });
        Ok(Self { stop, seen, thread })
    }

    /// Waits until nothing new has come for a moment.
    pub(super) fn settle(&self) {
        let mut seen = self.seen.load(SeqCst);
        let mut since = Instant::now();
        while since.elapsed() < QUIET {
            thread::sleep(LOOK_AGAIN);
            let now = self.seen.load(SeqCst);
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
        }
    }

    /// Ends, and gives all that was seen.
    pub(super) fn stop(self) -> Result<Vec<OwnedEvent>> {
        self.stop.store(true, SeqCst);
        let events = self.thread.join().map_err(|_| "the thread that shows the trail panicked")?;
        Ok(events?)
    }
}

fn follow(
    mut log: Follow,
    stop: &AtomicBool,
    seen: &AtomicU64,
    screen: &Screen,
) -> std::result::Result<Vec<OwnedEvent>, String> {
    let printer = Printer::new(true);
    let mut events = Vec::new();
    loop {
        let last = stop.load(SeqCst);
        let any = log.poll(|happening| {
            let line = match happening {
                Happening::Line(found) => found.line.bytes,
                other => return Err(format!("the log did not stay as it was: {other:?}")),
            };
            let event: OwnedEvent = serde_json::from_slice(line)
                .map_err(|error| format!("no event: {error}: {}", String::from_utf8_lossy(line)))?;
            screen.event(&printer.line(&event), &event);
            events.push(event);
            seen.fetch_add(1, SeqCst);
            Ok(())
        })?;
        if last && !any {
            return Ok(events);
        }
        if !any {
            thread::sleep(LOOK_AGAIN);
        }
    }
}
