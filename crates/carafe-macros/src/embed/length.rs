//! How long a body is in the JSON of an answer.

/// Returns the length of a body in the JSON of an answer to a load balancer: text with escapes, or base64, whichever is shorter.
pub(super) fn event_length(bytes: &[u8]) -> usize {
    length_elsewhere(bytes).min(base64_length(bytes))
}

/// Returns the length of a body in the JSON of an answer to API Gateway or a function URL, where text is never base64.
pub(super) fn length_elsewhere(bytes: &[u8]) -> usize {
    let Ok(text) = std::str::from_utf8(bytes) else { return base64_length(bytes) };
    let escaped = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..0x20 => 6,
        _ => 1,
    });
    escaped.sum()
}

fn base64_length(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(3) * 4
}

#[cfg(test)]
mod tests {
    use super::{event_length, length_elsewhere};

    #[test]
    fn lengths_of_bodies() {
        for (body, length, elsewhere) in [
            (&b""[..], 0, 0),
            (b"abc", 3, 3),
            (b"a\"b\n", 6, 6),
            ("\u{e9}".as_bytes(), 2, 2),
            (b"\0\0\0", 4, 18),
            (b"\n\n\n\n\n\n", 8, 12),
            (b"\xff", 4, 4),
            (b"\xff\xff\xff\xff", 8, 8),
        ] {
            assert_eq!((event_length(body), length_elsewhere(body)), (length, elsewhere), "{body:?}");
        }
    }
}
