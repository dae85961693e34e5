//! Query parameters and urlencoded pairs as text.

use std::borrow::Cow;

use carafe_lambda::percent::{decode_form, decode_form_text};

/// A name and a value, decoded.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
    /// `false` where the bytes were not UTF-8: the text then has U+FFFD, and an argument that reads it fails.
    pub(crate) is_text: bool,
}

impl Pair {
    /// Decodes what is text but for its escapes.
    pub(super) fn of_text((name, value): (&str, &str)) -> Pair {
        Pair::new(decode_form_text(name), decode_form_text(value))
    }

    /// Decodes any bytes.
    pub(super) fn of_bytes(name: &[u8], value: &[u8]) -> Pair {
        Pair::new(decode_form(name), decode_form(value))
    }

    fn new((name, good_name): (Cow<'_, str>, bool), (value, good_value): (Cow<'_, str>, bool)) -> Pair {
        Pair { name: name.into_owned(), value: value.into_owned(), is_text: good_name && good_value }
    }
}

/// Puts equal names side by side and keeps the order of their values. A load balancer has done the same to a query.
pub(super) fn sort(pairs: &mut [Pair]) {
    pairs.sort_by(|one, other| one.name.cmp(&other.name));
}

/// Reads the query parameters of an event.
pub(super) fn of(event: &carafe_lambda::Event) -> Vec<Pair> {
    let pairs = event.query().map(Pair::of_text);
    let mut pairs: Vec<Pair> = pairs.collect();
    sort(&mut pairs);
    pairs
}
