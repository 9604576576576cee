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
        let (tables, keys): (Vec<_>, Vec<_>) =
            properties(group).partition(|(key, _)| tables(&defaults, table, key).is_some());
        for (key, node) in keys {
            let about = node["description"].as_str();
            let about = about.or_else(|| resolve(&schema, node)?["description"].as_str());
            comment(&mut text, about);
            match defaults.get(table).and_then(|group| group.get(key)) {
                Some(value) => text.push_str(&format!("{key} = {value}\n")),
                None => text.push_str(&format!("#{key} =\n")),
            }
        }
        for (key, node) in tables {
            text.push('\n');
            comment(&mut text, node["description"].as_str());
            text.push_str("#\n# Keys of each:\n");
            let one = resolve(&schema, &node["items"]).into_iter().flat_map(properties);
            for (name, node) in one {
                let about =
                    node["description"].as_str().or_else(|| resolve(&schema, node)?["description"].as_str());
                comment(&mut text, Some(&format!("{name}: {}", about.unwrap_or_default())));
            }
            for one in self::tables(&defaults, table, key).into_iter().flatten() {
                text.push_str(&format!("\n[[{table}.{key}]]\n{}", toml::to_string(one).unwrap_or_default()));
            }
        }
    }
    text
}

/// The elements of a list of tables.
fn tables<'a>(defaults: &'a toml::Table, table: &str, key: &str) -> Option<&'a Vec<toml::Value>> {
    let list = defaults.get(table)?.get(key)?.as_array()?;
    list.first()?.is_table().then_some(list)
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
            // Keys of tables in a list are explained above the first.
            let within = lines[..index].iter().rev().find(|line| line.starts_with('['));
            if line.contains('=')
                && !line.starts_with("# ")
                && !within.is_some_and(|line| line.starts_with("[["))
            {
                assert!(lines[index - 1].starts_with("# "), "{line} is explained");
            }
        }
    }
}
