//! Conditions and times of the command line, and an event that they are tried on: one a line, the event last.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesos_audit::{
    filter::{Clause, Filter, check_path, parse_time},
    reader::Record,
};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let (conditions, event) = text.rsplit_once('\n').unwrap_or((text, "{}"));
    let mut clauses = Vec::new();
    for condition in conditions.split('\n') {
        if let Ok(clause) = condition.parse::<Clause>() {
            clause.paths().for_each(|path| drop(check_path(&path)));
            clauses.push(clause);
        }
        let _ = parse_time(condition);
    }
    let Ok(record) = Record::parse(event.as_bytes()) else { return };
    let all = clauses.iter().all(|clause| {
        let matches = clause.matches(event);
        assert!(!matches || clause.may_match(event), "{clause:?} on {event}");
        matches
    });
    assert_eq!(Filter::new(clauses, None, None).wants(&record), all);
});
