use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::FileExt,
    path::Path,
};

use super::{state::StateFile, *};
use crate::{
    config::Integrity,
    encode::encoder,
    event::{
        Action, Draft, MAX_LINE_BYTES, Origin,
        ecs::{Host, Process, Service, ServiceNode},
        integrity::Seal,
        mesos::Audit,
    },
    format::{Format, mac_span},
};

fn seal_line(seal: Seal, name: &str, format: Format) -> Vec<u8> {
    let origin = Origin {
        host: Host { name: name.to_owned().into() },
        process: Process { pid: u32::MAX, entity_id: "f".repeat(16).into() },
        service: Service {
            name: name.to_owned().into(),
            kind: "mesos".into(),
            version: "1.11.0".into(),
            node: Some(ServiceNode { name: name.to_owned().into() }),
        },
    };
    let mut draft = Draft::new(Action::AuditSeal);
    draft.mesos.audit = Some(Box::new(Audit { seal: Some(seal), ..Audit::default() }));
    let mut line = Vec::new();
    encoder(format).encode(&mut origin.finish(draft, u64::MAX, &mut String::new()), &mut line);
    line
}

#[test]
fn the_largest_seal_fits_into_a_line_and_is_not_cut() {
    let seal = Seal {
        chain: "f".repeat(32),
        block: u64::MAX,
        cause: "rotation".into(),
        first: u64::MAX,
        last: u64::MAX,
        records: u64::MAX,
        bytes: u64::MAX,
        digest: "f".repeat(64),
        previous: "f".repeat(64),
        tags: "f".repeat(BLOCK_RECORDS * TAG_DIGITS),
        mac: NO_MAC.into(),
    };
    // The longest names that the configuration takes, each byte escaped.
    for format in [Format::Json, Format::Flatbuffers] {
        let line = seal_line(seal.clone(), &"\"".repeat(255), format);
        assert!(line.len() - 1 <= MAX_LINE_BYTES, "{}", line.len());
        assert_eq!(ChainLine::seal(&line).unwrap().1, seal);
    }
}

#[test]
fn the_mac_covers_every_byte_of_the_line() {
    let key = BlockKey::first(&RootKey::new([7; 32]));
    for format in [Format::Json, Format::Flatbuffers] {
        every_byte(&key, format);
    }
}

fn every_byte(key: &BlockKey, format: Format) {
    let name = "\"mac\":\"0000";
    let mut line =
        seal_line(Seal { mac: NO_MAC.into(), previous: NO_MAC.into(), ..Seal::default() }, name, format);
    if format == Format::Json {
        line.pop();
    }
    let mac = key.mac(&line).unwrap();
    seal::fill(&mut line, &mac);
    assert!(key.made(&line, &hex(&mac)));
    let place = mac_span(&line).unwrap();
    for at in 0..line.len() {
        let mut other = line.clone();
        other[at] ^= 1;
        // In the MAC's own place: what is claimed is not what is there.
        assert!(!key.made(&other, &hex(&mac)), "{at} {place:?}");
    }
    assert!(!key.at(1).unwrap().made(&line, &hex(&mac)));
}

#[test]
fn keys_go_forward_only() {
    let first = BlockKey::first(&RootKey::new([1; 32]));
    let mut key = first.clone();
    for block in 1..10 {
        key.evolve();
        assert!(key.same(&first.at(block).unwrap()) && key.block() == block);
    }
    assert!(key.at(3).is_none());
    assert_eq!(format!("{key:?}"), "BlockKey(..)");
}

#[test]
fn key_files_hold_several_keys_and_errors_quote_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    let keys = [RootKey::random().unwrap(), RootKey::random().unwrap()];
    keys.iter().for_each(|key| key.append(&path).unwrap());
    let read = RootKey::read(&path).unwrap();
    assert_eq!(read.iter().map(RootKey::chain).collect::<Vec<_>>(), keys.map(|key| key.chain()));
    let text = fs::read_to_string(&path).unwrap();
    for wrong in ["", "x", &text.replace("v1", "v2"), &text.replacen('a', "b", 3), &text[..text.len() - 9]] {
        fs::write(&path, wrong).unwrap();
        let error = RootKey::read(&path).unwrap_err().to_string();
        assert!(text.split_whitespace().all(|word| word.len() < 20 || !error.contains(word)), "{error}");
    }
}

#[test]
fn a_torn_state_leaves_the_one_before_and_the_old_key_is_wiped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state");
    let root = RootKey::new([3; 32]);
    let mut file = StateFile::open(&path).unwrap();
    assert!(file.load().unwrap().is_none());
    let mut state = State::begin(&root, Path::new("/log"), None);
    let mut key = BlockKey::first(&root);
    file.store(&mut state, false).unwrap();
    let before = fs::read(&path).unwrap();
    let old = hex(key.bytes());
    key.evolve();
    state.set_key(&key);
    file.store(&mut state, true).unwrap();
    assert_eq!(State::read(&path).unwrap().block, 1);
    let page = fs::read(&path).unwrap();
    assert!(memchr::memmem::find(&page, old.as_bytes()).is_none(), "the old key is gone");
    assert!(memchr::memmem::find(&page, hex(key.bytes()).as_bytes()).is_some());
    // The crash came between: the new slot is whole, torn, or not there; the old one is not wiped.
    let opened = OpenOptions::new().write(true).open(&path).unwrap();
    opened.write_all_at(&before[2048..], 2048).unwrap();
    assert_eq!(State::read(&path).unwrap().block, 1);
    opened.write_all_at(b"torn", 100).unwrap();
    assert_eq!(State::read(&path).unwrap().block, 0);
    opened.write_all_at(b"torn", 2048 + 100).unwrap();
    assert!(matches!(State::read(&path), Err(StateError::Damaged)));
    assert!(StateFile::open(&path).unwrap_err().to_string().contains("another process uses it"));
}

#[test]
fn the_last_seal_is_found_however_far_from_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    let mut log = fs::File::create(&path).unwrap();
    log.write_all(b"{}\n").unwrap();
    let line = seal_line(Seal { block: 9, mac: NO_MAC.into(), ..Seal::default() }, "h", Format::Json);
    log.write_all(&line).unwrap();
    let end = 3 + line.len() as u64;
    let decoy = b"{\"event\":{\"action\":\"audit_seal\"}}\n";
    for _ in 0..40 {
        let file = fs::File::open(&path).unwrap();
        let found = tail::last_seal(&file, |line| ChainLine::seal(line).is_some()).unwrap();
        assert_eq!(found, Some(end));
        assert_eq!(tail::last_seal(&file, |_| false).unwrap(), None);
        log.write_all(&b"x".repeat(20_011)).unwrap();
        log.write_all(b"\n").unwrap();
        log.write_all(decoy).unwrap();
    }
}

#[test]
fn no_seal_where_none_is_wanted() {
    let off = Integrity { seal: false, ..Integrity::default() };
    assert!(Sealer::open(&off, Path::new("/nowhere/log"), "run").unwrap().is_none());
}
