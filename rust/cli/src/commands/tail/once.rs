//! `tail` without `--follow`: from some line to the end.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use super::{Args, Scope, Show, show::Strangers};
use crate::{
    reader::{Line, Lines, Record, lines_before, start_of_last},
    report::{Status, complain},
};

pub(crate) fn run(args: &Args, show: &mut Show) -> io::Result<Status> {
    let mut status = Status::Fine;
    for path in &args.files {
        status = status.max(one(path, args, show)?);
    }
    Ok(status)
}

/// Shows one file. An error is one of writing.
pub(crate) fn one(path: &Path, args: &Args, show: &mut Show) -> io::Result<Status> {
    if Args::is_stdin(path.as_os_str()) {
        return stream(io::stdin().lock(), "standard input", args, show);
    }
    let name = path.display();
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    match opened {
        Ok((metadata, file)) if metadata.is_file() => match start(&file, metadata.len(), args, show) {
            Ok(base) => regular(file, base, &name.to_string(), show),
            Err(error) => Ok(unreadable(name, &error)),
        },
        Ok((_, file)) => stream(file, &name.to_string(), args, show),
        Err(error) => Ok(unreadable(name, &error)),
    }
}

/// Where the first line that is shown begins, of a file that has `size` bytes.
pub(crate) fn start(file: &File, size: u64, args: &Args, show: &Show) -> io::Result<u64> {
    match args.scope() {
        Scope::All => Ok(0),
        Scope::Last(count) => start_of_last(file, size, count, |line| show.wants(line)),
    }
}

pub(crate) fn unreadable(name: impl std::fmt::Display, error: &io::Error) -> Status {
    complain(format_args!("{name}: {error}"));
    Status::Failed
}

fn regular(mut file: File, base: u64, name: &str, show: &mut Show) -> io::Result<Status> {
    // A second handle to the same file, with which earlier lines are counted should one be no event.
    let earlier = match file.seek(SeekFrom::Start(base)).and_then(|_| file.try_clone()) {
        Ok(earlier) => earlier,
        Err(error) => return Ok(unreadable(name, &error)),
    };
    let before = || lines_before(&earlier, base).unwrap_or_default();
    let mut strangers = Strangers::new(name);
    let failed = each_line(&mut Lines::at(file, base), |line| {
        show.line(line, &mut strangers, || line.number + before())
    })?;
    Ok(strangers.sum_up().max(failed.map_or(Status::Fine, |error| unreadable(name, &error))))
}

/// A pipe or the like has no end to start from: the last lines are kept until it is known that they are the last.
fn stream(source: impl Read, name: &str, args: &Args, show: &mut Show) -> io::Result<Status> {
    let mut strangers = Strangers::new(name);
    let mut kept: VecDeque<Vec<u8>> = VecDeque::new();
    let keep = match args.scope() {
        Scope::All => None,
        Scope::Last(count) => Some(usize::try_from(count).unwrap_or(usize::MAX)),
    };
    let failed = each_line(&mut Lines::new(source), |line| match keep {
        Some(count) if show.wants(line.bytes) => {
            kept.push_back(line.bytes.to_vec());
            if kept.len() > count {
                kept.pop_front();
            }
            Ok(())
        }
        // Shown, or counted where it is no event.
        _ => show.line(line, &mut strangers, || line.number),
    })?;
    for line in kept {
        if let Ok(record) = Record::parse(&line) {
            show.record(&record)?;
        }
    }
    Ok(strangers.sum_up().max(failed.map_or(Status::Fine, |error| unreadable(name, &error))))
}

/// Every line, also the last one without an end. Gives the error of reading; fails with that of `each`.
fn each_line<R: Read>(
    lines: &mut Lines<R>,
    mut each: impl FnMut(&Line<'_>) -> io::Result<()>,
) -> io::Result<Option<io::Error>> {
    loop {
        match lines.next_line() {
            Ok(Some(line)) => each(&line)?,
            Ok(None) => break,
            Err(error) => return Ok(Some(error)),
        }
    }
    while let Some(line) = lines.take_rest() {
        each(&line)?;
    }
    Ok(None)
}
