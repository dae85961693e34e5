//! Query parameters and urlencoded pairs as text.

use std::borrow::Cow;

use http::StatusCode;

use crate::error::Error;

/// A name and a value, decoded.
pub(crate) type Pair = (Cow<'static, str>, Cow<'static, str>);

/// Puts equal names side by side and keeps the order of their values. A load balancer has done the same to a query.
pub(super) fn sort(pairs: &mut [Pair]) {
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
}

/// The decoded query.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) pairs: Vec<Pair>,
    /// The name of the first parameter that is not UTF-8.
    pub(crate) unreadable: Option<String>,
}

impl Query {
    pub(crate) fn decode(event: &carafe_lambda::Event) -> Query {
        let mut unreadable = None;
        let pairs = event.query().map(|(name, value)| {
            let (name, good_name) = decode(name.as_bytes());
            let (value, good_value) = decode(value.as_bytes());
            if unreadable.is_none() && !(good_name && good_value) {
                unreadable = Some(name.clone().into_owned());
            }
            (name, value)
        });
        let mut pairs: Vec<Pair> = pairs.collect();
        sort(&mut pairs);
        Query { pairs, unreadable }
    }
}

/// The text, and whether it was UTF-8. What is no escape after a `%` stays as it is.
pub(super) fn decode(raw: &[u8]) -> (Cow<'static, str>, bool) {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => match after {
                [high, low, beyond @ ..] if let (Some(high), Some(low)) = (digit(*high), digit(*low)) => {
                    rest = beyond;
                    high << 4 | low
                }
                _ => b'%',
            },
            other => *other,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => (Cow::Owned(text), true),
        Err(error) => (Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()), false),
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

pub(super) fn not_text(place: &str, name: &str) -> Error {
    let name: String = name.chars().take(80).collect();
    Error::new(StatusCode::BAD_REQUEST, format!("{place} `{name}` is not UTF-8 text"))
}
