//! What every user of the log gets to see.

use std::{fs, path::Path};

use super::*;

/// `UPDATE_GOLDEN=1 cargo test` rewrites the files. What changes there changes for every user of the log.
#[test]
fn golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
    for callback in Callback::ALL {
        let mut pretty = String::new();
        for line in lines(callback, sample(callback).encode_to_vec()) {
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            pretty += &format!("{event:#}\n");
            let typed: AuditEvent<'_> = serde_json::from_str(&line).unwrap();
            assert_eq!(serde_json::to_value(typed).unwrap(), event, "an event survives a round trip");
        }
        let path = folder.join(format!("{callback:?}.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &pretty).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(pretty, golden, "{} differs; UPDATE_GOLDEN=1 rewrites it", path.display());
    }
}

#[test]
fn every_sample_is_valid_against_the_schema() {
    let validator = jsonschema::validator_for(&AuditEvent::json_schema()).unwrap();
    for callback in Callback::ALL {
        for line in lines(callback, sample(callback).encode_to_vec()) {
            let event = serde_json::from_str(&line).unwrap();
            let errors: Vec<_> = validator.iter_errors(&event).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{callback:?}: {errors:?}");
        }
    }
}
