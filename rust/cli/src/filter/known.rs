//! Whether a field exists: a misspelt one silently matches nothing.

use mesos_audit_core::event::AuditEvent;
use serde_json::Value;

/// A path that the schema does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The field that was perhaps meant.
    pub similar: Option<String>,
}

/// Looks the dotted path up in the schema of this version.
///
/// # Errors
/// No such field.
pub fn check_path(path: &str) -> Result<(), Unknown> {
    let schema = AuditEvent::json_schema();
    let mut fields = Vec::new();
    collect(&schema, &schema, "", 0, &mut fields);
    if fields.iter().any(|field| field == path) {
        return Ok(());
    }
    let similar = fields
        .into_iter()
        .map(|field| (strsim::damerau_levenshtein(&field, path), field))
        .filter(|(distance, _)| *distance <= 1 + path.len() / 4)
        .min()
        .map(|(_, field)| field);
    Err(Unknown { similar })
}

/// Every leaf below `node`, through references, alternatives and arrays.
fn collect(root: &Value, node: &Value, path: &str, depth: usize, into: &mut Vec<String>) {
    // The schema is no tree by promise, only by habit.
    if depth > 24 {
        return;
    }
    if let Some(target) = node["$ref"].as_str().and_then(|name| root.pointer(name.strip_prefix('#')?)) {
        return collect(root, target, path, depth + 1, into);
    }
    let alternatives =
        ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| node[key].as_array()).flatten();
    let branches: Vec<_> = alternatives.chain(node.get("items")).collect();
    for branch in &branches {
        collect(root, branch, path, depth + 1, into);
    }
    match node["properties"].as_object() {
        Some(properties) => {
            for (name, node) in properties {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(root, node, &path, depth + 1, into);
            }
        }
        None if branches.is_empty() && node["type"] != "null" => into.push(path.to_owned()),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_and_misspelt_ones_are_not() {
        for path in [
            "@timestamp",
            "event.action",
            "event.category",
            "user.name",
            "mesos.authz.decision",
            "mesos.authn.claims.key",
            "mesos.agent.resources.cpus",
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        let similar = |path| check_path(path).unwrap_err().similar;
        assert_eq!(similar("event.actoin").as_deref(), Some("event.action"));
        assert_eq!(similar("mesos.authz.decison").as_deref(), Some("mesos.authz.decision"));
        assert_eq!(similar("surprise"), None);
        assert!(check_path("mesos.authz").is_err(), "a group has no value");
    }
}
