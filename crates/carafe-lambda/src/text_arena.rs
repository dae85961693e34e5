//! The text of a request: slices of the event, and the little that is not in it letter by letter.

use bytes::Bytes;

use crate::json::Span;

/// The event's bytes, and behind them (in numbering, not in memory) text made while reading them.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextArena {
    payload: Bytes,
    extra: Vec<u8>,
    /// Text that had to be repaired to be UTF-8, and the bytes it was made from.
    repaired: Vec<(Span, Span)>,
}

impl TextArena {
    pub(crate) fn new(payload: Bytes) -> TextArena {
        TextArena { payload, extra: Vec::new(), repaired: Vec::new() }
    }

    pub(crate) fn payload(&self) -> &Bytes {
        &self.payload
    }

    pub(crate) fn bytes(&self, span: Span) -> &[u8] {
        let range = span.range();
        match range.start.checked_sub(self.payload.len()) {
            None => self.payload.get(range).unwrap_or_default(),
            Some(start) => self.extra.get(start..start + range.len()).unwrap_or_default(),
        }
    }

    /// The text of a span that has been through [`TextArena::repair`] or was text from the start.
    pub(crate) fn text(&self, span: Span) -> &str {
        std::str::from_utf8(self.bytes(span)).unwrap_or_default()
    }

    /// The bytes a text came as, before any repair.
    pub(crate) fn original(&self, span: Span) -> &[u8] {
        // Each text is made behind the one before.
        let start = span.range().start;
        let found = self.repaired.binary_search_by_key(&start, |(text, _)| text.range().start);
        let repaired = found.ok().and_then(|at| self.repaired.get(at)).filter(|(text, _)| *text == span);
        self.bytes(repaired.map_or(span, |(_, raw)| *raw))
    }

    /// The span itself if it holds UTF-8, else one of the same text with U+FFFD where it did not.
    pub(crate) fn repair(&mut self, span: Span) -> Span {
        let bytes = self.bytes(span);
        if std::str::from_utf8(bytes).is_ok() {
            return span;
        }
        let text = String::from_utf8_lossy(bytes).into_owned();
        let text = self.add(text.as_bytes());
        self.repaired.push((text, span));
        text
    }

    /// Keeps a piece of text that does not stand in the event.
    pub(crate) fn add(&mut self, text: &[u8]) -> Span {
        let start = self.payload.len() + self.extra.len();
        self.extra.extend_from_slice(text);
        Span::new(start, text.len())
    }
}
