//! A canary in every field of every message that Mesos can hand over, and where none is heard again.
//!
//! The messages are made from the descriptors of a running Mesos, so a field that we have never heard of has a canary as well.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use mesos_audit_core::{
    clock::Timestamp,
    config::{Config, Loaded},
    decode::{Callback, SUBSET_DESCRIPTORS},
    pipeline::Pipeline,
    redact::{self, Class, HashKey},
};
use mesos_testbed::{Lines, Testbed};
use prost::Message;
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet, field_descriptor_proto::Type};

/// Messages within messages: a container's parents have no end.
const DEPTH: usize = 12;

/// Makes messages, and remembers which canary went where.
struct Cage {
    messages: BTreeMap<String, DescriptorProto>,
    /// Canary to message and field.
    canaries: BTreeMap<String, (String, String)>,
}

fn collect(scope: &str, message: &DescriptorProto, into: &mut BTreeMap<String, DescriptorProto>) {
    let name = format!("{scope}.{}", message.name());
    for nested in &message.nested_type {
        collect(&name, nested, into);
    }
    into.insert(name, message.clone());
}

fn write(number: i32, bytes: &[u8], into: &mut Vec<u8>) {
    prost::encoding::encode_key(number.cast_unsigned(), prost::encoding::WireType::LengthDelimited, into);
    prost::encoding::encode_varint(bytes.len() as u64, into);
    into.extend_from_slice(bytes);
}

impl Cage {
    fn new() -> Self {
        let mut messages = BTreeMap::new();
        for entry in fs::read_dir(Testbed::provision(&Lines).unwrap().descriptors()).unwrap() {
            let file = FileDescriptorProto::decode(&*fs::read(entry.unwrap().path()).unwrap()).unwrap();
            for message in &file.message_type {
                collect(&format!(".{}", file.package()), message, &mut messages);
            }
        }
        Self { messages, canaries: BTreeMap::new() }
    }

    fn canary(&mut self, message: &str, field: &str) -> String {
        let canary = format!("cnry{}x", self.canaries.len());
        self.canaries.insert(canary.clone(), (message.to_owned(), field.to_owned()));
        canary
    }

    /// A message of Mesos's with a canary in each text.
    fn fill(&mut self, name: &str, depth: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for field in self.messages[name].field.clone() {
            match field.r#type() {
                Type::String | Type::Bytes => {
                    let canary = self.canary(&our_name(name), field.name());
                    write(field.number(), canary.as_bytes(), &mut bytes);
                }
                Type::Message if depth > 0 => {
                    let inner = self.fill(field.type_name(), depth - 1);
                    write(field.number(), &inner, &mut bytes);
                }
                _ => {}
            }
        }
        bytes
    }
}

/// All pieces of the text that begin and end so.
fn words<'a>(text: &'a str, begin: &str, end: &str) -> BTreeSet<&'a str> {
    text.match_indices(begin)
        .filter_map(|(start, _)| Some(&text[start..start + text[start..].find(end)? + end.len()]))
        .collect()
}

fn our_name(mesos: &str) -> String {
    match mesos {
        ".mesos.quota.QuotaInfo" => "authorization.QuotaInfo".to_owned(),
        _ => {
            let name = mesos.trim_start_matches('.');
            name.strip_prefix("mesos.authorization.")
                .map_or(name.to_owned(), |rest| format!("authorization.{rest}"))
        }
    }
}

/// Mesos's name of a message of the subset; none where it is ours.
fn mesos_name(ours: &str) -> Option<String> {
    ours.strip_prefix(".mesos_audit.mesos.").map(|name| format!(".mesos.{name}")).or_else(|| {
        ours.strip_prefix(".mesos_audit.authorization.").map(|name| format!(".mesos.authorization.{name}"))
    })
}

#[test]
fn no_canary_sings() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.output.path = dir.path().join("audit.jsonl");
    config.redact.key_file = Some(dir.path().join("hash.key"));
    let loaded = Loaded { config, path: None, sha256: String::new() };
    let pipeline = Pipeline::start(&loaded, "1.11.0").unwrap();

    let mut cage = Cage::new();
    let set = FileDescriptorSet::decode(SUBSET_DESCRIPTORS).unwrap();
    let record = set.file.iter().find(|file| file.package() == "mesos_audit.record").unwrap();
    let fields = &record.message_type.iter().find(|message| message.name() == "Record").unwrap().field;
    for callback in Callback::ALL {
        // One field at a time: a line has no room for all of them, and what is cut would not be missed.
        for field in fields {
            let mut bytes = Vec::new();
            match field.r#type() {
                Type::Message => {
                    let Some(name) =
                        mesos_name(field.type_name()).filter(|name| cage.messages.contains_key(name))
                    else {
                        continue;
                    };
                    let message = cage.fill(&name, DEPTH);
                    write(field.number(), &message, &mut bytes);
                }
                Type::String | Type::Bytes => {
                    let plain = cage.canary("record.Record", field.name());
                    let text = if redact::class("record.Record", field.name()) == Some(Class::Text) {
                        let secret = cage.canary("a secret in", field.name());
                        format!("{plain} --password {secret} https://me:{secret}@host/?k={secret}")
                    } else {
                        plain
                    };
                    write(field.number(), text.as_bytes(), &mut bytes);
                }
                _ => continue,
            }
            pipeline.submit(Timestamp::now(), callback, &bytes);
        }
    }
    drop(pipeline);

    let key = HashKey::load(&dir.path().join("hash.key")).unwrap();
    let mut outputs = String::new();
    for entry in fs::read_dir(dir.path()).unwrap() {
        outputs.push_str(&String::from_utf8_lossy(&fs::read(entry.unwrap().path()).unwrap()));
    }
    let singing = words(&outputs, "cnry", "x");
    let hashes = words(&outputs, "hmac:", "\"");
    let (mut heard, mut hashed) = (BTreeSet::new(), BTreeSet::new());
    for (canary, (message, field)) in &cage.canaries {
        let sings = singing.contains(&**canary);
        match redact::class(message, field) {
            Some(Class::Public | Class::Identifying | Class::Text) => {
                if sings {
                    heard.insert(format!("{message}.{field}"));
                }
            }
            class => {
                assert!(!sings, "{canary} of {message}.{field}, {class:?}");
                if class == Some(Class::Sensitive)
                    && hashes.contains(&*format!("{}\"", key.hash(Class::Sensitive, canary)))
                {
                    hashed.insert(format!("{message}.{field}"));
                }
            }
        }
    }
    // A test that records nothing hears no secrets either.
    for wanted in [
        "mesos.TaskInfo.name",
        "mesos.TaskID.value",
        "mesos.CommandInfo.value",
        "mesos.CommandInfo.arguments",
        "mesos.CommandInfo.URI.value",
        "mesos.FrameworkInfo.principal",
        "mesos.Label.key",
        "mesos.MachineID.hostname",
        "authorization.Subject.value",
        "authorization.Object.value",
        "record.Record.path",
        "record.Record.user_agent",
        "record.Record.reason",
    ] {
        assert!(heard.contains(wanted), "{wanted} is not recorded");
    }
    assert!(hashed.contains("mesos.Label.value"), "{hashed:?}");
    assert!(!outputs.contains("audit_record_unreadable"), "every record was read");
    assert!(outputs.contains("[redacted]"));
}
