//! Positions, sizes and the header word: arithmetic without memory.

/// Records begin at multiples of this: the header word must be aligned, and nothing smaller is ever left at the
/// end of the ring.
pub(super) const ALIGN: usize = 8;

/// Header word and stamp.
pub(super) const HEADER_BYTES: usize = 16;

/// What a record takes in the ring.
pub(super) const fn record_bytes(fields: usize) -> usize {
    (HEADER_BYTES + fields).next_multiple_of(ALIGN)
}

/// Where positions are.
///
/// A position is a lap in its upper bits and an offset in its lower ones, so that the ring need not be a power
/// of two (which would make the choice one between 32 and 64 MiB) and no division is needed to find the offset.
/// At the smallest ring there are 48 bits of laps, at the largest 34: at 10 GB/s for decades.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    capacity: u64,
    lap_shift: u32,
    stretch_shift: u32,
}

/// Room for one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes to skip at the end of the lap, from the claimed position on. Zero nearly always.
    pub(super) pad: usize,
    /// Where the record begins.
    pub(super) start: u64,
    /// The position behind it.
    pub(super) end: u64,
}

impl Layout {
    /// Of a ring of that many bytes, a multiple of [`ALIGN`].
    pub(super) const fn new(capacity: usize) -> Self {
        assert!(capacity >= 2 * HEADER_BYTES && capacity.is_multiple_of(ALIGN));
        let capacity = capacity as u64;
        Self {
            capacity,
            lap_shift: capacity.next_power_of_two().trailing_zeros(),
            stretch_shift: capacity.ilog2() - 2,
        }
    }

    pub(super) const fn capacity(self) -> usize {
        self.capacity as usize
    }

    /// Where in memory a position is.
    pub(super) const fn offset(self, position: u64) -> usize {
        (position & ((1 << self.lap_shift) - 1)) as usize
    }

    /// How many bytes lie between two positions, of which `head` is not the older one.
    pub(super) const fn used(self, tail: u64, head: u64) -> u64 {
        let laps = (head >> self.lap_shift) - (tail >> self.lap_shift);
        laps * self.capacity + self.offset(head) as u64 - self.offset(tail) as u64
    }

    /// The position that many bytes further on, in the same lap or at the start of the next.
    pub(super) const fn after(self, position: u64, bytes: usize) -> u64 {
        let offset = self.offset(position) + bytes;
        debug_assert!(offset <= self.capacity());
        if offset == self.capacity() { self.next_lap(position) } else { position + bytes as u64 }
    }

    /// Where a record of `bytes` goes that is claimed at `head`.
    pub(super) const fn place(self, head: u64, bytes: usize) -> Place {
        let to_end = self.capacity() - self.offset(head);
        let (pad, start) = if bytes <= to_end { (0, head) } else { (to_end, self.next_lap(head)) };
        Place { pad, start, end: self.after(start, bytes) }
    }

    /// Whether two positions are in different stretches of the ring. A stretch is an eighth of the ring to a quarter
    /// of it; where a lap ends, one does.
    pub(super) const fn fills_stretch(self, from: u64, to: u64) -> bool {
        (from ^ to) >> self.stretch_shift != 0
    }

    const fn next_lap(self, position: u64) -> u64 {
        ((position >> self.lap_shift) + 1) << self.lap_shift
    }
}

/// The header word, once committed. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// A record with that many bytes of fields. The tag is the caller's.
    Record { tag: u16, fields: usize },
    /// Nothing to read in that many bytes.
    Skip { bytes: usize },
}

const RECORD: u64 = 1 << 48;
const SKIP: u64 = 1 << 49;

impl Header {
    pub(super) const fn to_word(self) -> u64 {
        match self {
            Self::Record { tag, fields } => RECORD | (tag as u64) << 32 | fields as u64,
            Self::Skip { bytes } => SKIP | bytes as u64,
        }
    }

    /// None while the record is not committed.
    pub(super) const fn from_word(word: u64) -> Option<Self> {
        let length = (word & 0xffff_ffff) as usize;
        if word & RECORD != 0 {
            Some(Self::Record { tag: (word >> 32) as u16, fields: length })
        } else if word & SKIP != 0 {
            Some(Self::Skip { bytes: length })
        } else {
            None
        }
    }
}
