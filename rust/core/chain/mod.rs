//! The chain: every record bound to those before it, by keys that do not outlive their use.
//!
//! docs/integrity.md describes the scheme for those who rely on it. In short: the records since the last seal are a
//! block. Its seal is a line of its own with the digest of the block, a tag for each record, the MAC of the
//! seal before, and a MAC of itself, made with a key that is then replaced by its own hash.
//!
//! [`Sealer`] is the writing side, used by whichever thread has the pipeline's writer. The other parts serve the verifier
//! as well.

mod block;
mod key;
mod opening;
mod seal;
mod sealer;
mod state;
mod tail;

pub use block::Block;
pub use key::{BlockKey, RootKey, Tagger};
pub use seal::{
    BLOCK_BYTES, BLOCK_RECORDS, ChainAudit, ChainEvent, ChainLine, ChainMesos, ChainProcess, NO_MAC,
    TAG_DIGITS, read_tags,
};
pub use sealer::{Cause, Digest, Sealer};
pub use state::{State, StateError};

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// 32 bytes from 64 hexadecimal digits.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let text: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_chunks::<2>().0) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
