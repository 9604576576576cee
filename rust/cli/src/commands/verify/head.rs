//! The head of a chain: its last seal. Who notes it where the log's machine cannot reach, can prove later that the log has
//! lost nothing since then, whoever had that machine and all that was on it.

use std::{fmt, str::FromStr};

use serde::Serialize;

/// A seal, by its chain, block and MAC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Head {
    pub(super) chain: String,
    pub(super) block: u64,
    pub(super) mac: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.chain, self.block, self.mac)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut parts = text.split(':');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(chain), Some(block), Some(mac), None)
                if is_hex(chain) && mac.len() == 64 && is_hex(mac) =>
            {
                let block = block.parse().map_err(|_| format!("`{block}` is no block's number"))?;
                Ok(Self { chain: chain.to_owned(), block, mac: mac.to_ascii_lowercase() })
            }
            _ => Err("is no head: CHAIN:BLOCK:MAC, as `verify` tells it".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_told_and_nothing_else_is() {
        let head = Head { chain: "0a1b".to_owned(), block: 7, mac: "f0".repeat(32) };
        assert_eq!(head.to_string().parse(), Ok(head.clone()));
        let mac = &head.mac;
        for wrong in
            ["", "::", &format!("0a1b:7:{mac}0"), &format!("0a1b:x:{mac}"), &format!("x:7:{mac}"), "0a1b:7"]
        {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
