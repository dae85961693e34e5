//! The bytes that a body takes in the event that carries it (`docs/alb.md` §3).

/// Returns the length of so many bytes in base64.
pub(super) fn in_base64(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// Returns the length of a body as it travels: as text with its escapes, or in base64 where it is none.
pub(super) fn in_text(body: &[u8]) -> usize {
    if std::str::from_utf8(body).is_err() {
        return in_base64(body.len());
    }
    let escapes = |byte: &u8| match byte {
        b'"' | b'\\' | 8..=10 | 12 | 13 => 1,
        0..32 => 5,
        _ => 0,
    };
    body.len() + body.iter().map(escapes).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{in_base64, in_text};

    #[test]
    fn lengths_are_those_of_the_event() {
        use base64::Engine as _;
        for text in [
            "",
            "plain",
            "a \"quote\"",
            "line\nline\r\n\ttab",
            "\u{e9}\u{1f511}",
            "\u{1}\u{8}\u{c}\u{1f}",
            "\\\\",
        ] {
            let written = serde_json::to_string(text).unwrap().len() - 2;
            assert_eq!(in_text(text.as_bytes()), written, "{text:?}");
        }
        for bytes in [&[][..], &[0xff], &[0xff, 1], &[0xff, 1, 2], &[0xff; 100]] {
            let written = base64::engine::general_purpose::STANDARD.encode(bytes).len();
            assert_eq!(in_base64(bytes.len()), written);
            assert!(bytes.is_empty() || in_text(bytes) == written);
        }
    }
}
