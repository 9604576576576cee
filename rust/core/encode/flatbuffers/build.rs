//! serde's events as FlatBuffers: what derives JSON derives this, so neither format can have what the other has not.

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use serde::ser::{self, Impossible, Serialize, SerializeSeq, SerializeStruct};

use crate::format::{Field, Kind, Table, escape};

/// Bytes of a time stamp in JSON, quotes included.
const TIME: usize = 29;

/// A buffer that is being built, from its end to its beginning: what an object points to comes before it.
pub(super) struct Build<'b> {
    pub(super) buffer: FlatBufferBuilder<'b>,
    /// Bytes that the JSON encoder would have written so far.
    pub(super) json: usize,
    /// Fields of the objects that have been opened.
    fields: Vec<(u16, Value)>,
    /// Elements of the lists that have been opened.
    elements: Vec<WIPOffset<()>>,
}

// The builder has no debug print.
impl std::fmt::Debug for Build<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Build").field("json", &self.json).finish_non_exhaustive()
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// A text, a list or an object.
    Offset(u32),
    Bool(bool),
    U16(u16),
    U32(u32),
    U64(u64),
    I32(i32),
    I64(i64),
    F64(f64),
}

impl<'b> Build<'b> {
    pub(super) fn new(buffer: FlatBufferBuilder<'b>) -> Self {
        Self { buffer, json: 0, fields: Vec::new(), elements: Vec::new() }
    }

    /// Forgets all but the memory.
    pub(super) fn reset(&mut self) {
        self.buffer.reset();
        self.json = 0;
        self.fields.clear();
        self.elements.clear();
    }
}

/// Writes one value of a kind. Gives none where there is nothing to write.
pub(super) struct Writer<'w, 'b> {
    pub(super) to: &'w mut Build<'b>,
    pub(super) kind: Kind,
}

/// The type is not what the schema has in its place, or none that an event has.
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
    Err(Unsupported(format!("the schema has no {what} here")))
}

/// An object that has been opened.
pub(super) struct Object<'w, 'b> {
    to: &'w mut Build<'b>,
    fields: &'static [Field],
    /// Where its fields begin.
    start: usize,
    /// Where the next field is looked for: they come in the order of the table, with some left out.
    next: usize,
}

impl Object<'_, '_> {
    fn field(&mut self, key: &str) -> Option<&'static Field> {
        let fields = self.fields;
        let ahead = fields[self.next..].iter().position(|field| field.name == key);
        let at =
            ahead.map(|at| self.next + at).or_else(|| fields.iter().position(|field| field.name == key))?;
        self.next = at + 1;
        Some(&fields[at])
    }
}

impl SerializeStruct for Object<'_, '_> {
    type Ok = Option<Value>;
    type Error = Unsupported;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        // Every field has one: `no_drift_between_types_and_schema`.
        let Some(field) = self.field(key) else { return refuse(key) };
        let comma = usize::from(self.to.fields.len() > self.start);
        self.to.json += key.len() + 3 + comma;
        if let Some(value) = value.serialize(Writer { to: self.to, kind: field.kind })? {
            self.to.fields.push((field.place(), value));
        }
        Ok(())
    }

    fn end(self) -> Result<Option<Value>> {
        let Build { buffer, fields, .. } = self.to;
        let table = buffer.start_table();
        for (place, value) in fields.drain(self.start..) {
            match value {
                Value::Offset(at) => buffer.push_slot_always(place, WIPOffset::<()>::new(at)),
                Value::Bool(value) => buffer.push_slot_always(place, value),
                Value::U16(value) => buffer.push_slot_always(place, value),
                Value::U32(value) => buffer.push_slot_always(place, value),
                Value::U64(value) => buffer.push_slot_always(place, value),
                Value::I32(value) => buffer.push_slot_always(place, value),
                Value::I64(value) => buffer.push_slot_always(place, value),
                Value::F64(value) => buffer.push_slot_always(place, value),
            }
        }
        Ok(Some(Value::Offset(buffer.end_table(table).value())))
    }
}

/// A list that has been opened.
pub(super) struct List<'w, 'b> {
    to: &'w mut Build<'b>,
    kind: Kind,
    start: usize,
}

impl SerializeSeq for List<'_, '_> {
    type Ok = Option<Value>;
    type Error = Unsupported;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.to.json += usize::from(self.to.elements.len() > self.start);
        match value.serialize(Writer { to: self.to, kind: self.kind })? {
            Some(Value::Offset(at)) => self.to.elements.push(WIPOffset::new(at)),
            _ => return refuse("such element"),
        }
        Ok(())
    }

    fn end(self) -> Result<Option<Value>> {
        let at = self.to.buffer.create_vector(&self.to.elements[self.start..]);
        self.to.elements.truncate(self.start);
        Ok(Some(Value::Offset(at.value())))
    }
}

macro_rules! integers {
    ($($method:ident: $kind:ty),*) => {$(
        fn $method(self, value: $kind) -> Result<Option<Value>> {
            self.integer(value, value.into())
        }
    )*};
}

impl<'w, 'b> Writer<'w, 'b> {
    fn integer(self, value: impl itoa::Integer, wide: i128) -> Result<Option<Value>> {
        let narrow = match self.kind {
            Kind::Time => {
                self.to.json += TIME;
                return Ok(i64::try_from(wide).ok().map(Value::I64));
            }
            Kind::U16 => u16::try_from(wide).ok().map(Value::U16),
            Kind::U32 => u32::try_from(wide).ok().map(Value::U32),
            Kind::U64 => u64::try_from(wide).ok().map(Value::U64),
            Kind::I32 => i32::try_from(wide).ok().map(Value::I32),
            Kind::I64 => i64::try_from(wide).ok().map(Value::I64),
            _ => None,
        };
        self.to.json += itoa::Buffer::new().format(value).len();
        if narrow.is_some() { Ok(narrow) } else { refuse("integer") }
    }

    fn object(self, table: &'static Table) -> Object<'w, 'b> {
        // Its braces.
        self.to.json += 2;
        let start = self.to.fields.len();
        Object { to: self.to, fields: table.fields, start, next: 0 }
    }
}

impl<'w, 'b> ser::Serializer for Writer<'w, 'b> {
    type Ok = Option<Value>;
    type Error = Unsupported;
    type SerializeSeq = List<'w, 'b>;
    type SerializeStruct = Object<'w, 'b>;
    type SerializeTuple = Impossible<Option<Value>, Unsupported>;
    type SerializeTupleStruct = Impossible<Option<Value>, Unsupported>;
    type SerializeTupleVariant = Impossible<Option<Value>, Unsupported>;
    type SerializeMap = Impossible<Option<Value>, Unsupported>;
    type SerializeStructVariant = Impossible<Option<Value>, Unsupported>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    integers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    /// Whether a time stamp is a text here.
    fn is_human_readable(&self) -> bool {
        !matches!(self.kind, Kind::Time)
    }

    fn serialize_bool(self, value: bool) -> Result<Option<Value>> {
        self.to.json += if value { 4 } else { 5 };
        match self.kind {
            Kind::Bool => Ok(Some(Value::Bool(value))),
            _ => refuse("boolean"),
        }
    }

    fn serialize_f32(self, value: f32) -> Result<Option<Value>> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Option<Value>> {
        self.to.json += if value.is_finite() { ryu::Buffer::new().format_finite(value).len() } else { 4 };
        match self.kind {
            Kind::F64 => Ok(Some(Value::F64(value))),
            _ => refuse("number"),
        }
    }

    fn serialize_char(self, value: char) -> Result<Option<Value>> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Option<Value>> {
        self.to.json += escape::length(value);
        match self.kind {
            Kind::Text => Ok(Some(Value::Offset(self.to.buffer.create_string(value).value()))),
            _ => refuse("text"),
        }
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Option<Value>> {
        refuse("bytes")
    }

    fn serialize_none(self) -> Result<Option<Value>> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Option<Value>> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Option<Value>> {
        // JSON's `null`; what is absent is not even asked for.
        self.to.json += 4;
        Ok(None)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Option<Value>> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Option<Value>> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Option<Value>> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Option<Value>> {
        refuse("enum with values")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'w, 'b>> {
        let kind = match self.kind {
            Kind::Texts => Kind::Text,
            Kind::Tables(table) => Kind::Table(table),
            _ => return refuse("list"),
        };
        // Its brackets.
        self.to.json += 2;
        let start = self.to.elements.len();
        Ok(List { to: self.to, kind, start })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'w, 'b>> {
        match self.kind {
            Kind::Table(table) => Ok(self.object(table)),
            _ => refuse("object"),
        }
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        refuse("tuple")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct> {
        refuse("tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        refuse("enum with values")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap> {
        refuse("map")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        refuse("enum with values")
    }
}
