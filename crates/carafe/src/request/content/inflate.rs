//! Inflating gzip (RFC 1952) and deflate, which is zlib (RFC 1950) or, as some send it, the raw format (RFC 1951).

use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

/// Why there is nothing inflated.
pub(super) enum Failed {
    /// It would be longer than allowed.
    TooLong,
    /// It is not in this format, or not all of it is there.
    Broken,
}

/// Inflates gzip to `most` bytes at most.
pub(super) fn gzip(body: &[u8], most: usize) -> Result<Vec<u8>, Failed> {
    let mut content = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(body).take(limit).read_to_end(&mut content);
    if content.len() > most {
        return Err(Failed::TooLong);
    }
    read.map(|_| content).map_err(|_| Failed::Broken)
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
        let status = stream.decompress_vec(rest, &mut content, FlushDecompress::None);
        let consumed = usize::try_from(stream.total_in() - before.0).unwrap_or(usize::MAX);
        rest = rest.get(consumed..).unwrap_or_default();
        if content.len() > most {
            return Err(Failed::TooLong);
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
        let mut changed = gzipped(b"hello");
        changed[14] ^= 1;
        assert_eq!(outcome(gzip, &changed, 100), Err("broken"));
    }
}
