//! Apache Mesos 1.11.0 as its project published it on PyPI, and the OpenSSL 1.0.2 that it was linked against.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::artifact::artifact;
use super::python::{pip_download, read};
use crate::command;
use crate::error::{Context, Error, Result};
use crate::paths::Paths;
use crate::progress::Progress;

/// The name under which the library is linked; in the package it is a Python extension, `_scheduler.so`.
pub(super) const LIBRARY: &str = "libmesos-1.11.0.so";
const PUBLISHED: &str = "_scheduler.so";
const MESOS: &str = "python/requirements-mesos.txt";
const OPENSSL: &str = "python/requirements-openssl.txt";

pub(super) fn provision(paths: &Paths, progress: &dyn Progress) -> Result<()> {
    let mesos = Paths::source(MESOS);
    let openssl = Paths::source(OPENSSL);
    let mut inputs = read(&mesos)?;
    inputs.extend(read(&openssl)?);

    artifact(&paths.mesos(), &inputs, |output| {
        let python = paths.python_program();
        progress.step("fetching OpenSSL 1.0.2 (3 MB)");
        fetch_openssl(&python, &openssl, output, progress)?;
        progress.step("fetching Apache Mesos 1.11.0 (27 MB)");
        fetch_library(&python, &mesos, output, progress)
    })
}

/// pip verifies the archive's hash, unpacks it, and then fails: it holds a built Python 2 extension and nothing
/// to build. `--no-clean` keeps what was unpacked.
fn fetch_library(python: &Path, requirements: &Path, output: &Path, progress: &dyn Progress) -> Result<()> {
    let work = output.join("download");
    fs::create_dir(&work).context(|| format!("cannot create {}", work.display()))?;
    let mut download = pip_download(python, requirements);
    download.args(["--no-clean", "--no-cache-dir", "--dest"]).arg(&work).env("TMPDIR", &work);
    let (_, tail) = command::run_unchecked(&mut download, progress)?;

    let found = find(&work, PUBLISHED).ok_or_else(|| {
        Error::new(format!("Apache Mesos could not be fetched. `{}`:\n{tail}", command::shown(&download)))
    })?;
    let library = output.join(LIBRARY);
    fs::rename(&found, &library).context(|| format!("cannot move {}", found.display()))?;
    fs::remove_dir_all(&work).context(|| format!("cannot remove {}", work.display()))
}

fn fetch_openssl(python: &Path, requirements: &Path, output: &Path, progress: &dyn Progress) -> Result<()> {
    let work = output.join("openssl");
    let mut download = pip_download(python, requirements);
    // The wheel is for a Python of its time; only the libraries in it matter.
    download
        .args([
            "--platform",
            "manylinux1_x86_64",
            "--python-version",
            "36",
            "--only-binary",
            ":all:",
            "--dest",
        ])
        .arg(&work);
    command::run(download, progress)?;
    let wheel = find_suffix(&work, ".whl").ok_or_else(|| Error::new("pip left no wheel with OpenSSL"))?;
    let mut unzip = Command::new(python);
    unzip.args(["-m", "zipfile", "--extract"]).arg(&wheel).arg(&work);
    command::run(unzip, progress)?;

    // All of them: libssl needs the Kerberos libraries that it was shipped with.
    let libraries = work.join("psycopg2/.libs");
    for library in list(&libraries)? {
        let name = library.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let target = output.join(&name);
        fs::rename(&library, &target).context(|| format!("cannot move {}", library.display()))?;
        for plain in ["libssl", "libcrypto"] {
            if name.starts_with(&format!("{plain}-")) {
                let link = output.join(format!("{plain}.so.1.0.0"));
                symlink(&name, &link).context(|| format!("cannot link {}", link.display()))?;
            }
        }
    }
    fs::remove_dir_all(&work).context(|| format!("cannot remove {}", work.display()))
}

fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).context(|| format!("cannot read {}", dir.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// The first file below `dir` whose name ends so.
fn find_suffix(dir: &Path, suffix: &str) -> Option<PathBuf> {
    list(dir).ok()?.into_iter().find_map(|path| {
        if path.is_dir() {
            find_suffix(&path, suffix)
        } else {
            path.to_string_lossy().ends_with(suffix).then_some(path)
        }
    })
}

fn find(dir: &Path, name: &str) -> Option<PathBuf> {
    find_suffix(dir, &format!("/{name}"))
}
