//! Debian's Python in a venv, with pymesos; and pip, by which everything else comes too.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::artifact::artifact;
use crate::command;
use crate::error::{Context, Result};
use crate::paths::Paths;
use crate::progress::Progress;

/// Debian's own interpreter, whose venv module is one of the packages; another in PATH may lack it.
const PYTHON: &str = "/usr/bin/python3";
const REQUIREMENTS: &str = "python/requirements.txt";
const UNPACK: &str = "python/unpack.py";

pub(super) fn provision(paths: &Paths, progress: &dyn Progress) -> Result<()> {
    let requirements = Paths::source(REQUIREMENTS);
    let unpack = Paths::source(UNPACK);
    let mut inputs = read(&requirements)?;
    inputs.extend(read(&unpack)?);

    artifact(&paths.python(), &inputs, |venv| {
        progress.step("preparing Python with pymesos");
        let mut create = Command::new(PYTHON);
        create.args(["-m", "venv"]).arg(venv);
        command::run(create, progress)?;

        let python = venv.join("bin/python");
        let archives = venv.join("archives");
        let mut download = pip_download(&python, &requirements);
        download.arg("--dest").arg(&archives);
        command::run(download, progress)?;

        let mut install = Command::new(&python);
        install.arg(&unpack).arg(&archives).arg(site_packages(venv)?);
        command::run(install, progress)?;
        fs::remove_dir_all(&archives).context(|| format!("cannot remove {}", archives.display()))
    })
}

/// pip with its user's own configuration: index, mirror, proxy and certificates are not this project's business.
/// It refuses any file whose SHA-256 is not the one in the requirements.
pub(super) fn pip_download(python: &Path, requirements: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .args(["-m", "pip", "download", "--disable-pip-version-check", "--progress-bar=off"])
        .args(["--no-deps", "--require-hashes", "--requirement"])
        .arg(requirements);
    command
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).context(|| format!("cannot read {}", path.display()))
}

/// `lib/python3.N/site-packages` of the venv.
fn site_packages(venv: &Path) -> Result<std::path::PathBuf> {
    let lib = venv.join("lib");
    let entries = fs::read_dir(&lib).context(|| format!("cannot read {}", lib.display()))?;
    let mut found = entries.flatten().map(|entry| entry.path().join("site-packages")).filter(|p| p.is_dir());
    found.next().ok_or_else(|| crate::Error::new(format!("no site-packages in {}", lib.display())))
}
