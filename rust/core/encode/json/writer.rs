//! serde's events as JSON, fast.
//!
//! serde_json is the right tool everywhere else. Here, on the worker, it takes many times as long: it looks for escapes
//! byte by byte and formats through layers that must serve every writer and style. This one serves types of ours only,
//! so what an event does not have (maps, bytes, tuples) it refuses.
//!
//! What is written goes into a piece of memory of known size, and what is passed on is the room that is left of it: a
//! pointer and a length in two registers. A buffer that can grow costs three loads and two stores more for each comma.

use std::cell::Cell;

use serde::ser::{self, Impossible, Serialize, SerializeSeq, SerializeStruct};

use super::{escape, float};
use crate::event::Limits;

/// Writes one value.
pub(super) struct Writer<'r, 's> {
    pub(super) room: &'r mut [u8],
    pub(super) seen: &'s Seen,
}

impl<'r> Writer<'r, '_> {
    #[inline]
    fn put(self, bytes: &[u8]) -> Result<&'r mut [u8]> {
        escape::put(bytes, self.room).ok_or(Stop)
    }
}

/// Whether a text or a list was written that may have to be cut, or a type that cannot be written.
#[derive(Debug, Default)]
pub(super) struct Seen {
    longest: Cell<usize>,
    refused: Cell<bool>,
}

impl Seen {
    /// Lengths are put together bit by bit: what comes out is at least the longest, and never reaches a power of two
    /// that none has reached.
    #[inline]
    fn text(&self, length: usize) {
        self.longest.set(self.longest.get() | length);
    }

    #[inline]
    fn list(&self, length: Option<usize>) {
        if length.is_none_or(|length| length > Limits::STEPS[0].list) {
            self.longest.set(usize::MAX);
        }
    }

    #[cold]
    fn refuse<T>(&self) -> Result<T> {
        self.refused.set(true);
        Err(Stop)
    }

    pub(super) fn is_refused(&self) -> bool {
        self.refused.get()
    }

    /// Never false where the first limit has anything to cut.
    pub(super) fn is_long(&self) -> bool {
        const { assert!(Limits::STEPS[0].text.is_power_of_two()) };
        self.longest.get() >= Limits::STEPS[0].text
    }
}

/// There is too little room, or the type is none that an event has.
#[derive(Debug, thiserror::Error)]
#[error("no room, or no type of an event's")]
pub(super) struct Stop;

impl ser::Error for Stop {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

pub(super) type Result<T> = std::result::Result<T, Stop>;

/// An object that has been opened.
pub(super) struct Object<'r, 's> {
    room: &'r mut [u8],
    seen: &'s Seen,
    /// What goes before the next key.
    before: u8,
}

impl<'r, 's> Object<'r, 's> {
    #[inline]
    pub(super) fn open(room: &'r mut [u8], seen: &'s Seen) -> Self {
        Self { room, seen, before: b'{' }
    }

    /// Inlined, the key is a constant, and all of this a few stores.
    #[inline(always)]
    pub(super) fn key(&mut self, key: &'static str) -> Result<()> {
        let room = std::mem::take(&mut self.room);
        let (place, rest) = room.split_at_mut_checked(key.len() + 4).ok_or(Stop)?;
        place[0] = std::mem::replace(&mut self.before, b',');
        place[1] = b'"';
        // Names of fields are ours, and need no escape (a test looks).
        place[2..key.len() + 2].copy_from_slice(key.as_bytes());
        place[key.len() + 2] = b'"';
        place[key.len() + 3] = b':';
        self.room = rest;
        Ok(())
    }

    #[inline(always)]
    pub(super) fn with_room(
        &mut self,
        write: impl FnOnce(&'r mut [u8]) -> Result<&'r mut [u8]>,
    ) -> Result<()> {
        self.room = write(std::mem::take(&mut self.room))?;
        Ok(())
    }
}

impl<'r> SerializeStruct for Object<'r, '_> {
    type Ok = &'r mut [u8];
    type Error = Stop;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        self.key(key)?;
        let room = std::mem::take(&mut self.room);
        self.room = value.serialize(Writer { room, seen: self.seen })?;
        Ok(())
    }

    #[inline]
    fn end(self) -> Result<&'r mut [u8]> {
        let bytes: &[u8] = if self.before == b'{' { b"{}" } else { b"}" };
        escape::put(bytes, self.room).ok_or(Stop)
    }
}

/// An array that has been opened.
pub(super) struct Array<'r, 's> {
    room: &'r mut [u8],
    seen: &'s Seen,
    before: u8,
}

impl<'r> SerializeSeq for Array<'r, '_> {
    type Ok = &'r mut [u8];
    type Error = Stop;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let before = [std::mem::replace(&mut self.before, b',')];
        let room = escape::put(&before, std::mem::take(&mut self.room)).ok_or(Stop)?;
        self.room = value.serialize(Writer { room, seen: self.seen })?;
        Ok(())
    }

    fn end(self) -> Result<&'r mut [u8]> {
        let bytes: &[u8] = if self.before == b'[' { b"[]" } else { b"]" };
        escape::put(bytes, self.room).ok_or(Stop)
    }
}

macro_rules! integers {
    ($($method:ident: $kind:ty),*) => {$(
        #[inline]
        fn $method(self, value: $kind) -> Result<&'r mut [u8]> {
            self.put(itoa::Buffer::new().format(value).as_bytes())
        }
    )*};
}

impl<'r, 's> ser::Serializer for Writer<'r, 's> {
    type Ok = &'r mut [u8];
    type Error = Stop;
    type SerializeSeq = Array<'r, 's>;
    type SerializeStruct = Object<'r, 's>;
    type SerializeTuple = Impossible<&'r mut [u8], Stop>;
    type SerializeTupleStruct = Impossible<&'r mut [u8], Stop>;
    type SerializeTupleVariant = Impossible<&'r mut [u8], Stop>;
    type SerializeMap = Impossible<&'r mut [u8], Stop>;
    type SerializeStructVariant = Impossible<&'r mut [u8], Stop>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    integers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn serialize_bool(self, value: bool) -> Result<&'r mut [u8]> {
        self.put(if value { b"true" } else { b"false" })
    }

    fn serialize_f32(self, value: f32) -> Result<&'r mut [u8]> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<&'r mut [u8]> {
        float::write(value, self.room).ok_or(Stop)
    }

    fn serialize_char(self, value: char) -> Result<&'r mut [u8]> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<&'r mut [u8]> {
        self.seen.text(value.len());
        escape::write(value, self.room).ok_or(Stop)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<&'r mut [u8]> {
        self.seen.refuse()
    }

    fn serialize_none(self) -> Result<&'r mut [u8]> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<&'r mut [u8]> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<&'r mut [u8]> {
        self.put(b"null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<&'r mut [u8]> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<&'r mut [u8]> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<&'r mut [u8]> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<&'r mut [u8]> {
        self.seen.refuse()
    }

    #[inline]
    fn serialize_seq(self, length: Option<usize>) -> Result<Array<'r, 's>> {
        self.seen.list(length);
        Ok(Array { room: self.room, seen: self.seen, before: b'[' })
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'r, 's>> {
        Ok(Object::open(self.room, self.seen))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        self.seen.refuse()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct> {
        self.seen.refuse()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        self.seen.refuse()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap> {
        self.seen.refuse()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        self.seen.refuse()
    }
}
