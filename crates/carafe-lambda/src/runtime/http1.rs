//! One HTTP/1.1 connection to the Runtime API, kept for the life of the process.
//!
//! The server is Lambda or an emulator; there is one request at a time, and all requests are ours. That is little enough of
//! HTTP to do without a client library, which would be half of a deployed program (`docs/performance.md`). Heads are parsed
//! by `httparse`; the end of a reply is found by [`framing`](super::framing).

#[cfg(test)]
mod tests;

use std::io;

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::framing::{self, Chunk, Framing, Head, malformed};

/// The most bytes of a reply's head; the Runtime API's have some 500.
const HEAD_LIMIT: usize = 64 * 1024;
/// The most bytes of a reply's body; Lambda's own limit is 6 MB, for larger response payloads 20.
const BODY_LIMIT: u64 = 64 << 20;
/// The room for head and body of a usual event, so that both are read at once.
const ROOM: usize = 8 * 1024;

/// A reply without its headers, which [`Connection::exchange`] hands to a callback.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Bytes,
}

#[derive(Debug)]
pub(super) struct Connection {
    /// `host:port`.
    address: String,
    stream: Option<TcpStream>,
    /// The bytes that came and are not consumed yet. It is empty between exchanges, and its room is used again.
    buffer: BytesMut,
    /// True if a byte of the reply has come.
    heard: bool,
}

impl Connection {
    /// Makes a connection that is opened when it is needed.
    pub(super) fn new(address: String) -> Connection {
        Connection { address, stream: None, buffer: BytesMut::new(), heard: false }
    }

    /// Returns the `host:port` it leads to.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request and reads the reply to its end, without a timeout: between invocations Lambda freezes the process in
    /// here. `header` is called with each header of the reply.
    ///
    /// A connection that was used before may have been closed meanwhile. If it fails before a byte of the reply has come, the
    /// request is sent once more over a new one. A connection on which unrequested bytes have come is not used again.
    ///
    /// # Errors
    /// The address does not answer, the connection breaks, or the reply is not HTTP.
    pub(super) async fn exchange(
        &mut self,
        head: Bytes,
        body: Bytes,
        header: &mut (dyn FnMut(&str, &[u8]) + Send),
    ) -> io::Result<Reply> {
        if let Some(stream) = self.stream.take().filter(is_quiet) {
            match self.try_exchange(stream, head.clone(), body.clone(), header).await {
                Err(_) if !self.heard => {}
                outcome => return outcome,
            }
        }
        let stream = TcpStream::connect(&self.address).await?;
        // A request is written at once, so Nagle's algorithm could only delay it.
        stream.set_nodelay(true)?;
        self.try_exchange(stream, head, body, header).await
    }

    /// Closes the connection; the next exchange opens another.
    pub(super) fn close(&mut self) {
        self.stream = None;
    }

    async fn try_exchange(
        &mut self,
        mut stream: TcpStream,
        head: Bytes,
        body: Bytes,
        header: &mut (dyn FnMut(&str, &[u8]) + Send),
    ) -> io::Result<Reply> {
        self.buffer.clear();
        self.heard = false;
        stream.write_all_buf(&mut head.chain(body)).await?;
        let head = self.head(&mut stream, header).await?;
        let body = self.body(&mut stream, &head).await?;
        // Bytes after a reply belong to no request.
        if head.keep && self.buffer.is_empty() {
            self.stream = Some(stream);
        }
        Ok(Reply { status: head.status, body })
    }

    /// Reads the head of the final reply; interim replies (1xx, RFC 9110 §15.2) are skipped.
    async fn head(
        &mut self,
        stream: &mut TcpStream,
        header: &mut (dyn FnMut(&str, &[u8]) + Send),
    ) -> io::Result<Head> {
        loop {
            match framing::head(&self.buffer, header)? {
                Some((length, head)) => {
                    self.buffer.advance(length);
                    if head.status >= 200 {
                        return Ok(head);
                    }
                }
                None if self.buffer.len() > HEAD_LIMIT => return Err(malformed("its head does not end")),
                None => self.more(stream, ROOM).await?,
            }
        }
    }

    async fn body(&mut self, stream: &mut TcpStream, head: &Head) -> io::Result<Bytes> {
        match head.framing {
            Framing::Length(length) if length > BODY_LIMIT => Err(malformed("its body is too long")),
            Framing::Length(length) => {
                // It is under the limit, which any `usize` holds.
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                self.at_least(stream, length).await?;
                // A large one takes the whole buffer, so that it is its only owner and can be decoded in place.
                if length > ROOM && self.buffer.len() == length {
                    return Ok(std::mem::take(&mut self.buffer).freeze());
                }
                Ok(self.buffer.split_to(length).freeze())
            }
            Framing::Chunked => self.chunks(stream).await,
            Framing::UntilClosed => {
                while self.read(stream, ROOM).await? > 0 {
                    if self.buffer.len() as u64 > BODY_LIMIT {
                        return Err(malformed("its body is too long"));
                    }
                }
                Ok(self.buffer.split().freeze())
            }
        }
    }

    /// Reads a body in chunks (RFC 9112 §7.1), as Lambda's emulator sends larger events.
    async fn chunks(&mut self, stream: &mut TcpStream) -> io::Result<Bytes> {
        let mut body = BytesMut::new();
        loop {
            match framing::chunk(&self.buffer)? {
                None if self.buffer.len() > HEAD_LIMIT => return Err(malformed("its chunk has no end")),
                None => self.more(stream, ROOM).await?,
                Some(Chunk::Last(length)) => {
                    self.buffer.advance(length);
                    return Ok(body.freeze());
                }
                Some(Chunk::Data { start, length }) => {
                    if length.saturating_add(body.len() as u64) > BODY_LIMIT {
                        return Err(malformed("its body is too long"));
                    }
                    let length = usize::try_from(length).unwrap_or(usize::MAX);
                    self.buffer.advance(start);
                    self.at_least(stream, length + 2).await?;
                    body.extend_from_slice(&self.buffer.split_to(length));
                    if !self.buffer.starts_with(b"\r\n") {
                        return Err(malformed("a chunk is longer than it says"));
                    }
                    self.buffer.advance(2);
                }
            }
        }
    }

    /// Reads until the buffer has so many bytes.
    async fn at_least(&mut self, stream: &mut TcpStream, length: usize) -> io::Result<()> {
        while self.buffer.len() < length {
            self.more(stream, length - self.buffer.len()).await?;
        }
        Ok(())
    }

    /// Reads at least one byte.
    ///
    /// # Errors
    /// The connection was closed.
    async fn more(&mut self, stream: &mut TcpStream, room: usize) -> io::Result<()> {
        if self.read(stream, room).await? > 0 {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed within a reply"))
    }

    async fn read(&mut self, stream: &mut TcpStream, room: usize) -> io::Result<usize> {
        self.buffer.reserve(room);
        let length = stream.read_buf(&mut self.buffer).await?;
        self.heard |= length > 0;
        Ok(length)
    }
}

/// Tells whether an idle connection is usable: open, and without unrequested bytes, which cannot be the reply to a request
/// that is not sent yet (RFC 9112 §9.2).
fn is_quiet(stream: &TcpStream) -> bool {
    matches!(stream.try_read(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}
