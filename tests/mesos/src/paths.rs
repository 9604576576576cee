//! Where everything lives: the sources beside this crate, the rest under `target/mesos-testbed/`.

use std::path::{Path, PathBuf};

/// The top of the checkout.
pub(crate) fn checkout() -> &'static Path {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
    sources.ancestors().nth(2).unwrap_or(sources)
}

/// The folders of one checkout's test bed.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    root: PathBuf,
}

impl Paths {
    pub(crate) fn of_this_checkout() -> Self {
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(target) => std::path::absolute(&target).unwrap_or_else(|_| PathBuf::from(target)),
            None => checkout().join("target"),
        };
        Self { root: target.join("mesos-testbed") }
    }

    /// A file of this crate that is not Rust.
    pub(crate) fn source(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Debian's Python 3 in a venv, with pymesos.
    pub(crate) fn python(&self) -> PathBuf {
        self.root.join("python")
    }

    pub(crate) fn python_program(&self) -> PathBuf {
        self.python().join("bin/python")
    }

    /// The folder of Mesos's library and of the OpenSSL that it needs.
    pub(crate) fn mesos(&self) -> PathBuf {
        self.root.join("mesos-1.11.0")
    }

    /// What is compiled from `native/`.
    pub(crate) fn native(&self) -> PathBuf {
        self.root.join("native")
    }

    pub(crate) fn host(&self) -> PathBuf {
        self.native().join("mesos-host")
    }

    pub(crate) fn sasl_framework(&self) -> PathBuf {
        self.native().join("sasl-framework")
    }

    /// What `--launcher_dir` names.
    pub(crate) fn launcher(&self) -> PathBuf {
        self.native().join("launcher")
    }

    /// Serialized descriptors of Mesos's protobuf files.
    pub(crate) fn descriptors(&self) -> PathBuf {
        self.root.join("descriptors")
    }

    /// One folder below it for each cluster.
    pub(crate) fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }
}
