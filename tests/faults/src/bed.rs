//! A log of its own, and processes that write to it one after the other.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use mesos_audit_core::{chain::State, health::Status};
use serde_json::Value;

use crate::{Result, account::Account, at, child::Child, disk::Disk, space::Space};

/// Removed with all its files when it is dropped.
#[derive(Debug)]
pub struct Bed {
    dir: tempfile::TempDir,
    /// Where the log is.
    logs: PathBuf,
    space: Option<Space>,
    program: PathBuf,
    runs: u32,
    environment: Vec<(String, String)>,
}

/// What `mesos-audit verify` says.
#[derive(Debug)]
pub struct Verified {
    /// Its exit status.
    pub code: i32,
    /// Its report.
    pub report: Value,
}

impl Verified {
    /// Whether there is a finding of that kind.
    #[must_use]
    pub fn has(&self, kind: &str) -> bool {
        self.report["findings"].as_array().is_some_and(|all| all.iter().any(|one| one["kind"] == kind))
    }
}

impl Bed {
    /// A log in a folder. `config` is added to its configuration, which begins with the table `output`;
    /// `program` is this crate's.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(program: &Path, config: &str) -> Result<Self> {
        Self::with(program, config, None)
    }

    /// A log on a file system of that size (`2m`).
    ///
    /// # Errors
    /// It cannot be made.
    pub fn sized(program: &Path, config: &str, size: &str) -> Result<Self> {
        Self::with(program, config, Some(size))
    }

    fn with(program: &Path, config: &str, size: Option<&str>) -> Result<Self> {
        let dir = tempfile::tempdir().map_err(at("a folder"))?;
        let inside = dir.path().join("logs");
        fs::create_dir(&inside).map_err(at(inside.display()))?;
        let space = size.map(|size| Space::mount(&inside, size)).transpose()?;
        // Uncompressed: only the records are looked at here.
        let text = format!(
            "[output]\npath = {:?}\ncompress = \"none\"\nkeep_bytes = 0\n{config}\n",
            inside.join("audit.jsonl").display().to_string()
        );
        fs::write(dir.path().join("audit.toml"), text).map_err(at("audit.toml"))?;
        let logs = space.as_ref().map_or(inside, Space::outside);
        Ok(Self { dir, logs, space, program: program.to_owned(), runs: 0, environment: Vec::new() })
    }

    /// Sets a variable of the processes that are started from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// From now on the processes have a disk that fails on command.
    ///
    /// # Errors
    /// It cannot be built.
    pub fn disk(&mut self) -> Result<Disk> {
        let disk = Disk::build(self.dir.path())?;
        self.environment.extend(disk.environment());
        Ok(disk)
    }

    /// How the process on the log is, as it tells itself.
    ///
    /// # Errors
    /// It has not told.
    pub fn status(&self) -> Result<Status> {
        let path = self.logs.join("audit.jsonl.status");
        Status::read(&path).map_err(at(path.display()))
    }

    /// Where the chain stands.
    ///
    /// # Errors
    /// Nothing tells.
    pub fn state(&self) -> Result<State> {
        let path = self.logs.join("audit.jsonl.seal");
        State::read(&path).map_err(at(path.display()))
    }

    /// A file of the test's own.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Where log, key and state are.
    #[must_use]
    pub fn logs(&self) -> &Path {
        &self.logs
    }

    /// The live file.
    #[must_use]
    pub fn live(&self) -> PathBuf {
        self.logs.join("audit.jsonl")
    }

    /// Its own file system.
    ///
    /// # Errors
    /// It has none.
    pub fn space(&self) -> Result<&Space> {
        self.space.as_ref().ok_or_else(|| "there is no file system of its own".to_owned())
    }

    /// Starts a process on the log.
    ///
    /// # Errors
    /// It does not start: what it said.
    pub fn start(&mut self) -> Result<Child> {
        let mut command = match &self.space {
            Some(space) => space.enter(&self.program),
            None => Command::new(&self.program),
        };
        let tally = self.file(&format!("tally-{}", self.runs));
        command.arg("send").arg(self.file("audit.toml")).arg(&tally).arg(self.runs.to_string());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let child = Child::start(command, tally)?;
        self.runs += 1;
        Ok(child)
    }

    /// What the log holds.
    ///
    /// # Errors
    /// It cannot be read, or holds what no process wrote.
    pub fn account(&self) -> Result<Account> {
        Account::of(&self.logs)
    }

    /// Runs `mesos-audit verify` on it.
    ///
    /// # Errors
    /// It does not run, or says nothing.
    pub fn verify(&self) -> Result<Verified> {
        let mut verify = Command::new(&self.program);
        verify.args(["verify", "--format", "json", "--key"]).arg(self.logs.join("audit.jsonl.key"));
        let output = verify.arg(&self.logs).output().map_err(at("verify"))?;
        let report = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
        Ok(Verified { code: output.status.code().unwrap_or(-1), report })
    }
}
