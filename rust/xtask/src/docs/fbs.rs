//! The event as a FlatBuffers schema, from its JSON Schema.
//!
//! A field keeps the id that it has in the committed file, whatever its place in the source: FlatBuffers finds fields by id, and readers of old files must go on
//! finding them. New fields get the next ids.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::resolve;

/// Ids by table and field.
type Ids = BTreeMap<String, BTreeMap<String, u16>>;

/// The schema's text; `old` is the committed one.
pub(super) fn schema(root: &Value, old: &str) -> String {
    let ids = ids_of(old);
    let mut tables = String::new();
    table("AuditEvent", root, root, &ids, &mut tables);
    let mut names: Vec<_> = root["$defs"].as_object().into_iter().flatten().collect();
    names.sort_by_key(|(name, _)| name.as_str());
    for (name, definition) in names {
        if definition["properties"].is_object() {
            table(name, definition, root, &ids, &mut tables);
        }
    }
    format!(
        "// The audit event for FlatBuffers. Made by `cargo xtask docs` from the same source as audit_event.schema.json; what a field\n\
         // means is said there. Ids are never given to another field.\n\n\
         namespace mesos_audit;\n\n{tables}root_type AuditEvent;\nfile_identifier \"MAE1\";\n"
    )
}

fn table(name: &str, definition: &Value, root: &Value, ids: &Ids, out: &mut String) {
    let known = ids.get(name).cloned().unwrap_or_default();
    let mut next = known.values().max().map_or(0, |id| id + 1);
    let mut fields = BTreeMap::new();
    for (property, schema) in definition["properties"].as_object().into_iter().flatten() {
        let field = property.trim_start_matches('@').to_owned();
        let id = *known.get(&field).unwrap_or(&next);
        next = next.max(id + 1);
        fields.insert(id, format!("{field}: {}", kind(property, schema, root)));
    }
    // A field that is gone leaves its id behind, for ever.
    for (field, id) in &known {
        fields.entry(*id).or_insert_with(|| format!("{field}: string (deprecated"));
    }
    out.push_str(&format!("table {name} {{\n"));
    for (id, field) in fields {
        match field.strip_suffix(" (deprecated") {
            Some(field) => out.push_str(&format!("  {field} (id: {id}, deprecated);\n")),
            None => out.push_str(&format!("  {field} (id: {id});\n")),
        }
    }
    out.push_str("}\n\n");
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
        "uint64" => "ulong",
        "uint32" => "uint",
        "uint16" => "ushort",
        "int32" => "int",
        _ if is("number") => "double",
        // Also the enums: they get new values, and a reader of an old schema must be able to show them.
        _ => "string",
    }
    .to_owned()
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
            ids.entry(table.clone()).or_default().insert(field.to_owned(), id);
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
        let first = schema(&root, "");
        assert_eq!(schema(&root, &first), first);
    }

    #[test]
    fn ids_stay_when_fields_come_and_go() {
        let one =
            json!({"properties": {"a": {"type": "string"}, "b": {"type": "integer", "format": "uint64"}}});
        let text = schema(&one, "");
        assert!(text.contains("  a: string (id: 0);\n  b: ulong (id: 1);\n"), "{text}");
        let other =
            json!({"properties": {"new": {"type": "number"}, "b": {"type": "integer", "format": "uint64"}}});
        let text = schema(&other, &text);
        assert!(
            text.contains("  a: string (id: 0, deprecated);\n  b: ulong (id: 1);\n  new: double (id: 2);\n"),
            "{text}"
        );
    }
}
