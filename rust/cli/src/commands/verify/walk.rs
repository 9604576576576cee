//! One chain, from its first line to its last, in constant memory.

use std::{collections::HashMap, rc::Rc};

use mesos_audit_core::{
    chain::{BlockKey, ChainLine, NO_MAC, RootKey},
    event::integrity::{Chain, Seal},
};

use super::{
    finding::{Finding, Report, Weight},
    head::Head,
    ledger::Tally,
    pending::Pending,
};
use crate::reader::Line;

/// How far a seal may claim to be ahead within a chain. A key is derived step by step; a claim must not cost
/// hours.
const FARTHEST: u64 = 1 << 22;

/// How many later keys are tried on a seal that its own key did not make, and how often.
const LATER_KEYS: u64 = 4096;
const TRIES: u32 = 16;

/// What the last seal said.
#[derive(Clone, Debug)]
pub(super) struct Last {
    pub(super) run: String,
    pub(super) sequence: u64,
    pub(super) ended: bool,
}

/// The state of the walk.
pub(super) struct Walk<'a> {
    pub(super) report: &'a mut Report,
    roots: &'a [RootKey],
    pub(super) part: bool,
    /// The chain, once a seal has told.
    pub(super) chain: Option<String>,
    /// At the block that comes next, or before it.
    pub(super) key: Option<BlockKey>,
    pub(super) expected: Option<u64>,
    /// MAC of the last seal; none where it is not known.
    pub(super) previous: Option<String>,
    pub(super) last: Option<Last>,
    pub(super) pending: Pending,
    pub(super) tally: Tally,
    tries: u32,
    rewinds: u32,
    /// The block whose MAC somebody wants to know, and the MAC.
    pub(super) watch: Option<u64>,
    pub(super) watched: Option<String>,
    /// Runs of which somebody wants to know how far they are here: their last sealed record.
    pub(super) runs: HashMap<String, u64>,
    /// Seals that must be here.
    pub(super) noted: &'a [Head],
    file: Rc<str>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(report: &'a mut Report, roots: &'a [RootKey], part: bool, watch: Option<u64>) -> Self {
        Self {
            report,
            roots,
            part,
            chain: None,
            key: None,
            expected: None,
            previous: None,
            last: None,
            pending: Pending::default(),
            tally: Tally::default(),
            tries: TRIES,
            rewinds: TRIES,
            watch,
            watched: None,
            runs: HashMap::new(),
            noted: &[],
            file: "".into(),
        }
    }

    pub(super) fn file(&mut self, name: &str) {
        self.file = name.into();
    }

    /// A line, with its newline in the file or without; or a frame.
    pub(super) fn line(&mut self, line: &Line<'_>, newline: bool) {
        let number = line.number;
        let seal =
            memchr::memmem::find(line.bytes, b"\"audit_seal\"").and_then(|_| ChainLine::seal(line.bytes));
        let Some((read, seal)) = seal else {
            return self.pending.push(line, newline, &Rc::clone(&self.file), false);
        };
        // What the MAC is about.
        let bytes = line.frame.map_or(line.bytes, |frame| frame.raw);
        self.switch(&seal);
        let bad = self.prove(bytes, &seal);
        match bad {
            Some(why) => {
                let message = format!("the seal of block {} {why}", seal.block);
                self.reject(line, &read, &seal, &message);
            }
            None => self.accept(line, &read, &seal, number),
        }
    }

    /// Takes a line that looks like a seal for an ordinary one, and tells why.
    fn reject(&mut self, line: &Line<'_>, read: &ChainLine, seal: &Seal, message: &str) {
        self.pending.push(line, true, &Rc::clone(&self.file), true);
        let index = self.pending.held() - 1;
        let sequence = self.number_of(index).unwrap_or(read.event.sequence);
        let finding = Finding::tampered("seal", message).at(self.pending.place(index)).block(seal.block);
        self.report.add(finding.sequence(sequence, sequence));
    }

    /// The sequence number that the held line `index` must have, by its position. None where that is not known.
    pub(super) fn number_of(&self, index: usize) -> Option<u64> {
        let before = self.pending.records() - self.pending.held() as u64;
        Some(self.last.as_ref()?.sequence + 1 + before + index as u64)
    }

    /// Begins with a chain.
    pub(super) fn begin(&mut self, chain: &str) {
        let root = self.roots.iter().find(|root| root.chain() == chain);
        if root.is_none() && !self.roots.is_empty() {
            let message = format!(
                "chain {chain}: none of the given keys is its key: a wrong key, or a log that was replaced"
            );
            self.report.add(Finding::new(Weight::Unchecked, "wrong_key", message));
        }
        self.chain = Some(chain.to_owned());
        self.key = root.map(BlockKey::first);
    }

    /// Begins with a block, of which the file's header is the first record.
    pub(super) fn expect(&mut self, block: u64, (run, sequence): (String, u64)) {
        self.expected = Some(block);
        self.last = Some(Last { run, sequence: sequence.saturating_sub(1), ended: false });
        self.starts_with(block);
    }

    fn starts_with(&mut self, block: u64) {
        if block > 0 && !self.part {
            let message = format!(
                "the files begin with block {block}: what is before it, from the chain's beginning, is not among them"
            );
            self.report.add(Finding::missing("start", message).block(block));
        }
    }

    /// Another chain begins, if header and seal both say so. A seal alone was altered.
    fn switch(&mut self, seal: &Seal) {
        if self.chain.as_ref() == Some(&seal.chain) || seal.block != 0 || seal.previous != NO_MAC {
            return;
        }
        let records = usize::try_from(seal.records).unwrap_or(usize::MAX);
        let first = self.pending.held().saturating_sub(records);
        let header = self.pending.read(first).and_then(|line| line.mesos.audit.chain);
        if !header.is_some_and(|header| header.id == seal.chain && header.block == 0) {
            return;
        }
        let message = "a new chain begins here, and nothing binds it to what is before: the state of the seals \
                       was removed or damaged";
        self.report.add(Finding::tampered("new_chain", message).at(self.here(first)));
        self.begin(&seal.chain);
        self.previous = None;
        self.expected = Some(0);
    }

    fn here(&self, index: usize) -> Option<super::finding::Place> {
        self.pending.place(index)
    }

    /// None if the seal's own key made it, or if that cannot be told; else, what is wrong with it.
    fn prove(&mut self, line: &[u8], seal: &Seal) -> Option<String> {
        if self.chain.as_ref() != Some(&seal.chain) {
            return Some("names another chain: altered, or of another log".to_owned());
        }
        if self.key.is_none() {
            // Without a key, at least no nonsense.
            let farthest = self.expected.map_or(u64::MAX, |expected| expected + FARTHEST);
            return (seal.block > farthest).then(|| "claims a block that cannot be: altered".to_owned());
        }
        let found = self.key_of(seal.block).filter(|key| key.made(line, &seal.mac));
        if found.is_some() {
            return None;
        }
        if self.tries > 0 {
            self.tries -= 1;
            let mut later = self.key.clone()?;
            for _ in 0..LATER_KEYS {
                later.evolve();
                if later.block() != seal.block && later.made(line, &seal.mac) {
                    return Some(format!(
                        "was made with the key of block {}: what it seals was rewritten after that key had come into use",
                        later.block()
                    ));
                }
            }
        }
        Some("was not made with its key: altered or forged".to_owned())
    }

    fn key_of(&mut self, block: u64) -> Option<BlockKey> {
        let known = self.key.as_ref()?;
        if block >= known.block() {
            // The first seal of all may be anywhere: files before it were removed.
            let far = self.expected.is_some() && block - known.block() > FARTHEST;
            return if far || block >> 36 > 0 { None } else { known.at(block) };
        }
        self.rewinds = self.rewinds.checked_sub(1)?;
        self.key_before(block)
    }

    /// The key of a block that is behind the walk.
    pub(super) fn key_before(&self, block: u64) -> Option<BlockKey> {
        let root = self.roots.iter().find(|root| Some(root.chain()) == self.chain)?;
        BlockKey::first(root).at(block)
    }

    /// A seal that is genuine, or that no key is there to prove.
    fn accept(&mut self, line: &Line<'_>, read: &ChainLine, seal: &Seal, number: u64) {
        if let Some(last) = self.runs.get_mut(&read.process.entity_id) {
            *last = read.event.sequence;
        }
        if self.watch == Some(seal.block) {
            self.watched = Some(seal.mac.clone());
        }
        if let Some(expected) = self.expected.filter(|expected| seal.block < *expected) {
            let message = format!(
                "the seal of block {} comes again or out of order, behind that of block {}",
                seal.block,
                expected - 1
            );
            let place = super::finding::Place { file: self.file.to_string(), line: number };
            self.report.add(Finding::tampered("out_of_order", message).at(Some(place)).block(seal.block));
            return self.pending.clear();
        }
        // A genuine seal ahead of its place, with other lines before it than its own, was put there.
        if self.expected.is_some_and(|expected| seal.block > expected) && !self.is_intact(seal) {
            let message = format!("the seal of block {} does not belong here: copied or moved", seal.block);
            return self.reject(line, read, seal, &message);
        }
        if self.key.as_ref().is_some_and(|known| known.block() < seal.block) {
            self.key = self.key_of(seal.block);
        }
        let (header, split, intact) = self.resolve(read, seal);
        self.link(read, seal, header.as_ref());
        // After all else: what is missing for a known reason is known by then.
        self.tally(read, seal, split, intact);
        self.report.sealed += seal.records;
        if let Some(file) = self.report.files.last_mut() {
            file.seals += 1;
            file.blocks = Some((file.blocks.map_or(seal.block, |(first, _)| first), seal.block));
        }
        self.head(seal);
        self.expected = Some(seal.block + 1);
        self.previous = Some(seal.mac.clone());
        let ended = seal.cause == "end";
        self.last = Some(Last { run: read.process.entity_id.clone(), sequence: read.event.sequence, ended });
        self.pending.clear();
    }

    /// The chain's head, until there is a later one; and whether somebody has noted it.
    fn head(&mut self, seal: &Seal) {
        let head = Head { chain: seal.chain.clone(), block: seal.block, mac: seal.mac.clone() };
        if self.noted.contains(&head) {
            self.report.found.push(head.clone());
        }
        // What nobody has proven is nothing to note.
        if self.key.is_none() {
            return;
        }
        match self.report.heads.iter_mut().find(|known| known.chain == head.chain) {
            Some(known) => *known = head,
            None => self.report.heads.push(head),
        }
    }

    /// Whether the block follows the one before it.
    fn link(&mut self, read: &ChainLine, seal: &Seal, header: Option<&Chain>) {
        let same_run = self.last.as_ref().is_some_and(|last| last.run == read.process.entity_id);
        match self.expected {
            None => self.starts_with(seal.block),
            Some(expected) if seal.block == expected => {
                if self.previous.as_ref().is_some_and(|previous| *previous != seal.previous) {
                    let message = format!(
                        "block {} follows another seal than the one before it: the chain was forked, or its files mixed",
                        seal.block
                    );
                    self.report.add(Finding::tampered("fork", message).at(self.here(0)).block(seal.block));
                }
                let from = self.last.as_ref().map_or(1, |last| last.sequence + 1);
                if same_run && seal.first > from {
                    // The chain is whole: whoever numbered these records has lost them before they were sealed.
                    let message = format!("records {from}-{} never reached the log", seal.first - 1);
                    self.report.missing += seal.first - from;
                    self.report.add(Finding::missing("gap", message).sequence(from, seal.first - 1));
                }
            }
            _ => {}
        }
        if self.last.is_some() && !same_run {
            self.new_run(seal, header);
        } else if self.last.is_none() && header.is_none() && seal.first > 1 && !self.part && seal.block == 0 {
            let message = format!("the chain begins with record {}, not with the first", seal.first);
            self.report.add(Finding::missing("gap", message));
        }
    }

    fn new_run(&mut self, seal: &Seal, header: Option<&Chain>) {
        let Some(last) = &self.last else { return };
        let begins =
            self.here(self.pending.held().saturating_sub(usize::try_from(seal.records).unwrap_or(0)));
        if seal.first > 1 {
            let message = format!("records 1-{} of a run never reached the log", seal.first - 1);
            self.report.missing += seal.first - 1;
            self.report.add(Finding::missing("gap", message).at(begins.clone()).sequence(1, seal.first - 1));
        }
        if !last.ended && header.is_some_and(|header| header.lost.is_none()) {
            let message = format!(
                "run {} ended without its last seal (a crash, or SIGKILL): what was in its memory then is lost, \
                 and it is not known how many records that were",
                last.run
            );
            self.report.add(Finding::missing("crash", message).at(begins));
        }
    }
}
