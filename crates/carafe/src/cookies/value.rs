//! Values of cookies: percent-encoded on the way out, because a cookie can hold only some of ASCII (RFC 6265 §4.1.1), and
//! decoded on the way in.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What is no cookie-octet, and `%`, so that decoding gives back what was encoded.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// Encodes a value.
pub(crate) fn encoded(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, ENCODED).into()
}

/// Decodes a value. One that this encoding cannot have made is somebody else's and stays as it is: with a `%` that is
/// not followed by two hexadecimal digits, or with escapes that are not UTF-8.
pub(crate) fn decoded(value: &str) -> Cow<'_, str> {
    let escapes = value.split('%').skip(1);
    let is_escape = |text: &str| matches!(text.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    if !escapes.clone().all(is_escape) {
        return Cow::Borrowed(value);
    }
    percent_decode_str(value).decode_utf8().unwrap_or(Cow::Borrowed(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back() {
        for (value, sent) in [
            ("", ""),
            ("abc-_.~!#$&'()*+/:<=>?@[]^`{|}", "abc-_.~!#$&'()*+/:<=>?@[]^`{|}"),
            ("YWI9PQ==", "YWI9PQ=="),
            ("Post created", "Post%20created"),
            ("a,b;c\\d\"e", "a%2Cb%3Bc%5Cd%22e"),
            ("ü", "%C3%BC"),
            ("\r\n\0\u{7f}", "%0D%0A%00%7F"),
            ("100%", "100%25"),
            ("%20", "%2520"),
        ] {
            assert_eq!((encoded(value).as_ref(), decoded(sent).as_ref()), (sent, value));
        }
    }

    #[test]
    fn what_others_set_stays_as_it_is() {
        for value in ["100%", "50%%20", "%2", "%zz%20", "caf%E9", "%C3%28", "a+b"] {
            assert_eq!(decoded(value), value);
        }
        assert_eq!(decoded("%7b%22a%22%3a1%7D"), r#"{"a":1}"#);
    }
}
