//! How long a body is in the JSON of an answer.

/// Returns the length of a body in the JSON of an answer: text with escapes, or base64, whichever is shorter.
pub(super) fn event_length(bytes: &[u8]) -> usize {
    let base64 = bytes.len().div_ceil(3) * 4;
    let Ok(text) = std::str::from_utf8(bytes) else { return base64 };
    let escaped = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..0x20 => 6,
        _ => 1,
    });
    escaped.sum::<usize>().min(base64)
}

#[cfg(test)]
mod tests {
    use super::event_length;

    #[test]
    fn lengths_of_bodies() {
        for (body, length) in [
            (&b""[..], 0),
            (b"abc", 3),
            (b"a\"b\n", 6),
            ("\u{e9}".as_bytes(), 2),
            (b"\0\0\0", 4),
            (b"\xff", 4),
            (b"\xff\xff\xff\xff", 8),
        ] {
            assert_eq!(event_length(body), length, "{body:?}");
        }
    }
}
