//! One HTTP/1.1 connection from a function, as much of it as Runtime API clients use.

use std::io::{IoSlice, Read as _, Write as _};
use std::net::TcpStream;

/// What a client asked.
pub struct Asked {
    pub get: bool,
    pub path: String,
    pub body: Vec<u8>,
}

pub struct Connection {
    pub stream: TcpStream,
    buffer: Vec<u8>,
    /// How much of the buffer has come.
    len: usize,
}

impl Connection {
    pub fn new(stream: TcpStream) -> Connection {
        // Small answers must not wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        Connection { stream, buffer: vec![0; 1 << 20], len: 0 }
    }

    /// Reads once; to be called when something is there. `false` when the other side has closed.
    pub fn read(&mut self) -> Result<bool, String> {
        if self.len == self.buffer.len() {
            self.buffer.resize(self.len * 2, 0);
        }
        match self.stream.read(&mut self.buffer[self.len..]) {
            Ok(read) => {
                self.len += read;
                Ok(read > 0)
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The next request that has come whole.
    pub fn request(&mut self) -> Result<Option<Asked>, String> {
        let received = &self.buffer[..self.len];
        let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let (head, rest) = received.split_at(end + 4);
        let head = std::str::from_utf8(head).map_err(|error| error.to_string())?;
        let mut lines = head.lines();
        let mut start = lines.next().unwrap_or_default().split(' ');
        let (method, path) = (start.next().unwrap_or_default(), start.next().unwrap_or_default());
        let mut length = 0;
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(|_| format!("content-length {value}"))?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err("a chunked body; no bootstrap here streams".to_owned());
            }
        }
        if rest.len() < length {
            return Ok(None);
        }
        let asked = Asked { get: method == "GET", path: path.to_owned(), body: rest[..length].to_vec() };
        let used = end + 4 + length;
        self.buffer.copy_within(used..self.len, 0);
        self.len -= used;
        Ok(Some(asked))
    }

    /// Writes head and body without putting them together.
    pub fn write(&mut self, head: &[u8], body: &[u8]) -> Result<(), String> {
        let mut parts = [IoSlice::new(head), IoSlice::new(body)];
        let mut parts = &mut parts[..];
        while !parts.is_empty() {
            let written = self.stream.write_vectored(parts).map_err(|error| error.to_string())?;
            IoSlice::advance_slices(&mut parts, written);
        }
        Ok(())
    }
}
