//! `mesos.audit.seal` and `mesos.audit.chain`: what makes the trail provable. docs/integrity.md says how.
//!
//! Nothing here is chosen by anybody outside this process except `previous_file`, so `limit` has no need to cut
//! it: a seal that was cut could not be checked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `mesos.audit.seal`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Seal {
    /// Id of the chain: names its root key without telling it.
    pub chain: String,
    /// Number of the block in the chain, from 0; so often has the key evolved.
    pub block: u64,
    /// Why the block ends here: `start` (of a file), `size`, `time`, `rotation` or `end` (of the process).
    pub cause: String,
    /// Sequence number of the block's first record.
    pub first: u64,
    /// Sequence number of the block's last record. The seal itself has the next one.
    pub last: u64,
    /// How many records the block has, the seal not counted.
    pub records: u64,
    /// Their bytes, newlines included.
    pub bytes: u64,
    /// BLAKE3 of these bytes, in hexadecimal.
    pub digest: String,
    /// `mac` of the seal before; zeros in the chain's first.
    pub previous: String,
    /// A keyed tag of 32 bits for each record, in hexadecimal, in their order: names the record that was
    /// altered, removed or inserted.
    pub tags: String,
    /// Keyed BLAKE3 of this line with 64 zeros in this place.
    pub mac: String,
}

/// `mesos.audit.chain`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Chain {
    /// Id of the chain: names its root key without telling it.
    pub id: String,
    /// Number of the block that begins with this event.
    pub block: u64,
    /// `mac` of the last seal before; zeros where the chain begins.
    pub previous: String,
    /// How it comes that the file, or the run, begins here: `first` (a new chain), `rotation`, `sealed` (the run
    /// before ended with a seal), `unsealed` (it did not: a crash, or SIGKILL), `moved` (its file is no
    /// longer here), or why a new chain had to begin beside an old one: `state_missing`, `state_unreadable`.
    pub after: String,
    /// Name of the file that holds the last seal before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_file: Option<String>,
    /// `process.entity_id` of the run that made the last seal before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_run: Option<String>,
    /// Records found behind the last seal, that nothing had protected until now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted: Option<Adopted>,
    /// Blocks that were sealed and are not in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Lost>,
    /// File on this machine that holds the chain's root key. Absent once it was moved away, as it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// `mesos.audit.chain.adopted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Adopted {
    /// How many lines.
    pub records: u64,
    /// Their bytes, newlines included.
    pub bytes: u64,
    /// BLAKE3 of these bytes, in hexadecimal.
    pub digest: String,
    /// As in a seal, with the key of this event's block; absent where there are more lines than a block holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
}

/// `mesos.audit.chain.lost`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Lost {
    /// The first such block.
    pub first_block: u64,
    /// The last one.
    pub last_block: u64,
    /// The run that made the last of them.
    pub run: String,
    /// Its sequence number there.
    pub last: u64,
    /// `crash`: they were not written yet. `power_loss`: written, not yet safe on the disk when the machine went
    /// down. `unexplained`: neither; somebody truncated or replaced the file.
    pub reason: String,
}
