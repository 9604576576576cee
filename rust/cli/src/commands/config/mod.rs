//! `mesos-audit config`.

mod defaults;

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Subcommand, ValueEnum};
use mesos_audit_core::{config::load, policy::Policy};
use serde_json::json;

use crate::{
    pretty::printable,
    report::{Status, complain, counted},
};

const EXAMPLES: &str = "\
Examples:
  mesos-audit config check /etc/mesos-audit/audit.toml
  mesos-audit config check --format json audit.toml | jq -r .sha256

The digest is the one that events tell as mesos.audit.config.sha256, and that sha256sum prints.

Exit status:
  0  Mesos would start with it
  1  it would not: one line on stderr names file, key and reason
  2  wrong usage, or a file that cannot be read";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a configuration file as the module does when Mesos starts
    #[command(after_long_help = EXAMPLES)]
    Check {
        /// The file [default: none, which checks the defaults]
        file: Option<PathBuf>,
        /// How the result is printed
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Print a configuration file with every key, its meaning and its default
    ShowDefaults,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

pub(crate) fn run(command: &Command) -> io::Result<Status> {
    match command {
        Command::Check { file, format } => check(file.as_deref(), *format),
        Command::ShowDefaults => {
            io::stdout().write_all(defaults::text().as_bytes())?;
            Ok(Status::Fine)
        }
    }
}

fn check(file: Option<&Path>, format: Format) -> io::Result<Status> {
    let mut out = io::stdout().lock();
    let name = file.map_or_else(|| "defaults".to_owned(), |file| file.display().to_string());
    match load(file) {
        Ok(loaded) => {
            let path = file.map(|file| file.canonicalize().unwrap_or_else(|_| file.to_owned()));
            match format {
                Format::Json => writeln!(
                    out,
                    "{:#}",
                    json!({"file": name, "ok": true, "path": path, "sha256": loaded.sha256,
                           "policy": Policy::new(&loaded.config.policy).ok().map(|policy| policy.digest().to_owned()), "config": loaded.config})
                )?,
                Format::Text => {
                    writeln!(out, "{}: ok", printable(&name))?;
                    if let Some(path) = path {
                        writeln!(out, "  path    {}", printable(&path.display().to_string()))?;
                    }
                    writeln!(out, "  sha256  {}", loaded.sha256)?;
                    if let Ok(policy) = Policy::new(&loaded.config.policy) {
                        let rules = counted(policy.len() as u64, "rule", "rules");
                        writeln!(out, "  policy  {}, {rules}", policy.digest())?;
                    }
                    writeln!(
                        out,
                        "  output  {}",
                        printable(&loaded.config.output.path.display().to_string())
                    )?;
                }
            }
            Ok(Status::Fine)
        }
        Err(error) => {
            if format == Format::Json {
                writeln!(out, "{:#}", json!({"file": name, "ok": false, "error": error.to_string()}))?;
            }
            complain(&error);
            // A file that is not there says nothing about what is in it.
            let readable = file.is_none_or(|file| File::open(file).is_ok_and(|file| is_file(&file)));
            Ok(if readable { Status::Wrong } else { Status::Failed })
        }
    }
}

fn is_file(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| !metadata.is_dir())
}
