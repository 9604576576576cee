//! A file system of one's own: a tmpfs in a mount namespace that nobody else sees.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{Result, at};

/// Exists as long as its process does.
#[derive(Debug)]
pub struct Space {
    holder: Child,
    dir: PathBuf,
}

impl Space {
    /// Whether this machine and user allow it.
    #[must_use]
    pub fn is_possible() -> bool {
        let mut probe = Command::new("unshare");
        probe.args(["--mount", "mount", "-t", "tmpfs", "probe", "/mnt"]).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    }

    /// Mounts one on `dir`.
    ///
    /// # Errors
    /// It is not possible.
    pub(crate) fn mount(dir: &Path, size: &str) -> Result<Self> {
        let script = "mount -t tmpfs -o size=\"$2\" audit \"$1\" && echo mounted && read -r _";
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script, "sh"]).arg(dir).arg(size);
        let mut holder =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(at("unshare"))?;
        let mut line = String::new();
        if let Some(stdout) = holder.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(at("unshare"))?;
        }
        let space = Self { holder, dir: dir.to_owned() };
        if line == "mounted\n" { Ok(space) } else { Err("no tmpfs can be mounted".to_owned()) }
    }

    /// Mounts it again with other options, such as `size=4m`.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn remount(&self, options: &str) -> Result<()> {
        self.run_mount(&["-o", &format!("remount,{options}")])
    }

    /// Gives it room for so many more megabytes than it holds.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn grow(&self, megabytes: u64) -> Result<()> {
        let state = rustix::fs::statvfs(self.outside()).map_err(at("statvfs"))?;
        let used = (state.f_blocks - state.f_bfree) * state.f_frsize / (1 << 20);
        self.remount(&format!("size={}m", used + 1 + megabytes))
    }

    /// Makes what is opened from now on read-only, whatever is open already: the kernel refuses that for the mount
    /// itself while a file is open for writing, but not for a view of it. The view is made beside it and moved over
    /// it when it is read-only, so that nothing can be opened for writing through it in between.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn protect(&self) -> Result<()> {
        let script = "mkdir \"$2\" && mount --bind \"$1\" \"$2\" && mount -o remount,bind,ro \"$2\" \
                      && mount --move \"$2\" \"$1\" && rmdir \"$2\"";
        let view = self.dir.with_extension("view");
        let status = self.enter("sh").args(["-c", script, "sh"]).arg(&self.dir).arg(view).status();
        match status.map_err(at("mount"))? {
            status if status.success() => Ok(()),
            status => Err(format!("a read-only view of {}: {status}", self.dir.display())),
        }
    }

    fn run_mount(&self, arguments: &[&str]) -> Result<()> {
        let status = self.enter("mount").args(arguments).arg(&self.dir).status();
        match status.map_err(at("mount"))? {
            status if status.success() => Ok(()),
            status => Err(format!("mount {arguments:?}: {status}")),
        }
    }

    /// A program that sees it.
    pub(crate) fn enter(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{}/ns/mnt", self.holder.id())).arg("--").arg(program);
        command
    }

    /// Where it is for those who do not see it.
    pub(crate) fn outside(&self) -> PathBuf {
        let inside = self.dir.strip_prefix("/").unwrap_or(&self.dir);
        PathBuf::from(format!("/proc/{}/root", self.holder.id())).join(inside)
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
