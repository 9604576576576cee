//! Principals with their secrets, and the files in which Mesos wants them.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::error::{Context, Result};

/// A principal with its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Who.
    pub principal: String,
    /// The password.
    pub secret: String,
}

impl Credential {
    /// A principal with its secret.
    pub fn new(principal: &str, secret: &str) -> Self {
        Self { principal: principal.to_owned(), secret: secret.to_owned() }
    }

    fn json(&self) -> Value {
        json!({"principal": self.principal, "secret": self.secret})
    }

    /// Writes the file that an agent's `--credential` names, readable by its owner only.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_private(path, &self.json())
    }
}

/// Everyone whom a master knows.
#[derive(Debug, Clone, Default)]
pub struct Credentials(Vec<Credential>);

impl Credentials {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a principal.
    #[must_use]
    pub fn with(mut self, principal: &str, secret: &str) -> Self {
        self.0.push(Credential::new(principal, secret));
        self
    }

    /// Writes the file that `--credentials` and `--http_credentials` name, readable by its owner only.
    pub fn write(&self, path: &Path) -> Result<()> {
        let all: Vec<_> = self.0.iter().map(Credential::json).collect();
        write_private(path, &json!({"credentials": all}))
    }
}

/// Mesos warns about files that others can read.
fn write_private(path: &Path, content: &Value) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path).context(|| format!("cannot create {}", path.display()))?;
    writeln!(file, "{content}").context(|| format!("cannot write {}", path.display()))
}
