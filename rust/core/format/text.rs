//! A frame as the JSON text that the JSON encoder would have made of the same event.
//!
//! By slots and not by types, and verified by the same walk: so everything that reads lines reads frames. A field that
//! this program's schema does not have is not shown.

use std::ops::Range;

use flatbuffers::{ForwardsUOffset, InvalidFlatbuffer, Verifiable, Verifier, VerifierOptions};

use super::{Field, IDENTIFIER, Kind, MAX_FRAME_BYTES, ROOT, Table, escape, frames};
use crate::clock::Timestamp;

/// An event has some 25 objects, 5 levels deep. What says more in so few bytes points to the same bytes again and again.
const OPTIONS: VerifierOptions = VerifierOptions {
    max_depth: 16,
    max_tables: 16 * 1024,
    max_apparent_size: 1 << 20,
    ignore_missing_null_terminator: false,
};

/// Why a frame is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// Its length is not that of the bytes.
    #[error("the frame's length is not right")]
    Length,
    /// It lacks the file identifier.
    #[error("no frame of mesos-audit (torn, or damaged)")]
    Identifier,
    /// FlatBuffers' verifier refuses it; the place is a byte of the frame.
    #[error("damaged frame: {0}")]
    Damaged(String),
}

impl From<InvalidFlatbuffer> for BadFrame {
    fn from(error: InvalidFlatbuffer) -> Self {
        // One line; its trace is several.
        Self::Damaged(error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// Appends the event of one frame, length included, as a JSON object without newline.
///
/// # Errors
/// The frame is torn, damaged or none; `into` is as it was.
pub fn to_json(frame: &[u8], into: &mut Vec<u8>) -> Result<(), BadFrame> {
    let start = into.len();
    walk(frame, into).inspect_err(|_| into.truncate(start))
}

fn walk(frame: &[u8], into: &mut Vec<u8>) -> Result<(), BadFrame> {
    let (mut verifier, root) = open(frame)?;
    object(&mut verifier, frame, root, ROOT, into)?;
    Ok(())
}

fn open(frame: &[u8]) -> Result<(Verifier<'static, '_>, usize), BadFrame> {
    if frame.len() > MAX_FRAME_BYTES || frames::length(frame) != Some(frame.len()) {
        return Err(BadFrame::Length);
    }
    if frame.get(8..12) != Some(IDENTIFIER.as_bytes()) {
        return Err(BadFrame::Identifier);
    }
    let mut verifier = Verifier::new(&OPTIONS, frame);
    let root = follow(&mut verifier, frames::PREFIX)?;
    Ok((verifier, root))
}

/// Where the offset at `at` leads.
fn follow(verifier: &mut Verifier<'_, '_>, at: usize) -> Result<usize, InvalidFlatbuffer> {
    Ok(at.saturating_add(verifier.get_uoffset(at)? as usize))
}

fn object(
    verifier: &mut Verifier<'_, '_>,
    frame: &[u8],
    at: usize,
    table: &'static Table,
    into: &mut Vec<u8>,
) -> Result<(), InvalidFlatbuffer> {
    let mut open = verifier.visit_table(at)?;
    let mut mark = b'{';
    for field in table.fields {
        let Some(at) = open.deref(field.place())? else { continue };
        into.push(mark);
        mark = b',';
        into.push(b'"');
        into.extend_from_slice(field.name.as_bytes());
        into.extend_from_slice(b"\":");
        value(open.verifier(), frame, at, field, into)?;
    }
    open.finish();
    if mark == b'{' {
        into.push(mark);
    }
    into.push(b'}');
    Ok(())
}

fn value(
    verifier: &mut Verifier<'_, '_>,
    frame: &[u8],
    at: usize,
    field: &'static Field,
    into: &mut Vec<u8>,
) -> Result<(), InvalidFlatbuffer> {
    match field.kind {
        Kind::Time => {
            let time = Timestamp::from_micros(i64::from_le_bytes(number(verifier, frame, at)?));
            into.extend_from_slice(format_args!("\"{time}\"").to_string().as_bytes());
        }
        Kind::Text => text(verifier, frame, at, into)?,
        Kind::Table(table) => {
            let at = follow(verifier, at)?;
            object(verifier, frame, at, table, into)?;
        }
        Kind::Texts => list(verifier, frame, at, into, |verifier, at, into| text(verifier, frame, at, into))?,
        Kind::Tables(table) => list(verifier, frame, at, into, |verifier, at, into| {
            let at = follow(verifier, at)?;
            object(verifier, frame, at, table, into)
        })?,
        Kind::U16 => integer(u16::from_le_bytes(number(verifier, frame, at)?), into),
        Kind::U32 => integer(u32::from_le_bytes(number(verifier, frame, at)?), into),
        Kind::U64 => integer(u64::from_le_bytes(number(verifier, frame, at)?), into),
        Kind::I32 => integer(i32::from_le_bytes(number(verifier, frame, at)?), into),
        Kind::I64 => integer(i64::from_le_bytes(number(verifier, frame, at)?), into),
        Kind::F64 => {
            let value = f64::from_le_bytes(number(verifier, frame, at)?);
            if value.is_finite() {
                into.extend_from_slice(ryu::Buffer::new().format_finite(value).as_bytes());
            } else {
                into.extend_from_slice(b"null");
            }
        }
        Kind::Bool => {
            let [byte] = number(verifier, frame, at)?;
            into.extend_from_slice(if byte == 0 { b"false" } else { b"true" });
        }
    }
    Ok(())
}

fn integer(value: impl itoa::Integer, into: &mut Vec<u8>) {
    into.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// The bytes of a number; they were promised to be there by nobody but the frame.
fn number<const N: usize>(
    verifier: &mut Verifier<'_, '_>,
    frame: &[u8],
    at: usize,
) -> Result<[u8; N], InvalidFlatbuffer> {
    verifier.range_in_buffer(at, N)?;
    let bytes = frame.get(at..).and_then(<[u8]>::first_chunk);
    Ok(bytes.copied().unwrap_or([0; N]))
}

/// The range of the text whose offset is at `at`.
fn text_range(verifier: &mut Verifier<'_, '_>, at: usize) -> Result<Range<usize>, InvalidFlatbuffer> {
    <ForwardsUOffset<&str>>::run_verifier(verifier, at)?;
    let start = follow(verifier, at)?;
    let length = verifier.get_uoffset(start)? as usize;
    Ok(start + 4..start + 4 + length)
}

fn text(
    verifier: &mut Verifier<'_, '_>,
    frame: &[u8],
    at: usize,
    into: &mut Vec<u8>,
) -> Result<(), InvalidFlatbuffer> {
    let range = text_range(verifier, at)?;
    let text = frame.get(range).and_then(|bytes| str::from_utf8(bytes).ok());
    escape::push(text.unwrap_or_default(), into);
    Ok(())
}

fn list<'v>(
    verifier: &mut Verifier<'v, '_>,
    _frame: &[u8],
    at: usize,
    into: &mut Vec<u8>,
    mut each: impl FnMut(&mut Verifier<'v, '_>, usize, &mut Vec<u8>) -> Result<(), InvalidFlatbuffer>,
) -> Result<(), InvalidFlatbuffer> {
    let start = follow(verifier, at)?;
    let length = verifier.get_uoffset(start)? as usize;
    verifier.range_in_buffer(start + 4, length.saturating_mul(4))?;
    into.push(b'[');
    for index in 0..length {
        if index > 0 {
            into.push(b',');
        }
        each(verifier, start + 4 + 4 * index, into)?;
    }
    into.push(b']');
    Ok(())
}

/// Where the bytes of the text at this path are.
pub(super) fn find(frame: &[u8], path: &[&str]) -> Option<Range<usize>> {
    let (mut verifier, mut at) = open(frame).ok()?;
    let mut table = ROOT;
    for name in path {
        let field = table.fields.iter().find(|field| field.name == *name)?;
        let place = verifier.visit_table(at).ok()?.deref(field.place()).ok()??;
        match field.kind {
            Kind::Table(inner) => {
                table = inner;
                at = follow(&mut verifier, place).ok()?;
            }
            Kind::Text => return text_range(&mut verifier, place).ok(),
            _ => return None,
        }
    }
    None
}
