//! The default configuration as a file that explains itself.

use mesos_audit_core::config::Config;
use serde_json::Value;

const WIDTH: usize = 100;

/// A TOML file with every key at its default, and the key's documentation above it.
pub(crate) fn text() -> String {
    let schema = schemars::schema_for!(Config).to_value();
    let defaults = toml::Table::try_from(Config::default()).unwrap_or_default();
    let mut text = String::from("# Every key of mesos-audit's configuration, at its default.\n");
    for (table, node) in properties(&schema) {
        let Some(group) = resolve(&schema, node) else { continue };
        text.push('\n');
        comment(&mut text, node["description"].as_str().or(group["description"].as_str()));
        text.push_str(&format!("[{table}]\n"));
        for (key, node) in properties(group) {
            let about = node["description"].as_str();
            let about = about.or_else(|| resolve(&schema, node)?["description"].as_str());
            comment(&mut text, about);
            match defaults.get(table).and_then(|group| group.get(key)) {
                Some(value) => text.push_str(&format!("{key} = {value}\n")),
                None => text.push_str(&format!("#{key} =\n")),
            }
        }
    }
    text
}

fn properties(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node["properties"].as_object().into_iter().flatten()
}

fn resolve<'a>(schema: &'a Value, node: &'a Value) -> Option<&'a Value> {
    match node["$ref"].as_str() {
        Some(name) => schema.pointer(name.strip_prefix('#')?),
        None => Some(node),
    }
}

fn comment(text: &mut String, about: Option<&str>) {
    let mut width = usize::MAX;
    for word in about.unwrap_or_default().split_whitespace() {
        if width.saturating_add(1 + word.len()) > WIDTH {
            if width != usize::MAX {
                text.push('\n');
            }
            text.push('#');
            width = 1;
        }
        text.push(' ');
        text.push_str(word);
        width += 1 + word.len();
    }
    if width != usize::MAX {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_default_and_explains_every_key() {
        let text = text();
        let config: Config = toml::from_str(&text).unwrap();
        assert_eq!(config, Config::default());
        assert!(text.contains("\n[output]\n"), "{text}");
        assert!(text.contains("\nmode = \"0640\"\n"), "{text}");
        assert!(text.contains("\n#node =\n"), "{text}");
        let lines: Vec<_> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            assert!(line.len() <= WIDTH, "{line}");
            if line.contains('=') && !line.starts_with("# ") {
                assert!(lines[index - 1].starts_with("# "), "{line} is explained");
            }
        }
    }
}
