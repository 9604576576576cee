//! As much HTTP as a framework needs: a request, and an answer that goes on.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use mesos_testbed::Credential;

/// An answer whose body is still to come.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) stream_id: Option<String>,
    reader: BufReader<TcpStream>,
    /// What is left of the current chunk.
    chunk: usize,
}

/// POSTs a call to the scheduler API.
pub(super) fn post(
    port: u16,
    who: &Credential,
    stream_id: Option<&str>,
    body: &str,
) -> Result<Answer, String> {
    let wrong = |error: std::io::Error| format!("the scheduler API: {error}");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(wrong)?;
    stream.set_nodelay(true).map_err(wrong)?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).map_err(wrong)?;
    let login = BASE64_STANDARD.encode(format!("{}:{}", who.principal, who.secret));
    let id = stream_id.map(|id| format!("Mesos-Stream-Id: {id}\r\n")).unwrap_or_default();
    let request = format!(
        "POST /master/api/v1/scheduler HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Accept: application/json\r\nAuthorization: Basic {login}\r\n{id}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).map_err(wrong)?;

    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).map_err(wrong)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let mut stream_id = None;
    loop {
        line.clear();
        if reader.read_line(&mut line).map_err(wrong)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("Mesos-Stream-Id")
        {
            stream_id = Some(value.trim().to_owned());
        }
    }
    Ok(Answer { status: status.unwrap_or_default(), stream_id, reader, chunk: 0 })
}

impl Answer {
    /// The next RecordIO record of a chunked body: a length in decimal, a newline, that many bytes.
    pub(super) fn record(&mut self) -> Result<Vec<u8>, String> {
        let mut length = 0;
        loop {
            match self.byte()? {
                b'\n' => break,
                digit => length = length * 10 + usize::from(digit.wrapping_sub(b'0')),
            }
        }
        let mut record = vec![0; length];
        let mut filled = 0;
        while filled < length {
            self.next_chunk()?;
            let part = self.chunk.min(length - filled);
            self.reader.read_exact(&mut record[filled..filled + part]).map_err(|error| error.to_string())?;
            self.chunk -= part;
            filled += part;
        }
        Ok(record)
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.next_chunk()?;
        let mut byte = [0];
        self.reader.read_exact(&mut byte).map_err(|error| error.to_string())?;
        self.chunk -= 1;
        Ok(byte[0])
    }

    /// Reads the head of the next chunk when the last one is used up.
    fn next_chunk(&mut self) -> Result<(), String> {
        while self.chunk == 0 {
            let mut line = String::new();
            self.reader.read_line(&mut line).map_err(|error| error.to_string())?;
            // The line's end that closes the chunk before.
            if line == "\r\n" {
                continue;
            }
            self.chunk = usize::from_str_radix(line.trim(), 16).unwrap_or_default();
            if self.chunk == 0 {
                return Err("Mesos ended the framework's stream".to_owned());
            }
        }
        Ok(())
    }
}
