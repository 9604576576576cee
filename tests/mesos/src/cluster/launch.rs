//! Starting the host process: its environment, and how one knows that it is up.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::builder::ClusterBuilder;
use super::{Cluster, POLL, TIMEOUT, output};
use crate::error::{Context, Error, Result};
use crate::paths::Paths;

/// How Mesos ended when it was expected not to start.
#[derive(Debug)]
pub struct Refusal {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its whole log.
    pub stderr: String,
}

pub(super) fn modules_dir(dir: &Path) -> PathBuf {
    dir.join("modules")
}

/// Everything on loopback, in the cluster's folder, without root, and without the patience that Mesos has by default.
pub(super) fn defaults(paths: &Paths, dir: &Path) -> BTreeMap<String, String> {
    let launcher = paths.launcher().display().to_string();
    let dir = dir.display().to_string();
    [
        ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ("LANG", "C.UTF-8"),
        ("HOME", &dir),
        // `local::launch` works below this.
        ("TMPDIR", &dir),
        ("LIBPROCESS_IP", "127.0.0.1"),
        // Any free port; the host tells which.
        ("LIBPROCESS_PORT", "0"),
        ("MESOS_HOSTNAME", "localhost"),
        ("MESOS_REGISTRY", "in_memory"),
        ("MESOS_LAUNCHER", "posix"),
        ("MESOS_LAUNCHER_DIR", &launcher),
        ("MESOS_ISOLATION", "posix/cpu,posix/mem"),
        ("MESOS_SYSTEMD_ENABLE_SUPPORT", "false"),
        // Tasks run as whoever runs the tests, whatever user the framework names.
        ("MESOS_SWITCH_USER", "false"),
        // The same on every machine, and enough for a few dozen tasks.
        ("MESOS_RESOURCES", "cpus:16;mem:16384;disk:16384;ports:[31000-32000]"),
        ("MESOS_ALLOCATION_INTERVAL", "50ms"),
        ("MESOS_REGISTRATION_BACKOFF_FACTOR", "10ms"),
        ("MESOS_AUTHENTICATION_BACKOFF_FACTOR", "10ms"),
        // The agent often asks before the master listens to such requests, and would wait 5 s before the next.
        ("MESOS_AUTHENTICATION_TIMEOUT_MIN", "1secs"),
        ("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "1secs"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

pub(super) fn start(builder: ClusterBuilder) -> Result<Cluster> {
    let child = spawn(&builder)?;
    let ClusterBuilder { paths, dir, asan, expect_agent, .. } = builder;
    // From here on the process is the cluster's, which kills it when anything below fails.
    let mut cluster = Cluster { paths, dir, child, port: 0, asan, peers: Default::default() };
    let stdout = output::stdout_path(cluster.dir());

    cluster.port = until(&mut cluster, "the master", |_| ready_port(&output::read(&stdout)))?;
    if expect_agent {
        until(&mut cluster, "the agent to register", |cluster| {
            cluster.stderr().contains("] Registered with master").then_some(())
        })?;
    }
    Ok(cluster)
}

/// How long a Mesos that is ready may take to find out that it cannot go on.
const SECOND_THOUGHTS: Duration = Duration::from_secs(10);

pub(super) fn start_expecting_failure(builder: ClusterBuilder) -> Result<Refusal> {
    let child = spawn(&builder)?;
    let ClusterBuilder { paths, dir, asan, .. } = builder;
    let mut cluster = Cluster { paths, dir, child, port: 0, asan, peers: Default::default() };
    let mut deadline = Instant::now() + TIMEOUT;
    let mut ready = false;
    let stdout = output::stdout_path(cluster.dir());
    loop {
        if let Some(status) = cluster.child.try_wait().context(|| "cannot wait for Mesos".to_owned())? {
            return Ok(Refusal { status, stderr: cluster.stderr() });
        }
        // The host is ready when it has made the master, whose actor makes its HTTP authenticators a little later.
        if !ready && ready_port(&output::read(&stdout)).is_some() {
            ready = true;
            deadline = Instant::now() + SECOND_THOUGHTS;
        }
        if Instant::now() > deadline {
            let tail = output::tail(&cluster.stderr());
            return Err(Error::new(format!("Mesos started although it should not; its log ends:\n{tail}")));
        }
        std::thread::sleep(POLL);
    }
}

/// Waits for `look` while the process lives.
fn until<T>(cluster: &mut Cluster, what: &str, look: impl Fn(&Cluster) -> Option<T>) -> Result<T> {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let ended = cluster.child.try_wait().context(|| "cannot wait for Mesos".to_owned())?;
        if let Some(found) = look(cluster) {
            return Ok(found);
        }
        let problem = match ended {
            Some(status) => format!("Mesos ended ({status}) before"),
            None if Instant::now() > deadline => format!("waited {TIMEOUT:?} in vain for"),
            None => {
                std::thread::sleep(POLL);
                continue;
            }
        };
        let report = output::sanitizer_report(cluster.dir()).unwrap_or_default();
        let tail = output::tail(&cluster.stderr());
        return Err(Error::new(format!("{problem} {what}; its log ends:\n{tail}\n{report}")));
    }
}

/// The port in the host's `READY master@127.0.0.1:PORT`.
fn ready_port(stdout: &str) -> Option<u16> {
    let ready = stdout.lines().find(|line| line.starts_with("READY "))?;
    ready.rsplit(':').next()?.trim().parse().ok()
}

fn spawn(builder: &ClusterBuilder) -> Result<Child> {
    let dir = builder.dir();
    let create = |path: PathBuf| File::create(&path).context(|| format!("cannot create {}", path.display()));

    let mut command = Command::new(builder.paths.host());
    command.env_clear().envs(&builder.environment).current_dir(dir);
    if builder.asan {
        command.env("LD_PRELOAD", sanitizer_runtime()?).env("ASAN_OPTIONS", sanitizer_options(dir));
    }
    if builder.has_modules {
        command.arg("--modules_dir").arg(modules_dir(dir));
    }
    if !builder.hooks.is_empty() {
        command.arg("--hooks").arg(builder.hooks.join(","));
    }
    if let Some(allocator) = &builder.allocator {
        command.arg("--allocator").arg(allocator);
    }
    // The pipe's other end is held by the `Child`, so Mesos ends when this process does, however it does.
    command.arg("--until-stdin-closes").stdin(Stdio::piped());
    command.stdout(create(output::stdout_path(dir))?).stderr(create(output::stderr_path(dir))?);
    command.spawn().context(|| format!("cannot start {}", builder.paths.host().display()))
}

/// The compiler's own libasan; a sanitized module needs it to be loaded before all else.
fn sanitizer_runtime() -> Result<String> {
    let output = Command::new("g++").arg("-print-file-name=libasan.so").output();
    let output = output.context(|| "cannot ask g++ for libasan".to_owned())?;
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    // Unless g++ knows the file, it repeats the bare name.
    if Path::new(&path).is_absolute() { Ok(path) } else { Err(Error::new("g++ has no libasan.so")) }
}

fn sanitizer_options(dir: &Path) -> String {
    // Mesos frees little at its end, and SIGTERM skips the leak check anyway.
    format!("detect_leaks=0:abort_on_error=1:log_path={}", output::sanitizer_path(dir).display())
}
