//! A sender, as seen from outside.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child as Process, ChildStdin, ChildStdout, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};

use crate::{Result, at, tally::Sent};

/// A running sender. Dropping it kills it.
#[derive(Debug)]
pub struct Child {
    process: Process,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    tally: PathBuf,
}

impl Child {
    /// Starts it, and waits until its pipeline runs.
    ///
    /// # Errors
    /// It does not start: what it said.
    pub(crate) fn start(mut command: Command, tally: PathBuf) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(at("the sender"))?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the sender has no pipes".to_owned());
        };
        let mut child = Self { process, stdin, stdout: BufReader::new(stdout), tally };
        match child.answer() {
            Ok(ready) if ready == "ready" => Ok(child),
            _ => {
                let mut said = String::new();
                if let Some(mut stderr) = child.process.stderr.take() {
                    std::io::Read::read_to_string(&mut stderr, &mut said).map_err(at("stderr"))?;
                }
                Err(said)
            }
        }
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).map_err(at("the sender"))?;
        if line.is_empty() { Err("the sender is gone".to_owned()) } else { Ok(line.trim_end().to_owned()) }
    }

    /// Tells it something, and waits for its answer.
    ///
    /// # Errors
    /// It is gone.
    pub fn tell(&mut self, command: &str) -> Result<String> {
        writeln!(self.stdin, "{command}").map_err(at("the sender"))?;
        self.answer()
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.process)
    }

    /// Stops it in the middle of whatever it does.
    pub fn pause(&self) {
        let _ = kill_process(self.pid(), Signal::STOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        let _ = kill_process(self.pid(), Signal::CONT);
    }

    /// Limits something; none lifts the limit.
    ///
    /// # Errors
    /// The kernel does not allow it.
    pub fn limit(&self, resource: Resource, most: Option<u64>) -> Result<()> {
        let limits = Rlimit { current: most, maximum: rustix::process::getrlimit(resource).maximum };
        prlimit(Some(self.pid()), resource, limits).map(drop).map_err(at("prlimit"))
    }

    /// Kills it as nothing can be prepared for, and tells what it had sent.
    ///
    /// # Errors
    /// Its counts cannot be read.
    pub fn kill(mut self) -> Result<Sent> {
        self.process.kill().map_err(at("SIGKILL"))?;
        self.process.wait().map_err(at("SIGKILL"))?;
        Sent::read(&self.tally)
    }

    /// Waits until it is gone by itself, and tells what it had sent.
    ///
    /// # Errors
    /// It is still there after half a minute.
    pub fn gone(mut self) -> Result<Sent> {
        let patience = Instant::now() + Duration::from_secs(30);
        while self.process.try_wait().map_err(at("the sender"))?.is_none() {
            if Instant::now() > patience {
                return Err("the sender is still there".to_owned());
            }
            sleep(Duration::from_millis(10));
        }
        Sent::read(&self.tally)
    }

    /// Has it end as Mesos ends by `exit()`, whatever its disk does, and tells what it had sent.
    ///
    /// # Errors
    /// It does not end.
    pub fn leave(mut self) -> Result<Sent> {
        writeln!(self.stdin, "leave").map_err(at("the sender"))?;
        self.gone()
    }

    /// Lets it end, and tells what it had sent and says it dropped.
    ///
    /// # Errors
    /// It does not end, or not well.
    pub fn end(mut self) -> Result<(Sent, u64)> {
        let answer = self.tell("end")?;
        let status = self.process.wait().map_err(at("the sender"))?;
        if !status.success() {
            return Err(format!("the sender: {status}"));
        }
        let dropped = answer.strip_prefix("ended true ").and_then(|count| count.parse().ok());
        let dropped = dropped.ok_or_else(|| format!("what was sent is not written: {answer}"))?;
        Ok((Sent::read(&self.tally)?, dropped))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Both fail only if it is gone.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
