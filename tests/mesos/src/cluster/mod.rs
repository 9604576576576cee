//! A running master with its agent.

mod builder;
mod launch;
mod output;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

pub use builder::ClusterBuilder;
pub use launch::Refusal;

use crate::command;
use crate::credentials::Credential;
use crate::error::{Context, Error, Result};
use crate::http::{self, Response};
use crate::paths::Paths;
use crate::progress::Silent;

/// How long to wait for anything that takes Mesos a second at most. Generous, for busy machines.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);
/// An environment variable that keeps the folders of clusters, for a look at what happened.
const KEEP: &str = "MESOS_TESTBED_KEEP";
const POLL: Duration = Duration::from_millis(10);

/// A real master and a real agent in one process, on one loopback port.
///
/// What differs from separate processes: one authorizer object serves both; a flag that both know has one value;
/// `--authorizer` (the agent's) is ignored; hooks are initialised before anonymous modules are created; a path
/// without a first component, as `/api/v1`, is the master's, while the agent is at `/slave(1)/`; tasks write to
/// the cluster's own stdout and stderr.
///
/// Dropping it kills that process, and no other: executors notice and leave.
#[derive(Debug)]
pub struct Cluster {
    paths: Paths,
    dir: tempfile::TempDir,
    child: Child,
    port: u16,
    asan: bool,
    peers: std::cell::Cell<usize>,
}

impl Cluster {
    /// `http://127.0.0.1:PORT`.
    pub fn master_url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The port of master and agent.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process that holds master and agent.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The cluster's own folder, removed with it unless the thread panics or `MESOS_TESTBED_KEEP` is set.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where Mesos writes its log, with what tasks write to their standard error.
    pub fn stderr_path(&self) -> PathBuf {
        output::stderr_path(self.dir())
    }

    /// Mesos's log so far.
    pub fn stderr(&self) -> String {
        output::read(&self.stderr_path())
    }

    /// GET `path` (`/master/state`, `/slave(1)/state`, `/metrics/snapshot`).
    pub fn get(&self, path: &str, auth: Option<&Credential>) -> Result<Response> {
        self.with_auth("GET", path, &[], "", auth)
    }

    /// POST `body`, JSON or else a form.
    pub fn post(&self, path: &str, body: &str, auth: Option<&Credential>) -> Result<Response> {
        let json = body.starts_with('{');
        let content_type = if json { "application/json" } else { "application/x-www-form-urlencoded" };
        let headers = [("Content-Type", content_type), ("Accept", "application/json")];
        self.with_auth("POST", path, &headers, body, auth)
    }

    /// Any request, with these headers: another way of logging in, or what a hostile client sends.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Response> {
        http::send(method, &format!("{}{path}", self.master_url()), headers, body)
    }

    fn with_auth(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
        auth: Option<&Credential>,
    ) -> Result<Response> {
        let basic = auth.map(http::basic);
        let mut headers = headers.to_vec();
        headers.extend(basic.as_deref().map(|basic| ("Authorization", basic)));
        self.request(method, path, &headers, body)
    }

    /// Asks again and again until `look` finds something.
    pub fn wait_for<T>(&self, what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            if Instant::now() > deadline {
                let tail = output::tail(&self.stderr());
                return Err(Error::new(format!("waited {TIMEOUT:?} for {what}; Mesos's log ends:\n{tail}")));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Waits until Mesos's log holds `text`.
    pub fn wait_for_stderr(&self, text: &str) -> Result<()> {
        self.wait_for(&format!("{text:?} in the log"), || Ok(self.stderr().contains(text).then_some(())))
    }

    /// Whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Sends the process a signal by name, as `TERM`, `STOP` or `KILL`.
    pub fn signal(&self, name: &str) -> Result<()> {
        // The shell's own `kill`: a minimal Debian has no program of that name.
        let mut kill = std::process::Command::new("sh");
        kill.arg("-c").arg(format!("kill -{name} {}", self.pid()));
        command::run(kill, &Silent)
    }

    /// Ends Mesos as an operator does, by SIGTERM, and returns how it ended. With the address sanitizer on,
    /// anything that it reported is an error.
    pub fn stop(mut self) -> Result<ExitStatus> {
        self.signal("TERM")?;
        let status = self.child.wait().context(|| "cannot wait for Mesos".to_owned())?;
        if self.asan {
            self.check_sanitizer()?;
        }
        Ok(status)
    }

    /// Fails with the address sanitizer's first report, if there is one.
    pub fn check_sanitizer(&self) -> Result<()> {
        match output::sanitizer_report(self.dir()) {
            None => Ok(()),
            Some(report) => Err(Error::new(format!("the address sanitizer reports:\n{report}"))),
        }
    }

    pub(crate) fn paths(&self) -> &Paths {
        &self.paths
    }

    /// A file for the next peer's standard error.
    pub(crate) fn peer_log(&self, kind: &str) -> PathBuf {
        let number = self.peers.get();
        self.peers.set(number + 1);
        self.dir().join(format!("{kind}-{number}.stderr"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Both fail only if the process is already gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() || std::env::var_os(KEEP).is_some() {
            self.dir.disable_cleanup(true);
            eprintln!("test bed: kept {}", self.dir().display());
        } else {
            // Executors may still be leaving; what they hold open does not matter.
            let _ = fs::remove_dir_all(self.dir());
        }
    }
}
