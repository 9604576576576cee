//! A folder that is made once from known inputs and is either complete or not there.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::error::{Context, Result};

const PARTIAL: &str = ".partial-";

/// Makes the folder `output` with `make` unless it was already made from the same `inputs`.
///
/// `make` works in a folder of another name, which gets its own when all is done, so an interrupted run leaves
/// nothing that looks finished. The stamp is the inputs themselves: they are small, and need no hash.
pub(crate) fn artifact(output: &Path, inputs: &[u8], make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    remove_leftovers(output);
    let stamp = beside(output, ".stamp");
    if output.is_dir() && fs::read(&stamp).is_ok_and(|found| found == inputs) {
        return Ok(());
    }

    remove(&stamp)?;
    let partial = Builder::new()
        .prefix(&beside(Path::new(output.file_name().unwrap_or_default()), PARTIAL))
        .tempdir_in(output.parent().unwrap_or(output))
        .context(|| format!("cannot create a folder beside {}", output.display()))?;
    make(partial.path())?;
    remove(output)?;
    fs::rename(partial.keep(), output).context(|| format!("cannot rename to {}", output.display()))?;

    let temporary = beside(output, ".stamp.partial");
    fs::write(&temporary, inputs).context(|| format!("cannot write {}", temporary.display()))?;
    fs::rename(&temporary, &stamp).context(|| format!("cannot write {}", stamp.display()))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Removes what killed runs left. A program that such a run started may still be writing there, so this neither
/// insists nor is the name used again.
fn remove_leftovers(output: &Path) {
    let prefix = beside(Path::new(output.file_name().unwrap_or_default()), PARTIAL);
    let entries = output.parent().and_then(|parent| fs::read_dir(parent).ok());
    for entry in entries.into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(prefix.as_os_str().as_encoded_bytes()) {
            let _ = remove(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn is_made_once_and_again_when_the_inputs_change() {
        let dir = tempfile::tempdir().unwrap();
        let output = dir.path().join("thing");
        let make = |text: &'static str| {
            move |partial: &Path| fs::write(partial.join("file"), text).context(String::new)
        };
        let content = || fs::read_to_string(output.join("file")).unwrap();

        artifact(&output, b"1", make("first")).unwrap();
        artifact(&output, b"1", make("second")).unwrap();
        assert_eq!(content(), "first");
        artifact(&output, b"2", make("third")).unwrap();
        assert_eq!(content(), "third");
    }

    #[test]
    fn an_interrupted_making_leaves_nothing_that_looks_finished() {
        let dir = tempfile::tempdir().unwrap();
        let output = dir.path().join("thing");
        let broken = |partial: &Path| {
            fs::write(partial.join("half"), "").unwrap();
            Err(Error::new("interrupted"))
        };

        assert!(artifact(&output, b"1", broken).is_err());
        assert!(!output.exists());
        artifact(&output, b"1", |partial| fs::write(partial.join("file"), "").context(String::new)).unwrap();
        assert!(output.join("file").exists());
        assert!(!output.join("half").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "the folder and its stamp");
    }
}
