//! The event as a FlatBuffers schema, from its JSON Schema.
//!
//! A field keeps the id that it has in the committed file, whatever its place in the source: FlatBuffers finds fields by id, and readers of old files must go on
//! finding them. New fields get the next ids.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schema::resolve;

/// What the committed file has, by table and field.
type Ids = BTreeMap<String, BTreeMap<String, Known>>;

/// A field of it.
#[derive(Clone, Debug)]
struct Known {
    id: u16,
    kind: String,
}

/// The schema's text; `old` is the committed one.
///
/// # Errors
/// A field has another type than it has there.
pub(super) fn schema(root: &Value, old: &str) -> Result<String, String> {
    let ids = ids_of(old);
    let mut tables = String::new();
    table("AuditEvent", root, root, &ids, &mut tables)?;
    let mut names: Vec<_> = root["$defs"].as_object().into_iter().flatten().collect();
    names.sort_by_key(|(name, _)| name.as_str());
    for (name, definition) in names {
        if definition["properties"].is_object() {
            table(name, definition, root, &ids, &mut tables)?;
        }
    }
    Ok(format!(
        "// The audit event for FlatBuffers. Made by `cargo xtask docs` from the same source as audit_event.schema.json; what a field\n\
         // means is said there. Fields stand in the order of the JSON object; ids are never given to another field.\n\n\
         namespace mesos_audit;\n\n{tables}root_type AuditEvent;\nfile_identifier \"MAE1\";\n"
    ))
}

fn table(name: &str, definition: &Value, root: &Value, ids: &Ids, out: &mut String) -> Result<(), String> {
    let known = ids.get(name).cloned().unwrap_or_default();
    let mut next = known.values().map(|known| known.id + 1).max().unwrap_or(0);
    let must = definition["required"].as_array().cloned().unwrap_or_default();
    let mut used = BTreeSet::new();
    out.push_str(&format!("table {name} {{\n"));
    for (property, schema) in definition["properties"].as_object().into_iter().flatten() {
        let field = property.trim_start_matches('@').to_owned();
        let id = known.get(&field).map_or(next, |known| known.id);
        next = next.max(id + 1);
        used.insert(id);
        let kind = kind(property, schema, root);
        if let Some(old) = known.get(&field).filter(|old| old.plain() != kind) {
            return Err(format!(
                "schema/audit_event.fbs: {name}.{field} is {} and would become {kind}: a type never changes; give the new field another name",
                old.plain()
            ));
        }
        // So that zero and absent are two things.
        let null = if is_scalar(&kind) && !must.iter().any(|one| one == property) { " = null" } else { "" };
        out.push_str(&format!("  {field}: {kind}{null} (id: {id});\n"));
    }
    // A field that is gone leaves its id behind, for ever.
    let mut gone: Vec<_> = known.iter().filter(|(_, known)| !used.contains(&known.id)).collect();
    gone.sort_by_key(|(_, known)| known.id);
    for (field, Known { id, kind }) in gone {
        out.push_str(&format!("  {field}: {kind} (id: {id}, deprecated);\n"));
    }
    out.push_str("}\n\n");
    Ok(())
}

impl Known {
    fn plain(&self) -> &str {
        self.kind.strip_suffix(" = null").unwrap_or(&self.kind)
    }
}

fn kind(property: &str, schema: &Value, root: &Value) -> String {
    if property == "@timestamp" {
        // Microseconds since 1970, UTC.
        return "long".to_owned();
    }
    let target = resolve(root, schema);
    if target["type"] == "array" {
        return format!("[{}]", kind("", &target["items"], root));
    }
    if target["properties"].is_object() {
        return reference(schema).unwrap_or_default();
    }
    let format = schema["format"].as_str().or(target["format"].as_str()).unwrap_or_default();
    let is = |wanted: &str| {
        target["type"] == wanted
            || target["type"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == wanted))
    };
    match format {
        "int64" => "long",
        "uint64" => "ulong",
        "uint32" => "uint",
        "uint16" => "ushort",
        "int32" => "int",
        _ if is("number") => "double",
        _ if is("boolean") => "bool",
        // Also the enums: they get new values, and a reader of an old schema must be able to show them.
        _ => "string",
    }
    .to_owned()
}

fn is_scalar(kind: &str) -> bool {
    matches!(kind, "long" | "ulong" | "int" | "uint" | "ushort" | "double" | "bool")
}

/// The name behind a `$ref`, also in the `anyOf` of what may be absent.
fn reference(schema: &Value) -> Option<String> {
    if let Some(path) = schema["$ref"].as_str() {
        return path.rsplit('/').next().map(str::to_owned);
    }
    schema["anyOf"].as_array()?.iter().find_map(reference)
}

fn ids_of(text: &str) -> Ids {
    let mut ids = Ids::new();
    let mut table = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("table ") {
            table = name.trim_end_matches([' ', '{']).to_owned();
        } else if let Some((field, rest)) = line.trim().split_once(':')
            && let Some((_, id)) = rest.split_once("(id: ")
            && let Ok(id) = id.trim_end_matches(|c: char| !c.is_ascii_digit()).parse()
        {
            let kind = rest.split(" (").next().unwrap_or_default().trim().to_owned();
            ids.entry(table.clone()).or_default().insert(field.to_owned(), Known { id, kind });
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use mesos_audit_core::event::AuditEvent;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_committed_schema_is_one() {
        let path = crate::root::at("schema/audit_event.fbs");
        let parsed = planus_translation::translate_files(&[path]).expect("no errors");
        let names: Vec<_> = parsed.declarations.keys().map(ToString::to_string).collect();
        assert!(names.iter().any(|name| name.ends_with("AuditEvent")), "{names:?}");
        assert!(names.len() > 25, "{names:?}");
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let root = AuditEvent::json_schema();
        let first = schema(&root, "").unwrap();
        assert_eq!(schema(&root, &first).unwrap(), first);
    }

    #[test]
    fn ids_stay_when_fields_come_and_go() {
        let one =
            json!({"properties": {"a": {"type": "string"}, "b": {"type": "integer", "format": "uint64"}}});
        let text = schema(&one, "").unwrap();
        assert!(text.contains("  a: string (id: 0);\n  b: ulong = null (id: 1);\n"), "{text}");
        let other =
            json!({"properties": {"new": {"type": "number"}, "b": {"type": "integer", "format": "uint64"}}});
        let text = schema(&other, &text).unwrap();
        assert!(
            text.contains(
                "  new: double = null (id: 2);\n  b: ulong = null (id: 1);\n  a: string (id: 0, deprecated);\n"
            ),
            "{text}"
        );
        assert_eq!(schema(&other, &text).unwrap(), text, "what is gone stays gone");
        let changed = json!({"properties": {"b": {"type": "string"}}});
        let error = schema(&changed, &text).unwrap_err();
        assert!(error.contains("AuditEvent.b is ulong and would become string"), "{error}");
    }
}
