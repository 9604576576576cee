//! The process under test: the product's own pipeline, configured by a file, with threads that hand records over
//! as fast as they can. It does what it is told on stdin, and answers each line with one.

use std::{
    fs::File,
    io::{self, BufRead, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use mesos_audit_core::{
    clock::Timestamp,
    config,
    decode::Callback,
    pipeline::{DropReason, Pipeline, Place},
};

use crate::{
    Result, at,
    tally::{self, Lane},
};

/// Records between two looks at how many were kept.
const LOOK_EVERY: u64 = 1024;

/// The name by which a record is found again: a module's name, which the product copies as it is.
pub(crate) fn name(run: u32, thread: usize, number: u64) -> String {
    format!("{run}.{thread}.{number}")
}

/// Field 1 of `Record` in schema/record.proto, which is text: its tag, its length, itself.
fn encode(name: &str, record: &mut Vec<u8>) {
    record.clear();
    record.extend([0x0a, name.len() as u8]);
    record.extend(name.as_bytes());
}

/// Does as told until stdin ends, or `end`.
///
/// # Errors
/// The pipeline does not start, or a command makes no sense.
pub fn run(config: &Path, tally: &Path, run: u32) -> Result<()> {
    // Where a limit on the size of files stands for a disk that cannot be written: an error, not a signal.
    // SAFETY: ignoring a signal has no preconditions.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    let loaded = config::load(Some(config)).map_err(|error| error.to_string())?;
    let pipeline = Pipeline::start(&loaded, "1.11.0").map_err(|error| error.to_string())?;
    let mut sender = Sender {
        lanes: tally::lanes(tally)?.into_iter().map(Arc::new).collect(),
        pipeline: Arc::new(pipeline),
        run,
        halt: Arc::default(),
        threads: Vec::new(),
        hogs: Vec::new(),
    };
    reply("ready")?;
    for line in io::stdin().lock().lines() {
        let line = line.map_err(at("stdin"))?;
        let words: Vec<_> = line.split(' ').collect();
        if words[0] == "end" {
            return sender.end();
        }
        let answer = sender.command(&words)?;
        reply(&answer)?;
    }
    Ok(())
}

fn reply(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(at("stdout"))
}

struct Sender {
    pipeline: Arc<Pipeline>,
    lanes: Vec<Arc<Lane>>,
    run: u32,
    halt: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    hogs: Vec<File>,
}

impl Sender {
    fn command(&mut self, words: &[&str]) -> Result<String> {
        let number = |place: usize| -> Result<u64> {
            words.get(place).and_then(|word| word.parse().ok()).ok_or_else(|| format!("{words:?}?"))
        };
        match words[0] {
            // THREADS COUNT: so many records from each of so many threads.
            "burst" => {
                self.send(number(1)?, number(2)?, u64::MAX);
                self.join();
            }
            // THREADS [KEPT]: until told to halt, or until so many were taken and not dropped.
            "flow" => self.send(number(1)?, u64::MAX, number(2).unwrap_or(u64::MAX)),
            "halt" => {
                self.halt.store(true, Relaxed);
                self.join();
                self.halt.store(false, Relaxed);
            }
            "drain" => {
                let drained = self.pipeline.drain(Duration::from_secs(20));
                return Ok(format!("drained {drained}"));
            }
            "dropped" => return Ok(format!("dropped {}", dropped(&self.pipeline))),
            // COUNT MILLISECONDS: one after the other, each with that deadline; how many were on disk by then, and how
            // many not.
            "durably" => {
                let (count, wait) = (number(1)?, Duration::from_millis(number(2)?));
                let on_disk = (0..count).filter(|_| self.durably(wait)).count() as u64;
                return Ok(format!("durably {on_disk} {}", count - on_disk));
            }
            // As the module does when Mesos calls `exit()`: there is a second, and no thread is waited for.
            "leave" => {
                self.pipeline.drain(Duration::from_secs(1));
                std::process::exit(0);
            }
            // PLACE TIMES: the worker has panicked by the time of the answer. It needs something to do for that.
            "break" => {
                let place = words.get(1).copied().unwrap_or_default();
                let place = Place::ALL.into_iter().find(|known| format!("{known:?}") == place);
                let place = place.ok_or_else(|| format!("{words:?}?"))?;
                self.pipeline.break_worker(place, number(2)?);
                while !self.pipeline.has_broken() {
                    self.send(1, 1, u64::MAX);
                    self.join();
                    thread::sleep(Duration::from_millis(1));
                }
            }
            "hog" => self.hogs.extend(std::iter::from_fn(|| File::open("/dev/null").ok())),
            "release" => self.hogs.clear(),
            "fork" => (0..number(1)?).try_for_each(fork)?,
            _ => return Err(format!("{words:?}?")),
        }
        Ok("done".to_owned())
    }

    fn send(&mut self, threads: u64, count: u64, kept: u64) {
        for thread in 0..usize::try_from(threads).unwrap_or(0).min(tally::THREADS) {
            let (pipeline, halt) = (Arc::clone(&self.pipeline), Arc::clone(&self.halt));
            let (lanes, run) = (self.lanes.clone(), self.run);
            self.threads.push(thread::spawn(move || {
                let lane = &lanes[thread];
                let mut record = Vec::new();
                for number in 0..count {
                    if halt.load(Relaxed) {
                        return;
                    }
                    if number % LOOK_EVERY == 0 {
                        let sent: u64 = lanes.iter().map(|lane| lane.sent()).sum();
                        if sent.saturating_sub(dropped(&pipeline)) >= kept {
                            return;
                        }
                    }
                    encode(&name(run, thread, lane.next()), &mut record);
                    let start = Instant::now();
                    pipeline.submit(Timestamp::now(), Callback::ModuleStart, &record);
                    lane.took(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
                }
            }));
        }
    }

    fn durably(&self, wait: Duration) -> bool {
        let lane = &self.lanes[0];
        let mut record = Vec::new();
        encode(&name(self.run, 0, lane.next()), &mut record);
        let start = Instant::now();
        let now = Timestamp::now();
        let on_disk = self.pipeline.submit_durably(now, Callback::ModuleStart, &record, start + wait);
        lane.took(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
        on_disk
    }

    fn join(&mut self) {
        for thread in self.threads.drain(..) {
            thread.join().expect("a sender does not panic");
        }
    }

    /// Ends as a process does that is not killed, and tells what the pipeline knows to have dropped.
    fn end(mut self) -> Result<()> {
        self.halt.store(true, Relaxed);
        self.join();
        let drained = self.pipeline.drain(Duration::from_secs(300));
        let dropped = dropped(&self.pipeline);
        drop(self);
        reply(&format!("ended {drained} {dropped}"))
    }
}

fn dropped(pipeline: &Pipeline) -> u64 {
    DropReason::ALL.iter().map(|reason| pipeline.ledger().dropped(*reason)).sum()
}

/// A child that is gone at once, or lives a little, as Mesos's do between fork and exec.
fn fork(number: u64) -> Result<()> {
    // SAFETY: the child calls nothing but `usleep` and `_exit`, which are async-signal-safe.
    match unsafe { libc::fork() } {
        -1 => return Err(at("fork")(io::Error::last_os_error())),
        0 => {
            // SAFETY: as above.
            unsafe { libc::usleep(if number.is_multiple_of(2) { 0 } else { 2_000 }) };
            // SAFETY: as above.
            unsafe { libc::_exit(0) };
        }
        child => {
            // SAFETY: a child of ours, that nobody else waits for.
            unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
        }
    }
    Ok(())
}
