//! Lines of files as lines on stdout, and a count of those that are no events.

use std::{
    fmt::Display,
    io::{self, BufWriter, Stdout, Write},
};

use anstream::ColorChoice;

use super::args::{Args, Color, Format};
use crate::{
    filter::Filter,
    pretty::{Printer, fit, legend, terminal_width},
    reader::{Line, NoEvent, Record},
    report::{Status, complain, counted},
};

/// How many lines of a file that are no events are named; the rest is counted.
const NAMED: u64 = 5;

/// Shows the wanted events.
#[derive(Debug)]
pub(crate) struct Show {
    filter: Filter,
    format: Format,
    color: bool,
    printer: Printer,
    /// Columns to keep to, where somebody looks at a terminal.
    width: Option<usize>,
    out: BufWriter<Stdout>,
}

impl Show {
    pub(crate) fn new(args: &Args) -> Self {
        let color = match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        };
        Self {
            filter: args.filter(),
            format: args.format,
            color,
            printer: Printer::new(color),
            width: terminal_width().filter(|_| !args.wide),
            out: BufWriter::with_capacity(64 * 1024, io::stdout()),
        }
    }

    pub(crate) fn legend(&mut self) -> io::Result<()> {
        writeln!(self.out, "{}", legend(self.color))
    }

    /// Whether a line of these bytes would be shown.
    pub(crate) fn wants(&self, bytes: &[u8]) -> bool {
        Record::parse(bytes).is_ok_and(|record| self.filter.wants(&record))
    }

    /// Shows the line if it is wanted; what is no event is counted. `number` finds the line's number in its file where that is needed.
    pub(crate) fn line(
        &mut self,
        line: &Line<'_>,
        strangers: &mut Strangers,
        number: impl FnOnce() -> u64,
    ) -> io::Result<()> {
        match Record::of_line(line) {
            Ok(record) if self.filter.wants(&record) => self.record(&record),
            Ok(_) => Ok(()),
            Err(why) => {
                self.stranger(strangers, number, why);
                Ok(())
            }
        }
    }

    pub(crate) fn record(&mut self, record: &Record<'_>) -> io::Result<()> {
        if self.format == Format::Json {
            self.out.write_all(record.text().as_bytes())?;
            return self.out.write_all(b"\n");
        }
        let line = match record.event() {
            Some(event) => self.printer.line(&event),
            None => self.printer.foreign(&record.value()),
        };
        let line = match self.width {
            Some(width) => fit(&line, width),
            None => line,
        };
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn stranger(&mut self, strangers: &mut Strangers, number: impl FnOnce() -> u64, why: NoEvent) {
        // So that on a terminal the complaint comes where the line would be. An error shows again with the next event.
        if strangers.count < NAMED {
            let _ = self.out.flush();
        }
        strangers.add(number, why);
    }
}

/// Lines of one file that are no events.
#[derive(Debug)]
pub(crate) struct Strangers {
    file: String,
    count: u64,
}

impl Strangers {
    pub(crate) fn new(file: impl Display) -> Self {
        Self { file: file.to_string(), count: 0 }
    }

    /// Counts one. The first are named; after them, while a file is followed for ever, only round numbers are told.
    fn add(&mut self, number: impl FnOnce() -> u64, why: NoEvent) {
        self.count += 1;
        if self.count <= NAMED {
            complain(format_args!("{}: line {}: no event: {why}", self.file, number()));
        } else if self.count >= 100 && 10_u64.pow(self.count.ilog10()) == self.count {
            complain(format_args!("{}: {} lines so far are no events", self.file, self.count));
        }
    }

    /// Tells how many there were.
    pub(crate) fn sum_up(self) -> Status {
        if self.count == 0 {
            return Status::Fine;
        }
        let what = counted(self.count, "line is no event", "lines are no events");
        complain(format_args!("{}: {what}", self.file));
        Status::Wrong
    }
}
