//! Inflating gzip (RFC 1952) and deflate, which is zlib (RFC 1950) or, as some send it, the raw format (RFC 1951).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_COMPUTE_ADLER32, TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER,
    TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::gzip::{self, Checksum};

/// Why there is nothing inflated.
pub(super) enum Failed {
    /// It would be longer than allowed.
    TooLong,
    /// It is not in this format, or not all of it is there.
    Broken,
}

/// The bytes that are inflated at a time.
const CHUNK: usize = 4 * 1024;

/// The bytes by which the room for a content grows.
const STEP: usize = 64 * 1024;

/// The bytes that a body may have beyond twice its content: room for the header of gzip, which can hold names and comments.
const SLACK: usize = 16 * 1024;

/// Returns whether a body is no honest one: deflate never makes anything much longer (RFC 1951 §3.2.4), and each of the
/// blocks without content that a body can be full of costs as much as a long one.
fn is_padded(consumed: usize, produced: usize) -> bool {
    consumed > produced.saturating_mul(2).saturating_add(SLACK)
}

/// The frame of a deflate stream, of which the library knows one.
#[derive(Clone, Copy)]
enum Frame {
    None,
    Zlib,
}

/// Inflates gzip to `most` bytes at most: all its members (RFC 1952 §2.2).
pub(super) fn gzip(body: &[u8], most: usize) -> Result<Vec<u8>, Failed> {
    let mut content = Content { bytes: Vec::new(), body: body.len(), most };
    let mut rest = body;
    loop {
        let start = content.bytes.len();
        rest = gzip::skip_header(rest).ok_or(Failed::Broken)?;
        rest = content.inflate(Frame::None, rest)?;
        let (trailer, after) = rest.split_first_chunk::<8>().ok_or(Failed::Broken)?;
        if *trailer != Checksum::of(content.bytes.get(start..).unwrap_or_default()).trailer() {
            return Err(Failed::Broken);
        }
        if after.is_empty() {
            return Ok(content.bytes);
        }
        rest = after;
    }
}

/// Inflates deflate of both kinds to `most` bytes at most.
pub(super) fn deflate(body: &[u8], most: usize) -> Result<Vec<u8>, Failed> {
    let whole = |frame| {
        let mut content = Content { bytes: Vec::new(), body: body.len(), most };
        if content.inflate(frame, body)?.is_empty() { Ok(content.bytes) } else { Err(Failed::Broken) }
    };
    match whole(Frame::Zlib) {
        Err(Failed::Broken) => whole(Frame::None),
        outcome => outcome,
    }
}

/// Returns whether the first two bytes are those of zlib: the method, and a sum that has to come out (RFC 1950 §2.2).
pub(super) fn begins_as_zlib(body: &[u8]) -> bool {
    let [method, flags, ..] = *body else { return false };
    method & 0x0f == 8 && u16::from_be_bytes([method, flags]) % 31 == 0
}

/// What was inflated.
struct Content {
    bytes: Vec<u8>,
    /// The length of the whole body.
    body: usize,
    most: usize,
}

impl Content {
    /// Adds what the stream at the start of `rest`, the end of the body, holds. Returns what stands behind it.
    fn inflate<'b>(&mut self, frame: Frame, mut rest: &'b [u8]) -> Result<&'b [u8], Failed> {
        let mut stream: Box<DecompressorOxide> = Box::default();
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
            | match frame {
                Frame::None => 0,
                Frame::Zlib => TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_COMPUTE_ADLER32,
            };
        let start = self.bytes.len();
        let mut end = start;
        loop {
            if end == self.bytes.len() {
                // One byte more than allowed, to tell that there is more.
                let room = STEP.max(end).min(self.most.saturating_add(1).saturating_sub(end));
                self.bytes.reserve_exact(room);
                self.bytes.resize(end + room, 0);
            }
            let chunk = rest.get(..CHUNK).unwrap_or(rest);
            let flags = flags | if chunk.len() < rest.len() { TINFL_FLAG_HAS_MORE_INPUT } else { 0 };
            let own = self.bytes.get_mut(start..).unwrap_or_default();
            let (status, consumed, made) = decompress(&mut stream, chunk, own, end - start, flags);
            rest = rest.get(consumed..).unwrap_or_default();
            end += made;
            if end > self.most {
                return Err(Failed::TooLong);
            }
            if is_padded(self.body - rest.len(), end) {
                return Err(Failed::Broken);
            }
            match status {
                TINFLStatus::Done => {
                    self.bytes.truncate(end);
                    return Ok(rest);
                }
                TINFLStatus::NeedsMoreInput | TINFLStatus::HasMoreOutput if consumed + made > 0 => {}
                _ => return Err(Failed::Broken),
            }
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
