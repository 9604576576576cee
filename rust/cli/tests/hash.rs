//! `mesos-audit hash`.

mod common;

use std::{fs, io::Write, os::unix::fs::PermissionsExt, process::Stdio};

use common::{Dir, program, run};

fn key(dir: &Dir) -> String {
    let path = dir.write("hash.key", format!("mesos-audit-hash-key-v1 {}\n", "07".repeat(32)));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

#[test]
fn a_known_value_has_the_hash_that_is_recorded() {
    let dir = Dir::new();
    let path = key(&dir);
    let ran = run(["hash", "--key", &path, "--of", "identifying", "alice"]);
    assert_eq!((ran.code, &*ran.err), (0, ""));
    let expected = mesos_audit_core::redact::HashKey::new([7; 32])
        .hash(mesos_audit_core::redact::Class::Identifying, "alice");
    assert_eq!(ran.out, format!("{expected}\n"));
    let both = run(["hash", "--key", &path, "alice"]);
    assert_eq!(both.out.lines().next().unwrap(), format!("identifying\t{expected}"));
    assert!(both.out.lines().nth(1).unwrap().starts_with("sensitive\thmac:"));

    // A value that is nobody's business comes by standard input.
    let mut child = program();
    child
        .args(["hash", "--key", &path, "--of", "identifying", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"alice\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), ran.out);
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let dir = Dir::new();
    let path = key(&dir);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let ran = run(["hash", "--key", &path, "alice"]);
    assert_eq!((ran.code, &*ran.out), (2, ""));
    assert!(ran.err.contains("hash.key: can be read by others than its owner"), "{}", ran.err);
    let missing = run(["hash", "--key", dir.path("none").to_str().unwrap(), "alice"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("none: does not exist") && !dir.path("none").exists(), "{}", missing.err);
}
