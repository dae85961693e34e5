//! Query parameters and urlencoded pairs as text.

use std::cmp::Ordering;

use carafe_lambda::percent::{decode_form, decode_form_into};

/// A name and its value, decoded.
#[derive(Debug)]
pub(crate) struct Pair {
    /// The name, and the value behind it: the two are one piece of memory.
    text: String,
    /// The length of the name in bytes.
    name: usize,
    /// Whether both were UTF-8. Where they were not, they have U+FFFD.
    pub(crate) is_text: bool,
}

impl Pair {
    /// Makes a pair of text that is not encoded.
    pub(crate) fn new(name: &str, value: &str, is_text: bool) -> Pair {
        Pair { text: [name, value].concat(), name: name.len(), is_text }
    }

    /// Decodes a pair.
    pub(super) fn decoded(name: &[u8], value: &[u8]) -> Pair {
        let mut bytes = Vec::with_capacity(name.len() + value.len());
        decode_form_into(&mut bytes, name);
        let length = bytes.len();
        decode_form_into(&mut bytes, value);
        match String::from_utf8(bytes) {
            // A character whose bytes are of both is no text.
            Ok(text) if text.is_char_boundary(length) => Pair { text, name: length, is_text: true },
            _ => Pair::broken(name, value),
        }
    }

    #[cold]
    fn broken(name: &[u8], value: &[u8]) -> Pair {
        Pair::new(&decode_form(name).0, &decode_form(value).0, false)
    }

    pub(crate) fn name(&self) -> &str {
        self.text.get(..self.name).unwrap_or_default()
    }

    pub(crate) fn value(&self) -> &str {
        self.text.get(self.name..).unwrap_or_default()
    }
}

pub(super) fn sort(pairs: &mut [Pair]) {
    pairs.sort_by(by_name);
}

#[inline(never)] // A sort compares in dozens of places.
fn by_name(one: &Pair, other: &Pair) -> Ordering {
    one.name().cmp(other.name())
}

/// Reads the query parameters of an event.
pub(super) fn of(event: &carafe_lambda::Event) -> Vec<Pair> {
    let pairs = event.query().map(|(name, value)| Pair::decoded(name.as_bytes(), value.as_bytes()));
    let mut pairs: Vec<Pair> = pairs.collect();
    sort(&mut pairs);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_value_are_told_apart() {
        for (name, value, text) in [
            ("", "", Some(("", ""))),
            ("a", "", Some(("a", ""))),
            ("", "b", Some(("", "b"))),
            ("a+b%3D", "%C3%BC+ü", Some(("a b=", "ü ü"))),
            ("%C3%BC", "100%", Some(("ü", "100%"))),
            ("caf%E9", "b", None),
            ("a", "caf%E9", None),
            // Bytes that would be one character, if they stood side by side.
            ("%C3", "%BC", None),
            ("a%E2%82", "%AC", None),
        ] {
            let pair = Pair::decoded(name.as_bytes(), value.as_bytes());
            assert_eq!(pair.is_text, text.is_some(), "{name}={value}");
            let lossy = |raw: &str| decode_form(raw.as_bytes()).0;
            let (name, value) =
                text.map_or_else(|| (lossy(name), lossy(value)), |(name, value)| (name.into(), value.into()));
            assert_eq!((pair.name(), pair.value()), (&*name, &*value));
        }
    }
}
