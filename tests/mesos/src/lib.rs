//! A real Apache Mesos 1.11.0 for tests and demonstrations.
//!
//! The project's tests must not trust a model of Mesos: they load the module into the real master and agent, as
//! Apache published them, and let real frameworks log in and run tasks. This crate fetches and verifies that
//! Mesos, starts it on loopback and drives it:
//!
//! ```no_run
//! # fn main() -> mesos_testbed::Result<()> {
//! use mesos_testbed::{Framework, Silent, Task, Testbed};
//!
//! let testbed = Testbed::provision(&Silent)?;
//! let cluster = testbed.cluster("example")?.start()?;
//! let mut scheduler = cluster.scheduler(&Framework::new("example"))?;
//! scheduler.launch(&Task::new("hello", "echo hello"))?;
//! scheduler.wait_status("hello", "TASK_FINISHED")?;
//! # Ok(())
//! # }
//! ```
//!
//! Master and agent share one process, `native/host.cpp`; what that changes is listed at [`Cluster`].

mod audit;
mod cluster;
mod command;
mod credentials;
mod day;
mod error;
mod http;
mod operator;
mod paths;
mod peer;
mod progress;
mod provision;
mod sasl;
mod scheduler;

use std::path::PathBuf;

pub use audit::Audit;
pub use cluster::{Cluster, ClusterBuilder, Refusal};
pub use credentials::{Credential, Credentials};
pub use day::Day;
pub use error::{Error, Result};
pub use http::Response;
pub use peer::Login;
pub use progress::{Lines, Progress, Silent};
pub use provision::{EXTRA_PACKAGES, PACKAGES, install as install_packages};
pub use sasl::SaslFramework;
pub use scheduler::{Framework, Scheduler, Task};

use paths::Paths;

/// A Mesos that is fetched, verified, compiled against and ready to be started.
#[derive(Debug, Clone)]
pub struct Testbed {
    paths: Paths,
}

impl Testbed {
    /// Installs, fetches and compiles what is missing, which takes a minute or two on a bare machine and
    /// milliseconds afterwards. Safe to call from several processes at once.
    pub fn provision(progress: &dyn Progress) -> Result<Self> {
        let paths = Paths::of_this_checkout();
        provision::provision(&paths, progress)?;
        Ok(Self { paths })
    }

    /// Begins a cluster; `name` is part of its folder's name.
    pub fn cluster(&self, name: &str) -> Result<ClusterBuilder> {
        ClusterBuilder::new(self.paths.clone(), name)
    }

    /// Mesos's library, for a program that links it.
    pub fn libmesos(&self) -> PathBuf {
        self.paths.mesos().join("libmesos-1.11.0.so")
    }

    /// Libraries that Mesos's needs and does not name.
    pub fn libmesos_needs(&self) -> [PathBuf; 2] {
        ["libpython-stubs.so", "libcurl.so.4"].map(|name| self.paths.native().join(name))
    }

    /// The folder of Mesos's own protobuf descriptors: a serialized `FileDescriptorProto` for each file, so
    /// `mesos/master/master.proto` is in `mesos.master.master.binpb`.
    pub fn descriptors(&self) -> PathBuf {
        self.paths.descriptors()
    }
}
