//! Query parameters and urlencoded pairs as text.

use std::borrow::Cow;

use http::StatusCode;
use percent_encoding::percent_decode_str;

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
    pub(crate) fn decode(event: &carafe_lambda::Request) -> Query {
        let mut unreadable = None;
        let pairs = event.query().map(|(name, value)| {
            let (name, good_name) = decode(name);
            let (value, good_value) = decode(value);
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

/// The text, and whether it was UTF-8.
pub(super) fn decode(raw: &str) -> (Cow<'static, str>, bool) {
    let spaced = if raw.contains('+') { Cow::Owned(raw.replace('+', " ")) } else { Cow::Borrowed(raw) };
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(text) => (Cow::Owned(text.into_owned()), true),
        Err(_) => (Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned()), false),
    }
}

pub(super) fn not_text(place: &str, name: &str) -> Error {
    let name: String = name.chars().take(80).collect();
    Error::new(StatusCode::BAD_REQUEST, format!("{place} `{name}` is not UTF-8 text"))
}
