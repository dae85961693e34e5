//! Percent-encoding of text that an event holds decoded.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may not stand in a path piece by piece, `%` included: the text is known to be decoded.
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

/// What may not stand in a query that is put together again: it would end the query, the pair, or the request line.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'&');
/// The same for a key, which ends at the first `=`.
const KEY: &AsciiSet = &QUERY.add(b'=');

/// RFC 3986 §2.3: unreserved characters stay.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path that arrived decoded.
pub(crate) fn decoded_path(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, PATH).into()
}

/// A key or value that arrived decoded; `None` if it stays as it is.
pub(crate) fn component(text: &str) -> Option<String> {
    match utf8_percent_encode(text, COMPONENT).into() {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// Puts a query string together from pairs that are still encoded.
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

/// What has no place in a URI at all; escapes that are there stay.
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

/// A path as it came, fit for a URI.
pub(crate) fn raw_path(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ILLEGAL_IN_PATH).into()
}

/// A query as it came, fit for a URI.
pub(crate) fn raw_query(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ILLEGAL).into()
}
