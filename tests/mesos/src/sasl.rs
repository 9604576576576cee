//! Frameworks that log in over SASL, by Mesos's own libprocess scheduler driver.

use std::process::Command;

use crate::cluster::Cluster;
use crate::error::Result;
use crate::peer::{Login, Peer};

/// A framework without tasks that stays registered until it is stopped or dropped.
#[derive(Debug)]
pub struct SaslFramework {
    peer: Peer,
}

impl SaslFramework {
    /// How the login ended; waits for it.
    pub fn login(&mut self) -> Result<Login> {
        self.peer.login()
    }

    /// Unregisters the framework. (Dropping it instead breaks its connection.)
    pub fn stop(mut self) -> Result<()> {
        self.peer.finish().map(drop)
    }
}

impl Cluster {
    /// Starts a framework that logs in over SASL.
    pub fn sasl_framework(&self, name: &str, principal: &str, secret: &str) -> Result<SaslFramework> {
        let mut command = Command::new(self.paths().sasl_framework());
        command
            .args([&self.address(), name, "root", "*"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LIBPROCESS_IP", "127.0.0.1")
            .env("MESOS_AUTHENTICATION_TIMEOUT_MIN", "1secs")
            .env("MESOS_AUTHENTICATION_BACKOFF_FACTOR", "10ms")
            .env("TESTBED_PRINCIPAL", principal)
            .env("TESTBED_SECRET", secret);
        Ok(SaslFramework { peer: Peer::spawn(command, self.peer_log("sasl"))? })
    }

    /// Logs a framework in over SASL and, if the master lets it, unregisters it again.
    pub fn sasl_login(&self, principal: &str, secret: &str) -> Result<Login> {
        let mut framework = self.sasl_framework("sasl-login", principal, secret)?;
        let login = framework.login()?;
        framework.stop()?;
        Ok(login)
    }
}
