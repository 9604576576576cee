//! Which process tells the events.

use std::{env, fs, hash::BuildHasher, path::Path, process};

use crate::{
    config::Service as Config,
    event::{
        Origin,
        ecs::{Host, Process, Service, ServiceNode},
    },
};

/// The origin of this process run.
pub(super) fn origin(config: &Config, mesos_version: &str) -> Origin {
    let host = config.host.clone().or_else(host_name).unwrap_or_else(|| "localhost".to_owned());
    let name = config.name.clone().unwrap_or_else(|| service_name(&program()).to_owned());
    Origin {
        host: Host { name: host.into() },
        process: Process { pid: process::id(), entity_id: run_id().into() },
        service: Service {
            name: name.into(),
            kind: "mesos".into(),
            version: mesos_version.to_owned().into(),
            node: config.node.clone().map(|name| ServiceNode { name: name.into() }),
        },
    }
}

fn host_name() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn program() -> String {
    let path = env::current_exe().unwrap_or_default();
    path.file_name().unwrap_or(Path::new("mesos").as_os_str()).to_string_lossy().into_owned()
}

/// Packages and build trees wrap the programs (`lt-mesos-master`), and older ones say slave.
fn service_name(program: &str) -> &str {
    if program.contains("mesos-master") {
        "mesos-master"
    } else if program.contains("mesos-agent") || program.contains("mesos-slave") {
        "mesos-agent"
    } else {
        program
    }
}

/// 64 random bits: RandomState takes its keys from the operating system.
fn run_id() -> String {
    format!("{:016x}", std::collections::hash_map::RandomState::new().hash_one(process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_known_by_its_program() {
        assert_eq!(service_name("lt-mesos-master"), "mesos-master");
        assert_eq!(service_name("mesos-slave"), "mesos-agent");
        assert_eq!(service_name("mesos-local"), "mesos-local");
    }

    #[test]
    fn runs_differ() {
        assert_ne!(run_id(), run_id());
    }
}
