//! An audited cluster and its log.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use mesos_audit_core::{
    event::OwnedEvent,
    format::{Format, frames, json_of},
};
use mesos_testbed::{Audit, Cluster, ClusterBuilder, Credential, Lines, Testbed};
use serde_json::{Value, json};

pub(crate) type TestResult = Result<(), Box<dyn Error>>;

/// A cluster with the module in it.
pub(crate) struct Audited {
    pub(crate) cluster: Cluster,
    pub(crate) log: PathBuf,
}

/// A builder, the module's settings for it, and where the log will be.
pub(crate) fn prepare(name: &str, preset: &str) -> Result<(ClusterBuilder, Audit, PathBuf), Box<dyn Error>> {
    let library = Audit::library(preset);
    if !library.exists() {
        return Err(
            format!("{}: not built; `cargo xtask build --preset {preset}` does", library.display()).into()
        );
    }
    let builder = Testbed::provision(&Lines)?.cluster(name)?;
    let log = builder.dir().join("audit.jsonl");
    Ok((builder, Audit::new(&library, &log), log))
}

/// Starts a cluster with the module of that preset, set as `configure` wants it.
pub(crate) fn start(
    name: &str,
    preset: &str,
    configure: impl FnOnce(ClusterBuilder, Audit) -> (ClusterBuilder, Audit),
) -> Result<Audited, Box<dyn Error>> {
    let (builder, audit, log) = prepare(name, preset)?;
    let (builder, audit) = configure(builder, audit);
    Ok(Audited { cluster: audit.install(builder)?.start()?, log })
}

/// The same with all as it is by default.
pub(crate) fn plain(name: &str) -> Result<Audited, Box<dyn Error>> {
    start(name, "release", |builder, audit| (builder, audit))
}

pub(crate) fn ops() -> Credential {
    Credential::new("ops", "ops-secret")
}

/// The lines that are written so far, or that the frames would be.
pub(crate) fn lines(log: &Path) -> Result<String, Box<dyn Error>> {
    let bytes = fs::read(log)?;
    if Format::of(&bytes) != Some(Format::Flatbuffers) {
        let text = String::from_utf8(bytes)?;
        return Ok(text.rfind('\n').map_or("", |end| &text[..end]).to_owned());
    }
    let (mut lines, mut rest) = (String::new(), bytes.as_slice());
    while let Some(frame) = frames::length(rest).and_then(|length| rest.get(..length)) {
        lines += str::from_utf8(&json_of(frame)?)?;
        lines.push('\n');
        rest = &rest[frame.len()..];
    }
    Ok(lines)
}

/// All events that are written so far. What is no event is an error.
pub(crate) fn events(log: &Path) -> Result<Vec<OwnedEvent>, Box<dyn Error>> {
    lines(log)?
        .lines()
        .map(|line| Ok(serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?))
        .collect()
}

/// Runs the program `mesos-audit`.
pub(crate) fn program(args: &[&std::ffi::OsStr]) -> std::io::Result<std::process::Output> {
    let cargo = ["run", "--quiet", "--package", "mesos-audit", "--"];
    std::process::Command::new(env!("CARGO")).args(cargo).args(args).output()
}

impl Audited {
    pub(crate) fn events(&self) -> Result<Vec<OwnedEvent>, Box<dyn Error>> {
        events(&self.log)
    }

    /// Waits for an event.
    pub(crate) fn wait(
        &self,
        what: &str,
        wanted: impl Fn(&OwnedEvent) -> bool,
    ) -> Result<OwnedEvent, Box<dyn Error>> {
        let found = self.cluster.wait_for(what, || {
            let events = self.events().map_err(|error| mesos_testbed::Error::new(error.to_string()))?;
            Ok(events.into_iter().find(|event| wanted(event)))
        })?;
        Ok(found)
    }
}

/// Whether it tells decisions on that of Mesos's authorization actions.
pub(crate) fn is_about(event: &OwnedEvent, action: &str) -> bool {
    event.mesos.authz.as_ref().is_some_and(|authz| authz.action.as_deref() == Some(action))
}

/// An amount of a resource, in its JSON form.
pub(crate) fn scalar(name: &str, value: f64) -> Value {
    json!({"name": name, "type": "SCALAR", "scalar": {"value": value}})
}

pub(crate) fn task(event: &OwnedEvent) -> &str {
    event.mesos.task.as_ref().and_then(|task| task.id.as_deref()).unwrap_or_default()
}

pub(crate) fn state(event: &OwnedEvent) -> &str {
    event.mesos.task.as_ref().and_then(|task| task.state.as_deref()).unwrap_or_default()
}

pub(crate) fn user(event: &OwnedEvent) -> &str {
    event.user.as_ref().map_or("", |user| &user.name)
}
