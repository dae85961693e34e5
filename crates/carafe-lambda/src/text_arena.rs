//! The text of an event: slices of its payload, and text that was made while reading it.

use bytes::Bytes;

use crate::json::Span;

/// The payload, and text made while reading it. Spans count through both, the payload first.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextArena {
    payload: Bytes,
    extra: Vec<u8>,
    /// Texts that had to be repaired to be UTF-8, and the bytes they were made from.
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

    /// Returns the text of a span that is UTF-8, if need be after [`TextArena::repair`].
    pub(crate) fn text(&self, span: Span) -> &str {
        std::str::from_utf8(self.bytes(span)).unwrap_or_default()
    }

    /// Returns the bytes of a text before its repair.
    pub(crate) fn original(&self, span: Span) -> &[u8] {
        // Sorted, because each text is added after the one before.
        let start = span.range().start;
        let found = self.repaired.binary_search_by_key(&start, |(text, _)| text.range().start);
        let repaired = found.ok().and_then(|at| self.repaired.get(at)).filter(|(text, _)| *text == span);
        self.bytes(repaired.map_or(span, |(_, raw)| *raw))
    }

    /// Returns the span itself if it is UTF-8, else one of the same text with U+FFFD in place of the broken bytes.
    pub(crate) fn repair(&mut self, span: Span) -> Span {
        let bytes = self.bytes(span);
        // Most are short and ASCII, which is the cheaper question.
        if bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() {
            return span;
        }
        let text = String::from_utf8_lossy(bytes).into_owned();
        let text = self.add(text.as_bytes());
        self.repaired.push((text, span));
        text
    }

    /// Adds a text that is not in the payload.
    pub(crate) fn add(&mut self, text: &[u8]) -> Span {
        let start = self.payload.len() + self.extra.len();
        self.extra.extend_from_slice(text);
        Span::new(start, text.len())
    }
}
