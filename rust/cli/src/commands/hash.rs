//! `mesos-audit hash`.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
};

use mesos_audit_core::redact::{Class, HashKey};

use crate::report::{Status, complain};

/// Print the hash of a value, to look for it in a log whose values are hashed
///
/// The value is taken as it is. Who can see the machine's processes can see it; `-` reads it from standard input instead, without
/// the line end.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The value, such as a principal, an address or a label's value; `-` for standard input
    value: String,
    /// The file that `redact.key_file` names
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// What it is a value of
    #[arg(long, value_enum, default_value_t = Of::Both)]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Of {
    /// Who or where: principals, addresses, users, host names
    Identifying,
    /// Values of labels
    Sensitive,
    /// Both, each with its name
    Both,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let mut value = args.value.clone();
    if value == "-" {
        value.clear();
        if let Err(error) = io::stdin().read_to_string(&mut value) {
            complain(format_args!("standard input: {error}"));
            return Ok(Status::Failed);
        }
        let end = value.trim_end_matches(['\n', '\r']).len();
        value.truncate(end);
    }
    let key = match HashKey::load(&args.key) {
        Ok(key) => key,
        Err(error) => {
            complain(error);
            return Ok(Status::Failed);
        }
    };
    let mut out = io::stdout().lock();
    match args.of {
        Of::Identifying => writeln!(out, "{}", key.hash(Class::Identifying, &value))?,
        Of::Sensitive => writeln!(out, "{}", key.hash(Class::Sensitive, &value))?,
        Of::Both => {
            for class in [Class::Identifying, Class::Sensitive] {
                writeln!(out, "{}\t{}", class.name(), key.hash(class, &value))?;
            }
        }
    }
    Ok(Status::Fine)
}
