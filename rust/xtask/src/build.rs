//! The module, by CMake.

use std::path::PathBuf;

use mesos_testbed::{Audit, PACKAGES, Progress, install_packages};

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

/// Configures where that is new, and builds. Quick when nothing changed.
pub(crate) fn module(preset: &str) -> Result<PathBuf> {
    let steps = Steps::default();
    steps.step(&format!("building the module ({preset})"));
    let mut output = Vec::new();
    for arguments in [&["--preset", preset][..], &["--build", "--preset", preset]] {
        let succeeded = each_line(command("cmake", arguments), |line| {
            steps.detail(line);
            output.push(line.to_owned());
        })?;
        if !succeeded {
            let tail = output[output.len().saturating_sub(40)..].join("\n");
            return Err(
                format!("{tail}\n\ncmake {} failed in {}", arguments.join(" "), root().display()).into()
            );
        }
    }
    steps.done();
    Ok(Audit::library(preset))
}
