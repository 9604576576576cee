//! All events of some files, one after the other.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use mesos_audit_core::event::OwnedEvent;

use crate::{
    reader::{Lines, open},
    report::{Status, complain, counted},
};

/// Reads all events of the files, and hands over each with the bytes that it takes there. `-` is standard input.
/// Tells how that went, on stderr if it is to.
pub(crate) fn each_event(files: &[PathBuf], tell: bool, mut each: impl FnMut(OwnedEvent, usize)) -> Status {
    let mut status = Status::Fine;
    for path in files {
        let mut strangers = 0;
        if let Err(error) = source(path).and_then(|source| read(source, &mut strangers, &mut each)) {
            if tell {
                complain(format_args!("{}: {error}", path.display()));
            }
            status = Status::Failed;
        }
        if strangers > 0 {
            let what = counted(strangers, "line is no event", "lines are no events");
            if tell {
                complain(format_args!("{}: {what} of this schema", path.display()));
            }
            status = status.max(Status::Wrong);
        }
    }
    status
}

fn source(path: &Path) -> io::Result<Box<dyn Read>> {
    if path == Path::new("-") { Ok(Box::new(io::stdin())) } else { open(path) }
}

fn read(source: impl Read, strangers: &mut u64, each: &mut impl FnMut(OwnedEvent, usize)) -> io::Result<()> {
    let mut lines = Lines::new(source);
    let mut one = |line: crate::reader::Line<'_>| match serde_json::from_slice::<OwnedEvent>(line.bytes) {
        Ok(event) => each(event, line.frame.map_or(line.bytes.len() + 1, |frame| frame.raw.len())),
        Err(_) => *strangers += 1,
    };
    while let Some(line) = lines.next_line()? {
        one(line);
    }
    if let Some(line) = lines.take_rest() {
        one(line);
    }
    Ok(())
}
