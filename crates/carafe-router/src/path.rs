//! A path, split at its real slashes and decoded once.

use std::borrow::Cow;

/// A decoded path that still knows which slashes are its own.
pub(crate) struct Path<'p> {
    pub(crate) text: Cow<'p, str>,
    /// Where the real slashes are; `None` when nothing was decoded, and so all are real.
    slashes: Option<Vec<usize>>,
}

impl<'p> Path<'p> {
    /// `None` when a piece decodes to something that is not UTF-8.
    pub(crate) fn decode(raw: &'p str) -> Option<Path<'p>> {
        if !raw.as_bytes().contains(&b'%') {
            return Some(Path { text: Cow::Borrowed(raw), slashes: None });
        }
        let mut bytes = Vec::with_capacity(raw.len());
        let mut slashes = Vec::new();
        let mut rest = raw.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'/' => {
                    slashes.push(bytes.len());
                    bytes.push(b'/');
                }
                b'%' => {
                    let mut ahead = rest.clone();
                    match (ahead.next().and_then(hex), ahead.next().and_then(hex)) {
                        (Some(high), Some(low)) => {
                            bytes.push(high * 16 + low);
                            rest = ahead;
                        }
                        // What is no escape is text.
                        _ => bytes.push(b'%'),
                    }
                }
                other => bytes.push(other),
            }
        }
        let text = String::from_utf8(bytes).ok()?;
        Some(Path { text: Cow::Owned(text), slashes: Some(slashes) })
    }

    /// Whether places in the text are places in the raw path.
    pub(crate) fn is_raw(&self) -> bool {
        self.slashes.is_none()
    }

    /// Whether the text goes on like this, with real slashes where it says so.
    pub(crate) fn has_at(&self, wanted: &str, at: usize) -> bool {
        let bytes = wanted.as_bytes();
        let there = self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(bytes));
        there
            && self.slashes.as_ref().is_none_or(|list| {
                let mut slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
                slashes.all(|(offset, _)| list.binary_search(&(at + offset)).is_ok())
            })
    }

    /// Where the segment around `from` ends.
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

    /// The text with another character for each slash that is not real, byte for byte as long.
    pub(crate) fn with_real_slashes(&self) -> Cow<'_, str> {
        match &self.slashes {
            Some(list) if self.text.bytes().filter(|byte| *byte == b'/').count() > list.len() => {
                let letters = self.text.char_indices().map(|(at, letter)| match letter {
                    '/' if list.binary_search(&at).is_err() => '\0',
                    _ => letter,
                });
                Cow::Owned(letters.collect())
            }
            _ => Cow::Borrowed(&self.text),
        }
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
