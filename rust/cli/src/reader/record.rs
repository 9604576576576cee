//! A line that is an event, as far as every command needs it.

use std::borrow::Cow;

use mesos_audit_core::{event::OwnedEvent, format::BadFrame};
use serde::Deserialize;
use serde_json::error::Category;

use super::{Frame, Line, MAX_LINE};

/// An event whose line was checked, with no more taken out of it than most commands need: a JSON object with `@timestamp` and `event.action`. Events of a schema
/// that is newer than this program are events too.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    text: &'a str,
    timestamp: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Probe<'a> {
    #[serde(rename = "@timestamp", borrow)]
    timestamp: Cow<'a, str>,
    #[serde(rename = "event", borrow)]
    _event: ProbeEvent<'a>,
}

#[derive(Deserialize)]
struct ProbeEvent<'a> {
    #[serde(rename = "action", borrow)]
    _action: Cow<'a, str>,
}

/// Why a line is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEvent {
    /// Longer than [`MAX_LINE`].
    #[error("longer than {MAX_LINE} bytes")]
    TooLong,
    /// No UTF-8.
    #[error("no UTF-8")]
    Encoding,
    /// An empty line.
    #[error("empty")]
    Empty,
    /// It ends in the middle of an object.
    #[error("incomplete")]
    Incomplete,
    /// No JSON.
    #[error("no JSON (column {0})")]
    Syntax(usize),
    /// No frame of FlatBuffers that can be read.
    #[error("{reason}, at byte {offset}")]
    Frame {
        /// Where it begins.
        offset: u64,
        /// What is wrong with it.
        reason: BadFrame,
    },
    /// JSON, but no event.
    #[error("JSON, but no event of mesos-audit")]
    Other,
}

impl<'a> Record<'a> {
    /// Checks a line.
    ///
    /// # Errors
    /// It is no event.
    pub fn of_line(line: &Line<'a>) -> Result<Self, NoEvent> {
        if let Some(Frame { offset, damage: Some(reason), .. }) = line.frame {
            return Err(NoEvent::Frame { offset, reason: reason.clone() });
        }
        if line.too_long { Err(NoEvent::TooLong) } else { Self::parse(line.bytes) }
    }

    /// Checks the bytes of a line.
    ///
    /// # Errors
    /// It is no event.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, NoEvent> {
        let text = str::from_utf8(bytes).map_err(|_| NoEvent::Encoding)?;
        let probe: Probe<'a> = serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Eof if text.trim().is_empty() => NoEvent::Empty,
            Category::Eof => NoEvent::Incomplete,
            Category::Syntax => NoEvent::Syntax(error.column()),
            Category::Data | Category::Io => NoEvent::Other,
        })?;
        // serde reads a struct from an array as well.
        if !text.trim_start().starts_with('{') {
            return Err(NoEvent::Other);
        }
        Ok(Self { text, timestamp: probe.timestamp })
    }

    /// The line.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// `@timestamp` as it is written.
    #[must_use]
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// The typed event; none where this program's schema does not fit.
    #[must_use]
    pub fn event(&self) -> Option<OwnedEvent> {
        serde_json::from_str(self.text).ok()
    }

    /// The event as it is, with fields that this program does not know.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(self.text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_event_says_why() {
        for (bytes, why) in [
            (&b""[..], "empty"),
            (b"  ", "empty"),
            (b"\xff", "no UTF-8"),
            (b"hello", "no JSON (column 1)"),
            (br#"{"@timestamp":"2026"#, "incomplete"),
            (br#"{"a":1}"#, "JSON, but no event of mesos-audit"),
            (br#"["2026-01-01T00:00:00Z",["x"]]"#, "JSON, but no event of mesos-audit"),
            (br#"{"@timestamp":1,"event":{"action":"x"}}"#, "JSON, but no event of mesos-audit"),
            (br#"{"@timestamp":"t","event":{"action":"x"}} {}"#, "no JSON (column 43)"),
        ] {
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(Record::parse(bytes).unwrap_err().to_string(), why, "{text}");
        }
    }

    proptest::proptest! {
        /// Seen with this package alone (`-p mesos-audit`): what tests the core has serde_json's `float_roundtrip` anyway.
        #[test]
        fn an_amount_is_read_to_its_last_bit(
            amount in proptest::prop_oneof![0.0..1e6, proptest::num::f64::NORMAL],
        ) {
            let line = format!(r#"{{"@timestamp":"t","event":{{"action":"x"}},"amount":{amount:?}}}"#);
            let record = Record::parse(line.as_bytes()).unwrap();
            proptest::prop_assert_eq!(record.value()["amount"].as_f64(), Some(amount));
        }
    }

    #[test]
    fn an_event_of_another_schema_is_an_event() {
        let record =
            Record::parse(br#"{"@timestamp":"t\u0041","new":[1],"event":{"action":"x","schema":"9.0"}}"#);
        let record = record.unwrap();
        assert_eq!(record.timestamp(), "tA");
        assert_eq!(record.event(), None);
        assert_eq!(record.value()["new"][0], 1);
    }
}
