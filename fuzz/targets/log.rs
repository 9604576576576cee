//! A log that may be anything: lines, records, and what a terminal shows of them.
#![no_main]

use std::io::{self, Read};

use libfuzzer_sys::fuzz_target;
use mesos_audit::{
    pretty::Printer,
    reader::{Lines, Record},
};
use mesos_audit_core::format::Format;

/// Gives its bytes in pieces of changing size, as a file that grows.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.1 = self.1 % 7 + 1;
        let length = self.1.min(self.0.len()).min(into.len());
        into[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

fn look(bytes: &[u8]) {
    let Ok(record) = Record::parse(bytes) else { return };
    assert_eq!(record.text().as_bytes(), bytes);
    assert!(record.value().is_object(), "{}", record.text());
    let plain = Printer::new(false);
    let shown = record.event().map(|event| plain.line(&event));
    for line in shown.into_iter().chain([plain.foreign(&record.value())]) {
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}

fuzz_target!(|data: &[u8]| {
    let mut lines = Lines::new(Pieces(data, 0));
    if Format::of(data) == Some(Format::Flatbuffers) {
        // Frames, or what is in the place of some: each is an event, or is said to be damaged.
        while let Some(line) = lines.next_line().expect("memory can be read") {
            look(line.bytes);
        }
        return;
    }
    let mut expected = data.split(|byte| *byte == b'\n').enumerate().peekable();
    while let Some(line) = lines.next_line().expect("memory can be read") {
        let (number, bytes) = expected.next().expect("no line is made up");
        assert_eq!((line.bytes, line.number, line.too_long), (bytes, number as u64 + 1, false));
        look(line.bytes);
    }
    let (_, rest) = expected.next().expect("a text ends with what has no newline");
    assert_eq!(lines.take_rest().map_or(&b""[..], |line| line.bytes), rest);
    assert!(expected.next().is_none(), "no line is left out");
    look(rest);
});
