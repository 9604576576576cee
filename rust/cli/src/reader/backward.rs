//! Where in a file the last lines begin, without reading all that comes before.

use std::{
    fs::File,
    io::{self, ErrorKind, Read, Take},
    os::unix::fs::FileExt,
};

use mesos_audit_core::format::{
    Format,
    frames::{Frames, ReadAt},
    json_of,
};

use super::MAX_LINE;

const CHUNK: u64 = 64 * 1024;

/// Where the last line that has an end ends, within the first `size` bytes.
///
/// # Errors
/// The file cannot be read.
pub fn end_of_last_line(file: &File, size: u64) -> io::Result<u64> {
    if is_frames(file)? {
        let (mut end, mut frames) = (0, frames(file, size));
        while let Some((at, piece, whole)) = frames.next_piece()? {
            if whole {
                end = at + piece.len() as u64;
            }
        }
        return Ok(end);
    }
    let mut chunk = Vec::new();
    let mut end = size;
    while end > 0 {
        let start = end.saturating_sub(CHUNK);
        read_range(file, start, end, &mut chunk)?;
        if let Some(at) = memchr::memrchr(b'\n', &chunk) {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Where the last `count` lines that `counts` begin, within the first `size` bytes; 0 where there are fewer.
/// A last line without newline is a line. Lines longer than [`MAX_LINE`] do not count.
///
/// # Errors
/// The file cannot be read.
pub fn start_of_last(
    file: &File,
    size: u64,
    count: u64,
    mut counts: impl FnMut(&[u8]) -> bool,
) -> io::Result<u64> {
    if count == 0 {
        return end_of_last_line(file, size);
    }
    if is_frames(file)? {
        return start_of_last_frames(file, size, count, counts);
    }
    let mut missing = count;
    // `tail` holds the line that ends at `end` as far as it was read, which is from `start` on.
    let (mut chunk, mut tail, mut too_long) = (Vec::new(), Vec::new(), false);
    let mut start = size;
    let mut at_end = true;
    while start > 0 {
        let end = start;
        start = start.saturating_sub(CHUNK);
        read_range(file, start, end, &mut chunk)?;
        let mut rest = chunk.as_slice();
        if std::mem::take(&mut at_end) && rest.last() == Some(&b'\n') {
            rest = &rest[..rest.len() - 1];
        }
        while let Some(at) = memchr::memrchr(b'\n', rest) {
            let counted = if tail.is_empty() {
                counts(&rest[at + 1..])
            } else {
                tail.splice(0..0, rest[at + 1..].iter().copied());
                !too_long && counts(&tail)
            };
            tail.clear();
            too_long = false;
            missing -= u64::from(counted);
            if missing == 0 {
                return Ok(start + at as u64 + 1);
            }
            rest = &rest[..at];
        }
        tail.splice(0..0, rest.iter().copied());
        if tail.len() > MAX_LINE {
            too_long = true;
            tail.truncate(1);
        }
    }
    Ok(0)
}

/// The same for frames. What a frame is depends on those before it, so their places are found from the front; but only as many as needed are read.
fn start_of_last_frames(
    file: &File,
    size: u64,
    count: u64,
    mut counts: impl FnMut(&[u8]) -> bool,
) -> io::Result<u64> {
    let (mut places, mut frames) = (Vec::new(), frames(file, size));
    while let Some((at, piece, _)) = frames.next_piece()? {
        places.push(at..at + piece.len() as u64);
    }
    let (mut frame, mut missing) = (Vec::new(), count);
    for place in places.into_iter().rev() {
        let start = place.start;
        read_range(file, start, place.end, &mut frame)?;
        missing -= u64::from(json_of(&frame).is_ok_and(|line| counts(&line)));
        if missing == 0 {
            return Ok(start);
        }
    }
    Ok(0)
}

fn frames(file: &File, size: u64) -> Frames<Take<ReadAt<'_>>> {
    Frames::new(ReadAt::new(file, 0).take(size), 0)
}

fn is_frames(file: &File) -> io::Result<bool> {
    let mut first = [0; 4];
    let count = file.read_at(&mut first, 0)?;
    Ok(Format::of(&first[..count]) == Some(Format::Flatbuffers))
}

/// How many lines end before `offset`: what must be added to a line's number where the reading began there.
///
/// # Errors
/// The file cannot be read.
pub fn lines_before(file: &File, offset: u64) -> io::Result<u64> {
    let (mut chunk, mut count, mut start) = (Vec::new(), 0, 0);
    if is_frames(file)? {
        let mut frames = frames(file, offset);
        while frames.next_piece()?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    while start < offset {
        let end = offset.min(start + CHUNK);
        read_range(file, start, end, &mut chunk)?;
        count += memchr::memchr_iter(b'\n', &chunk).count() as u64;
        start = end;
    }
    Ok(count)
}

fn read_range(file: &File, start: u64, end: u64, into: &mut Vec<u8>) -> io::Result<()> {
    into.resize(usize::try_from(end - start).expect("a chunk"), 0);
    match file.read_exact_at(into, start) {
        // Truncated in the meantime: what is gone has no lines.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            into.clear();
            Ok(())
        }
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn last(bytes: &[u8], count: u64, counts: impl FnMut(&[u8]) -> bool) -> u64 {
        start_of_last(&file(bytes), bytes.len() as u64, count, counts).unwrap()
    }

    #[test]
    fn the_last_lines_that_count() {
        assert_eq!(last(b"", 3, |_| true), 0);
        assert_eq!(last(b"a\nb\nc\n", 1, |_| true), 4);
        assert_eq!(last(b"a\nb\nc", 1, |_| true), 4);
        assert_eq!(last(b"a\nb\nc", 0, |_| true), 4);
        assert_eq!(last(b"a\nb\nc\n", 0, |_| true), 6);
        assert_eq!(last(b"a\nb\nc\n", 9, |_| true), 0);
        assert_eq!(last(b"x\na\nb\na\nb\nb\n", 2, |line| line == b"a"), 2);
    }

    #[test]
    fn lines_across_chunks_are_whole() {
        let long = "y".repeat(3 * CHUNK as usize + 17);
        let text = format!("first\n{long}\nlast\n");
        assert_eq!(last(text.as_bytes(), 1, |line| line == long.as_bytes()), 6);
        let longer = "y".repeat(MAX_LINE * 2);
        let text = format!("first\n{longer}\nlast\n");
        assert_eq!(last(text.as_bytes(), 2, |line| line.len() < 6), 0);
        assert_eq!(last(text.as_bytes(), 1, |line| line == b"last"), 7 + longer.len() as u64);
        assert_eq!(lines_before(&file(text.as_bytes()), text.len() as u64).unwrap(), 3);
    }

    proptest! {
        #[test]
        fn as_counted_from_the_front(text in "[ab\n]{0,40}", count in 0u64..6) {
            let whole = text.strip_suffix('\n').unwrap_or(&text);
            let starts: Vec<_> = whole
                .split('\n')
                .scan(0, |at, line| { let start = *at; *at += line.len() as u64 + 1; Some((start, line)) })
                .filter(|(_, line)| line.contains('a'))
                .map(|(start, _)| start)
                .collect();
            let expected = match count {
                0 => text.rfind('\n').map_or(0, |at| at as u64 + 1),
                _ => starts.len().checked_sub(count as usize).map_or(0, |index| starts[index]),
            };
            prop_assert_eq!(last(text.as_bytes(), count, |line| line.contains(&b'a')), expected);
        }
    }
}
