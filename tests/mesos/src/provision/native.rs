//! The programs and stand-in libraries of `native/`, compiled; and what the host tells about Mesos.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::artifact::artifact;
use super::mesos::LIBRARY;
use super::python::read;
use crate::command;
use crate::error::{Context, Result};
use crate::paths::Paths;
use crate::progress::Progress;

const SOURCES: &[&str] = &[
    "native/containerizer.cpp",
    "native/curl_shim.c",
    "native/curl_shim.map",
    "native/host.cpp",
    "native/mesos_abi.hpp",
    "native/python_stubs.c",
    "native/sasl_framework.cpp",
];
const WARNINGS: &[&str] = &["-Wall", "-Wextra", "-Werror"];

pub(super) fn provision(paths: &Paths, progress: &dyn Progress) -> Result<()> {
    // The run path is compiled in, so a checkout that was moved is compiled again.
    let mut inputs = paths.native().to_string_lossy().into_owned().into_bytes();
    for source in SOURCES {
        inputs.extend(read(&Paths::source(source))?);
    }
    inputs.extend(include_bytes!("native.rs"));

    artifact(&paths.native(), &inputs, |output| {
        progress.step("compiling the host of Mesos");
        let map = format!("-Wl,--version-script={}", Paths::source("native/curl_shim.map").display());
        library(output, "libcurl.so.4", "native/curl_shim.c", &[&map], progress)?;
        library(output, "libpython-stubs.so", "native/python_stubs.c", &[], progress)?;

        let launcher = output.join("launcher");
        fs::create_dir(&launcher).context(|| format!("cannot create {}", launcher.display()))?;
        program(paths, output, "mesos-host", "native/host.cpp", progress)?;
        program(paths, output, "sasl-framework", "native/sasl_framework.cpp", progress)?;
        program(paths, output, "launcher/mesos-containerizer", "native/containerizer.cpp", progress)
    })
}

/// The descriptors of Mesos's protobuf files, as the running library has them.
pub(super) fn provision_descriptors(paths: &Paths, progress: &dyn Progress) -> Result<()> {
    let mut inputs = read(&Paths::source("native/host.cpp"))?;
    inputs.extend(read(&Paths::source("python/requirements-mesos.txt"))?);
    artifact(&paths.descriptors(), &inputs, |output| {
        let mut dump = Command::new(paths.host());
        dump.arg("--dump-descriptors").arg(output);
        command::run(dump, progress)
    })
}

fn library(output: &Path, name: &str, source: &str, options: &[&str], progress: &dyn Progress) -> Result<()> {
    let mut compile = Command::new("gcc");
    compile
        .args(WARNINGS)
        .args(["-O1", "-shared", "-fPIC"])
        .arg(format!("-Wl,-soname,{name}"))
        .args(options)
        .arg(Paths::source(source))
        .arg("-o")
        .arg(output.join(name));
    command::run(compile, progress)
}

fn program(paths: &Paths, output: &Path, name: &str, source: &str, progress: &dyn Progress) -> Result<()> {
    let mut compile = Command::new("g++");
    compile
        .args(WARNINGS)
        .args(["-std=c++17", "-O1", "-pthread", "-rdynamic"])
        .arg(Paths::source(source))
        .arg("-o")
        .arg(output.join(name))
        // DT_RPATH, not DT_RUNPATH: it also holds for the libraries that Mesos's library wants, so that no
        // LD_LIBRARY_PATH is needed, which every task would inherit.
        .arg("-Wl,--disable-new-dtags")
        .arg(format!("-Wl,-rpath,{}", paths.native().display()))
        .arg(format!("-Wl,-rpath,{}", paths.mesos().display()))
        .arg("-Wl,--allow-shlib-undefined,--no-as-needed")
        .arg("-L")
        .arg(output)
        .arg("-L")
        .arg(paths.mesos())
        .args(["-lpython-stubs", &format!("-l:{LIBRARY}")]);
    command::run(compile, progress)
}
