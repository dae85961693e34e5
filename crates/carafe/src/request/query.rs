//! Query parameters and urlencoded pairs as text.

use std::cmp::Ordering;

use carafe_lambda::percent::{decode_form, decode_form_into};

/// A name and its value, decoded.
#[derive(Debug)]
pub(crate) struct Pair {
    /// The name, and the value behind it: the two are one piece of memory.
    text: String,
    /// In bytes.
    name_length: usize,
    /// `false` where one of them was not UTF-8: it then has U+FFFD, and an argument that reads it fails.
    pub(crate) is_text: bool,
}

impl Pair {
    /// Makes a pair of text that is not encoded.
    pub(crate) fn new(name: &str, value: &str, is_text: bool) -> Pair {
        Pair { text: [name, value].concat(), name_length: name.len(), is_text }
    }

    /// Decodes a pair.
    pub(super) fn decoded(name: &[u8], value: &[u8]) -> Pair {
        let mut bytes = Vec::with_capacity(name.len() + value.len());
        decode_form_into(&mut bytes, name);
        let name_length = bytes.len();
        decode_form_into(&mut bytes, value);
        match String::from_utf8(bytes) {
            // Where the end of one and the start of the other make one character, neither is UTF-8.
            Ok(text) if text.is_char_boundary(name_length) => Pair { text, name_length, is_text: true },
            _ => Pair::broken(name, value),
        }
    }

    #[cold]
    fn broken(name: &[u8], value: &[u8]) -> Pair {
        Pair::new(&decode_form(name).0, &decode_form(value).0, false)
    }

    pub(crate) fn name(&self) -> &str {
        self.text.get(..self.name_length).unwrap_or_default()
    }

    pub(crate) fn value(&self) -> &str {
        self.text.get(self.name_length..).unwrap_or_default()
    }
}

/// Puts equal names side by side and keeps the order of their values. A load balancer has done the same to a query.
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
        for (pair, name, value, is_text) in [
            (["", ""], "", "", true),
            (["a", ""], "a", "", true),
            (["", "b"], "", "b", true),
            (["a+b%3D", "%C3%BC+ü"], "a b=", "ü ü", true),
            (["%C3%BC", "100%"], "ü", "100%", true),
            (["caf%E9", "b"], "caf\u{fffd}", "b", false),
            (["a", "caf%E9"], "a", "caf\u{fffd}", false),
            // Side by side they would be one character.
            (["%C3", "%BC"], "\u{fffd}", "\u{fffd}", false),
            (["a%E2%82", "%AC"], "a\u{fffd}", "\u{fffd}", false),
        ] {
            let decoded = Pair::decoded(pair[0].as_bytes(), pair[1].as_bytes());
            assert_eq!(
                (decoded.name(), decoded.value(), decoded.is_text),
                (name, value, is_text),
                "{pair:?}"
            );
        }
    }
}
