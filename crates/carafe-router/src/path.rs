//! A path, split at its real slashes and decoded once.

use std::borrow::Cow;
use std::str::Bytes;

/// A decoded path that still knows which slashes separate segments.
pub(crate) struct Path<'p> {
    pub(crate) text: Cow<'p, str>,
    /// Where the separating slashes are; `None` when nothing was decoded, so that all slashes separate.
    slashes: Option<Vec<usize>>,
    /// Whether the last slash was not in the request.
    pub(crate) has_slash_added: bool,
}

impl<'p> Path<'p> {
    /// Decodes a path. Returns `None` when a segment decodes to something that is not UTF-8.
    pub(crate) fn decode(raw: &'p str) -> Option<Path<'p>> {
        if !raw.as_bytes().contains(&b'%') {
            return Some(Path { text: Cow::Borrowed(raw), slashes: None, has_slash_added: false });
        }
        let mut bytes = Vec::with_capacity(raw.len());
        let mut slashes = Vec::new();
        for (byte, is_escaped) in Decoder(raw.bytes()) {
            if byte == b'/' && !is_escaped {
                slashes.push(bytes.len());
            }
            bytes.push(byte);
        }
        let text = String::from_utf8(bytes).ok()?;
        Some(Path { text: Cow::Owned(text), slashes: Some(slashes), has_slash_added: false })
    }

    /// Removes the separating slash at the end of the path, or adds one if it has none. Places in the text stay the same.
    pub(crate) fn with_other_end(&self) -> Path<'_> {
        let mut slashes = self.slashes.clone();
        let len = self.text.len();
        let ends = self.text.ends_with('/')
            && self.slashes.as_ref().is_none_or(|list| list.last() == Some(&(len - 1)));
        if ends {
            slashes.as_mut().map(Vec::pop);
            let text = self.text.get(..len - 1).unwrap_or_default();
            return Path { text: Cow::Borrowed(text), slashes, has_slash_added: false };
        }
        if let Some(list) = &mut slashes {
            list.push(len);
        }
        Path { text: Cow::Owned(format!("{}/", self.text)), slashes, has_slash_added: true }
    }

    /// Returns whether places in the text are places in the raw path.
    pub(crate) fn is_raw(&self) -> bool {
        self.slashes.is_none()
    }

    /// Returns whether the text at a place begins with `wanted`, whose slashes all have to separate segments.
    pub(crate) fn has_at(&self, wanted: &str, at: usize) -> bool {
        let bytes = wanted.as_bytes();
        let there = self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(bytes));
        there
            && self.slashes.as_ref().is_none_or(|list| {
                let mut slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
                slashes.all(|(offset, _)| list.binary_search(&(at + offset)).is_ok())
            })
    }

    /// Returns where the segment around `from` ends.
    pub(crate) fn segment_end(&self, from: usize) -> usize {
        let len = self.text.len();
        match &self.slashes {
            None => {
                let rest = self.text.as_bytes().get(from..).unwrap_or_default();
                rest.iter().position(|byte| *byte == b'/').map_or(len, |offset| from + offset)
            }
            Some(list) => {
                let next = list.partition_point(|at| *at < from);
                list.get(next).copied().unwrap_or(len)
            }
        }
    }
}

/// Returns the one spelling of a path that stands for all spellings which a [`Router`](crate::Router) takes for the same
/// path: each segment is decoded once and encoded again.
///
/// Unreserved characters, sub-delims, `:` and `@` (RFC 3986 §3.3, `pchar`) stand for themselves, every other byte is `%`
/// with two digits in upper case. So a `/` inside a segment stays `%2F`, and a `%` is `%25`, also where it begins no
/// escape. Nothing is done about `//`, `.` and `..`.
///
/// Returns `None` when a segment decodes to something that is not UTF-8, and the path itself, without allocation, when it
/// is spelt this way already.
///
/// ```
/// use carafe_router::canonical;
///
/// assert_eq!(canonical("/%61dmin/caf%c3%a9/a%2fb/100%").as_deref(), Some("/admin/caf%C3%A9/a%2Fb/100%25"));
/// assert_eq!(canonical("/a//../b%2Bc:d@e").as_deref(), Some("/a//../b+c:d@e"));
/// assert_eq!(canonical("/%FF"), None);
/// ```
#[must_use]
pub fn canonical(raw_path: &str) -> Option<Cow<'_, str>> {
    if raw_path.bytes().all(|byte| byte == b'/' || is_pchar(byte)) {
        return Some(Cow::Borrowed(raw_path));
    }
    if !is_utf8(Decoder(raw_path.bytes()).map(|(byte, _)| byte)) {
        return None;
    }
    let spelling = || Decoder(raw_path.bytes()).flat_map(|(byte, is_escaped)| spell(byte, is_escaped));
    if spelling().eq(raw_path.chars()) {
        return Some(Cow::Borrowed(raw_path));
    }
    Some(Cow::Owned(spelling().collect()))
}

/// Spells a decoded byte in the canonical way.
fn spell(byte: u8, is_escaped: bool) -> impl Iterator<Item = char> {
    let is_itself = is_pchar(byte) || (byte == b'/' && !is_escaped);
    let (first, len) = if is_itself { (char::from(byte), 1) } else { ('%', 3) };
    [first, hex_digit(byte >> 4), hex_digit(byte & 15)].into_iter().take(len)
}

/// Returns whether a character stands for itself in a segment (RFC 3986 §3.3).
fn is_pchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}

fn hex_digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or_default().to_ascii_uppercase()
}

/// Returns whether bytes are UTF-8, without collecting them.
fn is_utf8(mut bytes: impl Iterator<Item = u8>) -> bool {
    while let Some(first) = bytes.next() {
        let len = match first {
            0..=0x7f => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return false,
        };
        let mut letter = [first; 4];
        for place in letter.iter_mut().take(len).skip(1) {
            let Some(next) = bytes.next() else { return false };
            *place = next;
        }
        if letter.get(..len).is_none_or(|letter| std::str::from_utf8(letter).is_err()) {
            return false;
        }
    }
    true
}

/// The decoded bytes of a path, each with whether it was an escape. A `%` that begins no escape is itself.
struct Decoder<'p>(Bytes<'p>);

impl Iterator for Decoder<'_> {
    type Item = (u8, bool);

    fn next(&mut self) -> Option<(u8, bool)> {
        let byte = self.0.next()?;
        if byte != b'%' {
            return Some((byte, false));
        }
        let mut ahead = self.0.clone();
        match (ahead.next().and_then(hex_value), ahead.next().and_then(hex_value)) {
            (Some(high), Some(low)) => {
                self.0 = ahead;
                Some((high * 16 + low, true))
            }
            _ => Some((b'%', false)),
        }
    }
}

fn hex_value(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::test_runner::{Config, TestRunner};

    use super::*;

    #[test]
    fn spells_each_path_in_one_way() {
        for (raw, expected) in [
            ("", Some("")),
            ("/", Some("/")),
            ("a", Some("a")),
            ("/%61%7E%2D%5f%2e", Some("/a~-_.")),
            ("/%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40", Some("/!$&'()*+,;=:@")),
            ("/%2f%2F", Some("/%2F%2F")),
            ("/%25/%/%2/%zz/%%41", Some("/%25/%25/%252/%25zz/%25A")),
            ("/%2561", Some("/%2561")),
            ("/caf\u{e9}/caf%c3%a9", Some("/caf%C3%A9/caf%C3%A9")),
            ("/a b\"<>[]{}|^`\\?#", Some("/a%20b%22%3C%3E%5B%5D%7B%7D%7C%5E%60%5C%3F%23")),
            ("/%00%0a%7F", Some("/%00%0A%7F")),
            ("//a/./../%2E%2e/", Some("//a/./../../")),
            ("/%F0%9F%8D%B7/%EF%BF%BF/%C2%80", Some("/%F0%9F%8D%B7/%EF%BF%BF/%C2%80")),
            ("/%FF", None),
            ("/%C3", None),
            ("/%C3/%A9", None),
            ("/%C3\u{e9}", None),
            ("/%A9", None),
            ("/%C0%AF", None),
            ("/%ED%A0%80", None),
            ("/%F4%90%80%80", None),
            ("/%F0%9F%8D", None),
        ] {
            assert_eq!(canonical(raw).as_deref(), expected, "{raw}");
        }
    }

    #[test]
    fn borrows_what_is_canonical_already() {
        for raw in ["/", "/a/b;c=d:e@f", "/caf%C3%A9/a%2Fb/100%25", "//../."] {
            assert!(matches!(canonical(raw), Some(Cow::Borrowed(same)) if same == raw), "{raw}");
        }
        for raw in ["/%61", "/%2f", "/100%", "/\u{e9}"] {
            assert!(matches!(canonical(raw), Some(Cow::Owned(_))), "{raw}");
        }
    }

    /// What a router reads: the decoded text and where its separating slashes are.
    fn decoded(raw: &str) -> Option<(String, Vec<usize>)> {
        let path = Path::decode(raw)?;
        let all = || path.text.match_indices('/').map(|(at, _)| at).collect();
        let slashes = path.slashes.clone().unwrap_or_else(all);
        Some((path.text.into_owned(), slashes))
    }

    #[test]
    fn is_equal_exactly_for_paths_that_a_router_takes_for_the_same() {
        // Each line has spellings of one thing; some of them are no such thing beside others.
        let spellings: [&[&str]; 12] = [
            &["/"],
            &["%2F", "%2f"],
            &["a", "%61"],
            &["2", "%32"],
            &["F", "%46"],
            &["%", "%25"],
            &["\u{e9}", "%C3%A9", "%c3%a9"],
            &["%C3", "%c3"],
            &["%A9", "%a9"],
            &["+", "%2B", "%2b"],
            &[".", "%2E", "%2e"],
            &[" ", "%20"],
        ];
        let part = (select(spellings.to_vec()), any::<usize>(), any::<usize>());
        let part = (part, prop::option::weighted(0.02, select(spellings.to_vec())));
        let pair = prop::collection::vec(part, 0..8).prop_map(|parts| {
            let mut pair = (String::new(), String::new());
            for ((one, number, other_number), change) in parts {
                let other = change.unwrap_or(one);
                pair.0.push_str(one[number % one.len()]);
                pair.1.push_str(other[other_number % other.len()]);
            }
            pair
        });
        let counts = std::cell::Cell::new([0; 3]);
        let config = Config { cases: 20_000, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&pair, |(one, other)| {
            let is_same = decoded(&one) == decoded(&other);
            prop_assert_eq!(canonical(&one) == canonical(&other), is_same, "{} and {}", one, other);
            for raw in [&one, &other] {
                let text = canonical(raw);
                prop_assert_eq!(text.is_some(), decoded(raw).is_some());
                let Some(text) = text else { continue };
                prop_assert_eq!(decoded(&text), decoded(raw));
                prop_assert!(matches!(canonical(&text), Some(Cow::Borrowed(same)) if same == text));
                prop_assert_eq!(matches!(text, Cow::Borrowed(_)), text == raw.as_str());
            }
            let mut seen = counts.get();
            let kind = if decoded(&one).is_none() { 2 } else { usize::from(is_same && one != other) };
            seen[kind] += 1;
            counts.set(seen);
            Ok(())
        });
        outcome.unwrap();
        assert!(counts.get().iter().all(|count| *count >= 2_000), "{:?}", counts.get());
    }
}
