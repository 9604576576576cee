//! The pretty line of every kind of event, against golden files. `UPDATE_GOLDEN=1 cargo test -p mesos-audit` writes them anew.

use std::{env, fs, path::PathBuf};

use mesos_audit::pretty::Printer;
use mesos_audit_core::event::{Action, AuditEvent};
use proptest::prelude::*;
use serde_json::Value;

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn events() -> Vec<String> {
    let text = fs::read_to_string(golden("events.jsonl")).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn line(printer: Printer, json: &str) -> String {
    match serde_json::from_str::<AuditEvent>(json) {
        Ok(event) => printer.line(&event),
        Err(_) => printer.foreign(&serde_json::from_str(json).unwrap()),
    }
}

fn compare(name: &str, text: &str) {
    let path = golden(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}; if this is meant: UPDATE_GOLDEN=1 cargo test -p mesos-audit");
}

#[test]
fn plain_lines() {
    let text: String = events().iter().map(|json| line(Printer::new(false), json) + "\n").collect();
    compare("pretty.txt", &text);
}

#[test]
fn coloured_lines() {
    // ESC as ␛: the file shall be readable, and harmless to print.
    let text: String =
        events().iter().map(|json| line(Printer::new(true), json).replace('\x1b', "␛") + "\n").collect();
    compare("pretty-color.txt", &text);
}

#[test]
fn colour_adds_nothing_but_colour() {
    for json in events() {
        let colored = line(Printer::new(true), &json);
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), line(Printer::new(false), &json));
    }
}

#[test]
fn every_action_has_an_event_here() {
    let events = events();
    let seen: Vec<AuditEvent> = events.iter().filter_map(|json| serde_json::from_str(json).ok()).collect();
    assert_eq!(seen.len(), events.len() - 1, "all but the one of another schema are events");
    for action in Action::ALL {
        assert!(seen.iter().any(|event| event.event.action == action), "{action}");
    }
}

/// Replaces every text that is no name of a value by `text`.
fn poison(value: &mut Value, text: &str) {
    match value {
        Value::String(old) => text.clone_into(old),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, text)),
        Value::Object(fields) => fields.values_mut().for_each(|field| poison(field, text)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_value_holds_it_is_one_harmless_line(text in ".{0,40}|[\\p{C}\\p{Z}\"\\\\a]{0,20}") {
        for json in events() {
            let clean: Value = serde_json::from_str(&json).unwrap();
            let mut event = clean.clone();
            // What is typed stays, so that it still is an event.
            for group in ["user", "source", "url", "user_agent", "http", "host", "service", "mesos", "error", "log", "trace"] {
                poison(&mut event[group], &text);
            }
            for (group, field) in [("mesos", "component"), ("mesos", "authn"), ("mesos", "authz"), ("mesos", "repeated"), ("mesos", "counted")] {
                restore(&mut event[group][field], &clean[group][field]);
            }
            for typed in ["/mesos/allocation/unavailability", "/mesos/counted/action"] {
                if let (Some(value), Some(clean)) = (event.pointer_mut(typed), clean.pointer(typed)) {
                    value.clone_from(clean);
                }
            }
            if let Some(fields) = event.as_object_mut() {
                fields.retain(|name, _| !clean[name].is_null());
            }
            event["event"]["reason"] = text.clone().into();
            let typed = serde_json::from_value::<AuditEvent>(event.clone());
            prop_assert_eq!(typed.is_ok(), clean["event"]["schema"] != "2.0", "{:?}", typed.err());
            let lines = [
                Printer::new(false).foreign(&event),
                typed.map(|event| Printer::new(false).line(&event)).unwrap_or_default(),
            ];
            for line in lines {
                prop_assert!(!line.contains(char::is_control), "{line:?}");
                prop_assert!(!line.contains(['\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}', '\u{200b}']), "{line:?}");
            }
        }
    }
}

/// Puts the closed sets of words, and times, back.
fn restore(value: &mut Value, clean: &Value) {
    match (value, clean) {
        (Value::Object(fields), Value::Object(clean)) => {
            for name in ["decision", "result", "first", "last"] {
                if let Some(word) = clean.get(name) {
                    fields.insert(name.to_owned(), word.clone());
                }
            }
        }
        (value, clean) => value.clone_from(clean),
    }
}
