use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::format::Format;

fn refused(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.toml");
    fs::write(&path, text).unwrap();
    let error = load(Some(&path)).unwrap_err().to_string();
    assert!(!error.contains('\n'), "one line: {error}");
    error.strip_prefix(&format!("{}: ", path.display())).expect("names the file").to_owned()
}

#[test]
fn no_file_gives_checked_defaults() {
    let loaded = load(None).unwrap();
    loaded.config.validate().unwrap();
    assert_eq!(loaded.path, None);
    assert_eq!(loaded.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn what_is_not_said_keeps_its_default() {
    let config: Config = toml::from_str("[queue]\nwhen_full = 'block'\n").unwrap();
    assert_eq!(config.queue, Queue { when_full: WhenFull::Block, ..Queue::default() });
    assert_eq!(config.output, Output::default());
}

#[test]
fn defaults_survive_a_round_trip() {
    let text = toml::to_string(&Config::default()).unwrap();
    assert_eq!(toml::from_str::<Config>(&text).unwrap(), Config::default());
}

#[test]
fn errors_name_key_and_reason() {
    for (text, key, reason) in [
        ("[output]\npth = '/x'\n", "output.pth: ", "unknown field `pth`"),
        ("surprise = 1\n", "surprise: ", "unknown field `surprise`"),
        ("[queue]\nbytes = 'many'\n", "queue.bytes: ", "line 2: invalid type: string \"many\""),
        ("[queue]\nbytes = 3\n", "queue.bytes: ", "3 is not between 65536 and 1073741824"),
        ("[queue]\nrecord_bytes = 3\n", "queue.record_bytes: ", "3 is not between 4096 and 67108864"),
        ("[queue]\nrecords = 65536\n", "queue.records: ", "unknown field `records`"),
        ("[queue]\nblock_ms = 0\n", "queue.block_ms: ", "0 is not between 1 and 10000"),
        ("[queue]\nwhen_full = 'panic'\n", "queue.when_full: ", "unknown variant `panic`"),
        ("[output]\npath = 'here'\n", "output.path: ", "`here` is no absolute path of a file"),
        ("[output]\npath = '/var/log/'\n", "output.path: ", "no absolute path of a file"),
        ("[output]\npath = '/{cluster}.log'\n", "output.path: ", "unknown placeholder"),
        ("[output]\nmode = '0777'\n", "output.mode: ", "no octal mode"),
        ("[output]\nmode = '0440'\n", "output.mode: ", "no octal mode"),
        ("[output]\nmode = '0666'\n", "output.mode: ", "no octal mode between 0600 and 0664"),
        ("[output]\nowner = ''\n", "output.owner: ", "is no name"),
        ("[output]\ngroup = \"a\\nb\"\n", "output.group: ", "is no name"),
        ("[output]\ndurability = 'yes'\n", "output.durability: ", "unknown variant `yes`"),
        ("[output]\nsync_ms = 9\n", "output.sync_ms: ", "9 is not between 10 and 60000"),
        ("[output]\nrotate_bytes = 1\n", "output.rotate_bytes: ", "1 is not between 65536 and"),
        ("[output]\nrotate_hours = 9000\n", "output.rotate_hours: ", "9000 is not between"),
        ("[output]\nkeep_bytes = 134217729\n", "output.keep_bytes: ", "less than twice `rotate_bytes`"),
        ("[output]\nkeep_days = -1\n", "output.keep_days: ", "line 2: invalid value"),
        ("[output]\ncompress = 'zstd'\n", "output.compress: ", "unknown variant `zstd`"),
        ("[output]\ncompress_after_s = 100000\n", "output.compress_after_s: ", "is not between"),
        ("[authorization]\ndurable = ['RUN']\n", "authorization.durable[0]: ", "`RUN`"),
        (
            "[authorization]\ndurable = ['VIEW_ROLE']\n",
            "policy.rules[0].level: ",
            "could leave out `VIEW_ROLE`",
        ),
        ("[policy]\ninterval_s = 0\n", "policy.interval_s: ", "0 is not between 1 and 3600"),
        ("[[policy.rules]]\nid = 'a'\n", "policy.rules[0]: ", "missing field `level`"),
        ("[[policy.rules]]\nid = 'a'\nlevel = 'none'\n", "policy.rules[0].level: ", "unknown variant `none`"),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'full'\nuser = ['x']\n",
            "policy.rules[0].user: ",
            "unknown field",
        ),
        ("[[policy.rules]]\nid = 'A b'\nlevel = 'full'\n", "policy.rules[0].id: ", "must be 1 to 64"),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'full'\nauthorization = ['VIEW_ROLE', 'VIEW_ALL']\n",
            "policy.rules[0].authorization[1]: ",
            "`VIEW_ALL` is no authorization action",
        ),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'skip'\naction = ['audit_ledger']\n",
            "policy.rules[0].action[0]: ",
            "`audit_ledger` is no event.action of Mesos",
        ),
        ("[[policy.rules]]\nid = 'a'\nlevel = 'skip'\nrole = []\n", "policy.rules[0].role: ", "is empty"),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'skip'\nclient = ['10.0.0.0/33']\n",
            "policy.rules[0].client[0]: ",
            "`10.0.0.0/33` is no network",
        ),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'full'\n[[policy.rules]]\nid = 'b'\nlevel = 'skip'\n",
            "policy.rules[1]: ",
            "is never reached: rule `a` matches everything",
        ),
        (
            "[[policy.rules]]\nid = 'a'\nlevel = 'skip'\nrole = ['x']\n[[policy.rules]]\nid = 'a'\nlevel = 'skip'\n",
            "policy.rules[1].id: ",
            "`a` is taken",
        ),
        ("[authorization]\ndurable_ms = 0\n", "authorization.durable_ms: ", "between 1 and 10000"),
        ("[integrity]\nseal_ms = 1\n", "integrity.seal_ms: ", "1 is not between 10 and 3600000"),
        ("[integrity]\nseal = 'yes'\n", "integrity.seal: ", "invalid type"),
        ("[integrity]\nkey = 'here'\n", "integrity.key: ", "no absolute path of a file"),
        ("[integrity]\nstate = '/a'\nkey = '/a'\n", "integrity.key: ", "same file as integrity.state"),
        ("[health]\nledger_s = 90000\n", "health.ledger_s: ", "90000 is not between 0 and 86400"),
        ("[health]\nheartbeat_s = 0\n", "health.heartbeat_s: ", "0 is not between 1 and 3600"),
        ("[health]\nstate = 'here'\n", "health.state: ", "no absolute path of a file"),
        ("[health]\nstate = '/a'\n[output]\npath = '/a'\n", "health.state: ", "same file as output.path"),
        ("[health]\nstate = '/a'\n[integrity]\nkey = '/a'\n", "health.state: ", "same file as integrity.key"),
        ("[redact]\nkey_file = 'here'\n", "redact.key_file: ", "no absolute path of a file"),
        (
            "[redact]\nkey_file = '/a'\n[output]\npath = '/a'\n",
            "redact.key_file: ",
            "same file as output.path",
        ),
        ("[redact]\nhash = ['user.name']\n", "redact.hash: ", "needs `key_file`"),
        ("[redact]\nkey_file = '/a'\nhash = ['user.id']\n", "redact.hash[0]: ", "unknown variant `user.id`"),
        ("[redact]\nkey_file = '/a'\nhash = ['user.name', 'user.name']\n", "redact.hash[1]: ", "named twice"),
        ("[service]\nname = ' '\n", "service.name: ", "printable"),
        ("[output\n", "line 1: ", ""),
    ] {
        let error = refused(text);
        assert!(error.starts_with(key) && error.contains(reason), "{text:?} gave {error:?}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = load(Some(Path::new("/nowhere/audit.toml"))).unwrap_err().to_string();
    assert_eq!(error, "/nowhere/audit.toml: No such file or directory (os error 2)");
}

#[test]
fn placeholders_are_filled_and_stay_in_their_directory() {
    for (format, expected) in
        [(Format::Json, "/var/log/mesos-audit/m.jsonl"), (Format::Flatbuffers, "/var/log/mesos-audit/m.fb")]
    {
        let output = Output { format, ..Output::default() };
        assert_eq!(output.path_for("m", "h", 7).unwrap(), PathBuf::from(expected));
    }
    let output = Output { path: "/log/{service}-{host}-{pid}.jsonl".into(), ..Output::default() };
    assert_eq!(output.path_for("a/../b", "h", 7).unwrap(), PathBuf::from("/log/a_.._b-h-7.jsonl"));
}
