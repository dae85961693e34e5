//! A reader for the JSON of an event: one pass, strings unescaped in place, nothing allocated.
//!
//! It accepts more than RFC 8259 where an error would lose a request that can be answered: a string may hold raw bytes
//! that are not UTF-8 and raw control characters, and half a surrogate pair becomes U+FFFD (`docs/alb.md` §1.2). It never
//! recurses, so nesting cannot overflow the stack.

use super::Span;
use super::swar::string_marks;

/// The error for bytes that are not JSON: what was expected, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) at: usize,
    pub(crate) expected: &'static str,
}

/// Reads JSON from the front of a buffer and unescapes its strings in that buffer.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a mut [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes
    }

    fn broken<T>(&self, expected: &'static str) -> Result<T, Broken> {
        Err(Broken { at: self.at, expected })
    }

    /// Returns the next byte that is not white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    /// Calls `each` with every key of an object; `each` must consume the value. Anything but an object is skipped.
    pub(crate) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, Span) -> Result<(), Broken>,
    ) -> Result<bool, Broken> {
        if !self.take(b'{') {
            self.skip()?;
            return Ok(false);
        }
        if self.take(b'}') {
            return Ok(true);
        }
        loop {
            let key = self.string()?;
            if !self.take(b':') {
                return self.broken("':'");
            }
            each(self, key)?;
            if self.take(b'}') {
                return Ok(true);
            }
            if !self.take(b',') {
                return self.broken("',' or '}'");
            }
        }
    }

    /// Calls `each` at every element of an array; `each` must consume it. The next byte must be the `[`.
    pub(crate) fn array(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        if !self.take(b'[') {
            return self.broken("'['");
        }
        if self.take(b']') {
            return Ok(());
        }
        loop {
            each(self)?;
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.broken("',' or ']'");
            }
        }
    }

    /// Reads the text of a string, a number or a boolean; `None` for `null`, objects and arrays.
    pub(crate) fn text(&mut self) -> Result<Option<Span>, Broken> {
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                self.rest_of_string().map(Some)
            }
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => self.scalar().map(Some),
            _ => self.skip().map(|()| None),
        }
    }

    /// Reads a boolean; anything else counts as false.
    pub(crate) fn truth(&mut self) -> Result<bool, Broken> {
        let text = self.text()?;
        Ok(text.is_some_and(|span| span.of(self.bytes) == b"true"))
    }

    /// Reads a string, and unescapes it in place.
    pub(crate) fn string(&mut self) -> Result<Span, Broken> {
        if !self.take(b'"') {
            return self.broken("a string");
        }
        self.rest_of_string()
    }

    /// Reads a string behind its first quote.
    fn rest_of_string(&mut self) -> Result<Span, Broken> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let Some(hit) = end_or_escape(rest) else {
            return self.broken("the end of a string");
        };
        self.at = start + hit;
        if rest.get(hit) == Some(&b'"') {
            self.at += 1;
            return Ok(Span::new(start, hit));
        }
        self.unescape(start)
    }

    /// Unescapes a string from its first backslash on, in place. Every escape is longer than its character, so writing
    /// never overtakes reading.
    fn unescape(&mut self, start: usize) -> Result<Span, Broken> {
        let mut to = self.at;
        loop {
            // Eight bytes at a time while there is neither quote nor backslash among them.
            if let Some(&eight) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
                let marks = string_marks(eight);
                if marks == 0 {
                    if let Some(space) = self.bytes.get_mut(to..).and_then(<[u8]>::first_chunk_mut::<8>) {
                        *space = eight;
                    }
                    self.at += 8;
                    to += 8;
                    continue;
                }
                for &byte in eight.iter().take((marks.trailing_zeros() / 8) as usize) {
                    self.put(&mut to, &[byte]);
                    self.at += 1;
                }
            }
            match self.bytes.get(self.at).copied() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Span::new(start, to - start));
                }
                Some(b'\\') => match self.short_escape() {
                    Some(byte) => {
                        self.put(&mut to, &[byte]);
                        self.at += 2;
                    }
                    None => {
                        let character = self.unicode_escape()?;
                        self.put(&mut to, character.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                },
                Some(byte) => {
                    self.put(&mut to, &[byte]);
                    self.at += 1;
                }
                None => return self.broken("the end of a string"),
            }
        }
    }

    fn put(&mut self, to: &mut usize, text: &[u8]) {
        for &byte in text {
            if let Some(space) = self.bytes.get_mut(*to) {
                *space = byte;
            }
            *to += 1;
        }
    }

    /// Returns the character of a two-character escape at this place (RFC 8259 §7), if there is one.
    fn short_escape(&self) -> Option<u8> {
        Some(match self.bytes.get(self.at + 1)? {
            same @ (b'"' | b'\\' | b'/') => *same,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 0x08,
            b'f' => 0x0c,
            _ => return None,
        })
    }

    /// Reads an escape of six or twelve characters.
    fn unicode_escape(&mut self) -> Result<char, Broken> {
        if self.bytes.get(self.at + 1) != Some(&b'u') {
            return self.broken("a valid escape");
        }
        let Some(first) = self.hex(self.at + 2) else {
            return self.broken("four hexadecimal digits");
        };
        self.at += 6;
        let mut code = first;
        if (0xd800..0xdc00).contains(&first)
            && self.bytes.get(self.at..self.at + 2) == Some(br"\u")
            && let Some(second @ 0xdc00..0xe000) = self.hex(self.at + 2)
        {
            self.at += 6;
            code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        }
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |sum, &digit| Some(sum * 16 + char::from(digit).to_digit(16)?))
    }

    fn scalar(&mut self) -> Result<Span, Broken> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest
            .iter()
            .take_while(|b| matches!(b, b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E'))
            .count();
        let span = Span::new(self.at, len);
        match span.of(self.bytes) {
            b"true" | b"false" | b"null" | [b'-' | b'0'..=b'9', ..] => {}
            _ => return self.broken("a value"),
        }
        self.at += len;
        Ok(span)
    }

    /// Skips a string and leaves it unchanged.
    fn pass_string(&mut self) -> Result<(), Broken> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(hit) = memchr::memchr2(b'"', b'\\', rest) else {
                return self.broken("the end of a string");
            };
            self.at += hit;
            if rest.get(hit) == Some(&b'"') {
                self.at += 1;
                return Ok(());
            }
            match self.short_escape() {
                Some(_) => self.at += 2,
                None => drop(self.unicode_escape()?),
            }
        }
    }

    /// Skips a value of any kind and depth, leaves it unchanged, and returns its position for another reader.
    pub(crate) fn raw(&mut self) -> Result<Span, Broken> {
        // The white space before it does not belong to it.
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(Span::new(start, self.at - start))
    }

    /// Skips a value of any kind and depth. Brackets are counted; their kind is not compared.
    pub(crate) fn skip(&mut self) -> Result<(), Broken> {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => self.pass_string()?,
                Some(b'{' | b'[') => {
                    self.at += 1;
                    depth += 1;
                }
                Some(b'}' | b']') if depth > 0 => {
                    self.at += 1;
                    depth -= 1;
                }
                Some(b',' | b':') if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    self.scalar()?;
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Checks that only white space follows.
    pub(crate) fn end(&mut self) -> Result<(), Broken> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.broken("the end of the document"),
        }
    }
}

/// Returns the place of the first quote or backslash.
fn end_or_escape(bytes: &[u8]) -> Option<usize> {
    // Many strings of an event are short, and for those a call costs more than a look.
    if let Some(eight) = bytes.first_chunk::<8>() {
        let marks = string_marks(*eight);
        if marks != 0 {
            return Some((marks.trailing_zeros() / 8) as usize);
        }
    }
    memchr::memchr2(b'"', b'\\', bytes)
}

#[cfg(test)]
mod tests {
    use super::Reader;

    fn string(json: &str) -> Option<String> {
        let mut bytes = json.as_bytes().to_vec();
        let mut reader = Reader::new(&mut bytes);
        let span = reader.string().ok()?;
        reader.end().ok()?;
        Some(String::from_utf8(span.of(&bytes).to_vec()).expect("stays UTF-8"))
    }

    #[test]
    fn strings_are_what_serde_json_says() {
        for json in [
            r#""""#,
            r#""plain""#,
            r#""a\"b\\c\/d\b\f\n\r\t""#,
            r#""\u00fc\u4e16\ud83d\ude00 longer than eight bytes \" and on""#,
            r#""ünïcödé with \"quotes\" in it, and 12345678""#,
            r#""\\\\\\\\\\\\\\\\\\\\\\\\""#,
        ] {
            assert_eq!(string(json), serde_json::from_str(json).ok(), "{json}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        assert_eq!(string(r#""a\ud800b""#).as_deref(), Some("a\u{fffd}b"));
        assert_eq!(string(r#""\ud800\ud800\udc00""#).as_deref(), Some("\u{fffd}\u{10000}"));
        assert_eq!(string(r#""\udc00""#).as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn broken_strings_are_refused() {
        for json in [r#"""#, r#""a\"#, r#""\x""#, r#""\u12""#, r#""\u12g4""#, "x"] {
            assert_eq!(string(json), None, "{json}");
        }
    }

    #[test]
    fn what_is_stepped_over_stays_as_it_is() {
        let json = r#" {"a": [1, "\u0022}\\", {"b\"": null}]}"#;
        let mut bytes = json.as_bytes().to_vec();
        let mut reader = Reader::new(&mut bytes);
        let span = reader.raw().expect("a value");
        assert_eq!(reader.end(), Ok(()));
        assert_eq!(span.of(&bytes), json.trim().as_bytes());
        assert_eq!(bytes, json.as_bytes());
        for broken in [r#"["\x"]"#, r#"["\u12g4"]"#, r#"["a\"]"#, r#"["a]"#, ",1", ":1"] {
            assert!(Reader::new(&mut broken.as_bytes().to_vec()).raw().is_err(), "{broken}");
        }
    }

    #[test]
    fn skipping_needs_no_stack() {
        let mut bytes = vec![b'['; 1_000_000];
        assert!(Reader::new(&mut bytes).skip().is_err());
        bytes.extend(vec![b']'; 1_000_000]);
        let mut reader = Reader::new(&mut bytes);
        assert_eq!(reader.skip().and_then(|()| reader.end()), Ok(()));
    }
}
