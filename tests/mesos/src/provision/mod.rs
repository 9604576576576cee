//! From a bare Debian 12 to a Mesos that can be started: each step once, then never again.

mod apt;
mod artifact;
mod mesos;
mod native;
mod python;

use std::fs::{self, File};

pub use apt::{EXTRA_PACKAGES, PACKAGES, install};

use crate::error::{Context, Result};
use crate::paths::Paths;
use crate::progress::Progress;

/// Does what is missing. With everything in place this takes milliseconds.
pub(crate) fn provision(paths: &Paths, progress: &dyn Progress) -> Result<()> {
    fs::create_dir_all(paths.root()).context(|| format!("cannot create {}", paths.root().display()))?;
    // Two test programs may start at once on a machine where nothing is ready. The lock ends with the process.
    let path = paths.root().join("lock");
    let lock = File::create(&path).context(|| format!("cannot create {}", path.display()))?;
    lock.lock().context(|| format!("cannot lock {}", path.display()))?;

    apt::install(PACKAGES, progress)?;
    python::provision(paths, progress)?;
    mesos::provision(paths, progress)?;
    native::provision(paths, progress)?;
    native::provision_descriptors(paths, progress)
}
