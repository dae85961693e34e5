//! JSON as events and answers need it: read in place, written into the buffer that is sent.
//!
//! Not `serde_json`, because an event may hold bytes that are not UTF-8 and half surrogate pairs, which must not cost
//! the client an answer; and because this takes a fifth of the instructions. The tests compare the two.

mod reader;
mod swar;
mod writer;

pub(crate) use reader::{Broken, Reader};
pub(crate) use swar::has_capital;
pub use writer::Writer;
pub(crate) use writer::{escape_strictly, push_decimal};

/// The position of a piece of text in the buffer that holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    /// Makes a span of positions in a buffer. The caller has checked that they fit ([`MAX_LEN`]).
    pub(crate) fn new(start: usize, len: usize) -> Span {
        Span { start: u32::try_from(start).unwrap_or(u32::MAX), len: u32::try_from(len).unwrap_or(0) }
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start.saturating_add(self.len as usize)
    }

    pub(crate) fn len(self) -> usize {
        self.len as usize
    }

    pub(crate) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.range()).unwrap_or_default()
    }
}

/// The longest buffer a [`Span`] can point into. Lambda sends 6 MB at most.
pub(crate) const MAX_LEN: usize = u32::MAX as usize;
