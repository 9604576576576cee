//! Protobuf's wire format, by hand: what Mesos hands over, without its generated code.

/// A field that is a varint.
#[must_use]
pub fn number(field: u32, value: u64) -> Vec<u8> {
    let mut wire = varint(u64::from(field) << 3);
    wire.extend(varint(value));
    wire
}

/// A field that is a double.
#[must_use]
pub fn double(field: u32, value: f64) -> Vec<u8> {
    let mut wire = varint(u64::from(field) << 3 | 1);
    wire.extend(value.to_le_bytes());
    wire
}

/// A field that is text, or any bytes.
#[must_use]
pub fn bytes(field: u32, value: impl AsRef<[u8]>) -> Vec<u8> {
    let value = value.as_ref();
    let mut wire = varint(u64::from(field) << 3 | 2);
    wire.extend(varint(value.len() as u64));
    wire.extend(value);
    wire
}

/// A field that is a message of these fields.
#[must_use]
pub fn message(field: u32, fields: &[Vec<u8>]) -> Vec<u8> {
    bytes(field, fields.concat())
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut wire = Vec::new();
    while value >= 0x80 {
        wire.push(value as u8 | 0x80);
        value >>= 7;
    }
    wire.push(value as u8);
    wire
}
