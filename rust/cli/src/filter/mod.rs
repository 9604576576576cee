//! Which events are wanted.

mod clause;
mod known;
mod seek;
mod time;

pub use clause::{Clause, Operator};
pub use known::{Unknown, check_path};
pub use time::parse_time;

use crate::reader::Record;

/// Conditions that an event must all meet. The default wants every event.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    clauses: Vec<Clause>,
    since: Option<jiff::Timestamp>,
    until: Option<jiff::Timestamp>,
}

impl Filter {
    /// All of `clauses`, not before `since`, and before `until`.
    #[must_use]
    pub fn new(clauses: Vec<Clause>, since: Option<jiff::Timestamp>, until: Option<jiff::Timestamp>) -> Self {
        Self { clauses, since, until }
    }

    /// Whether the event is wanted. Cheap checks first: most lines of a large file are not.
    #[must_use]
    pub fn wants(&self, record: &Record<'_>) -> bool {
        if !self.is_in_time(record) || !self.clauses.iter().all(|clause| clause.may_match(record.text())) {
            return false;
        }
        self.clauses.iter().all(|clause| clause.matches(record.text()))
    }

    fn is_in_time(&self, record: &Record<'_>) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        // An event whose time cannot be read is in no window.
        let Ok(time) = record.timestamp().parse::<jiff::Timestamp>() else { return false };
        self.since.is_none_or(|since| since <= time) && self.until.is_none_or(|until| time < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(filter: &Filter, line: &str) -> bool {
        filter.wants(&Record::parse(line.as_bytes()).unwrap())
    }

    #[test]
    fn all_conditions_must_be_met() {
        let line = r#"{"@timestamp":"2026-11-23T10:00:00.000001Z","event":{"action":"authorization"},"user":{"name":"al"}}"#;
        let clauses = |texts: &[&str]| {
            Filter::new(texts.iter().map(|text| text.parse().unwrap()).collect(), None, None)
        };
        assert!(wants(&Filter::default(), line));
        assert!(wants(&clauses(&["event.action=authorization"]), line));
        assert!(wants(&clauses(&["event.action=authorization", "user.name~a", "user.id!=4"]), line));
        assert!(!wants(&clauses(&["event.action=authorization", "user.name=bo"]), line));
    }

    #[test]
    fn a_window_has_its_start_and_not_its_end() {
        let line = r#"{"@timestamp":"2026-11-23T10:00:00.000001Z","event":{"action":"x"}}"#;
        let time = |text: &str| Some(text.parse().unwrap());
        for (since, until, wanted) in [
            (time("2026-11-23T10:00:00.000001Z"), None, true),
            (time("2026-11-23T10:00:00.000002Z"), None, false),
            (time("2026-11-23T12:00:00+02:00"), time("2026-11-23T10:00:01Z"), true),
            (None, time("2026-11-23T10:00:00.000001Z"), false),
        ] {
            assert_eq!(wants(&Filter::new(Vec::new(), since, until), line), wanted, "{since:?} {until:?}");
        }
        let odd = r#"{"@timestamp":"yesterday","event":{"action":"x"}}"#;
        assert!(!wants(&Filter::new(Vec::new(), time("1970-01-01T00:00:00Z"), None), odd));
    }
}
