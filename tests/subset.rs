//! Our protobuf subset against the descriptors that the running Mesos was built from: each field that we read
//! has Mesos's number, name and type.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use mesos_audit_core::{
    decode::SUBSET_DESCRIPTORS,
    redact::{self, Class},
};
use mesos_testbed::{Lines, Testbed};
use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

/// Messages and enums by their full name.
#[derive(Default)]
struct Names {
    messages: BTreeMap<String, DescriptorProto>,
    enums: BTreeMap<String, EnumDescriptorProto>,
}

impl Names {
    fn file(&mut self, file: &FileDescriptorProto) {
        for message in &file.message_type {
            self.message(&format!(".{}", file.package()), message);
        }
        for one in &file.enum_type {
            self.enums.insert(format!(".{}.{}", file.package(), one.name()), one.clone());
        }
    }

    fn message(&mut self, scope: &str, message: &DescriptorProto) {
        let name = format!("{scope}.{}", message.name());
        for nested in &message.nested_type {
            self.message(&name, nested);
        }
        for one in &message.enum_type {
            self.enums.insert(format!("{name}.{}", one.name()), one.clone());
        }
        self.messages.insert(name, message.clone());
    }
}

/// Ours to Mesos's. Where a message of ours has another name, it is said here.
fn mesos_name(ours: &str) -> String {
    match ours {
        ".mesos_audit.authorization.Claim" => ".mesos.Label".to_owned(),
        ".mesos_audit.authorization.Claims" => ".mesos.Labels".to_owned(),
        ".mesos_audit.authorization.QuotaInfo" => ".mesos.quota.QuotaInfo".to_owned(),
        _ => ours
            .replace(".mesos_audit.mesos.", ".mesos.")
            .replace(".mesos_audit.allocator.", ".mesos.allocator.")
            .replace(".mesos_audit.authorization.", ".mesos.authorization.")
            .replace(".mesos_audit.calls.Master", ".mesos.v1.master.Call")
            .replace(".mesos_audit.calls.Scheduler", ".mesos.v1.scheduler.Call"),
    }
}

#[test]
fn every_field_is_the_running_mesoses() {
    let folder = Testbed::provision(&Lines).unwrap().descriptors();
    let mut theirs = Names::default();
    for entry in fs::read_dir(&folder).unwrap() {
        theirs.file(&FileDescriptorProto::decode(&*fs::read(entry.unwrap().path()).unwrap()).unwrap());
    }
    let mut ours = Names::default();
    for file in &FileDescriptorSet::decode(SUBSET_DESCRIPTORS).unwrap().file {
        if file.package() != "mesos_audit.record" {
            ours.file(file);
        }
    }

    let mut fields = 0;
    for (name, message) in &ours.messages {
        let real = theirs
            .messages
            .get(&mesos_name(name))
            .unwrap_or_else(|| panic!("Mesos has no {}", mesos_name(name)));
        for field in &message.field {
            let what = format!("{name}.{}", field.name());
            let real = real
                .field
                .iter()
                .find(|real| real.number() == field.number())
                .unwrap_or_else(|| panic!("Mesos has no field {} in {name}", field.number()));
            assert_eq!(real.name(), field.name(), "{what}");
            let repeated = |label| label == Label::Repeated;
            assert_eq!(repeated(real.label()), repeated(field.label()), "{what}");
            match (real.r#type(), field.r#type()) {
                // Mesos does not check its strings' UTF-8, and we must not lose an event by it.
                (Type::String, Type::Bytes) => {}
                // Numbers are enough where nobody reads the names.
                (Type::Enum, Type::Int32) => {}
                (Type::Enum | Type::Message, kind) => {
                    assert_eq!(real.r#type(), kind, "{what}");
                    assert_eq!(real.type_name(), mesos_name(field.type_name()), "{what}");
                }
                (real, kind) => assert_eq!(real, kind, "{what}"),
            }
            fields += 1;
        }
    }
    assert!(fields > 100, "{fields} fields compared");

    for (name, one) in &ours.enums {
        let real = theirs
            .enums
            .get(&mesos_name(name))
            .unwrap_or_else(|| panic!("Mesos has no {}", mesos_name(name)));
        // Aliases (RUN_TASK_WITH_...) share a number: ours must be one of the names, and each number must be
        // there.
        for value in &real.value {
            let same: Vec<_> = real.value.iter().filter(|other| other.number() == value.number()).collect();
            let ours = one.value.iter().find(|ours| ours.number() == value.number());
            let ours = ours.unwrap_or_else(|| panic!("{name} lacks {} = {}", value.name(), value.number()));
            assert!(same.iter().any(|other| other.name() == ours.name()), "{name}: {}", ours.name());
        }
    }
}

/// Ours to Mesos's, the other way round.
fn our_name(mesos: &str) -> String {
    match mesos {
        ".mesos.quota.QuotaInfo" => "authorization.QuotaInfo".to_owned(),
        ".mesos.v1.master.Call" => "calls.Master".to_owned(),
        ".mesos.v1.scheduler.Call" => "calls.Scheduler".to_owned(),
        _ => {
            let name = mesos.trim_start_matches('.');
            let short = name.strip_prefix("mesos.").unwrap_or(name);
            let has_own_file = ["authorization.", "allocator."].iter().any(|file| short.starts_with(file));
            if has_own_file { short.to_owned() } else { name.to_owned() }
        }
    }
}

/// Whatever a callback gives us has a class, in each message that can be reached from what it gives.
#[test]
fn every_field_that_can_reach_us_has_a_class() {
    let folder = Testbed::provision(&Lines).unwrap().descriptors();
    let mut theirs = Names::default();
    for entry in fs::read_dir(&folder).unwrap() {
        theirs.file(&FileDescriptorProto::decode(&*fs::read(entry.unwrap().path()).unwrap()).unwrap());
    }
    // The messages of a record are what callbacks give us.
    let set = FileDescriptorSet::decode(SUBSET_DESCRIPTORS).unwrap();
    let record = set.file.iter().find(|file| file.package() == "mesos_audit.record").unwrap();
    let fields = record.message_type.iter().flat_map(|message| &message.field);
    let mut todo: Vec<String> = fields
        .filter(|field| field.r#type() == Type::Message)
        .map(|field| mesos_name(field.type_name()))
        .filter(|name| theirs.messages.contains_key(name))
        .collect();
    todo.extend([".mesos.v1.master.Call".to_owned(), ".mesos.v1.scheduler.Call".to_owned()]);
    let (mut seen, mut fields) = (BTreeSet::new(), 0);
    while let Some(name) = todo.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let ours = our_name(&name);
        // Of a message that is all secret but for what is named, nothing within can be reached.
        let closed = redact::class(&ours, "*") == Some(Class::Secret);
        for field in &theirs.messages[&name].field {
            if field.r#type() != Type::Message {
                let class = redact::class(&ours, field.name());
                assert!(class.is_some(), "{ours}.{} has no class", field.name());
                fields += 1;
            } else if !closed {
                todo.push(field.type_name().to_owned());
            }
        }
    }
    assert!(seen.len() > 80 && fields > 150, "{} messages, {fields} fields", seen.len());

    // Nothing is classified that Mesos does not have: a class of a misspelt field would protect nothing.
    for field in redact::FIELDS.iter().filter(|field| field.message.starts_with("mesos.")) {
        let real = theirs.messages.get(&format!(".{}", field.message));
        let real = real.unwrap_or_else(|| panic!("Mesos has no {}", field.message));
        assert!(real.field.iter().any(|one| one.name() == field.name), "Mesos has no {field:?}");
    }
}
