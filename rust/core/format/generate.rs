//! schema/audit_event.fbs as a table of slots, for encoder and reader.
//!
//! The file is written by `cargo xtask docs` alone, one field per line, so a parser for all of the language is not needed: what does not look as that
//! command writes it is an error here.

use std::{error::Error, fmt::Write};

/// Rust source with a static per table, its fields in the order of the file, which is that of the JSON object.
pub(crate) fn layout(text: &str) -> Result<String, Box<dyn Error>> {
    let tables: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("table ")?.strip_suffix(" {")).collect();
    let (mut out, mut root, mut identifier) = (String::new(), None, None);
    let mut inside = false;
    for line in text.lines() {
        let wrong = || format!("schema/audit_event.fbs: `{line}` is not what `cargo xtask docs` writes");
        let line = line.trim();
        if let Some(table) = line.strip_prefix("table ") {
            let name = table.strip_suffix(" {").ok_or_else(wrong)?;
            writeln!(
                out,
                "pub(crate) static {}: Table = Table {{ name: \"{name}\", fields: &[",
                constant(name)
            )?;
            inside = true;
        } else if inside && line == "}" {
            writeln!(out, "] }};")?;
            inside = false;
        } else if inside {
            let (name, rest) = line.split_once(": ").ok_or_else(wrong)?;
            let (kind, rest) = rest.split_once(" (id: ").ok_or_else(wrong)?;
            let slot = rest.strip_suffix(");").ok_or_else(wrong)?;
            // An id that once was a field's. Nobody reads it any more.
            if slot.ends_with(", deprecated") {
                continue;
            }
            let slot: u16 = slot.parse()?;
            let kind = kind.strip_suffix(" = null").unwrap_or(kind);
            let (name, kind) = match kind {
                "long" if name == "timestamp" => ("@timestamp", "Time".to_owned()),
                "long" => (name, "I64".to_owned()),
                "ulong" => (name, "U64".to_owned()),
                "int" => (name, "I32".to_owned()),
                "uint" => (name, "U32".to_owned()),
                "ushort" => (name, "U16".to_owned()),
                "double" => (name, "F64".to_owned()),
                "bool" => (name, "Bool".to_owned()),
                "string" => (name, "Text".to_owned()),
                "[string]" => (name, "Texts".to_owned()),
                other => {
                    let item = other.strip_prefix('[').and_then(|item| item.strip_suffix(']'));
                    let table = item.unwrap_or(other);
                    if !tables.contains(&table) {
                        return Err(wrong().into());
                    }
                    let kind = if item.is_some() { "Tables" } else { "Table" };
                    (name, format!("{kind}(&{})", constant(table)))
                }
            };
            writeln!(out, "Field {{ name: \"{name}\", slot: {slot}, kind: Kind::{kind} }},")?;
        } else if let Some(name) = line.strip_prefix("root_type ") {
            root = Some(constant(name.strip_suffix(';').ok_or_else(wrong)?));
        } else if let Some(name) = line.strip_prefix("file_identifier ") {
            identifier = Some(name.strip_suffix(';').ok_or_else(wrong)?);
        }
    }
    let missing = "schema/audit_event.fbs has no root_type or no file_identifier";
    let (root, identifier) = root.zip(identifier).ok_or(missing)?;
    writeln!(out, "pub(crate) static ROOT: &Table = &{root};")?;
    writeln!(out, "pub(crate) const IDENTIFIER: &str = {identifier};")?;
    writeln!(out, "#[cfg(test)] pub(crate) static TABLES: &[&Table] = &[")?;
    for table in tables {
        writeln!(out, "&{},", constant(table))?;
    }
    writeln!(out, "];")?;
    Ok(out)
}

fn constant(name: &str) -> String {
    format!("T_{}", super::snake(name).to_uppercase())
}
