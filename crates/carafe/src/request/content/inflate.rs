//! Inflating gzip (RFC 1952) and deflate, which is zlib (RFC 1950) or, as some send it, the raw format (RFC 1951).

use std::cell::Cell;
use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

/// Why there is nothing inflated.
pub(super) enum Failed {
    /// It would be longer than allowed.
    TooLong,
    /// It is not in this format, or not all of it is there.
    Broken,
}

/// The bytes that are inflated at a time.
const CHUNK: usize = 4 * 1024;

/// The bytes that a body may have beyond twice its content: room for the header of gzip, which can hold names and comments.
const SLACK: usize = 16 * 1024;

/// Returns whether a body is no honest one: deflate never makes anything much longer (RFC 1951 §3.2.4), and each of the
/// blocks without content that a body can be full of costs as much as a long one.
fn is_padded(consumed: usize, produced: usize) -> bool {
    consumed > produced.saturating_mul(2).saturating_add(SLACK)
}

/// A body that is read in pieces, until too much of it has made too little.
struct Metered<'b> {
    rest: &'b [u8],
    consumed: usize,
    produced: &'b Cell<usize>,
}

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if is_padded(self.consumed, self.produced.get()) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(self.rest.get(..CHUNK).unwrap_or(self.rest))
    }

    fn consume(&mut self, amount: usize) {
        self.consumed += amount;
        self.rest = self.rest.get(amount..).unwrap_or_default();
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// Inflates gzip to `most` bytes at most.
pub(super) fn gzip(body: &[u8], most: usize) -> Result<Vec<u8>, Failed> {
    let produced = Cell::new(0);
    let mut decoder = MultiGzDecoder::new(Metered { rest: body, consumed: 0, produced: &produced });
    let (mut content, mut chunk) = (Vec::new(), [0; CHUNK]);
    loop {
        let read = decoder.read(&mut chunk).map_err(|_| Failed::Broken)?;
        let Some(new) = chunk.get(..read).filter(|new| !new.is_empty()) else { return Ok(content) };
        content.extend_from_slice(new);
        produced.set(content.len());
        if content.len() > most {
            return Err(Failed::TooLong);
        }
    }
}

/// Inflates deflate of both kinds to `most` bytes at most.
pub(super) fn deflate(body: &[u8], most: usize) -> Result<Vec<u8>, Failed> {
    match stream(body, true, most) {
        Err(Failed::Broken) => stream(body, false, most),
        outcome => outcome,
    }
}

/// Returns whether the first two bytes are those of zlib: the method, and a sum that has to come out (RFC 1950 §2.2).
pub(super) fn begins_as_zlib(body: &[u8]) -> bool {
    let [method, flags, ..] = *body else { return false };
    method & 0x0f == 8 && u16::from_be_bytes([method, flags]) % 31 == 0
}

/// The bytes by which the room for a content grows.
const STEP: usize = 64 * 1024;

fn stream(body: &[u8], is_zlib: bool, most: usize) -> Result<Vec<u8>, Failed> {
    let mut stream = Decompress::new(is_zlib);
    let mut content = Vec::new();
    let mut rest = body;
    loop {
        // One byte more than allowed, to tell that there is more.
        content
            .reserve_exact(STEP.max(content.len()).min(most.saturating_add(1).saturating_sub(content.len())));
        let before = (stream.total_in(), stream.total_out());
        let chunk = rest.get(..CHUNK).unwrap_or(rest);
        let status = stream.decompress_vec(chunk, &mut content, FlushDecompress::None);
        let consumed = usize::try_from(stream.total_in() - before.0).unwrap_or(usize::MAX);
        rest = rest.get(consumed..).unwrap_or_default();
        if content.len() > most {
            return Err(Failed::TooLong);
        }
        if is_padded(body.len() - rest.len(), content.len()) {
            return Err(Failed::Broken);
        }
        match status {
            Ok(Status::StreamEnd) if rest.is_empty() => return Ok(content),
            Ok(Status::Ok | Status::BufError) if (stream.total_in(), stream.total_out()) != before => {}
            _ => return Err(Failed::Broken),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzipped(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(content: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn raw(content: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    type Inflate = fn(&[u8], usize) -> Result<Vec<u8>, Failed>;

    fn outcome(inflate: Inflate, body: &[u8], most: usize) -> Result<Vec<u8>, &'static str> {
        inflate(body, most).map_err(|failed| match failed {
            Failed::TooLong => "too long",
            Failed::Broken => "broken",
        })
    }

    #[test]
    fn all_of_it_or_an_error() {
        let long: Vec<u8> = (0..40_000_u32).flat_map(|number| (number * 7919).to_le_bytes()).collect();
        let zeros = vec![0; 300_000];
        for content in [&b""[..], b"x", b"hello hello hello", &long, &zeros] {
            for (inflate, body) in
                [(gzip as Inflate, gzipped(content)), (deflate, zlib(content)), (deflate, raw(content))]
            {
                assert!(outcome(inflate, &body, content.len()).is_ok_and(|inflated| inflated == content));
                if let Some(less) = content.len().checked_sub(1) {
                    assert_eq!(outcome(inflate, &body, less), Err("too long"));
                }
                assert_eq!(outcome(inflate, &body[..body.len() - 1], content.len()), Err("broken"));
            }
        }
        let mut twice = gzipped(b"a");
        twice.extend(gzipped(b"b"));
        assert_eq!(outcome(gzip, &twice, 2), Ok(b"ab".to_vec()));
        assert_eq!(outcome(gzip, &twice, 1), Err("too long"));
        for broken in [&b""[..], b"x", b"\x1f\x8b", b"\x1f\x8b\x08", b"{}", b"title=Hi", b"x\x9c"] {
            assert_eq!(outcome(gzip, broken, 100), Err("broken"));
            assert_eq!(outcome(deflate, broken, 100), Err("broken"), "{broken:?}");
        }
        // Megabytes of blocks without content, and of members without any: not all of it is looked at.
        let blocks = [2, 8, 0x20, 0x80, 0].repeat(200_000);
        let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        assert_eq!(outcome(gzip, &[&header[..], &blocks].concat(), 100), Err("broken"));
        assert_eq!(outcome(deflate, &[&[0x78, 0x9c][..], &blocks].concat(), 100), Err("broken"));
        assert_eq!(outcome(deflate, &blocks, 100), Err("broken"));
        assert_eq!(outcome(gzip, &gzipped(b"").repeat(50_000), 100), Err("broken"));
        let mut changed = gzipped(b"hello");
        changed[14] ^= 1;
        assert_eq!(outcome(gzip, &changed, 100), Err("broken"));
    }
}
