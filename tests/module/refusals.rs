//! A module that cannot do its job stops Mesos at once, with one line that says why.

use std::{fs, path::Path};

use mesos_testbed::{Audit, ClusterBuilder};

use crate::support::{TestResult, prepare};

/// Starts a cluster that must not start, and gives the one line that tells why.
fn refused(
    name: &str,
    configure: impl FnOnce(&ClusterBuilder, Audit) -> Audit,
) -> Result<String, Box<dyn std::error::Error>> {
    let (builder, audit, _) = prepare(name, "release")?;
    let audit = configure(&builder, audit);
    let refusal = audit.install(builder)?.start_expecting_failure()?;
    assert!(!refusal.status.success(), "{name} started");
    // Master and agent share this process, and may both come to say it before the one that was first ends it.
    let lines: Vec<_> = refusal.stderr.lines().filter(|line| line.starts_with("mesos-audit: ")).collect();
    assert_eq!(lines.len(), 1, "one line for {name}: {}", refusal.stderr);
    Ok(lines[0].to_owned())
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

#[test]
fn a_wrong_configuration() -> TestResult {
    let line = refused("no-config", |_, audit| audit.config_path(Path::new("/nowhere/audit.toml")))?;
    assert!(line.contains("/nowhere/audit.toml: No such file or directory"), "{line}");

    let line = refused("unknown-key", |_, audit| audit.config("[queue]\nrecord = 1"))?;
    assert!(line.contains("audit.toml: queue.record: ") && line.contains("unknown field `record`"), "{line}");
    Ok(())
}

#[test]
fn an_output_that_cannot_be_written() -> TestResult {
    let line = refused("no-output", |builder, audit| {
        let path = builder.dir().join("own.toml");
        write(&path, "[output]\npath = '/proc/audit.jsonl'\n");
        audit.config_path(&path)
    })?;
    assert!(line.contains("/proc/audit.jsonl: output.path: "), "{line}");
    Ok(())
}

#[test]
fn bad_acls() -> TestResult {
    let line = refused("acls-text", |_, audit| audit.acls_parameter(Some("{\"run_tasks\": ".to_owned())))?;
    assert!(line.contains("org_mesos_audit_Authorizer") && line.contains("acls: is no JSON"), "{line}");

    let line =
        refused("acls-missing", |_, audit| audit.acls_parameter(Some("/nowhere/acls.json".to_owned())))?;
    assert!(line.contains("/nowhere/acls.json: acls: No such file or directory"), "{line}");

    let line = refused("acls-shape", |_, audit| audit.acls_parameter(Some("{\"run_tasks\": 7}".to_owned())))?;
    assert!(line.contains("acls"), "Mesos's own parser has the last word: {line}");
    Ok(())
}

#[test]
fn credentials_and_keys_that_cannot_be_read() -> TestResult {
    let line = refused("no-key", |_, audit| audit.schemes("jwt", Some(Path::new("/nowhere/key"))))?;
    assert!(line.contains("/nowhere/key: secret_key: No such file or directory"), "{line}");

    let line = refused("no-realm", |_, audit| audit.without_realm())?;
    assert!(line.contains("authentication_realm"), "{line}");

    let line = refused("no-scheme", |_, audit| audit.schemes("kerberos", None))?;
    assert!(line.contains("authenticators") && line.contains("kerberos"), "{line}");
    Ok(())
}
