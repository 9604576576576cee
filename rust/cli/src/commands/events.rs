//! All events of some files, one after the other.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use mesos_audit_core::event::OwnedEvent;

use crate::{
    reader::Lines,
    report::{Status, complain, counted},
};

/// Reads all events of the files, and hands over each with the bytes that it takes there. `-` is standard input; what ends
/// with `.gz` is compressed. Tells how that went, on stderr if it is to.
pub(crate) fn each_event(files: &[PathBuf], tell: bool, mut each: impl FnMut(OwnedEvent, usize)) -> Status {
    let mut status = Status::Fine;
    for path in files {
        let mut strangers = 0;
        if let Err(error) = open(path).and_then(|source| read(source, &mut strangers, &mut each)) {
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

fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path)?;
    if path.extension().is_some_and(|end| end == "gz") {
        return Ok(Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, file))));
    }
    Ok(Box::new(file))
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
