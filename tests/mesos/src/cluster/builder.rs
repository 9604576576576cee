//! What a cluster is to be, before it is started.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::Value;

use super::Cluster;
use super::launch::{self, Refusal};
use crate::credentials::{Credential, Credentials};
use crate::error::{Context, Result};
use crate::paths::Paths;

/// A cluster that is not started yet.
#[derive(Debug)]
pub struct ClusterBuilder {
    pub(super) paths: Paths,
    pub(super) dir: tempfile::TempDir,
    pub(super) hooks: Vec<String>,
    pub(super) allocator: Option<String>,
    pub(super) has_modules: bool,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) asan: bool,
    pub(super) expect_agent: bool,
}

impl ClusterBuilder {
    pub(crate) fn new(paths: Paths, name: &str) -> Result<Self> {
        let runs = paths.runs();
        fs::create_dir_all(&runs).context(|| format!("cannot create {}", runs.display()))?;
        let dir = tempfile::Builder::new()
            .prefix(&format!("{name}-"))
            .tempdir_in(&runs)
            .context(|| format!("cannot create a folder in {}", runs.display()))?;
        let environment = launch::defaults(&paths, dir.path());
        Ok(Self {
            paths,
            dir,
            hooks: Vec::new(),
            allocator: None,
            has_modules: false,
            environment,
            asan: false,
            expect_agent: true,
        })
    }

    /// The cluster's own folder: a place for configuration and output that goes away with it.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The modules to load: the content of a file that `--modules_dir` would read. May be called repeatedly.
    pub fn modules(mut self, modules: &Value) -> Result<Self> {
        let dir = launch::modules_dir(self.dir());
        fs::create_dir_all(&dir).context(|| format!("cannot create {}", dir.display()))?;
        let count = fs::read_dir(&dir).map(Iterator::count).unwrap_or_default();
        let path = dir.join(format!("{count}.json"));
        fs::write(&path, modules.to_string()).context(|| format!("cannot write {}", path.display()))?;
        self.has_modules = true;
        Ok(self)
    }

    /// Adds a hook, as `--hooks` does.
    #[must_use]
    pub fn hook(mut self, name: &str) -> Self {
        self.hooks.push(name.to_owned());
        self
    }

    /// Sets the allocator, as `--allocator` does: a module in that library, made without parameters.
    #[must_use]
    pub fn allocator(mut self, library: &Path, module: &str) -> Self {
        self.allocator = Some(format!("{}:{module}", library.display()));
        self
    }

    /// Sets a flag of the master, the agent or both by its name without dashes.
    #[must_use]
    pub fn flag(self, name: &str, value: impl ToString) -> Self {
        self.env(&format!("MESOS_{}", name.to_uppercase()), value)
    }

    /// Sets a variable of the process's environment, which holds little else.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl ToString) -> Self {
        self.environment.insert(name.to_owned(), value.to_string());
        self
    }

    /// Sets whom the master knows, over SASL and over HTTP. By itself this makes nobody log in.
    pub fn credentials(self, credentials: &Credentials) -> Result<Self> {
        let path = self.dir().join("credentials.json");
        credentials.write(&path)?;
        Ok(self.flag("credentials", path.display()).flag("http_credentials", path.display()))
    }

    /// Sets with what the agent logs in over SASL.
    pub fn agent_credential(self, principal: &str, secret: &str) -> Result<Self> {
        let path = self.dir().join("agent-credential.json");
        Credential::new(principal, secret).write(&path)?;
        Ok(self.flag("credential", path.display()))
    }

    /// Makes every framework, agent and HTTP client log in, by Mesos's own authenticators unless flags name others.
    #[must_use]
    pub fn authenticate(self) -> Self {
        self.flag("authenticate_agents", true)
            .flag("authenticate_frameworks", true)
            .flag("authenticate_http_readonly", true)
            .flag("authenticate_http_readwrite", true)
            .flag("authenticate_http_frameworks", true)
            .flag("http_framework_authenticators", "basic")
    }

    /// Sets the ACLs of Mesos's own authorizer.
    #[must_use]
    pub fn acls(self, acls: &Value) -> Self {
        self.flag("acls", acls)
    }

    /// Has executors of the type DEFAULT run. The package lacks Mesos's program for them; executor.py stands in for it, and
    /// asks the agent for its tasks' containers as that does.
    pub fn default_executor(self) -> Result<Self> {
        let launcher = self.dir().join("launcher");
        let made = || -> std::io::Result<()> {
            fs::create_dir_all(&launcher)?;
            symlink(self.paths.launcher().join("mesos-containerizer"), launcher.join("mesos-containerizer"))?;
            let program = launcher.join("mesos-default-executor");
            let (python, script) = (self.paths.python_program(), Paths::source("python/executor.py"));
            fs::write(&program, format!("#!/bin/sh\nexec '{}' '{}'\n", python.display(), script.display()))?;
            fs::set_permissions(&program, Permissions::from_mode(0o755))
        };
        made().context(|| format!("cannot make {}", launcher.display()))?;
        Ok(self.flag("launcher_dir", launcher.display()))
    }

    /// Starts Mesos with the address sanitizer's runtime, for a module that was built with it.
    #[must_use]
    pub fn asan(mut self, on: bool) -> Self {
        self.asan = on;
        self
    }

    /// Whether [`start`](Self::start) waits until the agent is registered. On unless told otherwise.
    #[must_use]
    pub fn expect_agent(mut self, expect: bool) -> Self {
        self.expect_agent = expect;
        self
    }

    /// Starts Mesos and waits until it can work.
    pub fn start(self) -> Result<Cluster> {
        launch::start(self)
    }

    /// Starts Mesos, which must give up by itself, as it does when a module cannot be loaded.
    pub fn start_expecting_failure(self) -> Result<Refusal> {
        launch::start_expecting_failure(self)
    }
}
