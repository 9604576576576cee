//! A disk that fails on command: a library of ours, preloaded into the sender, that the test gives orders through a
//! file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, at};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/native/disk.c");

/// What stands between one sender and the kernel. Until the first order, nothing.
#[derive(Clone, Debug)]
pub struct Disk {
    library: PathBuf,
    order: PathBuf,
}

impl Disk {
    /// Builds it, in a folder of its user's.
    ///
    /// # Errors
    /// There is no C compiler.
    pub(crate) fn build(dir: &Path) -> Result<Self> {
        let library = dir.join("disk.so");
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(SOURCE);
        let output = compile.output().map_err(at("cc"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let disk = Self { library, order: dir.join("order") };
        disk.works()?;
        Ok(disk)
    }

    /// The variables of the process that it is to stand before.
    pub(crate) fn environment(&self) -> [(String, String); 2] {
        let text = |path: &Path| path.display().to_string();
        [("LD_PRELOAD".to_owned(), text(&self.library)), ("AUDIT_DISK".to_owned(), text(&self.order))]
    }

    /// From now on: `write error 5`, `write wait 200`, `write hang`, `sync error 5`, `rename kill`, `renamed kill`; the
    /// source says more.
    ///
    /// # Errors
    /// It cannot be given.
    pub fn order(&self, order: &str) -> Result<()> {
        // In one step: no call finds half an order.
        let new = self.order.with_extension("new");
        fs::write(&new, order).and_then(|()| fs::rename(&new, &self.order)).map_err(at("order"))
    }

    /// As ever.
    ///
    /// # Errors
    /// It cannot be told so.
    pub fn works(&self) -> Result<()> {
        self.order("")
    }
}
