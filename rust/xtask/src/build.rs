//! The module, by CMake.

use std::path::PathBuf;

use mesos_testbed::{Audit, PACKAGES, Progress, Testbed, install_packages};

use crate::{
    progress::Steps,
    root::root,
    run::{Result, command, each_line},
};

/// Installs what a build needs.
pub(crate) fn prepare() -> Result<()> {
    let steps = Steps::default();
    install_packages(PACKAGES, &steps)?;
    steps.done();
    Ok(())
}

/// The module. Quick when nothing changed.
pub(crate) fn module(preset: &str) -> Result<PathBuf> {
    cmake(preset, &[])
}

/// The module with the driver that tests it against Mesos's library.
pub(crate) fn module_and_driver(preset: &str, testbed: &Testbed) -> Result<PathBuf> {
    let needs = testbed.libmesos_needs().map(|path| path.display().to_string()).join(";");
    cmake(
        preset,
        &[
            format!("-DMESOS_AUDIT_LIBMESOS={}", testbed.libmesos().display()),
            format!("-DMESOS_AUDIT_LIBMESOS_NEEDS={needs}"),
        ],
    )
}

fn cmake(preset: &str, settings: &[String]) -> Result<PathBuf> {
    let steps = Steps::default();
    steps.step(&format!("building the module ({preset})"));
    let mut output = Vec::new();
    let mut configure = command("cmake", &["--preset", preset]);
    configure.args(settings);
    for step in [configure, command("cmake", &["--build", "--preset", preset])] {
        let succeeded = each_line(step, |line| {
            steps.detail(line);
            output.push(line.to_owned());
        })?;
        if !succeeded {
            let tail = output[output.len().saturating_sub(40)..].join("\n");
            return Err(format!("{tail}\n\ncmake --preset {preset} failed in {}", root().display()).into());
        }
    }
    steps.done();
    Ok(Audit::library(preset))
}
