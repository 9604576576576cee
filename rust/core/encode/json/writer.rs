//! serde's events as JSON, fast.
//!
//! serde_json is the right tool everywhere else. Here, on the worker, it takes four times as long: it looks for escapes
//! byte by byte and formats through layers that must serve every writer and style. This one serves types of ours only,
//! so what an event does not have (maps, bytes, tuples) it refuses.

use serde::ser::{self, Impossible, Serialize, SerializeSeq, SerializeStruct};

use super::escape;

/// Writes one value.
pub(super) struct Writer<'w> {
    into: &'w mut Vec<u8>,
}

impl<'w> Writer<'w> {
    pub(super) fn new(into: &'w mut Vec<u8>) -> Self {
        Self { into }
    }
}

/// The type is none that an event has.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unsupported(String);

impl ser::Error for Unsupported {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Result<T> = std::result::Result<T, Unsupported>;

fn refuse<T>(what: &str) -> Result<T> {
    Err(Unsupported(format!("no event has {what}")))
}

/// An object or an array that has been opened.
pub(super) struct Open<'w> {
    into: &'w mut Vec<u8>,
    first: bool,
    close: u8,
}

impl Open<'_> {
    fn comma(&mut self) {
        if !std::mem::replace(&mut self.first, false) {
            self.into.push(b',');
        }
    }

    fn end(self) -> Result<()> {
        self.into.push(self.close);
        Ok(())
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Unsupported;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        self.comma();
        // Names of fields are ours, and need no escape (a test looks).
        self.into.reserve(key.len() + 3);
        self.into.push(b'"');
        self.into.extend_from_slice(key.as_bytes());
        self.into.extend_from_slice(b"\":");
        value.serialize(Writer::new(self.into))
    }

    fn end(self) -> Result<()> {
        Open::end(self)
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.comma();
        value.serialize(Writer::new(self.into))
    }

    fn end(self) -> Result<()> {
        Open::end(self)
    }
}

macro_rules! integers {
    ($($method:ident: $kind:ty),*) => {$(
        #[inline]
        fn $method(self, value: $kind) -> Result<()> {
            self.into.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
            Ok(())
        }
    )*};
}

impl<'w> ser::Serializer for Writer<'w> {
    type Ok = ();
    type Error = Unsupported;
    type SerializeSeq = Open<'w>;
    type SerializeStruct = Open<'w>;
    type SerializeTuple = Impossible<(), Unsupported>;
    type SerializeTupleStruct = Impossible<(), Unsupported>;
    type SerializeTupleVariant = Impossible<(), Unsupported>;
    type SerializeMap = Impossible<(), Unsupported>;
    type SerializeStructVariant = Impossible<(), Unsupported>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    integers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.into.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        if value.is_finite() {
            self.into.extend_from_slice(ryu::Buffer::new().format_finite(value).as_bytes());
        } else {
            self.into.extend_from_slice(b"null");
        }
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<()> {
        escape::push(value, self.into);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<()> {
        refuse("bytes")
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.into.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<()> {
        refuse("enums with values")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'w>> {
        self.into.push(b'[');
        Ok(Open { into: self.into, first: true, close: b']' })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'w>> {
        self.into.push(b'{');
        Ok(Open { into: self.into, first: true, close: b'}' })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        refuse("tuples")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct> {
        refuse("tuples")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        refuse("enums with values")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap> {
        refuse("maps")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        refuse("enums with values")
    }
}
