//! A path, split at its real slashes and decoded once.

use std::borrow::Cow;

/// A decoded path that still knows which slashes are its own.
pub(crate) struct Path<'p> {
    pub(crate) text: Cow<'p, str>,
    /// Where the real slashes are; `None` when nothing was decoded, and so all are real.
    slashes: Option<Vec<usize>>,
    /// Whether the last slash is not the client's.
    pub(crate) has_slash_added: bool,
}

impl<'p> Path<'p> {
    /// `None` when a piece decodes to something that is not UTF-8.
    pub(crate) fn decode(raw: &'p str) -> Option<Path<'p>> {
        if !raw.as_bytes().contains(&b'%') {
            return Some(Path { text: Cow::Borrowed(raw), slashes: None, has_slash_added: false });
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
        Some(Path { text: Cow::Owned(text), slashes: Some(slashes), has_slash_added: false })
    }

    /// The same with a real slash at its end less, or more if it has none. Places in the text stay what they are.
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
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
