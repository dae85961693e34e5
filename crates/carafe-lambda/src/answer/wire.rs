//! An answer as JSON, in the shape its sender reads (`docs/alb.md` §3 and §5).

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use http::{Method, Response};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{cookies, headers};
use crate::source::{HeaderMode, Source};

/// A response on its way out. Serialising it writes the document straight into the buffer that is sent: nothing is
/// put together in between.
#[derive(Debug)]
pub(crate) struct Wire {
    response: Response<Bytes>,
    source: Source,
    text: bool,
}

impl Wire {
    pub(crate) fn new(mut response: Response<Bytes>, method: &Method, source: Source) -> Wire {
        headers::tidy(&mut response, method);
        let text = headers::is_text(&response);
        Wire { response, source, text }
    }

    pub(crate) fn response(&self) -> &Response<Bytes> {
        &self.response
    }

    pub(crate) fn source(&self) -> Source {
        self.source
    }

    /// Whether several values of one header must share one string.
    pub(super) fn joins_values(&self) -> bool {
        !matches!(self.source, Source::Alb(HeaderMode::Multi) | Source::ApiGatewayRest)
    }

    /// Names of headers of which all values but the last are lost in this shape.
    pub(crate) fn lost(&self) -> Vec<&HeaderName> {
        let map = self.response.headers();
        if !self.joins_values() || map.len() == map.keys_len() {
            return Vec::new();
        }
        let repeated = |name: &&HeaderName| map.get_all(*name).iter().nth(1).is_some();
        map.keys().filter(repeated).filter(|name| **name != SET_COOKIE && !headers::is_list(name)).collect()
    }

    /// Length of the body within its quotes.
    fn body_len(&self) -> usize {
        let body = self.response.body();
        if self.text { escaped_len(body) } else { body.len().div_ceil(3) * 4 }
    }

    /// Whether the document is no longer than `limit`, without counting where a guess is enough.
    pub(super) fn fits(&self, limit: usize) -> Result<(), usize> {
        let most: usize = 512
            + self.response.body().len() * 6
            + self
                .response
                .headers()
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len() + 8)
                .sum::<usize>()
                * 6;
        if most <= limit {
            return Ok(());
        }
        let len = self.len();
        if len <= limit { Ok(()) } else { Err(len) }
    }

    /// Length of the whole document.
    fn len(&self) -> usize {
        // Written and not only counted: another kind of writer would be ten kilobytes of program.
        let frame = serde_json::to_vec(&Frame(self)).unwrap_or_default();
        frame.len() + self.body_len()
    }

    /// The document.
    pub(crate) fn to_bytes(&self) -> Bytes {
        let mut document = Vec::with_capacity(512 + self.response.body().len() * 4 / 3);
        // Memory takes everything, and every key is a string.
        let _ = serde_json::to_writer(&mut document, self);
        document.into()
    }

    fn write<S: Serializer>(&self, serializer: S, body: &[u8]) -> Result<S::Ok, S::Error> {
        let status = self.response.status();
        let map = self.response.headers();
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("statusCode", &status.as_u16())?;
        if matches!(self.source, Source::Alb(_) | Source::Direct) {
            fields.serialize_entry("statusDescription", &Description(status))?;
        }
        match self.source {
            Source::Alb(HeaderMode::Single) => {
                fields.serialize_entry("headers", &Single { map, cookies: true })?;
            }
            Source::Alb(HeaderMode::Multi) | Source::ApiGatewayRest => {
                fields.serialize_entry("multiValueHeaders", &Multi(map))?;
            }
            Source::Alb(HeaderMode::Both) | Source::Direct => {
                fields.serialize_entry("headers", &Single { map, cookies: true })?;
                fields.serialize_entry("multiValueHeaders", &Multi(map))?;
            }
            Source::ApiGatewayHttp | Source::FunctionUrl => {
                fields.serialize_entry("headers", &Single { map, cookies: false })?;
                fields.serialize_entry("cookies", &Texts(cookies::last_of_each(map)))?;
            }
        }
        fields.serialize_entry("isBase64Encoded", &!self.text)?;
        if self.text {
            fields.serialize_entry("body", std::str::from_utf8(body).unwrap_or_default())?;
        } else {
            fields.serialize_entry("body", &Base64(body))?;
        }
        fields.end()
    }
}

impl Serialize for Wire {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write(serializer, self.response.body())
    }
}

/// The document around an empty body.
struct Frame<'w>(&'w Wire);

impl Serialize for Frame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer, b"")
    }
}

struct Base64<'b>(&'b [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

/// `200 OK`; where RFC 9110 knows no reason, the name of the class.
struct Description(http::StatusCode);

impl Serialize for Description {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reason = self.0.canonical_reason().unwrap_or(match self.0.as_u16() {
            200..=299 => "Success",
            300..=399 => "Redirection",
            400..=499 => "Client Error",
            _ => "Server Error",
        });
        serializer.collect_str(&format_args!("{} {reason}", self.0.as_u16()))
    }
}

/// One string for each name.
struct Single<'m> {
    map: &'m HeaderMap,
    cookies: bool,
}

impl Serialize for Single<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_map(None)?;
        let single = self.map.len() == self.map.keys_len();
        for name in self.map.keys() {
            if name == SET_COOKIE {
                let cookies = if self.cookies { cookies::last_of_each(self.map) } else { Vec::new() };
                for (number, cookie) in cookies.into_iter().enumerate() {
                    entries.serialize_entry(&cookies::spelling(number), text(cookie))?;
                }
                continue;
            }
            let mut values = self.map.get_all(name).iter();
            let Some(last) = values.next_back() else { continue };
            if single || !headers::is_list(name) {
                entries.serialize_entry(name.as_str(), text(last))?;
                continue;
            }
            let mut joined = String::new();
            for value in values {
                joined.push_str(text(value));
                joined.push_str(", ");
            }
            joined.push_str(text(last));
            entries.serialize_entry(name.as_str(), &joined)?;
        }
        entries.end()
    }
}

/// An array for each name.
struct Multi<'m>(&'m HeaderMap);

impl Serialize for Multi<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_map(None)?;
        for name in self.0.keys() {
            if name == SET_COOKIE {
                entries.serialize_entry(name.as_str(), &Texts(cookies::last_of_each(self.0)))?;
            } else {
                entries.serialize_entry(name.as_str(), &Values { map: self.0, name })?;
            }
        }
        entries.end()
    }
}

struct Values<'m> {
    map: &'m HeaderMap,
    name: &'m HeaderName,
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut values = serializer.serialize_seq(None)?;
        for value in self.map.get_all(self.name) {
            values.serialize_element(text(value))?;
        }
        values.end()
    }
}

struct Texts<'m>(Vec<&'m HeaderValue>);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|value| text(value)))
    }
}

/// A value as text; the guard has refused those that are none.
fn text(value: &HeaderValue) -> &str {
    std::str::from_utf8(value.as_bytes()).unwrap_or_default()
}

/// How long a text is once it stands in JSON. Sums of single bytes over pieces too short to overflow them: so the compiler
/// takes sixteen at a time.
fn escaped_len(text: &[u8]) -> usize {
    let mut more = 0;
    for piece in text.chunks(240) {
        let (mut escaped, mut long) = (0_u8, 0_u8);
        for &byte in piece {
            let control = byte < 0x20;
            escaped += u8::from(control | (byte == b'"') | (byte == b'\\'));
            // Of the control characters, five have an escape of two bytes, the others take six.
            let short = (byte == 8) | (byte == 9) | (byte == 10) | (byte == 12) | (byte == 13);
            long += u8::from(control & !short);
        }
        more += usize::from(escaped) + usize::from(long) * 4;
    }
    text.len() + more
}

#[cfg(test)]
mod tests {
    use super::Wire;
    use crate::source::{HeaderMode, Source};
    use bytes::Bytes;
    use http::{Method, Response};

    #[test]
    fn the_length_is_known_before_writing() {
        let every: Vec<u8> = (0..=0x7f).collect();
        for body in [&every[..], b"", b"\xff\xfe\xfd", b"a", "ünï \u{7f}\u{2028}".as_bytes()] {
            for mode in [HeaderMode::Single, HeaderMode::Multi, HeaderMode::Both] {
                let response =
                    Response::builder().header("x-a", "\"q\"").header("vary", "a").header("vary", "b");
                let response = response.body(Bytes::copy_from_slice(body)).expect("valid");
                let wire = Wire::new(response, &Method::GET, Source::Alb(mode));
                assert_eq!(wire.len(), wire.to_bytes().len(), "{body:?}");
            }
        }
    }
}
