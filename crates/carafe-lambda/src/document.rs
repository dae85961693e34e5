//! An answer as JSON, in the shape its sender reads (`docs/alb.md` §3 and §5).

mod cookies;
mod headers;
mod limits;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use http::{Method, Response};

use crate::event_source::{EventSource, HeaderMode};
use crate::json::Writer;
use crate::reason;
pub(crate) use limits::Refusal;

/// A response that is about to be written as JSON.
#[derive(Debug)]
pub(crate) struct Document {
    response: Response<Bytes>,
    source: EventSource,
    text: bool,
    /// True for HEAD: the body is measured and not sent.
    head: bool,
}

impl Document {
    pub(crate) fn new(mut response: Response<Bytes>, method: &Method, source: EventSource) -> Document {
        let head = *method == Method::HEAD;
        headers::tidy(&mut response, head);
        let text = headers::is_text(&response);
        Document { response, source, text, head }
    }

    /// Returns the body that is sent.
    pub(crate) fn body(&self) -> &[u8] {
        if self.head { b"" } else { self.response.body() }
    }

    pub(crate) fn response(&self) -> &Response<Bytes> {
        &self.response
    }

    /// Returns the response with its whole body.
    pub(crate) fn into_response(self) -> Response<Bytes> {
        self.response
    }

    pub(crate) fn source(&self) -> EventSource {
        self.source
    }

    /// Tells whether several values of one header must share one string.
    pub(super) fn joins_values(&self) -> bool {
        !matches!(self.source, EventSource::Alb(HeaderMode::Multi) | EventSource::ApiGatewayRest)
    }

    /// Returns the names of headers of which only the last value can be sent in this shape.
    pub(crate) fn lost(&self) -> Vec<&HeaderName> {
        let map = self.response.headers();
        if !self.joins_values() || map.len() == map.keys_len() {
            return Vec::new();
        }
        let repeated = |name: &&HeaderName| map.get_all(*name).iter().nth(1).is_some();
        map.keys().filter(repeated).filter(|name| **name != SET_COOKIE && !headers::is_list(name)).collect()
    }

    /// Tells whether a load balancer reads it.
    pub(super) fn for_alb(&self) -> bool {
        matches!(self.source, EventSource::Alb(_))
    }

    /// Writes the document if it fits into `limit`; for HEAD, if the answer to GET would: it has the same status and headers
    /// (RFC 9110 §9.3.2).
    ///
    /// # Errors
    /// The least length of a document that does not fit.
    pub(super) fn written_within(&mut self, limit: usize) -> Result<Bytes, usize> {
        if !self.head || self.response.body().is_empty() {
            return self.whole_within(limit);
        }
        self.head = false;
        let whole = self.whole_within(limit);
        self.head = true;
        whole.map(|_| self.to_bytes())
    }

    /// Writes the document if it fits into `limit`. For a load balancer, text that its escapes make too long is written as
    /// base64 where that is shorter.
    ///
    /// # Errors
    /// The least length of a document that does not fit.
    fn whole_within(&mut self, limit: usize) -> Result<Bytes, usize> {
        let body = self.response.body().len();
        // No way to write it makes it shorter, so it cannot fit.
        if body > limit {
            return Err(body);
        }
        let document = self.to_bytes();
        let len = document.len();
        if len <= limit {
            return Ok(document);
        }
        if !self.text || !self.for_alb() {
            return Err(len);
        }
        self.text = false;
        let document = self.to_bytes();
        if document.len() <= limit { Ok(document) } else { Err(len.min(document.len())) }
    }

    /// Writes the document without a limit.
    pub(crate) fn to_bytes(&self) -> Bytes {
        let mut json = Writer::with_capacity(512 + self.body().len() * 4 / 3);
        self.write(&mut json);
        json.into_bytes()
    }

    fn write(&self, json: &mut Writer) {
        let status = self.response.status();
        let map = self.response.headers();
        json.open_object();
        json.key("statusCode");
        json.literal(status.as_str());
        if matches!(self.source, EventSource::Alb(_) | EventSource::Direct) {
            json.key("statusDescription");
            json.plain(&[status.as_str(), " ", reason::phrase(status)]);
        }
        match self.source {
            EventSource::Alb(HeaderMode::Single) | EventSource::Lattice => single(json, map, true),
            EventSource::Alb(HeaderMode::Multi) | EventSource::ApiGatewayRest => multi(json, map),
            EventSource::Alb(HeaderMode::Both) | EventSource::Direct => {
                single(json, map, true);
                multi(json, map);
            }
            EventSource::ApiGatewayHttp | EventSource::FunctionUrl => {
                single(json, map, false);
                json.key("cookies");
                array(json, cookies::last_of_each(map).into_iter());
            }
        }
        let text = self.text || self.head;
        json.key("isBase64Encoded");
        json.literal(if text { "false" } else { "true" });
        json.key("body");
        let body = self.body();
        if text {
            json.utf8(body);
        } else {
            json.base64(body);
        }
        json.close_object();
    }
}

/// Writes one string for each name.
fn single(json: &mut Writer, map: &HeaderMap, with_cookies: bool) {
    json.key("headers");
    json.open_object();
    for (name, only) in names(map) {
        if name == SET_COOKIE {
            let cookies = if with_cookies { cookies::last_of_each(map) } else { Vec::new() };
            for (number, cookie) in cookies.into_iter().enumerate() {
                json.token(&cookies::spelling(number));
                json.utf8(text(cookie));
            }
            continue;
        }
        json.token(name.as_str());
        if let Some(value) = only {
            json.utf8(text(value));
            continue;
        }
        let mut values = map.get_all(name).iter();
        if headers::is_list(name) {
            json.joined(values.map(text));
        } else {
            json.utf8(values.next_back().map(text).unwrap_or_default());
        }
    }
    json.close_object();
}

/// Writes an array for each name.
fn multi(json: &mut Writer, map: &HeaderMap) {
    json.key("multiValueHeaders");
    json.open_object();
    for (name, only) in names(map) {
        json.token(name.as_str());
        if name == SET_COOKIE {
            array(json, cookies::last_of_each(map).into_iter());
        } else if only.is_some() {
            array(json, only.into_iter());
        } else {
            array(json, map.get_all(name).iter());
        }
    }
    json.close_object();
}

/// Returns each name with its only value, or without one in a map where some name has several: then the names have to be looked
/// up.
fn names(map: &HeaderMap) -> impl Iterator<Item = (&HeaderName, Option<&HeaderValue>)> {
    let repeats = map.len() > map.keys_len();
    // Without repeated names the values are in step with the names.
    let mut values = map.values();
    map.keys().map(move |name| (name, if repeats { None } else { values.next() }))
}

fn array<'m>(json: &mut Writer, values: impl Iterator<Item = &'m HeaderValue>) {
    json.open_array();
    for value in values {
        json.utf8(text(value));
    }
    json.close_array();
}

/// Returns a value as text. Values that are not text have been refused before.
fn text(value: &HeaderValue) -> &[u8] {
    let bytes = value.as_bytes();
    if std::str::from_utf8(bytes).is_ok() { bytes } else { b"" }
}
