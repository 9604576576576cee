//! Generates what the core is compiled with: the C++ side of the bridge, the numbers of the protobuf subset, for tests
//! its messages as types, and the slots of the FlatBuffers schema. What is classified as secret, or not at all, is refused here.

#[path = "rust/build/classes.rs"]
mod classes;
#[path = "rust/core/format/generate.rs"]
mod layout;

use std::{env, error::Error, fmt::Write, fs, path::Path, path::PathBuf};

use classes::Classes;
use prost_build::Config;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorSet};

/// The only file with a `#[cxx::bridge]`.
#[cfg(feature = "module")]
const BRIDGE: &str = "rust/core/bridge/mod.rs";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rust/core/bridge");
    println!("cargo::rerun-if-changed=rust/build");
    println!("cargo::rerun-if-changed=schema");
    println!("cargo::rerun-if-changed=rust/core/format/generate.rs");

    #[cfg(feature = "module")]
    cxx_build::bridge(BRIDGE).std("c++17").flag_if_supported("-Wall").compile("mesos_audit_bridge");

    // protox is a protobuf compiler in Rust: no protoc is needed on the machine that builds.
    let descriptors = protox::compile(["record.proto", "calls.proto"], ["schema"])?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("subset.bin"), prost::Message::encode_to_vec(&descriptors))?;
    let classes = Classes::read("schema/classification.toml")?;
    classes.permit(&descriptors)?;
    classes.write(&descriptors, &out.join("classification.rs"))?;
    numbers(&descriptors, &out.join("numbers.rs"))?;
    let schema = fs::read_to_string("schema/audit_event.fbs")?;
    fs::write(out.join("layout.rs"), layout::layout(&schema)?)?;
    Config::new().compile_fds(descriptors)?;
    Ok(())
}

/// A module per message with its fields' numbers, a type per enum with its values' names. The decoder reads by these: a
/// field that is not in the subset has no number that could be written down.
fn numbers(set: &FileDescriptorSet, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    for file in &set.file {
        let package = file.package().rsplit('.').next().unwrap_or_default();
        writeln!(text, "pub mod {package} {{")?;
        for message in &file.message_type {
            fields(message, &mut text)?;
        }
        for one in &file.enum_type {
            names(one, &mut text)?;
        }
        writeln!(text, "}}")?;
    }
    fs::write(path, text)?;
    Ok(())
}

fn fields(message: &DescriptorProto, text: &mut String) -> std::fmt::Result {
    writeln!(text, "pub mod r#{} {{", snake(message.name()))?;
    for field in &message.field {
        writeln!(text, "pub const {}: u32 = {};", field.name().to_uppercase(), field.number())?;
    }
    for nested in &message.nested_type {
        fields(nested, text)?;
    }
    for one in &message.enum_type {
        names(one, text)?;
    }
    writeln!(text, "}}")
}

fn names(one: &EnumDescriptorProto, text: &mut String) -> std::fmt::Result {
    writeln!(text, "pub mod r#{} {{", snake(one.name()))?;
    for value in &one.value {
        writeln!(text, "pub const {}: i32 = {};", value.name(), value.number())?;
    }
    writeln!(text, "pub const NAMES: &[(i32, &str)] = &[")?;
    let mut values: Vec<_> = one.value.iter().collect();
    values.sort_by_key(|value| value.number());
    for value in values {
        writeln!(text, "({}, \"{}\"),", value.number(), value.name())?;
    }
    writeln!(text, "];\n}}")
}

/// `TaskInfo` as a module's name; `FrameworkID` becomes `framework_id`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let follows_lower = index > 0 && letters[index - 1].is_lowercase();
        let starts_word =
            index > 0 && letter.is_uppercase() && letters.get(index + 1).is_some_and(|n| n.is_lowercase());
        if letter.is_uppercase() && (follows_lower || starts_word) {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
