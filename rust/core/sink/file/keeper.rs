//! The background thread that looks after the archives.
//!
//! It remembers nothing that the directory does not say: each pass looks at what is there, removes what is
//! over the limits and compresses what is due. So it needs no recovery after a crash, and whatever fails is
//! found again by the next pass.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use super::{
    compress::{compress, rescue},
    name::Place,
    retain::{Limits, archives, retain},
    sys::{give_way, rename_new},
    when::{Backoff, Monotonic},
};
use crate::{
    config::{Compress, Output},
    telemetry,
};

/// Files that may wait to be closed, and as many to be rescued; each holds a descriptor. Those that are closed take no
/// room from the others: a file that is not closed in order has lost nothing, one that is not rescued all it held.
const WAITING: usize = 8;

/// How often the directory is looked at when nothing happens.
const PASS: Duration = Duration::from_secs(60);

/// Archives that may wait for their time to be compressed. With more, a burst would fill the disk.
const PLAIN: usize = 4;

/// How long the wall clock must have run evenly before an archive is removed for its age: one wrong minute
/// of the clock must not cost a year of archives.
const STEADY: Duration = Duration::from_secs(3_600);

/// How long the end of the process waits for the thread.
const FAREWELL: Duration = Duration::from_secs(1);

/// A step of the wall clock that is no drift.
const STEP: Duration = Duration::from_secs(60);

#[derive(Debug)]
enum Job {
    /// The sink is in use: whoever had to see the directory as it was has seen it.
    Begin,
    /// A file that nobody writes to any more.
    Close(File),
    /// Such a file without a name, and the archive to make of it.
    Rescue(File, String),
}

/// The thread. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Keeper {
    jobs: Option<Sender<Job>>,
    waiting: Arc<Waiting>,
    has_begun: bool,
    live: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// How many files wait.
#[derive(Debug, Default)]
struct Waiting {
    closing: AtomicUsize,
    rescues: AtomicUsize,
}

impl Keeper {
    /// It touches nothing before [`Keeper::begin`].
    ///
    /// # Errors
    /// There is no room for a thread.
    pub(super) fn start(place: Place, output: &Output, monotonic: Monotonic) -> io::Result<Self> {
        let (jobs, inbox) = unbounded();
        let stop = Arc::new(AtomicBool::new(false));
        let mut rounds = Rounds::new(place, output, monotonic, Arc::clone(&stop));
        let waiting = Arc::clone(&rounds.waiting);
        let live = rounds.place.live().to_owned();
        let thread = thread::Builder::new().name("mesos-audit-old".to_owned()).spawn(move || {
            give_way();
            rounds.run(&inbox);
        })?;
        Ok(Self { jobs: Some(jobs), waiting, has_begun: false, live, stop, thread: Some(thread) })
    }

    /// Lets it look at the directory, from now on.
    #[inline]
    pub(super) fn begin(&mut self) {
        if !self.has_begun {
            self.has_begun = true;
            self.send(Job::Begin);
        }
    }

    /// Closes a file, and looks at the directory.
    pub(super) fn close(&self, file: File) {
        if self.waiting.closing.load(Relaxed) < WAITING {
            self.waiting.closing.fetch_add(1, Relaxed);
            self.send(Job::Close(file));
        } else {
            // Far behind: a pass is coming anyway. A forked child may hold the descriptor, so say it.
            let _ = file.unlock();
        }
    }

    /// Whether one more file may wait to be rescued.
    pub(super) fn has_room(&self) -> bool {
        self.waiting.rescues.load(Relaxed) < WAITING
    }

    /// Whether there is none left that would be gone with the process.
    pub(super) fn has_rescued_all(&self) -> bool {
        self.waiting.rescues.load(Relaxed) == 0
    }

    /// Makes an archive of a file that has no name any more. To be asked for only while there is room.
    pub(super) fn rescue(&self, file: File, archive: String) {
        self.waiting.rescues.fetch_add(1, Relaxed);
        self.send(Job::Rescue(file, archive));
    }

    fn send(&self, job: Job) {
        // The thread takes what comes until this end is gone.
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
        self.jobs = None;
        let Some(thread) = self.thread.take() else { return };
        let started = Instant::now();
        while !thread.is_finished() && started.elapsed() < FAREWELL {
            thread::sleep(Duration::from_millis(1));
        }
        // One that hangs with its disk must not hang the process: all it does can be done again, but for this.
        if thread.is_finished() {
            let _ = thread.join();
        }
        let left = self.waiting.rescues.load(Relaxed);
        if left > 0 {
            let error = io::Error::other(format!("the process ends before {left} deleted files are copied"));
            telemetry::ArchiveFailed { path: &self.live, task: "rescue it", error: &error }.emit();
        }
    }
}

/// What the thread does.
#[derive(Debug)]
pub(super) struct Rounds {
    place: Place,
    limits: Limits,
    compress: bool,
    /// Seconds that an archive stays plain.
    delay: u64,
    monotonic: Monotonic,
    stop: Arc<AtomicBool>,
    waiting: Arc<Waiting>,
    rescues: Vec<(File, String)>,
    /// After a failure: compressing is work, and so is telling.
    again: Backoff,
    clock: Option<Clock>,
}

/// The two clocks at the last pass, and since when they agree.
#[derive(Clone, Copy, Debug)]
struct Clock {
    wall: SystemTime,
    monotonic: Duration,
    steady_since: Duration,
}

impl Rounds {
    pub(super) fn new(place: Place, output: &Output, monotonic: Monotonic, stop: Arc<AtomicBool>) -> Self {
        Self {
            place,
            limits: Limits::new(output),
            compress: output.compress == Compress::Gzip,
            delay: output.compress_after_s,
            monotonic,
            stop,
            waiting: Arc::default(),
            rescues: Vec::new(),
            again: Backoff::new(PASS, STEADY),
            clock: None,
        }
    }

    fn run(&mut self, inbox: &Receiver<Job>) {
        let pause = PASS.min(Duration::from_secs(self.delay.max(1)));
        let mut next = inbox.recv().map_err(|_| RecvTimeoutError::Disconnected);
        loop {
            match next {
                Ok(job) => self.take(inbox, job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.save(),
            }
            // What panics once is looked at again by the next pass.
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.pass(SystemTime::now()))) {
                std::mem::forget(payload);
            }
            next = inbox.recv_timeout(pause);
        }
    }

    /// Does what came, and what came with it.
    fn take(&mut self, inbox: &Receiver<Job>, first: Job) {
        let mut closing = VecDeque::new();
        let mut next = Some(first);
        loop {
            match next {
                Some(Job::Begin) => {}
                Some(Job::Close(file)) => closing.push_back(file),
                Some(Job::Rescue(file, archive)) => {
                    self.rescues.push((file, archive));
                    // Before anything that takes long: until it is done, a crash loses it.
                    self.save();
                }
                None => {
                    let Some(file) = closing.pop_front() else { return };
                    self.close(&file);
                }
            }
            // Between two syncs as well: a file can wait for its own, a deleted one cannot wait for others'.
            next = inbox.try_recv().ok();
        }
    }

    fn close(&self, file: &File) {
        if let Err(error) = file.sync_data() {
            let path = self.place.live();
            telemetry::ArchiveFailed { path, task: "make its end durable", error: &error }.emit();
        }
        let _ = file.unlock();
        self.waiting.closing.fetch_sub(1, Relaxed);
    }

    /// One look at the directory.
    pub(super) fn pass(&mut self, wall: SystemTime) {
        let now = self.monotonic.now();
        let by_age = self.clock_is_steady(wall, now);
        self.save();
        match self.keep(wall, by_age, self.again.is_ready(now)) {
            Ok(true) => drop(self.again.worked()),
            // What was not tried has not worked.
            Ok(false) => {}
            Err((task, error)) => {
                if self.again.is_ready(now) && self.again.failed(now) {
                    telemetry::ArchiveFailed { path: self.place.live(), task, error: &error }.emit();
                }
            }
        }
    }

    /// Tells whether all that is to be done was tried; the last of what failed.
    fn keep(
        &self,
        wall: SystemTime,
        by_age: bool,
        compressing: bool,
    ) -> Result<bool, (&'static str, io::Error)> {
        let mut kept = archives(&self.place, wall).map_err(|error| ("look for its archives", error))?;
        // First what makes room, then what needs some.
        let mut result = retain(&self.place, &self.limits, &mut kept, by_age)
            .map(|()| compressing)
            .map_err(|error| ("remove an old archive of it", error));
        if !(self.compress && compressing) {
            return result;
        }
        let mut plain = kept.iter().filter(|kept| kept.plain.is_some()).count();
        for kept in kept.iter().filter(|kept| kept.plain.is_some()) {
            let due = kept.gz || plain > PLAIN || kept.plain >= Some(self.delay);
            plain -= 1;
            if !due || self.stop.load(Relaxed) {
                continue;
            }
            match compress(&self.place, &kept.archive, &self.stop) {
                // Somebody else removed it: nothing is left to do.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => result = Err(("compress an archive of it", error)),
                Ok(_) => {}
            }
        }
        result
    }

    fn save(&mut self) {
        let place = &self.place;
        self.rescues.retain(|(file, archive)| {
            match rescue(place, file, archive) {
                Ok(()) => drop(file.unlock()),
                // Its name is taken: by an earlier try whose last step failed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    let path = place.path(archive);
                    telemetry::ArchiveFailed { path: &path, task: "rescue it", error: &error }.emit();
                    return true;
                }
            }
            self.waiting.rescues.fetch_sub(1, Relaxed);
            false
        });
    }

    fn clock_is_steady(&mut self, wall: SystemTime, now: Duration) -> bool {
        let clock = self.clock.get_or_insert(Clock { wall, monotonic: now, steady_since: now });
        let expected = clock.wall + now.saturating_sub(clock.monotonic);
        let off = wall.duration_since(expected).unwrap_or_else(|error| error.duration());
        let steady_since = if off > STEP { now } else { clock.steady_since };
        *clock = Clock { wall, monotonic: now, steady_since };
        now - steady_since >= STEADY
    }
}

/// Removes what a crash left unfinished, but for copies of deleted files: what there is of them is all that is left, and
/// becomes the archive.
///
/// # Errors
/// The directory cannot be read.
pub(super) fn clean(place: &Place) -> io::Result<()> {
    for entry in fs::read_dir(place.directory())? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| place.is_unfinished(name)) else { continue };
        let rescue =
            place.unfinished_rescue(name).filter(|_| entry.metadata().is_ok_and(|file| file.len() > 0));
        if let Some(archive) = rescue.map(|archive| place.path(&archive)) {
            match rename_new(&entry.path(), &archive) {
                Ok(()) => telemetry::RescueCut { path: &archive }.emit(),
                // The whole of it is there.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    drop(fs::remove_file(entry.path()))
                }
                Err(error) => {
                    telemetry::ArchiveFailed { path: &archive, task: "rescue it", error: &error }.emit()
                }
            }
        } else {
            drop(fs::remove_file(entry.path()));
        }
    }
    Ok(())
}
