//! A path, split at its real slashes and decoded once.

use std::borrow::Cow;

use crate::work;

/// Stands for a slash that separates no segments, in a text where all others do.
pub(crate) const INSIDE: &str = "\0";

/// A decoded path that still knows which slashes separate segments.
pub(crate) struct Path<'p> {
    pub(crate) text: Cow<'p, str>,
    /// The bytes of the text with [`INSIDE`] for each slash that separates no segments; `None` when there is none.
    marks: Option<Vec<u8>>,
    is_raw: bool,
    /// Whether the last slash was not in the request.
    pub(crate) has_slash_added: bool,
}

impl<'p> Path<'p> {
    /// Decodes a path. Returns `None` when a segment decodes to something that is not UTF-8.
    pub(crate) fn decode(raw: &'p str) -> Option<Path<'p>> {
        if !has_percent(raw.as_bytes()) {
            return Some(Path {
                text: Cow::Borrowed(raw),
                marks: None,
                is_raw: true,
                has_slash_added: false,
            });
        }
        let mut bytes = Vec::with_capacity(raw.len());
        let mut marks: Option<Vec<u8>> = None;
        let mut rest = raw.as_bytes();
        while let Some((plain, behind)) = split_at_percent(rest) {
            bytes.extend_from_slice(plain);
            if let Some(marks) = &mut marks {
                marks.extend_from_slice(plain);
            }
            let (byte, is_escaped, behind) = match escape(behind) {
                Some((byte, behind)) => (byte, true, behind),
                None => (b'%', false, behind.get(1..).unwrap_or_default()),
            };
            rest = behind;
            let is_inside = byte == b'/' && is_escaped;
            if is_inside && marks.is_none() {
                let mut begun = Vec::with_capacity(raw.len());
                begun.extend_from_slice(&bytes);
                marks = Some(begun);
            }
            if let Some(marks) = &mut marks {
                marks.push(if is_inside { 0 } else { byte });
            }
            bytes.push(byte);
        }
        bytes.extend_from_slice(rest);
        if let Some(marks) = &mut marks {
            marks.extend_from_slice(rest);
        }
        let text = String::from_utf8(bytes).ok()?;
        Some(Path { text: Cow::Owned(text), marks, is_raw: false, has_slash_added: false })
    }

    /// Removes the separating slash at the end of the path, or adds one if it has none. Places in the text stay the same.
    pub(crate) fn with_other_end(&self) -> Path<'_> {
        let mut marks = self.marks.clone();
        let is_raw = self.is_raw;
        if self.separators().last() == Some(&b'/') {
            marks.as_mut().map(Vec::pop);
            let text = self.text.get(..self.text.len() - 1).unwrap_or_default();
            return Path { text: Cow::Borrowed(text), marks, is_raw, has_slash_added: false };
        }
        if let Some(marks) = &mut marks {
            marks.push(b'/');
        }
        Path { text: Cow::Owned(format!("{}/", self.text)), marks, is_raw, has_slash_added: true }
    }

    /// Returns whether places in the text are places in the raw path.
    pub(crate) fn is_raw(&self) -> bool {
        self.is_raw
    }

    /// Returns the bytes of the text, in which each `/` separates segments.
    pub(crate) fn separators(&self) -> &[u8] {
        self.marks.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// Returns the text with [`INSIDE`] for each slash that separates no segments. Places in it stay the same.
    pub(crate) fn marked(&self) -> Cow<'_, str> {
        work::add(self.text.len());
        if self.marks.is_none() && !self.text.contains(INSIDE) {
            return Cow::Borrowed(&self.text);
        }
        let separators = self.separators();
        let letters = self.text.char_indices().map(|(at, letter)| match letter {
            // One that is there already becomes another one that nobody asks for.
            '\0' => '\x01',
            '/' if separators.get(at) != Some(&b'/') => '\0',
            other => other,
        });
        Cow::Owned(letters.collect())
    }

    /// Returns whether the text at a place begins with `wanted`, whose slashes all have to separate segments.
    pub(crate) fn has_at(&self, wanted: &str, at: usize) -> bool {
        let bytes = wanted.as_bytes();
        let there = self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(bytes));
        there
            && self.marks.as_ref().and_then(|marks| marks.get(at..)).is_none_or(|marks| {
                bytes.iter().zip(marks).all(|(byte, mark)| *byte != b'/' || *mark == b'/')
            })
    }

    /// Returns where the segment around `from` ends.
    pub(crate) fn segment_end(&self, from: usize) -> usize {
        let rest = self.separators().get(from..).unwrap_or_default();
        rest.iter().position(|byte| *byte == b'/').map_or(self.text.len(), |offset| from + offset)
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
    if !is_utf8(Decoder(raw_path.as_bytes()).map(|(byte, _)| byte)) {
        return None;
    }
    let spelling = || Decoder(raw_path.as_bytes()).flat_map(|(byte, is_escaped)| spell(byte, is_escaped));
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
struct Decoder<'p>(&'p [u8]);

impl Iterator for Decoder<'_> {
    type Item = (u8, bool);

    fn next(&mut self) -> Option<(u8, bool)> {
        if let Some((byte, behind)) = escape(self.0) {
            self.0 = behind;
            return Some((byte, true));
        }
        let (byte, behind) = self.0.split_first()?;
        self.0 = behind;
        Some((*byte, false))
    }
}

/// Returns the byte of the escape that the bytes begin with, and what is behind it.
fn escape(bytes: &[u8]) -> Option<(u8, &[u8])> {
    match bytes {
        [b'%', high, low, behind @ ..] => Some((hex_value(*high)? * 16 + hex_value(*low)?, behind)),
        _ => None,
    }
}

/// Splits bytes in front of the first `%`.
fn split_at_percent(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(bytes.iter().position(|byte| *byte == b'%')?)
}

/// Returns whether a `%` is in the bytes. Most paths have none, so they are looked at in blocks; other than with `contains`,
/// that takes the same time wherever they lie in memory.
fn has_percent(bytes: &[u8]) -> bool {
    // The last block may have bytes of the one before it.
    if let Some(last) = bytes.last_chunk::<16>() {
        let (blocks, _) = bytes.as_chunks::<16>();
        blocks.iter().chain([last]).any(is_in_block)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        is_in_block(first) || is_in_block(last)
    } else {
        bytes.contains(&b'%')
    }
}

fn is_in_block<const N: usize>(block: &[u8; N]) -> bool {
    block.iter().fold(false, |found, byte| found | (*byte == b'%'))
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
        let slashes = (0..path.text.len()).filter(|at| path.has_at("/", *at)).collect();
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
