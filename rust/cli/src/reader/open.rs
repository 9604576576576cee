//! Files, compressed or not.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file's bytes, decompressed where they are compressed: by what they are, not by what they are called.
pub(crate) fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut head = Vec::new();
    file.by_ref().take(GZIP.len() as u64).read_to_end(&mut head)?;
    let compressed = head == GZIP;
    // A pipe has a path too, and cannot go back.
    let whole = io::Cursor::new(head).chain(file);
    Ok(if compressed {
        Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, whole)))
    } else {
        Box::new(whole)
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write, os::fd::AsRawFd};

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn read(path: &Path) -> Vec<u8> {
        let mut bytes = Vec::new();
        open(path).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_is_compressed_is_told_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.gz");
        for plain in [&b""[..], b"\x1f", b"{}", b"{}\n{}\n"] {
            fs::write(&path, plain).unwrap();
            assert_eq!(read(&path), plain);
            // Of several members.
            fs::write(&path, [gzip(plain), gzip(b"more")].concat()).unwrap();
            assert_eq!(read(&path), [plain, b"more"].concat());
        }
        assert_eq!(open(folder.path()).err().unwrap().kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn a_pipe_is_read_from_its_beginning() {
        for sent in [b"{}\n".to_vec(), gzip(b"{}\n")] {
            let (reader, mut writer) = io::pipe().unwrap();
            writer.write_all(&sent).unwrap();
            drop(writer);
            let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
            assert_eq!(read(Path::new(&path)), b"{}\n");
        }
    }
}
