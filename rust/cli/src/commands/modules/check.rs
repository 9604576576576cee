//! Whether the files that were named would do. Only worth a note: the Mesos node may be another machine.

use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use mesos_audit_core::config;
use serde_json::Value;

use super::args::Args;

/// What is wrong with the files, a line each.
pub(crate) fn problems(args: &Args) -> Vec<String> {
    let secrets = [&args.credentials, &args.secret_key].into_iter().flatten().map(PathBuf::as_path);
    let mut problems = Vec::new();
    problems.extend(missing(&args.library));
    if let Some(path) = &args.config {
        problems
            .extend(missing(path).or_else(|| config::load(Some(path)).err().map(|error| error.to_string())));
    }
    if let Some(path) = &args.acls {
        problems.extend(missing(path).or_else(|| acls(path)));
    }
    problems.extend(secrets.filter_map(|path| missing(path).or_else(|| too_open(path))));
    problems
}

fn missing(path: &Path) -> Option<String> {
    let name = path.display();
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Some(format!("{name}: is a directory")),
        Ok(_) => None,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Some(format!("{name}: not on this machine; it must be there where Mesos runs"))
        }
        Err(error) => Some(format!("{name}: {error}")),
    }
}

fn acls(path: &Path) -> Option<String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return Some(format!("{}: {error}", path.display())),
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(_)) => None,
        Ok(_) => Some(format!("{}: no JSON object, so no ACLs", path.display())),
        Err(error) => Some(format!("{}: no JSON: {error}", path.display())),
    }
}

fn too_open(path: &Path) -> Option<String> {
    let mode = fs::metadata(path).ok()?.permissions().mode();
    (mode & 0o007 != 0).then(|| {
        format!("{}: everybody can get at these secrets (mode {:04o})", path.display(), mode & 0o7777)
    })
}
