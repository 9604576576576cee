//! A JSON Schema as a list of fields.

use std::collections::BTreeMap;

use serde_json::Value;

/// A leaf of the schema.
#[derive(Debug)]
pub(super) struct Field {
    /// `mesos.task.id`; an element of a list is `[]`.
    pub(super) path: String,
    /// `string`, `integer`, ... or the values that it can have.
    pub(super) kind: String,
    /// Whether every event has it.
    pub(super) required: bool,
    pub(super) meaning: String,
}

/// Every leaf, in the order of the source.
pub(super) fn fields(root: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    walk(root, root, "", true, &mut found);
    found
}

/// The values of an enum with their meanings.
pub(super) fn variants(root: &Value, name: &str) -> BTreeMap<String, String> {
    let all = root["$defs"][name]["oneOf"].as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|one| Some((one["const"].as_str()?.to_owned(), meaning(one)))).collect()
}

fn walk(root: &Value, object: &Value, prefix: &str, required: bool, found: &mut Vec<Field>) {
    let must = object["required"].as_array().cloned().unwrap_or_default();
    for (name, property) in object["properties"].as_object().into_iter().flatten() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let required = required && must.iter().any(|one| one == name);
        let target = resolve(root, property);
        let items = resolve(root, &target["items"]);
        if target["properties"].is_object() {
            walk(root, target, &path, required, found);
        } else if items["properties"].is_object() {
            walk(root, items, &format!("{path}[]"), required, found);
        } else {
            let list = target["type"] == "array";
            let kind = kind(if list { items } else { target });
            let kind = if list { format!("list of {kind}") } else { kind };
            found.push(Field { path, kind, required, meaning: meaning(property) });
        }
    }
}

/// Follows `$ref`, also in the `anyOf` of what may be absent.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(path) = schema["$ref"].as_str() {
        return root.pointer(path.trim_start_matches('#')).unwrap_or(schema);
    }
    match schema["anyOf"].as_array().and_then(|any| any.iter().find(|one| one["type"] != "null")) {
        Some(one) => resolve(root, one),
        None => schema,
    }
}

fn kind(schema: &Value) -> String {
    let plain = schema["enum"].as_array().into_iter().flatten();
    let described = schema["oneOf"].as_array().into_iter().flatten();
    let values: Vec<_> = plain
        .chain(described.flat_map(|one| one["enum"].as_array().into_iter().flatten().chain(one.get("const"))))
        .filter_map(Value::as_str)
        .map(|value| format!("`{value}`"))
        .collect();
    if values.len() > 8 {
        return "string, see above".to_owned();
    }
    if !values.is_empty() {
        return values.join(", ");
    }
    match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

fn meaning(schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
