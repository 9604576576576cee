//! Free text, and a secret where everybody puts one, on a line of its own behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesos_audit_core::redact::{scrub, scrub_cut};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let once = scrub(&text);
    assert_eq!(scrub(&once), once, "of {text:?}");
    for keep in [0, 1, 24, 1024] {
        let (kept, cut) = scrub_cut(&text, keep);
        assert!(kept.len() <= keep);
        assert!(cut || kept == once, "{kept:?} of {text:?}");
    }
    let planted = format!("{text}\nhttps://me:s3cr3t-7Qx@host/?token=s3cr3t-7Qx");
    let scrubbed = scrub(&planted);
    assert!(text.contains("s3cr3t-7Qx") || !scrubbed.contains("s3cr3t-7Qx"), "{scrubbed:?} of {planted:?}");
});
