//! One HTTP/1.1 connection to the Runtime API, kept for the life of the process.
//!
//! The server is Lambda or an emulator; there is one request at a time, and all requests are ours. That is little enough of
//! HTTP to do without a client library, which would be half of a deployed program (`docs/performance.md`). Heads are parsed
//! by `httparse`; the end of a reply is found by [`framing`].

mod framing;
#[cfg(test)]
mod tests;

use std::future::{Future as _, poll_fn};
use std::io;
use std::pin::pin;
use std::task::Poll;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use framing::{Chunk, Framing, Head, malformed};

/// The most bytes of a reply's head; the Runtime API's have some 500.
const HEAD_LIMIT: usize = 64 * 1024;
/// The most bytes of a reply's body; Lambda's own limit is 6 MB, for larger response payloads 20.
const BODY_LIMIT: u64 = 64 << 20;
/// The room for head and body of a usual event, so that both are read at once.
const ROOM: usize = 8 * 1024;

/// A reply without its headers, which [`Connection::reply`] hands to a callback.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

#[derive(Debug)]
pub(crate) struct Connection {
    /// `host:port`.
    address: String,
    stream: Option<TcpStream>,
    /// The bytes that came and are not consumed yet. It is empty between exchanges, and its room is used again.
    buffer: BytesMut,
    /// True if the last request was sent to its end.
    whole: bool,
}

impl Connection {
    /// Makes a connection that is opened when it is needed.
    pub(crate) fn new(address: String) -> Connection {
        Connection { address, stream: None, buffer: BytesMut::new(), whole: true }
    }

    /// Returns the `host:port` it leads to.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request and reads the reply to its end.
    ///
    /// # Errors
    /// As for [`Connection::send`] and [`Connection::reply`].
    pub(crate) async fn exchange(&mut self, head: &[u8], body: &[u8]) -> io::Result<Reply> {
        let stream = self.send(head, body).await?;
        self.reply(stream, &mut |_, _| ()).await
    }

    /// Sends a request and waits until the reply begins, without a timeout: between invocations Lambda freezes the process in
    /// here.
    ///
    /// A connection that was used before may have been closed meanwhile. If it fails before a byte of the reply has come, the
    /// request is sent once more over a new one. A connection on which unrequested bytes have come is not used again.
    ///
    /// # Errors
    /// The address does not answer, or the connection breaks.
    pub(crate) async fn send(&mut self, head: &[u8], body: &[u8]) -> io::Result<TcpStream> {
        if let Some(mut stream) = self.stream.take().filter(is_quiet)
            && self.try_send(&mut stream, head, body).await.is_ok()
        {
            return Ok(stream);
        }
        let mut stream = TcpStream::connect(&self.address).await?;
        // A request is written at once, so Nagle's algorithm could only delay it.
        stream.set_nodelay(true)?;
        self.try_send(&mut stream, head, body).await?;
        Ok(stream)
    }

    /// Reads the reply that has begun to its end. `header` is called with each of its headers.
    ///
    /// # Errors
    /// The connection breaks, or the reply is not HTTP.
    pub(crate) async fn reply(
        &mut self,
        mut stream: TcpStream,
        header: &mut (dyn FnMut(&str, &[u8]) + Send),
    ) -> io::Result<Reply> {
        let head = self.head(&mut stream, header).await?;
        let body = match self.body(&mut stream, &head).await {
            Ok(body) => body,
            // Whoever does not read the request to its end closes the connection on it, and may cut off the reply.
            Err(_) if !self.whole => Bytes::new(),
            Err(error) => return Err(error),
        };
        // Bytes after a reply belong to no request.
        if head.keep && self.whole && self.buffer.is_empty() {
            self.stream = Some(stream);
        }
        Ok(Reply { status: head.status, body })
    }

    /// Closes the connection; the next exchange opens another.
    pub(crate) fn close(&mut self) {
        self.stream = None;
    }

    async fn try_send(&mut self, stream: &mut TcpStream, head: &[u8], body: &[u8]) -> io::Result<()> {
        self.buffer.clear();
        let outcome = self.write(stream, Buf::chain(head, body)).await;
        self.whole = matches!(outcome, Ok(true));
        if !self.buffer.is_empty() {
            return Ok(());
        }
        // A refusal may be there although the request could not be written to its end.
        self.more(stream, ROOM).await.map_err(|error| outcome.err().unwrap_or(error))
    }

    /// Writes a request, and listens meanwhile: where a refusal comes first, the rest is not sent (RFC 9112 §9.5). Returns
    /// whether all of it was sent.
    async fn write(&mut self, stream: &mut TcpStream, mut request: impl Buf) -> io::Result<bool> {
        while request.has_remaining() {
            self.buffer.reserve(ROOM);
            let (mut from, mut to) = stream.split();
            let (mut read, mut write) =
                (pin!(from.read_buf(&mut self.buffer)), pin!(to.write_buf(&mut request)));
            let heard = poll_fn(|task| match write.as_mut().poll(task) {
                Poll::Ready(written) => Poll::Ready(written.map(|_| None)),
                Poll::Pending => read.as_mut().poll(task).map_ok(Some),
            });
            match heard.await? {
                None => {}
                Some(0) => return Err(closed()),
                Some(_) if self.has_refusal()? => return Ok(false),
                Some(_) => {}
            }
        }
        Ok(true)
    }

    /// Tells whether the head of a refusal has come, or what is none, and drops the heads of interim replies.
    fn has_refusal(&mut self) -> io::Result<bool> {
        while let Some((length, head)) = framing::head(&self.buffer, &mut |_, _| ())? {
            if head.status >= 200 {
                return Ok(head.status >= 400);
            }
            self.buffer.advance(length);
        }
        Ok(self.buffer.len() > HEAD_LIMIT)
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
        Err(closed())
    }

    async fn read(&mut self, stream: &mut TcpStream, room: usize) -> io::Result<usize> {
        self.buffer.reserve(room);
        stream.read_buf(&mut self.buffer).await
    }
}

fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed within a reply")
}

/// Tells whether an idle connection is usable: open, and without unrequested bytes, which cannot be the reply to a request
/// that is not sent yet (RFC 9112 §9.2).
fn is_quiet(stream: &TcpStream) -> bool {
    matches!(stream.try_read(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}
