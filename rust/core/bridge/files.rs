//! Files that a module's parameters name: ACLs, credentials, keys. Mesos prints module parameters, so secrets
//! come as paths only, and no message here quotes what a file holds.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::error::Error;

/// ACLs as JSON text.
pub(super) fn acls(value: &str) -> Result<String, Error> {
    if value.trim_start().starts_with('{') {
        object(value).map_err(|error| error.key("acls"))?;
        return Ok(value.to_owned());
    }
    let path = Path::new(value.strip_prefix("file://").unwrap_or(value));
    let text = read(path, "acls")?;
    object(&text).map_err(|error| error.key("acls").file(path))?;
    Ok(text)
}

/// Credentials as the JSON array that Mesos's BasicAuthenticatorFactory takes: `[{"principal": ..., "secret":
/// ...}]`.
pub(super) fn credentials(path: &Path) -> Result<String, Error> {
    let wrong = |reason: String| Error::new(reason).key("credentials").file(path);
    let text = read(path, "credentials")?;
    let list = if text.trim_start().starts_with('{') {
        let mut parsed = object(&text).map_err(|error| error.key("credentials").file(path))?;
        match parsed.get_mut("credentials").map(Value::take) {
            Some(Value::Array(list)) => list,
            _ => return Err(wrong("has no list `credentials`".to_owned())),
        }
    } else {
        lines(&text).map_err(wrong)?
    };
    if list.is_empty() {
        return Err(wrong("holds no credential".to_owned()));
    }
    for (index, credential) in list.iter().enumerate() {
        for key in ["principal", "secret"] {
            if credential.get(key).and_then(Value::as_str).is_none_or(str::is_empty) {
                return Err(wrong(format!("credentials[{index}] has no `{key}`")));
            }
        }
    }
    Ok(Value::Array(list).to_string())
}

/// Mesos's older format: a principal and a secret per line.
fn lines(text: &str) -> Result<Vec<Value>, String> {
    let mut credentials = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words: Vec<_> = line.split_ascii_whitespace().collect();
        match words[..] {
            [] => {}
            [principal, secret] => credentials.push(json!({ "principal": principal, "secret": secret })),
            _ => return Err(format!("line {}: expected a principal and a secret", index + 1)),
        }
    }
    Ok(credentials)
}

/// A key, which is the whole file: see the bridge.
pub(super) fn secret(path: &Path) -> Result<String, Error> {
    let key = read(path, "secret_key")?;
    if key.trim().is_empty() {
        return Err(Error::new("is empty").key("secret_key").file(path));
    }
    Ok(key)
}

fn read(path: &Path, key: &str) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| Error::new(error).key(key).file(path))
}

fn object(text: &str) -> Result<Value, Error> {
    // serde_json names line and column, never the text.
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Error::new(format!(
            "is no JSON: {:?} error at line {}, column {}",
            error.classify(),
            error.line(),
            error.column()
        ))
    })?;
    if value.is_object() { Ok(value) } else { Err(Error::new("is no JSON object")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::TempPath {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        file.into_temp_path()
    }

    #[test]
    fn acls_inline_or_by_path() {
        let text = r#"{"run_tasks": []}"#;
        assert_eq!(acls(text).unwrap(), text);
        let path = file(text);
        assert_eq!(acls(path.to_str().unwrap()).unwrap(), text);
        assert_eq!(acls(&format!("file://{}", path.display())).unwrap(), text);
        assert_eq!(
            acls("{\"a\": ").unwrap_err().to_string(),
            "acls: is no JSON: Eof error at line 1, column 6"
        );
        assert_eq!(
            acls("/nowhere").unwrap_err().to_string(),
            "/nowhere: acls: No such file or directory (os error 2)"
        );
        assert!(
            acls(file("[]").to_str().unwrap()).unwrap_err().to_string().ends_with("acls: is no JSON object")
        );
    }

    #[test]
    fn credentials_in_both_formats() {
        let expected: Value = json!([{ "principal": "ops", "secret": "hunter2" }]);
        for text in ["ops hunter2\n\n", &json!({ "credentials": expected }).to_string()] {
            let read: Value = serde_json::from_str(&credentials(&file(text)).unwrap()).unwrap();
            assert_eq!(read, expected);
        }
    }

    #[test]
    fn bad_credentials_are_refused_without_quoting_them() {
        for text in [
            "ops\thunter2\thunter2",
            "{\"credentials\": [{\"principal\": \"hunter2\"}]}",
            "{\"credentials\": [{\"principal\": \"ops\", \"secret\": \"\", \"note\": \"hunter2\"}]}",
            "{\"credentials\": \"hunter2\"}",
            "{hunter2",
            "",
        ] {
            let error = credentials(&file(text)).unwrap_err().to_string();
            assert!(error.contains(": credentials: ") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_key_is_the_whole_file() {
        assert_eq!(secret(&file(" key \n")).unwrap(), " key \n");
        assert!(secret(&file("\n")).unwrap_err().to_string().ends_with("secret_key: is empty"));
    }
}
