//! Debian packages, by apt.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::process::Command;
use std::time::Duration;

use crate::command;
use crate::error::{Context, Error, Result};
use crate::progress::Progress;

/// What building the module and running the test bed needs on Debian 12, beside cargo.
pub const PACKAGES: &[&str] = &[
    // To build the module and the test bed's programs.
    "cmake",
    "g++",
    "ninja-build",
    // What Mesos's library is linked against; SASL's mechanisms are plugins that nothing links against.
    "libapr1",
    "libsasl2-2",
    "libsasl2-modules",
    "libsvn1",
    "zlib1g",
    // To fetch Mesos, and to run the scheduler and the executor.
    "ca-certificates",
    "python3",
    "python3-venv",
];

/// What a developer of this project wants beside that: formatting C++, looking into a crash, checking memory,
/// a clock that can be set without setting the machine's, and somebody else's reader of FlatBuffers.
pub const EXTRA_PACKAGES: &[&str] =
    &["clang-format", "flatbuffers-compiler", "gdb", "libfaketime", "valgrind"];

/// Installs those of `packages` that are not there: as root, or else by `sudo` without a password.
pub fn install(packages: &[&str], progress: &dyn Progress) -> Result<()> {
    let missing = missing(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    progress.step(&format!("installing Debian packages: {names}"));
    let prefix = privilege(&names)?;

    command::run(apt_get(prefix, &["update"]), progress)?;
    let install = || {
        let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
        arguments.extend(&missing);
        apt_get(prefix, &arguments)
    };
    // Waiting for the lock is not enough when another package manager holds dpkg's own database.
    if command::run(install(), progress).is_err() {
        std::thread::sleep(Duration::from_secs(5));
        command::run(install(), progress)?;
    }
    Ok(())
}

/// Those of `packages` that dpkg does not call installed, in order.
fn missing<'a>(packages: &[&'a str]) -> Result<Vec<&'a str>> {
    let query = ["--show", "--showformat=${db:Status-Status} ${Package}\n"];
    let output = Command::new("dpkg-query")
        .args(query)
        .args(packages)
        .output()
        .context(|| "cannot run dpkg-query (the test bed needs Debian 12)".to_owned())?;
    // Its exit status says only that some package is unknown, which the list says better.
    let text = String::from_utf8_lossy(&output.stdout);
    let installed: BTreeSet<_> = text.lines().filter_map(|line| line.strip_prefix("installed ")).collect();
    Ok(packages.iter().copied().filter(|package| !installed.contains(package)).collect())
}

/// The words before `apt-get` that give the right to install.
fn privilege(names: &str) -> Result<&'static [&'static str]> {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if is_root {
        return Ok(&[]);
    }
    let sudo_works = Command::new("sudo").args(["-n", "true"]).output().is_ok_and(|o| o.status.success());
    if sudo_works {
        return Ok(&["sudo", "-n"]);
    }
    Err(Error::new(format!(
        "Debian packages are missing and this user may not install them. Run:\n\
         \x20   sudo apt-get install --yes --no-install-recommends {names}"
    )))
}

fn apt_get(prefix: &[&str], arguments: &[&str]) -> Command {
    // Through `env`, as sudo drops the environment.
    let words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=600"];
    let mut words = prefix.iter().chain(&words).chain(arguments);
    let mut command = Command::new(words.next().unwrap_or(&"apt-get"));
    command.args(words);
    command
}
