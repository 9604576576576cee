//! Keys: the root, which leaves the machine, and the block keys, each of which is gone when its block is sealed.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use zeroize::{Zeroize, Zeroizing};

use super::{hex, unhex};
use crate::{error::Error, format::mac_span};

/// First word of a line of a key file.
const KEY_LINE: &str = "mesos-audit-key-v1";

// Contexts of BLAKE3's key derivation: one key, one use. They are part of the scheme and never change.
const CHAIN: &str = "mesos-audit 2026 chain id";
const FIRST: &str = "mesos-audit 2026 first block key";
const NEXT: &str = "mesos-audit 2026 next block key";
const MAC: &str = "mesos-audit 2026 seal mac";
const TAGS: &str = "mesos-audit 2026 record tags";

/// What a whole chain is verified with.
#[derive(Clone)]
pub struct RootKey(Zeroizing<[u8; 32]>);

impl RootKey {
    /// A new one, from the operating system's randomness.
    ///
    /// # Errors
    /// There is none to be had.
    pub fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes).map_err(|error| Error::new(format!("no randomness: {error}")))?;
        Ok(Self(bytes))
    }

    /// Made of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The id of the chain that begins with it: public, and no way back.
    #[must_use]
    pub fn chain(&self) -> String {
        hex(&blake3::derive_key(CHAIN, &*self.0)[..16])
    }

    /// The keys that a file holds.
    ///
    /// # Errors
    /// The file cannot be read or holds something else. No error quotes the file.
    pub fn read(path: &Path) -> Result<Vec<Self>, Error> {
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| Error::new(error).file(path))?);
        let mut keys = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = |what: &str| Error::new(format!("line {number}: {what}")).file(path);
            let words: Vec<_> = line.split_whitespace().collect();
            let [KEY_LINE, chain, key] = words[..] else { return Err(wrong("is no key of mesos-audit")) };
            let key = Self::new(unhex(key).ok_or_else(|| wrong("is no key of 64 hexadecimal digits"))?);
            if key.chain() != chain {
                return Err(wrong("the key is not that of the chain that the line names"));
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(Error::new("holds no key").file(path)) } else { Ok(keys) }
    }

    /// Adds it to a file that only its owner can read, and sees that it is on the disk: what it seals can be
    /// verified with nothing else.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append(&self, path: &Path) -> Result<(), Error> {
        let wrong = |error| Error::new(error).file(path);
        let digits = Zeroizing::new(hex(&*self.0));
        let line = Zeroizing::new(format!("{KEY_LINE} {} {}\n", self.chain(), &*digits));
        let flags = libc::O_CLOEXEC | libc::O_NONBLOCK | libc::O_NOFOLLOW;
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .custom_flags(flags)
            .open(path)
            .map_err(wrong)?;
        file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(wrong)
    }
}

/// The key of one block. What was sealed with the one before cannot be sealed with it: the derivation has no way
/// back.
#[derive(Clone)]
pub struct BlockKey {
    key: Zeroizing<[u8; 32]>,
    block: u64,
}

impl BlockKey {
    /// That of the chain's first block.
    #[must_use]
    pub fn first(root: &RootKey) -> Self {
        Self { key: Zeroizing::new(blake3::derive_key(FIRST, &*root.0)), block: 0 }
    }

    pub(super) fn new(key: [u8; 32], block: u64) -> Self {
        Self { key: Zeroizing::new(key), block }
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.key
    }

    /// Number of its block.
    #[must_use]
    pub fn block(&self) -> u64 {
        self.block
    }

    /// Becomes the key of the next block, and forgets its own.
    pub fn evolve(&mut self) {
        let mut next = blake3::derive_key(NEXT, &*self.key);
        self.key.copy_from_slice(&next);
        next.zeroize();
        self.block += 1;
    }

    /// The key of a later block.
    #[must_use]
    pub fn at(&self, block: u64) -> Option<Self> {
        let mut key = self.clone();
        for _ in 0..block.checked_sub(self.block)? {
            key.evolve();
        }
        Some(key)
    }

    /// Whether both are the same key of the same block.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.block == other.block && blake3::Hash::from(*self.key) == blake3::Hash::from(*other.key)
    }

    /// The MAC of a seal's line (without its newline): over all of it, with zeros where the MAC is. None where it
    /// has no place for one.
    #[must_use]
    pub(super) fn mac(&self, line: &[u8]) -> Option<[u8; 32]> {
        let span = mac_span(line)?;
        let key = Zeroizing::new(blake3::derive_key(MAC, &*self.key));
        let mut hasher = blake3::Hasher::new_keyed(&key);
        hasher.update(&line[..span.start]).update(&[b'0'; 64]).update(&line[span.end..]);
        let mac = *hasher.finalize().as_bytes();
        hasher.zeroize();
        Some(mac)
    }

    /// Whether this key made the seal: the line's MAC is what it should be, and is where it should be.
    #[must_use]
    pub fn made(&self, line: &[u8], mac: &str) -> bool {
        // What is in the MAC's place is the one thing that the MAC does not cover.
        let placed = mac_span(line).is_some_and(|span| &line[span] == mac.as_bytes());
        placed && self.mac(line).is_some_and(|right| hex(&right) == mac)
    }

    /// What makes the tags of its block's records.
    #[must_use]
    pub fn tagger(&self) -> Tagger {
        let mut secret = Zeroizing::new([0; 192]);
        let mut hasher = blake3::Hasher::new_derive_key(TAGS);
        hasher.update(&*self.key).finalize_xof().fill(&mut *secret);
        hasher.zeroize();
        Tagger(secret)
    }
}

/// Makes the tags of one block's records. A tag only says which record it was: that one was altered is
/// found by the MAC, which covers the digest of them all. So 32 bits of a fast hash are enough, and the
/// secret keeps anybody from choosing records that look alike.
#[derive(Clone)]
pub struct Tagger(Zeroizing<[u8; 192]>);

impl Tagger {
    /// The tag of a line, newline included.
    #[must_use]
    pub fn tag(&self, line: &[u8]) -> u32 {
        // The lower half; both are equally good.
        (xxhash_rust::xxh3::xxh3_64_with_secret(line, &*self.0) & u64::from(u32::MAX)) as u32
    }
}

// Keys have no business in a debug print.
macro_rules! opaque {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
opaque!(RootKey, BlockKey, Tagger);
