//! A file that is appended to.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::Sink;
use crate::{config::Output, error::Error};

/// Appends to one file, of which it is the only writer.
#[derive(Debug)]
pub struct FileSink {
    file: File,
    path: PathBuf,
}

impl FileSink {
    /// Opens the file, made with its directories where it is missing. A last line that a crash left torn is
    /// ended, so that the next event has a line of its own.
    ///
    /// # Errors
    /// The file cannot be made or written, is no regular file, or another process writes to it.
    pub fn open(path: &Path, output: &Output) -> Result<Self, Error> {
        let wrong = |error: &dyn std::fmt::Display| Error::new(error).key("output.path").file(path);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)
                .map_err(|error| wrong(&format!("cannot make directory {}: {error}", directory.display())))?;
        }
        let mode = output.permissions()?;
        let existed = path.exists();
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(mode)
            // A FIFO without a reader must not hang Mesos's start.
            .custom_flags(libc::O_CLOEXEC | libc::O_NONBLOCK)
            .open(path)
            .map_err(|error| wrong(&error))?;
        let metadata = file.metadata().map_err(|error| wrong(&error))?;
        if !metadata.is_file() {
            return Err(wrong(&"is no regular file"));
        }
        // Two writers would tear each other's lines and count their sequences twice.
        file.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => wrong(&"another process writes audit events to it"),
            fs::TryLockError::Error(error) => wrong(&error),
        })?;
        if !existed {
            // The umask has taken bits away that the operator asked for.
            file.set_permissions(fs::Permissions::from_mode(mode)).map_err(|error| wrong(&error))?;
        }
        if metadata.len() > 0 && last_byte(&mut file).map_err(|error| wrong(&error))? != b'\n' {
            file.write_all(b"\n").map_err(|error| wrong(&error))?;
        }
        Ok(Self { file, path: path.to_owned() })
    }
}

fn last_byte(file: &mut File) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

impl Sink for FileSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn name(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> Result<FileSink, Error> {
        FileSink::open(path, &Output::default())
    }

    #[test]
    fn makes_directories_and_sets_the_mode_whatever_the_umask() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/audit.jsonl");
        let output = Output { mode: "0664".to_owned(), ..Output::default() };
        FileSink::open(&path, &output).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o664);
    }

    #[test]
    fn a_torn_last_line_is_ended_and_a_whole_one_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        fs::write(&path, "{\"whole\":1}\n{\"torn").unwrap();
        for _ in 0..2 {
            drop(open(&path).unwrap());
            assert_eq!(fs::read_to_string(&path).unwrap(), "{\"whole\":1}\n{\"torn\n");
        }
    }

    #[test]
    fn a_second_writer_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        let _first = open(&path).unwrap();
        let error = open(&path).unwrap_err().to_string();
        assert!(error.ends_with("output.path: another process writes audit events to it"), "{error}");
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let error = open(dir.path()).unwrap_err().to_string();
        assert!(error.contains("output.path: Is a directory"), "{error}");
        assert!(open(Path::new("/dev/null")).unwrap_err().to_string().contains("is no regular file"));
        assert!(open(Path::new("/proc/audit.jsonl")).is_err());
    }
}
