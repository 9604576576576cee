//! C++ writes records by the numbers of the bridge, Rust reads them by those of the protobuf subset.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use prost_types::{DescriptorProto, FileDescriptorSet};

use super::ffi::{self, Field, Verdict};
use crate::decode::{Callback, SUBSET_DESCRIPTORS};

fn descriptors() -> FileDescriptorSet {
    FileDescriptorSet::decode(SUBSET_DESCRIPTORS).unwrap()
}

/// `DurationNs` as the protobuf subset spells it.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[test]
fn fields_are_those_of_the_record() {
    let bridge = [
        Field::Module,
        Field::Verdict,
        Field::DurationNs,
        Field::Reason,
        Field::Parameter,
        Field::Task,
        Field::Framework,
        Field::Agent,
        Field::Executor,
        Field::Status,
        Field::FrameworkId,
        Field::ContainerId,
        Field::Resource,
        Field::ContainerName,
        Field::Directory,
        Field::Request,
        Field::Subject,
        Field::Action,
        Field::Object,
        Field::Allowed,
        Field::Denied,
        Field::Errors,
        Field::Peer,
        Field::ClientIp,
        Field::ClientPort,
        Field::Method,
        Field::Path,
        Field::QueryKey,
        Field::UserAgent,
        Field::ForwardedFor,
        Field::Realm,
        Field::Scheme,
        Field::Principal,
        Field::Claims,
        Field::CallType,
        Field::UnixSocket,
        Field::RequestId,
        Field::AgentId,
        Field::Role,
        Field::Roles,
        Field::Active,
        Field::Guarantee,
        Field::Limit,
        Field::Weight,
        Field::Unavailability,
        Field::InverseOfferStatus,
        Field::Filters,
        Field::Conversion,
        Field::Operation,
        Field::Hosts,
        Field::Wanted,
        Field::Severity,
        Field::File,
        Field::Line,
        Field::Text,
        Field::TextBytes,
    ];
    let bridge = bridge.map(|field| (snake(&format!("{field:?}")), field.repr));
    let set = descriptors();
    let file = set.file.iter().find(|file| file.package() == "mesos_audit.record").unwrap();
    let record = file.message_type.iter().find(|message| message.name() == "Record").unwrap();
    let schema: Vec<_> = record
        .field
        .iter()
        .map(|field| (field.name().to_owned(), field.number().try_into().unwrap()))
        .collect();
    assert_eq!(bridge.as_slice(), schema.as_slice());
}

#[test]
fn verdicts_are_those_of_the_record() {
    let bridge = [Verdict::Allowed, Verdict::Denied, Verdict::Error, Verdict::Discarded, Verdict::Forbidden];
    let bridge =
        bridge.map(|verdict| (snake(&format!("{verdict:?}")).to_uppercase(), i32::from(verdict.repr)));
    let set = descriptors();
    let file = set.file.iter().find(|file| file.package() == "mesos_audit.record").unwrap();
    let values = file.enum_type[0].value.iter().skip(1);
    let schema: Vec<_> = values.map(|value| (value.name().to_owned(), value.number())).collect();
    assert_eq!(bridge.as_slice(), schema.as_slice());
}

#[test]
fn callbacks_are_those_of_the_decoder() {
    let mut known = 0;
    for number in 0..=u8::MAX {
        let name = format!("{:?}", ffi::Callback { repr: number });
        match Callback::from_number(number) {
            Some(callback) => {
                assert_eq!(format!("{callback:?}"), name);
                known += 1;
            }
            None => assert!(name.starts_with("Callback("), "{name} has no decoder"),
        }
    }
    assert_eq!(known, Callback::ALL.len());
}

/// What C++ extracts from Mesos's messages by their fields' offsets, and all that the decoder would read of them.
#[test]
fn extracted_fields_are_those_of_the_subset() {
    let set = descriptors();
    let mut messages = BTreeMap::new();
    for file in &set.file {
        // As Mesos's namespaces are: `mesos` and `mesos::authorization`.
        let package = file.package().trim_start_matches("mesos_audit.");
        let namespace = if package == "mesos" { "mesos::".to_owned() } else { format!("mesos::{package}::") };
        for message in &file.message_type {
            collect(message, &namespace, &mut messages);
        }
    }
    let mut extracted: BTreeMap<&str, BTreeSet<(String, i32)>> = BTreeMap::new();
    let table = include_str!("../../../cpp/mesos_sdk/fields.hpp");
    for field in table.split("\nFIELD(").skip(1) {
        let arguments: Vec<_> = field.split(',').map(str::trim).collect();
        let field = (arguments[1].to_owned(), arguments[2].parse().unwrap());
        assert!(extracted.entry(arguments[0]).or_default().insert(field), "{arguments:?}");
    }
    assert!(extracted.len() > 10, "the table has been read");
    for (owner, fields) in extracted {
        // C++ must extract a field before the decoder can read it: add it to cpp/mesos_sdk/fields.hpp.
        assert_eq!(Some(&fields), messages.get(owner), "{owner}");
    }
}

/// By the names of the generated classes: `Value_Scalar`.
fn collect(message: &DescriptorProto, within: &str, all: &mut BTreeMap<String, BTreeSet<(String, i32)>>) {
    let name = format!("{within}{}", message.name());
    for nested in &message.nested_type {
        collect(nested, &format!("{name}_"), all);
    }
    all.insert(name, message.field.iter().map(|field| (field.name().to_owned(), field.number())).collect());
}
