//! A writer for the JSON of an answer: commas by themselves, texts and bytes straight into the buffer that is sent.

use base64::Engine as _;
use bytes::Bytes;

use super::swar::plain;
use crate::base64::BASE64;

/// A document under construction.
#[derive(Debug)]
pub(crate) struct Writer {
    document: Vec<u8>,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Writer {
        Writer { document: Vec::with_capacity(bytes) }
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.document.into()
    }

    /// Starts an object (`{`) or an array (`[`).
    pub(crate) fn open(&mut self, bracket: u8) {
        self.comma();
        self.document.push(bracket);
    }

    /// Ends it.
    pub(crate) fn close(&mut self, bracket: u8) {
        self.document.push(bracket);
    }

    /// The key of the value that follows.
    pub(crate) fn key(&mut self, key: &str) {
        self.text(key.as_bytes());
        self.document.push(b':');
    }

    /// A number or a word of JSON's own, as it is.
    pub(crate) fn literal(&mut self, literal: &str) {
        self.comma();
        self.document.extend_from_slice(literal.as_bytes());
    }

    /// A string. The bytes are to be UTF-8.
    pub(crate) fn text(&mut self, text: &[u8]) {
        self.comma();
        self.document.push(b'"');
        self.escape(text);
        self.document.push(b'"');
    }

    /// A string of all these texts, each after the first behind a comma and a space. They are to be UTF-8.
    pub(crate) fn list<'t>(&mut self, texts: impl Iterator<Item = &'t [u8]>) {
        self.comma();
        self.document.push(b'"');
        for (number, text) in texts.enumerate() {
            if number > 0 {
                self.document.extend_from_slice(b", ");
            }
            self.escape(text);
        }
        self.document.push(b'"');
    }

    /// Any bytes as a string of base64, padded and on one line.
    pub(crate) fn base64(&mut self, bytes: &[u8]) {
        self.comma();
        self.document.push(b'"');
        let start = self.document.len();
        self.document.resize(start + bytes.len().div_ceil(3) * 4, 0);
        if let Some(room) = self.document.get_mut(start..) {
            // There is room for all of it.
            let _ = BASE64.encode_slice(bytes, room);
        }
        self.document.push(b'"');
    }

    /// A comma, unless what follows is the first of its kind or a key's value.
    fn comma(&mut self) {
        if !matches!(self.document.last(), None | Some(b'{' | b'[' | b':')) {
            self.document.push(b',');
        }
    }

    /// A text as it stands within quotes (RFC 8259 §7): eight bytes at a time, taken back from the first that needs an escape.
    fn escape(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some((eight, after)) = rest.split_first_chunk::<8>() {
            let plain = plain(*eight);
            self.document.extend_from_slice(eight);
            if plain == 8 {
                rest = after;
                continue;
            }
            self.document.truncate(self.document.len() + plain - 8);
            rest = rest.split_at(plain).1;
            while let Some((&byte, after)) = rest.split_first()
                && self.escaped(byte)
            {
                rest = after;
            }
        }
        for &byte in rest {
            if !self.escaped(byte) {
                self.document.push(byte);
            }
        }
    }

    /// Writes a byte's escape, if it needs one.
    fn escaped(&mut self, byte: u8) -> bool {
        let letter = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            0x00..0x20 => {
                let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
                let escape = [b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)];
                self.document.extend_from_slice(&escape);
                return true;
            }
            _ => return false,
        };
        self.document.extend_from_slice(&[b'\\', letter]);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;

    fn written(text: &[u8]) -> String {
        let mut writer = Writer::with_capacity(0);
        writer.text(text);
        String::from_utf8(writer.into_bytes().to_vec()).expect("stays UTF-8")
    }

    #[test]
    fn strings_are_what_serde_json_writes() {
        let every: String = (0..=0x7f_u8).map(char::from).collect();
        for text in [&every, "", "ünïcödé \u{2028}\u{ffff}\u{10ffff}", "\"", "1234567\"", "12345678\"9\u{1f}"]
        {
            assert_eq!(written(text.as_bytes()), serde_json::to_string(text).expect("text"), "{text:?}");
        }
        // Each byte at each place of a word, beside those that might be taken for it.
        for special in every.chars() {
            for place in 0..24 {
                for around in ['a', '\u{7f}', ' ', '!', '#', '[', ']', 'ü'] {
                    let mut text = vec![around; 24];
                    text[place] = special;
                    let text: String = text.into_iter().collect();
                    assert_eq!(
                        written(text.as_bytes()),
                        serde_json::to_string(&text).expect("text"),
                        "{text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn commas_stand_between() {
        let mut writer = Writer::with_capacity(0);
        writer.open(b'{');
        writer.key("a");
        writer.literal("1");
        writer.key("b");
        writer.open(b'[');
        writer.text(b"{");
        writer.list([&b"x"[..], b"", b"\""].into_iter());
        writer.open(b'{');
        writer.close(b'}');
        writer.close(b']');
        writer.key("c");
        writer.base64(b"\xff\xfe");
        writer.close(b'}');
        let expected = r#"{"a":1,"b":["{","x, , \"",{}],"c":"//4="}"#;
        assert_eq!(writer.into_bytes(), expected);
    }
}
