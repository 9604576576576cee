//! The key that makes values comparable without making them readable.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use zeroize::{Zeroize, Zeroizing};

use super::Class;
use crate::{
    chain::{hex, unhex},
    error::Error,
};

/// First word of the file.
const KEY_LINE: &str = "mesos-audit-hash-key-v1";
/// More than a key file has.
const MAX_FILE: u64 = 1024;
/// Bytes of a hash that are kept. Two different values with the same hash are not to be expected before 2^64 of them.
const KEPT: usize = 16;
/// What a hash begins with.
pub const HASH_PREFIX: &str = "hmac:";

// Contexts of BLAKE3's key derivation. They are part of what operators compare, and never change.
const IDENTIFYING: &str = "mesos-audit 2026 hash of an identifying value";
const SENSITIVE: &str = "mesos-audit 2026 hash of a sensitive value";

/// The key. Processes that have the same one give the same hash to the same value.
pub struct HashKey {
    identifying: Zeroizing<[u8; 32]>,
    sensitive: Zeroizing<[u8; 32]>,
}

impl HashKey {
    /// The key that a file holds; where there is no file, a new one, which only its owner can read. Of several processes
    /// that make it at the same time, one does, and all have that one.
    ///
    /// # Errors
    /// The file cannot be read or made, is a symbolic link or no regular file, others can read it, or it holds something
    /// else. No error quotes the file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let wrong = |error: io::Error| Error::new(error).file(path);
        match Self::read(path) {
            Err(ReadError::Missing) => {}
            read => return read.map_err(|error| error.at(path)),
        }
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}.new", std::process::id()));
        let new = Path::new(&name);
        // What an earlier process of this number left behind when it died.
        let _ = fs::remove_file(new);
        let made = Self::write(new).and_then(|()| match fs::hard_link(new, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
        let _ = fs::remove_file(new);
        made.map_err(wrong)?;
        if let Some(parent) = path.parent() {
            File::open(parent).and_then(|parent| parent.sync_all()).map_err(wrong)?;
        }
        Self::read(path).map_err(|error| error.at(path))
    }

    /// The key that a file holds.
    ///
    /// # Errors
    /// As of [`Self::open`], and that there is none.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::read(path).map_err(|error| error.at(path))
    }

    fn write(path: &Path) -> io::Result<()> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes).map_err(|error| io::Error::other(format!("no randomness: {error}")))?;
        let digits = Zeroizing::new(hex(&*bytes));
        let line = Zeroizing::new(format!("{KEY_LINE} {}\n", &*digits));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .custom_flags(libc::O_CLOEXEC | libc::O_NOFOLLOW)
            .open(path)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()
    }

    fn read(path: &Path) -> Result<Self, ReadError> {
        let flags = libc::O_CLOEXEC | libc::O_NONBLOCK | libc::O_NOFOLLOW;
        let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(ReadError::Wrong("is no regular file"));
        }
        if metadata.mode() & 0o077 != 0 {
            return Err(ReadError::Wrong("can be read by others than its owner: chmod 600"));
        }
        let mut text = Zeroizing::new(String::new());
        file.take(MAX_FILE).read_to_string(&mut text)?;
        let words: Vec<_> = text.split_whitespace().collect();
        let [KEY_LINE, digits] = words[..] else {
            return Err(ReadError::Wrong("holds no hash key of mesos-audit"));
        };
        let bytes = unhex(digits).ok_or(ReadError::Wrong("holds no key of 64 hexadecimal digits"))?;
        Ok(Self::new(bytes))
    }

    /// Made of these bytes.
    #[must_use]
    pub fn new(mut bytes: [u8; 32]) -> Self {
        let derive = |context| Zeroizing::new(blake3::derive_key(context, &bytes));
        let key = Self { identifying: derive(IDENTIFYING), sensitive: derive(SENSITIVE) };
        bytes.zeroize();
        key
    }

    /// `hmac:` and 32 hexadecimal digits. Equal values have equal hashes under the same key if they are of the same class, and
    /// only then: a label's value does not tell who a principal is.
    #[must_use]
    pub fn hash(&self, class: Class, value: &str) -> String {
        let key = if class == Class::Identifying { &self.identifying } else { &self.sensitive };
        format!("{HASH_PREFIX}{}", hex(&blake3::keyed_hash(key, value.as_bytes()).as_bytes()[..KEPT]))
    }
}

// A key has no business in a debug print.
impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashKey(..)")
    }
}

enum ReadError {
    Missing,
    Wrong(&'static str),
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing } else { Self::Io(error) }
    }
}

impl ReadError {
    fn at(self, path: &Path) -> Error {
        match self {
            Self::Missing => Error::new("does not exist"),
            Self::Wrong(what) => Error::new(what),
            Self::Io(error) if error.raw_os_error() == Some(libc::ELOOP) => Error::new("is a symbolic link"),
            Self::Io(error) => Error::new(error),
        }
        .file(path)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn equal_values_have_equal_hashes_and_no_others() {
        let (one, same, other) = (HashKey::new([1; 32]), HashKey::new([1; 32]), HashKey::new([2; 32]));
        let hash = one.hash(Class::Identifying, "alice");
        assert!(hash.starts_with("hmac:") && hash.len() == 5 + 32, "{hash}");
        assert_eq!(hash, same.hash(Class::Identifying, "alice"));
        assert_ne!(hash, one.hash(Class::Identifying, "bob"));
        assert_ne!(hash, one.hash(Class::Sensitive, "alice"), "classes are not comparable");
        assert_ne!(hash, other.hash(Class::Identifying, "alice"));
        // Never changes: operators compare with what is recorded.
        assert_eq!(format!("{one:?}"), "HashKey(..)");
    }

    #[test]
    fn a_key_is_made_once_and_only_its_owner_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hash.key");
        let first = HashKey::open(&path).unwrap().hash(Class::Sensitive, "x");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
        assert_eq!(HashKey::open(&path).unwrap().hash(Class::Sensitive, "x"), first);
        assert_eq!(HashKey::load(&path).unwrap().hash(Class::Sensitive, "x"), first);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn those_that_make_it_at_once_have_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hash.key");
        // Within one process the temporary name is the same; across processes it is not. Either way there is one key.
        let first = HashKey::open(&path).unwrap();
        let hashes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| HashKey::open(&path).unwrap().hash(Class::Sensitive, "x")))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(hashes.iter().all(|hash| *hash == first.hash(Class::Sensitive, "x")));
    }

    #[test]
    fn what_others_could_read_or_forge_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hash.key");
        let refused = |path: &Path| HashKey::open(path).unwrap_err().to_string();
        drop(HashKey::open(&path).unwrap());
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(refused(&path).ends_with("can be read by others than its owner: chmod 600"), "{mode:o}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(refused(&link).ends_with("is a symbolic link"));
        assert!(refused(dir.path()).ends_with("is no regular file"));
        fs::write(&path, "a secret of somebody else").unwrap();
        let error = refused(&path);
        assert!(error.ends_with("holds no hash key of mesos-audit") && !error.contains("secret"), "{error}");
        assert!(HashKey::load(&dir.path().join("none")).unwrap_err().to_string().ends_with("does not exist"));
    }
}
