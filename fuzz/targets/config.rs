//! The configuration file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesos_audit_core::config;

fuzz_target!(|data: &[u8]| match config::parse(data) {
    Ok(config) => {
        // What is accepted is what is shown, and is accepted again.
        let shown = toml::to_string(&config).expect("every configuration can be shown");
        assert_eq!(config::parse(shown.as_bytes()).expect(&shown), config);
        mesos_audit_core::policy::Policy::new(&config.policy).expect("checked");
        config.authorization.durable().expect("checked");
    }
    Err(error) => {
        let told = error.to_string();
        assert!(!told.is_empty());
        assert!(!told.contains(char::is_control), "one harmless line: {told:?}");
    }
});
