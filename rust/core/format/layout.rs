//! The FlatBuffers schema, as build.rs reads it from schema/audit_event.fbs.

/// The longest frame, length included. JSON's limit (7.5 KiB) is the event's limit: both formats cut the same, and a
/// frame of as much is well below this. One byte less than 64 KiB, so that a frame's length has two zeros at its end.
pub const MAX_FRAME_BYTES: usize = 64 * 1024 - 1;

/// An object.
#[derive(Debug)]
pub(crate) struct Table {
    /// The name of its Rust type.
    #[cfg_attr(not(test), expect(dead_code))]
    pub(crate) name: &'static str,
    /// In the order of the JSON object.
    pub(crate) fields: &'static [Field],
}

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    /// As in JSON.
    pub(crate) name: &'static str,
    /// Its id.
    pub(crate) slot: u16,
    pub(crate) kind: Kind,
}

impl Field {
    /// Where the table's vtable has its offset.
    pub(crate) const fn place(&self) -> u16 {
        4 + 2 * self.slot
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
// Not all of them need be in use at any time.
#[allow(dead_code)]
pub(crate) enum Kind {
    /// Microseconds since 1970, UTC.
    Time,
    Text,
    Texts,
    Table(&'static Table),
    Tables(&'static Table),
    U16,
    U32,
    U64,
    I32,
    I64,
    F64,
    Bool,
}

include!(concat!(env!("OUT_DIR"), "/layout.rs"));

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::event::AuditEvent;

    fn resolve<'a>(root: &'a Value, schema: &'a Value) -> (Option<&'a str>, &'a Value) {
        if let Some(path) = schema["$ref"].as_str() {
            return (path.rsplit('/').next(), root.pointer(path.trim_start_matches('#')).unwrap());
        }
        match schema["anyOf"].as_array().and_then(|any| any.iter().find(|one| one["type"] != "null")) {
            Some(one) => resolve(root, one),
            None => (None, schema),
        }
    }

    /// What the JSON Schema says about the same field.
    fn expected(root: &Value, name: &str, schema: &Value) -> String {
        if name == "@timestamp" {
            return "Time".to_owned();
        }
        let (named, target) = resolve(root, schema);
        let list = if target["type"] == "array" { "s" } else { "" };
        let (named, target) = if list.is_empty() { (named, target) } else { resolve(root, &target["items"]) };
        if target["properties"].is_object() {
            return format!("Table{list}({})", named.unwrap());
        }
        let is = |kind: &str| target["type"] == kind || target["type"][0] == kind;
        match target["format"].as_str().unwrap_or_default() {
            "uint64" => "U64".to_owned(),
            "uint32" => "U32".to_owned(),
            "uint16" => "U16".to_owned(),
            "int64" => "I64".to_owned(),
            "int32" => "I32".to_owned(),
            _ if is("number") => "F64".to_owned(),
            _ if is("boolean") => "Bool".to_owned(),
            _ => format!("Text{list}"),
        }
    }

    fn is(kind: Kind) -> String {
        match kind {
            Kind::Table(table) => format!("Table({})", table.name),
            Kind::Tables(table) => format!("Tables({})", table.name),
            other => format!("{other:?}"),
        }
    }

    /// The types, the JSON Schema and the FlatBuffers schema say the same. `cargo xtask docs` brings them together.
    #[test]
    fn no_drift_between_types_and_schema() {
        let root = AuditEvent::json_schema();
        let mut known = 0;
        for table in TABLES {
            let schema = match table.name {
                "AuditEvent" => &root,
                name => &root["$defs"][name],
            };
            let fields: Vec<_> =
                table.fields.iter().map(|field| (field.name.to_owned(), is(field.kind))).collect();
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let wanted: Vec<_> =
                properties.iter().map(|(name, one)| (name.clone(), expected(&root, name, one))).collect();
            assert_eq!(fields, wanted, "table {}: run `cargo xtask docs`", table.name);
            let slots: std::collections::BTreeSet<_> = table.fields.iter().map(|field| field.slot).collect();
            assert_eq!(slots.len(), table.fields.len(), "table {}: an id is used twice", table.name);
            known += 1;
        }
        let objects = root["$defs"].as_object().unwrap().values();
        assert_eq!(known, 1 + objects.filter(|one| one["properties"].is_object()).count());
        assert_eq!(IDENTIFIER.len(), 4);
    }
}
