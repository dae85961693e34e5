//! The framing of a reply: the end of its head and of its body (RFC 9112 §4, §6, §7).

use std::io;
use std::mem::MaybeUninit;

use httparse::{EMPTY_HEADER, ParserConfig, Response, Status};

/// The most headers of a reply; the Runtime API sends a dozen.
const HEADERS: usize = 64;

/// The head of a reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) framing: Framing,
    /// True if another request may follow over the same connection.
    pub(super) keep: bool,
}

/// The way a body ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    UntilClosed,
}

/// A chunk's frame, found at the buffer's start.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// Data between `start` and `start + length`, with a line end behind.
    Data { start: usize, length: u64 },
    /// The last chunk and the trailers end here.
    Last(usize),
}

/// Reads the head at the start of `bytes` and its length; `None` while its end is missing. `header` is called with each
/// header once, when the head is complete.
pub(super) fn head(
    bytes: &[u8],
    header: &mut (dyn FnMut(&str, &[u8]) + Send),
) -> io::Result<Option<(usize, Head)>> {
    let mut room = [const { MaybeUninit::uninit() }; HEADERS];
    let mut response = Response::new(&mut []);
    let parsed = ParserConfig::default().parse_response_with_uninit_headers(&mut response, bytes, &mut room);
    let length = match parsed.map_err(|error| malformed(&error.to_string()))? {
        Status::Complete(length) => length,
        Status::Partial => return Ok(None),
    };
    let status = response.code.unwrap_or_default();
    // Without a body whatever the headers say (RFC 9112 §6.3).
    let bare = status < 200 || status == 204 || status == 304;
    let mut framing = if bare { Framing::Length(0) } else { Framing::UntilClosed };
    let mut keep = response.version == Some(1);
    for field in response.headers.iter() {
        let is = |name: &str| field.name.eq_ignore_ascii_case(name);
        if is("connection") {
            let mut options = field.value.split(|byte| *byte == b',');
            keep = keep && !options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
        } else if is("transfer-encoding") && !bare {
            // No other coding was offered.
            if !field.value.trim_ascii().eq_ignore_ascii_case(b"chunked") || framing == Framing::Chunked {
                return Err(malformed("its transfer-encoding is not chunked"));
            }
            framing = Framing::Chunked;
        } else if is("content-length") && !bare && framing != Framing::Chunked {
            let length =
                number(field.value).ok_or_else(|| malformed("its content-length is not a number"))?;
            let length = Framing::Length(length);
            if framing != Framing::UntilClosed && framing != length {
                return Err(malformed("it has two content-lengths"));
            }
            framing = length;
        }
        header(field.name, field.value);
    }
    keep = keep && framing != Framing::UntilClosed;
    Ok(Some((length, Head { status, framing, keep })))
}

/// Reads a number of digits only; `parse` would accept a sign.
fn number(value: &[u8]) -> Option<u64> {
    let digits = value.trim_ascii();
    let text = std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_digit))?;
    text.parse().ok()
}

/// Reads the frame of the chunk at the start of `bytes`; `None` while it is incomplete.
pub(super) fn chunk(bytes: &[u8]) -> io::Result<Option<Chunk>> {
    let size =
        httparse::parse_chunk_size(bytes).map_err(|_| malformed("a chunk's length is not a number"))?;
    let Status::Complete((start, length)) = size else { return Ok(None) };
    if length > 0 {
        return Ok(Some(Chunk::Data { start, length }));
    }
    let mut room = [EMPTY_HEADER; HEADERS];
    let trailers = bytes.get(start..).unwrap_or_default();
    match httparse::parse_headers(trailers, &mut room).map_err(|error| malformed(&error.to_string()))? {
        Status::Complete((length, _)) => Ok(Some(Chunk::Last(start + length))),
        Status::Partial => Ok(None),
    }
}

/// Makes the error for a reply that is not HTTP/1.1.
pub(super) fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the reply is not HTTP/1.1: {what}"))
}

#[cfg(test)]
mod tests {
    use super::{Chunk, Framing, Head, chunk, head};

    fn read(text: &str) -> Option<(usize, Head)> {
        head(text.as_bytes(), &mut |_, _| ()).ok().flatten()
    }

    fn framing(text: &str) -> Option<Framing> {
        read(text).map(|(_, head)| head.framing)
    }

    #[test]
    fn heads() {
        let full = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nLambda-Runtime-Trace-Id: x\r\n\r\nabc";
        let (length, parsed) = read(full).expect("complete");
        assert_eq!((length, &full[length..]), (full.len() - 3, "abc"));
        assert_eq!(parsed, Head { status: 200, framing: Framing::Length(3), keep: true });
        for end in 0..length {
            assert_eq!(read(&full[..end]), None, "{end}");
        }
        let mut seen = Vec::new();
        head(full.as_bytes(), &mut |name, value| seen.push((name.to_owned(), value.to_vec()))).expect("fine");
        assert_eq!(seen[1], ("Lambda-Runtime-Trace-Id".to_owned(), b"x".to_vec()));
    }

    #[test]
    fn how_a_body_ends() {
        for (rest, expected) in [
            ("200 OK\r\ncontent-length:  12 \r\n\r\n", Framing::Length(12)),
            ("200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", Framing::Length(1)),
            ("200 OK\r\nTransfer-Encoding:  Chunked \r\n\r\n", Framing::Chunked),
            // RFC 9112 §6.3: the encoding overrides the length, in whatever order they come.
            ("200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n", Framing::Chunked),
            ("200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n", Framing::Chunked),
            ("204 No Content\r\nContent-Length: 9\r\n\r\n", Framing::Length(0)),
            ("100 Continue\r\n\r\n", Framing::Length(0)),
            ("200 OK\r\n\r\n", Framing::UntilClosed),
        ] {
            assert_eq!(framing(&format!("HTTP/1.1 {rest}")), Some(expected), "{rest}");
        }
        for rest in [
            "200 OK\r\nContent-Length: -1\r\n\r\n",
            "200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "200 OK\r\nContent-Length: +1\r\n\r\n",
            "200 OK\r\nContent-Length: \r\n\r\n",
            "200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
            "200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            "200 OK\r\nbad header\r\n\r\n",
        ] {
            assert!(head(format!("HTTP/1.1 {rest}").as_bytes(), &mut |_, _| ()).is_err(), "{rest}");
        }
        assert!(head(b"SSH-2.0-OpenSSH_9.2\r\n", &mut |_, _| ()).is_err());
    }

    #[test]
    fn who_may_stay_connected() {
        let keep = |text: &str| read(text).map(|(_, head)| head.keep);
        assert_eq!(keep("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), Some(true));
        assert_eq!(keep("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: x, Close\r\n\r\n"), Some(false));
        assert_eq!(keep("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"), Some(false));
        assert_eq!(keep("HTTP/1.1 200 OK\r\n\r\n"), Some(false));
    }

    #[test]
    fn chunks() {
        let of = |text: &str| chunk(text.as_bytes()).ok().flatten();
        assert_eq!(of("a;name=value\r\nrest"), Some(Chunk::Data { start: 14, length: 10 }));
        assert_eq!(of("0\r\n\r\n"), Some(Chunk::Last(5)));
        assert_eq!(of("0\r\nTrailer: x\r\n\r\nmore"), Some(Chunk::Last(17)));
        for partial in ["", "a", "a\r", "0\r\n", "0\r\nTrailer: x\r\n"] {
            assert_eq!(of(partial), None, "{partial:?}");
        }
        for bad in ["x\r\n", "-1\r\n", "fffffffffffffffff\r\n", "0\r\nbad trailer\r\n\r\n"] {
            assert!(chunk(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }
}
