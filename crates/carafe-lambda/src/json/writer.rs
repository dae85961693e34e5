//! A writer for JSON: it adds the commas, and writes texts and bytes straight into the buffer that is sent.

use base64::Engine as _;
use bytes::Bytes;

use super::swar::{is_plain, plain};
use crate::base64::BASE64;

/// Writes JSON into one buffer, and adds the commas.
///
/// ```
/// use carafe_lambda::json::Writer;
///
/// let mut json = Writer::new();
/// json.open_object();
/// json.key("error").text("Two \"parameters\" are wrong");
/// json.key("status").number(400);
/// json.key("errors").open_array();
/// for name in ["page", "size"] {
///     json.open_object().key("name").text(name).key("got").literal("null").close_object();
/// }
/// json.close_array().close_object();
/// assert_eq!(
///     json.into_bytes(),
///     r#"{"error":"Two \"parameters\" are wrong","status":400,"errors":[{"name":"page","got":null},{"name":"size","got":null}]}"#
/// );
/// ```
///
/// The caller has to match brackets and to give each key a value; neither is checked.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    document: Vec<u8>,
    strict: bool,
}

impl Writer {
    /// Makes an empty document.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// Makes an empty document with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Writer {
        Writer { document: Vec::with_capacity(bytes), strict: false }
    }

    /// Turns on strict escapes, as log lines need them: [`Writer::text`] also escapes characters that RFC 8259 allows but a
    /// terminal obeys, which are DEL, the controls from U+0080 on, line separators, and marks of writing direction.
    #[must_use]
    pub fn strict(mut self) -> Writer {
        self.strict = true;
        self
    }

    /// Returns the document.
    pub fn into_bytes(self) -> Bytes {
        self.document.into()
    }

    /// Returns the document, to be added to.
    pub(crate) fn into_vec(self) -> Vec<u8> {
        self.document
    }

    /// Starts an object.
    pub fn open_object(&mut self) -> &mut Writer {
        self.comma();
        self.push(b'{')
    }

    /// Ends an object.
    pub fn close_object(&mut self) -> &mut Writer {
        self.push(b'}')
    }

    /// Starts an array.
    pub fn open_array(&mut self) -> &mut Writer {
        self.comma();
        self.push(b'[')
    }

    /// Ends an array.
    pub fn close_array(&mut self) -> &mut Writer {
        self.push(b']')
    }

    /// Writes the key of the value that follows: the program's own word, which needs no escape.
    pub fn key(&mut self, key: &'static str) -> &mut Writer {
        self.token(key)
    }

    /// Writes a header's name, or another token (RFC 9110 §5.6.2), as a key. No character of a token needs an escape.
    pub(crate) fn token(&mut self, token: &str) -> &mut Writer {
        debug_assert!(is_plain(token.as_bytes()), "{token:?} needs an escape");
        self.comma();
        self.push(b'"').extend(token.as_bytes()).extend(b"\":")
    }

    /// Writes `true`, `false`, `null` or a number that is JSON already, as it is.
    pub fn literal(&mut self, literal: &str) -> &mut Writer {
        self.comma();
        self.extend(literal.as_bytes())
    }

    /// Writes one string of these pieces: the program's own words and numbers, which need no escape.
    pub(crate) fn plain(&mut self, pieces: &[&str]) -> &mut Writer {
        self.comma();
        self.push(b'"');
        for piece in pieces {
            debug_assert!(is_plain(piece.as_bytes()), "{piece:?} needs an escape");
            self.extend(piece.as_bytes());
        }
        self.push(b'"')
    }

    /// Writes a number.
    pub fn number(&mut self, number: u64) -> &mut Writer {
        self.comma();
        push_decimal(&mut self.document, number, 1);
        self
    }

    /// Writes a string.
    pub fn text(&mut self, text: &str) -> &mut Writer {
        if !self.strict {
            return self.utf8(text.as_bytes());
        }
        self.comma();
        self.push(b'"');
        escape_strictly(&mut self.document, text);
        self.push(b'"')
    }

    /// Writes a string of bytes that are known to be UTF-8.
    pub(crate) fn utf8(&mut self, text: &[u8]) -> &mut Writer {
        self.comma();
        self.push(b'"');
        escape(&mut self.document, text);
        self.push(b'"')
    }

    /// Writes one string of all these texts, separated by a comma and a space. They are known to be UTF-8.
    pub(crate) fn joined<'t>(&mut self, texts: impl Iterator<Item = &'t [u8]>) -> &mut Writer {
        self.comma();
        self.push(b'"');
        for (number, text) in texts.enumerate() {
            if number > 0 {
                self.extend(b", ");
            }
            escape(&mut self.document, text);
        }
        self.push(b'"')
    }

    /// Writes any bytes as a string of base64, padded and on one line.
    pub(crate) fn base64(&mut self, bytes: &[u8]) -> &mut Writer {
        self.comma();
        self.push(b'"');
        let start = self.document.len();
        self.document.resize(start + bytes.len().div_ceil(3) * 4, 0);
        if let Some(room) = self.document.get_mut(start..) {
            // There is room for all of it.
            let _ = BASE64.encode_slice(bytes, room);
        }
        self.push(b'"')
    }

    /// Lets `write` add a value that is JSON already.
    pub(crate) fn value(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> &mut Writer {
        self.comma();
        write(&mut self.document);
        self
    }

    fn push(&mut self, byte: u8) -> &mut Writer {
        self.document.push(byte);
        self
    }

    fn extend(&mut self, bytes: &[u8]) -> &mut Writer {
        self.document.extend_from_slice(bytes);
        self
    }

    /// Writes a comma, unless what follows is the first of its kind or a key's value.
    fn comma(&mut self) {
        if !matches!(self.document.last(), None | Some(b'{' | b'[' | b':')) {
            self.document.push(b',');
        }
    }
}

/// Writes a number with at least so many digits. `write!` takes several times as long, and a log line has fourteen.
pub(crate) fn push_decimal(out: &mut Vec<u8>, value: u64, digits: usize) {
    // The largest number has twenty digits.
    let mut text = [b'0'; 20];
    let (mut value, mut free) = (value, text.len());
    for place in text.iter_mut().rev() {
        *place = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
        free -= 1;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(text.split_at(free.min(text.len().saturating_sub(digits))).1);
}

/// Writes the content of a string (RFC 8259 §7). Most are short and need no escape.
#[inline(never)]
fn escape(out: &mut Vec<u8>, text: &[u8]) {
    if text.len() <= SHORT && is_plain(text) {
        out.extend_from_slice(text);
    } else {
        escape_words(out, text);
    }
}

/// The most bytes of a text that is looked at before it is copied.
const SHORT: usize = 256;

/// Writes eight bytes at a time, truncated at the first that needs an escape. Inlined, each quote would cost an instruction
/// more.
#[inline(never)]
fn escape_words(out: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        let plain = plain(*eight);
        out.extend_from_slice(eight);
        if plain == 8 {
            rest = after;
            continue;
        }
        out.truncate(out.len() + plain - 8);
        rest = rest.split_at(plain).1;
        while let Some((&byte, after)) = rest.split_first()
            && escaped(out, byte)
        {
            rest = after;
        }
    }
    for &byte in rest {
        if !escaped(out, byte) {
            out.push(byte);
        }
    }
}

/// Writes a byte's escape, if it needs one, and tells whether it did.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "the table has a place for every byte")]
fn escaped(out: &mut Vec<u8>, byte: u8) -> bool {
    match LETTERS[usize::from(byte)] {
        0 => return false,
        b'u' => unicode_escape(out, byte.into()),
        letter => out.extend_from_slice(&[b'\\', letter]),
    }
    true
}

/// The letter of each byte's escape, `u` for those that have none of their own, 0 for bytes that need none.
static LETTERS: [u8; 256] = letters();

#[expect(clippy::indexing_slicing, reason = "constant functions have no iterators, and run in the compiler")]
const fn letters() -> [u8; 256] {
    let mut letters = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        letters[byte] = b'u';
        byte += 1;
    }
    letters[b'"' as usize] = b'"';
    letters[b'\\' as usize] = b'\\';
    letters[b'\n' as usize] = b'n';
    letters[b'\r' as usize] = b'r';
    letters[b'\t' as usize] = b't';
    letters[0x08] = b'b';
    letters[0x0c] = b'f';
    letters
}

#[cold]
fn unicode_escape(out: &mut Vec<u8>, code: u32) {
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        let digit = char::from_digit(code >> shift & 15, 16).unwrap_or('0');
        out.extend(u8::try_from(digit));
    }
}

/// Writes the content of a string with the strict escapes of [`Writer::strict`].
pub(crate) fn escape_strictly(out: &mut Vec<u8>, text: &str) {
    // Without a branch in the loop, so that many bytes are looked at in one step.
    if !text.bytes().fold(false, |found, byte| found | (byte >= 0x7f)) {
        return escape(out, text.as_bytes());
    }
    let mut rest = text;
    while let Some(at) = rest.find(obeyed) {
        let (plain, after) = rest.split_at(at);
        escape(out, plain.as_bytes());
        let mut characters = after.chars();
        if let Some(character) = characters.next() {
            unicode_escape(out, character.into());
        }
        rest = characters.as_str();
    }
    escape(out, rest.as_bytes());
}

/// Tells whether a terminal or a log viewer obeys the character instead of showing it. Controls of ASCII are escaped
/// anyway.
fn obeyed(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}'
        // Marks and overrides of direction, with which a text can look like another one.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Line ends that Unicode does not count as controls.
        | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::{Writer, push_decimal};

    fn written(text: &[u8]) -> String {
        let mut writer = Writer::with_capacity(0);
        writer.utf8(text);
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
        writer.open_object().key("a").literal("1");
        writer.key("b").open_array().text("{").joined([&b"x"[..], b"", b"\""].into_iter());
        writer.open_object().close_object().open_array().close_array().close_array();
        writer.key("c").base64(b"\xff\xfe").key("d").number(u64::MAX).close_object();
        let expected = r#"{"a":1,"b":["{","x, , \"",{},[]],"c":"//4=","d":18446744073709551615}"#;
        assert_eq!(writer.into_bytes(), expected);
    }

    #[test]
    fn numbers_have_their_digits() {
        for (value, digits, text) in [(0, 1, "0"), (7, 3, "007"), (1234, 3, "1234"), (0, 3, "000")] {
            let mut out = Vec::new();
            push_decimal(&mut out, value, digits);
            assert_eq!(out, text.as_bytes());
        }
    }

    #[test]
    fn strict_strings_hold_nothing_that_a_terminal_obeys() {
        for (text, expected) in [
            ("plain \"text\"", r#""plain \"text\"""#),
            ("a\\b\u{1b}[31m\n\u{7f}\u{80}\u{9f}ü", r#""a\\b\u001b[31m\n\u007f\u0080\u009fü""#),
            ("\u{2028}\u{2029}", r#""\u2028\u2029""#),
            (
                "\u{202e}gnp.exe\u{202a}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}",
                r#""\u202egnp.exe\u202a\u2066\u2069\u200e\u200f\u061c""#,
            ),
            ("\u{a0}\u{2030}\u{200d}世😀", "\"\u{a0}\u{2030}\u{200d}世😀\""),
        ] {
            let mut writer = Writer::new().strict();
            writer.text(text);
            let written = writer.into_bytes();
            assert_eq!(written, expected, "{text:?}");
            assert_eq!(serde_json::from_slice::<String>(&written).expect("JSON"), text);
        }
    }
}
