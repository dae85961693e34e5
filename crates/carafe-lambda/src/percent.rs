//! Percent-encoding (RFC 3986 §2.1), both ways.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters to encode in a path that arrived decoded, `%` included.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%');

/// The characters to encode in a query joined from pairs: they would end the query, the pair or the request line.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'&');
/// The characters to encode in a key, which ends at the first `=`.
const KEY: &AsciiSet = &QUERY.add(b'=');

/// The characters to encode in a component: all but the unreserved ones (RFC 3986 §2.3).
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a path that arrived decoded.
pub(crate) fn decoded_path(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, PATH).into()
}

/// Encodes one component of a URI, such as a key or a value of a query: only unreserved characters (RFC 3986 §2.3) stay.
///
/// ```
/// assert_eq!(carafe_lambda::percent::component("a b/ü~"), "a%20b%2F%C3%BC~");
/// ```
pub fn component(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, COMPONENT).into()
}

/// Decodes a name or value of a query or an urlencoded form, where `+` is a space. Returns the text, and whether it was
/// UTF-8; where it was not, the text has U+FFFD. A `%` without two hexadecimal digits behind it stays as it is.
///
/// ```
/// use carafe_lambda::percent::decode_form;
///
/// assert_eq!(decode_form(b"a+b%26c"), ("a b&c".into(), true));
/// assert_eq!(decode_form(b"100%"), ("100%".into(), true));
/// assert_eq!(decode_form(b"caf%E9"), ("caf\u{fffd}".into(), false));
/// ```
pub fn decode_form(raw: &[u8]) -> (String, bool) {
    let mut decoded = Vec::new();
    decode_form_into(&mut decoded, raw);
    match String::from_utf8(decoded) {
        Ok(text) => (text, true),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
    }
}

/// Appends a name or value to bytes, decoded as by [`decode_form`], so that several need no memory of their own.
///
/// ```
/// let mut decoded = b"name: ".to_vec();
/// carafe_lambda::percent::decode_form_into(&mut decoded, b"Zo%C3%AB+M");
/// assert_eq!(decoded, "name: Zoë M".as_bytes());
/// ```
#[inline(never)] // It is called in several places, and no faster where it is copied into each.
pub fn decode_form_into(decoded: &mut Vec<u8>, raw: &[u8]) {
    let start = decoded.len();
    decoded.extend_from_slice(raw);
    let Some(plain) = raw.iter().position(|byte| matches!(byte, b'+' | b'%')) else { return };
    // One pass, in place: queries of ten thousand parameters are read here, and nothing grows.
    let bytes = decoded.get_mut(start..).unwrap_or_default();
    let (mut from, mut to) = (plain, plain);
    while let Some(&byte) = raw.get(from) {
        from += 1;
        let byte = match byte {
            b'+' => b' ',
            b'%' => match raw.get(from..).and_then(<[u8]>::first_chunk::<2>) {
                Some([high, low]) if let (Some(high), Some(low)) = (digit(*high), digit(*low)) => {
                    from += 2;
                    high << 4 | low
                }
                _ => b'%',
            },
            other => other,
        };
        if let Some(place) = bytes.get_mut(to) {
            *place = byte;
        }
        to += 1;
    }
    decoded.truncate(start + to);
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Joins pairs that are still encoded into a query string.
pub(crate) fn join<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (key, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(key, KEY));
        query.push('=');
        query.extend(utf8_percent_encode(value, QUERY));
    }
    query
}

/// The characters that a URI does not allow. Escapes stay.
const ILLEGAL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'\\')
    .add(b'^')
    .add(b'{')
    .add(b'|')
    .add(b'}');
const ILLEGAL_IN_PATH: &AsciiSet = &ILLEGAL.add(b'?');

/// Encodes a raw path where a URI does not allow its characters.
pub(crate) fn raw_path(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ILLEGAL_IN_PATH).into()
}

/// Encodes a raw query where a URI does not allow its characters.
pub(crate) fn raw_query(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ILLEGAL).into()
}

#[cfg(test)]
mod tests {
    use super::{decode_form, decode_form_into};

    #[test]
    fn forms_are_decoded_once() {
        for (raw, text, good) in [
            (&b""[..], "", true),
            (b"plain", "plain", true),
            (b"a+b", "a b", true),
            (b"a%2Bb+c", "a+b c", true),
            (b"%2525", "%25", true),
            (b"%c3%BC", "ü", true),
            (b"100%", "100%", true),
            (b"%zz%4", "%zz%4", true),
            (b"%+1", "% 1", true),
            (b"%4+1", "%4 1", true),
            (b"caf%E9", "caf\u{fffd}", false),
            (b"\xe9+x", "\u{fffd} x", false),
        ] {
            assert_eq!(decode_form(raw), (text.into(), good), "{raw:?}");
            let mut behind = b"+%20".to_vec();
            decode_form_into(&mut behind, raw);
            assert_eq!(String::from_utf8_lossy(&behind), format!("+%20{text}"), "{raw:?}");
        }
    }
}
