//! A seal's line: what writer and verifier must read alike.

use serde::Deserialize;

use super::hex;
use crate::{
    event::integrity::{Chain, Seal},
    format::{json_of, mac_span},
};

/// Where the first seal's `previous` would be.
pub const NO_MAC: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A block is sealed when it has that many bytes: large enough that BLAKE3 runs at its full speed.
pub const BLOCK_BYTES: usize = 64 * 1024;

/// And when it has that many records, so that their tags fit into a line of 7.5 KiB.
pub const BLOCK_RECORDS: usize = 512;

/// Hexadecimal digits of a tag.
pub const TAG_DIGITS: usize = 8;

/// What every line is looked at for.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct ChainLine {
    pub event: ChainEvent,
    pub process: ChainProcess,
    #[serde(default)]
    pub mesos: ChainMesos,
}

#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct ChainEvent {
    pub sequence: u64,
    pub action: String,
}

#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct ChainProcess {
    pub entity_id: String,
}

#[derive(Debug, Default, Deserialize)]
#[allow(missing_docs)]
pub struct ChainMesos {
    #[serde(default)]
    pub audit: ChainAudit,
}

#[derive(Debug, Default, Deserialize)]
#[allow(missing_docs)]
pub struct ChainAudit {
    pub seal: Option<Seal>,
    pub chain: Option<Chain>,
}

impl ChainLine {
    /// What a record says, a line or a frame.
    #[must_use]
    pub fn read(record: &[u8]) -> Option<Self> {
        serde_json::from_slice(&json_of(record).ok()?).ok()
    }

    /// The record as a seal, if it is one.
    #[must_use]
    pub fn seal(record: &[u8]) -> Option<(Self, Seal)> {
        let mut read = Self::read(record)?;
        if read.event.action != "audit_seal" {
            return None;
        }
        let seal = read.mesos.audit.seal.take()?;
        Some((read, seal))
    }
}

/// Puts the MAC into its place.
pub(super) fn fill(line: &mut [u8], mac: &[u8; 32]) {
    if let Some(span) = mac_span(line) {
        line[span].copy_from_slice(hex(mac).as_bytes());
    }
}

/// The tags of a seal.
#[must_use]
pub fn read_tags(tags: &str) -> Option<Vec<u32>> {
    let (chunks, rest) = tags.as_bytes().as_chunks::<TAG_DIGITS>();
    if !rest.is_empty() {
        return None;
    }
    let digits = |chunk: &[u8; TAG_DIGITS]| u32::from_str_radix(str::from_utf8(chunk).ok()?, 16).ok();
    chunks.iter().map(digits).collect()
}
