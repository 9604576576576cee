//! Faults on demand, for the test that shows Mesos survives them. Compiled in by the feature
//! `fault-injection` only.

use std::sync::LazyLock;

/// `MESOS_AUDIT_FAULT=panic:NAME`, NAME as in the bridge's `Callback`.
static FAULT: LazyLock<Option<String>> =
    LazyLock::new(|| Some(std::env::var("MESOS_AUDIT_FAULT").ok()?.strip_prefix("panic:")?.to_owned()));

/// Panics if this callback is the one named.
pub(super) fn perhaps_panic(callback: super::ffi::Callback) {
    if FAULT.as_deref().is_some_and(|name| format!("{callback:?}") == name) {
        panic!("injected");
    }
}
