//! `schema/classification.toml`: what may be read of Mesos.

use std::{collections::BTreeMap, error::Error, fmt::Write, fs, path::Path};

use prost_types::{DescriptorProto, FileDescriptorSet, field_descriptor_proto::Type};
use serde::Deserialize;

/// One message's fields by their class.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Message {
    public: Vec<String>,
    identifying: Vec<String>,
    text: Vec<String>,
    sensitive: Vec<String>,
    secret: Vec<String>,
}

/// What every field of every message is.
pub(crate) struct Classes(BTreeMap<String, Message>);

impl Message {
    fn classes(&self) -> [(&'static str, &[String]); 5] {
        [
            ("Public", &self.public),
            ("Identifying", &self.identifying),
            ("Text", &self.text),
            ("Sensitive", &self.sensitive),
            ("Secret", &self.secret),
        ]
    }

    fn class(&self, field: &str) -> Option<&'static str> {
        let listed = |name: &str| {
            self.classes()
                .into_iter()
                .find(|(_, fields)| fields.iter().any(|one| one == name))
                .map(|(class, _)| class)
        };
        listed(field).or_else(|| listed("*"))
    }
}

impl Classes {
    pub(crate) fn read(path: &str) -> Result<Self, Box<dyn Error>> {
        let classes: BTreeMap<String, Message> = toml::from_str(&fs::read_to_string(path)?)?;
        for (name, message) in &classes {
            let mut seen = Vec::new();
            for field in message.classes().into_iter().flat_map(|(_, fields)| fields) {
                if seen.contains(&field) {
                    return Err(format!("{path}: {name}.{field} is listed twice").into());
                }
                seen.push(field);
            }
        }
        Ok(Self(classes))
    }

    /// # Errors
    /// A field of the subset has no class, or is secret.
    pub(crate) fn permit(&self, set: &FileDescriptorSet) -> Result<(), Box<dyn Error>> {
        for file in &set.file {
            let package = file.package().rsplit('.').next().unwrap_or_default();
            for message in &file.message_type {
                self.permit_message(&format!("{package}.{}", message.name()), message)?;
            }
        }
        Ok(())
    }

    fn permit_message(&self, name: &str, message: &DescriptorProto) -> Result<(), Box<dyn Error>> {
        for field in message.field.iter().filter(|field| field.r#type() != Type::Message) {
            let field = field.name();
            match self.0.get(name).and_then(|classes| classes.class(field)) {
                Some("Secret") => {
                    return Err(format!("schema/classification.toml says that {name}.{field} is secret: it must not be declared").into());
                }
                Some(_) => {}
                None => {
                    return Err(format!(
                        "{name}.{field} has no class: say in schema/classification.toml what it is"
                    )
                    .into());
                }
            }
        }
        for nested in &message.nested_type {
            self.permit_message(&format!("{name}.{}", nested.name()), nested)?;
        }
        Ok(())
    }

    /// The table that the program has of it.
    pub(crate) fn write(&self, set: &FileDescriptorSet, path: &Path) -> Result<(), Box<dyn Error>> {
        let mut declared = Vec::new();
        for file in &set.file {
            let package = file.package().rsplit('.').next().unwrap_or_default();
            for message in &file.message_type {
                list(package, message, &mut declared);
            }
        }
        let mut text = String::from("&[\n");
        for (name, message) in &self.0 {
            for (class, fields) in message.classes() {
                for field in fields {
                    let read = declared.contains(&format!("{name}.{field}"));
                    writeln!(
                        text,
                        "Field {{ message: {name:?}, name: {field:?}, class: Class::{class}, read: {read} }},"
                    )?;
                }
            }
        }
        text.push_str("]\n");
        fs::write(path, text)?;
        Ok(())
    }
}

fn list(scope: &str, message: &DescriptorProto, into: &mut Vec<String>) {
    let name = format!("{scope}.{}", message.name());
    into.extend(message.field.iter().map(|field| format!("{name}.{}", field.name())));
    for nested in &message.nested_type {
        list(&name, nested, into);
    }
}
