//! From a file to a checked configuration.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::Config;
use crate::error::Error;

/// A configuration and what identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The file; none where the defaults are used.
    pub path: Option<PathBuf>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
}

/// Reads and checks the file; without one, the defaults.
///
/// # Errors
/// The file cannot be read, is no TOML, has an unknown key or a value out of range: one line with file, key
/// and reason.
pub fn load(path: Option<&Path>) -> Result<Loaded, Error> {
    let Some(path) = path else {
        return Ok(Loaded { config: Config::default(), path: None, sha256: hex(b"") });
    };
    let bytes = fs::read(path).map_err(|error| Error::new(error).file(path))?;
    let config = parse(&bytes).map_err(|error| error.file(path))?;
    Ok(Loaded { config, path: Some(path.to_owned()), sha256: hex(&bytes) })
}

/// Checks the text of a file.
///
/// # Errors
/// As [`load`], without the file.
pub fn parse(bytes: &[u8]) -> Result<Config, Error> {
    let text = str::from_utf8(bytes).map_err(Error::new)?;
    let syntax = |error: toml::de::Error| {
        let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        Error::new(format!("{place}{}", error.message()))
    };
    let deserializer = toml::Deserializer::parse(text).map_err(syntax)?;
    let config: Config = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let key = error.path().to_string();
        syntax(error.into_inner()).key(key)
    })?;
    config.validate()?;
    Ok(config)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
