//! Protobuf's wire format, read in place: no copy, no allocation.
//!
//! Our own, because this is the worker's hottest loop: a decoder into owned messages costs three times as much per record
//! as all of this. What may be read is still the schema's to say: numbers come from [`numbers`], which is generated from
//! the protobuf subset.

use ascii::AsciiStr;

use crate::event::Text;

/// Numbers of the fields, and names of the enum values, of the protobuf subset in `schema/`.
#[allow(missing_docs, dead_code, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
pub(crate) mod numbers {
    include!(concat!(env!("OUT_DIR"), "/numbers.rs"));
}

/// Why bytes are no protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WireError {
    #[error("ends in the middle of a field")]
    Truncated,
    #[error("has a number of more than ten bytes")]
    LongNumber,
    #[error("has a field of unknown wire type {0}")]
    UnknownType(u8),
    #[error("has a field where another type belongs")]
    WrongType,
    #[error("nests too deeply")]
    TooDeep,
}

pub(crate) type Result<T> = std::result::Result<T, WireError>;

/// One field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    /// A message, or the bytes of a string.
    #[inline]
    pub(crate) fn bytes(self) -> Result<&'a [u8]> {
        match self {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(WireError::WrongType),
        }
    }

    /// The bytes as text.
    #[inline]
    pub(crate) fn text(self) -> Result<Text<'a>> {
        self.bytes().map(text)
    }

    /// The same; empty is absent, as Mesos sets empty strings where it has nothing.
    #[inline]
    pub(crate) fn some_text(self) -> Result<Option<Text<'a>>> {
        self.bytes().map(some_text)
    }

    #[inline]
    pub(crate) fn number(self) -> Result<u64> {
        match self {
            Value::Varint(number) => Ok(number),
            _ => Err(WireError::WrongType),
        }
    }

    /// An `int32` or an enum.
    #[allow(clippy::cast_possible_truncation)] // As protobuf does: negative ones are written as 64 bits.
    #[inline]
    pub(crate) fn int32(self) -> Result<i32> {
        self.number().map(|number| number as i32)
    }

    #[inline]
    pub(crate) fn double(self) -> Result<f64> {
        match self {
            Value::Fixed64(bits) => Ok(f64::from_bits(bits)),
            _ => Err(WireError::WrongType),
        }
    }
}

/// Text, whatever its bytes: proto2 does not check UTF-8, and a framework can put anything into a name.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> Text<'_> {
    // Nearly everything is ASCII, and short: of that, std's check for UTF-8 would take three times as long.
    AsciiStr::from_ascii(bytes).map_or_else(|_| not_ascii(bytes), |text| Text::Borrowed(text.as_str()))
}

/// The same; empty is absent, as Mesos sets empty strings where it has nothing.
#[inline]
pub(crate) fn some_text(bytes: &[u8]) -> Option<Text<'_>> {
    (!bytes.is_empty()).then(|| text(bytes))
}

#[cold]
fn not_ascii(bytes: &[u8]) -> Text<'_> {
    // `from_utf8_lossy` takes several times as long over what is UTF-8.
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Text::Borrowed)
}

/// The fields of a message in the order in which they were written: number and value.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    #[inline(always)]
    fn varint(&mut self) -> Result<u64> {
        // Almost every tag and length is one byte, and nearly all others are two.
        match self.rest {
            [first @ 0..0x80, rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(*first))
            }
            [first, second @ 0..0x80, rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(*first & 0x7f) | u64::from(*second) << 7)
            }
            _ => self.long_varint(),
        }
    }

    #[cold]
    fn long_varint(&mut self) -> Result<u64> {
        let mut number = 0;
        for (index, byte) in self.rest.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[index + 1..];
                return Ok(number);
            }
        }
        Err(if self.rest.len() < 10 { WireError::Truncated } else { WireError::LongNumber })
    }

    #[inline(always)]
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline(always)]
    fn field(&mut self) -> Result<(u32, Value<'a>)> {
        // Nearly all fields are short bytes or small numbers, and have a low number themselves.
        if let [tag @ 0..0x80, second @ 0..0x80, rest @ ..] = self.rest {
            let number = u32::from(tag >> 3);
            if tag & 7 == 2
                && let Some((bytes, rest)) = rest.split_at_checked(usize::from(*second))
            {
                self.rest = rest;
                return Ok((number, Value::Bytes(bytes)));
            }
            if tag & 7 == 0 {
                self.rest = rest;
                return Ok((number, Value::Varint(u64::from(*second))));
            }
        }
        self.any_field()
    }

    fn any_field(&mut self) -> Result<(u32, Value<'a>)> {
        let tag = self.varint()?;
        // Field numbers have 29 bits; one that has more is none of ours.
        let number = u32::try_from(tag >> 3).unwrap_or(u32::MAX);
        let value = match (tag & 7) as u8 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| WireError::Truncated)?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.array()?)),
            // Groups (3 and 4) were never used by Mesos.
            other => return Err(WireError::UnknownType(other)),
        };
        Ok((number, value))
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>)>;

    // Inlined into each loop over a message, the pair and what is in it stay in registers.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// The name of an enum's value; of a value that a later Mesos brought, its number.
pub(crate) fn name(names: &'static [(i32, &'static str)], number: i32, kind: &str) -> Text<'static> {
    known_name(names, number).map_or_else(|| format!("{kind}_{number}").into(), Text::from)
}

/// The name of an enum's value, if it is known.
pub(crate) fn known_name(names: &'static [(i32, &'static str)], number: i32) -> Option<&'static str> {
    // The values of each enum are dense but for a few.
    let guess = usize::try_from(number).ok().and_then(|index| names.get(index));
    guess
        .filter(|(value, _)| *value == number)
        .or_else(|| names.iter().find(|(value, _)| *value == number))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<(u32, Value<'_>)>> {
        Fields::of(bytes).collect()
    }

    #[test]
    fn each_wire_type_is_read() {
        let bytes = [
            0x08, 0x96, 0x01, // 1: varint 150
            0x12, 0x02, b'h', b'i', // 2: bytes
            0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, // 3: double 1.0
            0x25, 1, 0, 0, 0, // 4: fixed32
            0x82, 0x7d, 0x80, 0x80, 0x80, 0x80, 0x00, // 2000: bytes with a padded length
        ];
        assert_eq!(
            all(&bytes).unwrap(),
            [
                (1, Value::Varint(150)),
                (2, Value::Bytes(b"hi")),
                (3, Value::Fixed64(1.0_f64.to_bits())),
                (4, Value::Fixed32(1)),
                (2000, Value::Bytes(b"")),
            ]
        );
    }

    #[test]
    fn what_is_no_message_is_an_error_and_then_the_end() {
        for (bytes, error) in [
            (&[0x08][..], WireError::Truncated),
            (&[0x12, 3, b'x'], WireError::Truncated),
            (&[0x19, 1], WireError::Truncated),
            (&[0xff; 12], WireError::LongNumber),
            (&[0xff; 3], WireError::Truncated),
            (&[0x0b], WireError::UnknownType(3)),
            (&[0x0f], WireError::UnknownType(7)),
        ] {
            let mut fields = Fields::of(bytes);
            assert_eq!(fields.next(), Some(Err(error)), "{bytes:x?}");
            assert_eq!(fields.next(), None);
        }
        assert_eq!(Value::Varint(1).bytes(), Err(WireError::WrongType));
    }

    #[test]
    fn names_are_found_and_unknown_numbers_told() {
        let states = numbers::mesos::task_state::NAMES;
        assert_eq!(name(states, 1, "TASK"), "TASK_RUNNING");
        assert_eq!(name(states, 13, "TASK"), "TASK_UNKNOWN");
        assert_eq!(name(states, 99, "TASK"), "TASK_99");
        assert_eq!(name(states, -1, "TASK"), "TASK_-1");
    }

    proptest::proptest! {
        #[test]
        fn a_short_field_is_read_the_same_at_once(
            tag in 0_u8..=0x92, length in 0_u8..=0x82, rest in proptest::collection::vec(proptest::num::u8::ANY, 0..140)
        ) {
            let bytes = [&[tag, length], &rest[..]].concat();
            let (mut once, mut again) = (Fields::of(&bytes), Fields::of(&bytes));
            proptest::prop_assert_eq!(once.field(), again.any_field());
            if again.clone().next().is_some() {
                proptest::prop_assert_eq!(once.rest, again.rest);
            }
        }

        #[test]
        fn text_is_as_std_reads_it(bytes: Vec<u8>, ascii in "[ -~]{0,40}", other in "\\PC{0,40}") {
            for bytes in [&bytes, ascii.as_bytes(), other.as_bytes()] {
                proptest::prop_assert_eq!(text(bytes), String::from_utf8_lossy(bytes));
            }
        }
    }
}
