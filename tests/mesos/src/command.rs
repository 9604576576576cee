//! Running a program to its end, with its output as progress and in the error.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::error::{Context, Error, Result};
use crate::progress::Progress;

/// How much of a failed program's output goes into the error.
const TAIL_LINES: usize = 25;

/// Runs `command`; an exit status other than 0 is an error that shows the last lines of output.
pub(crate) fn run(mut command: Command, progress: &dyn Progress) -> Result<()> {
    let (succeeded, tail) = run_unchecked(&mut command, progress)?;
    if succeeded {
        return Ok(());
    }
    Err(Error::new(format!("`{}` failed:\n{tail}", shown(&command))))
}

/// Runs `command` and returns whether it succeeded, with the last lines of its output.
pub(crate) fn run_unchecked(command: &mut Command, progress: &dyn Progress) -> Result<(bool, String)> {
    let doing = || format!("cannot run `{}`", command.get_program().to_string_lossy());
    let (reader, writer) = std::io::pipe().context(doing)?;
    let second = writer.try_clone().context(doing)?;
    let spawned = command.stdin(Stdio::null()).stdout(writer).stderr(second).spawn();
    // The command holds the pipe's writing ends until they are replaced; the reader would never see the end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = spawned.context(|| format!("cannot run `{}`", shown(command)))?;

    let mut tail = VecDeque::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.context(|| format!("cannot read the output of `{}`", shown(command)))?;
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if line.is_empty() {
            continue;
        }
        progress.detail(&line);
        if tail.len() == TAIL_LINES {
            tail.pop_front();
        }
        tail.push_back(line);
    }
    let status = child.wait().context(|| format!("cannot wait for `{}`", shown(command)))?;
    Ok((status.success(), Vec::from(tail).join("\n")))
}

/// The command line as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
