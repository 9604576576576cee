//! Programs: run and shown, or run with their output read as it comes.

use std::{
    error::Error,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use crate::root::root;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A command in the checkout.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// `cargo`, as the one that started us.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), arguments)
}

/// Runs it to its end with each line of its output handed over as it comes. Tells whether it succeeded.
pub(crate) fn each_line(mut command: Command, mut line: impl FnMut(&str)) -> Result<bool> {
    let name = command.get_program().to_string_lossy().into_owned();
    // One pipe for both: their order is part of what they say.
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().map_err(|error| format!("cannot run {name}: {error}"))?;
    // Our own ends of the pipe would keep it open for ever.
    drop(command);
    for bytes in BufReader::new(reader).split(b'\n') {
        line(&String::from_utf8_lossy(&bytes?));
    }
    Ok(child.wait()?.success())
}
