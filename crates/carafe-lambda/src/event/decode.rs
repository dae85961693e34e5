//! From the payload of an invocation to the parts of an event, in one pass (`docs/alb.md` §1 and §5).

use base64::Engine as _;
use bytes::{Bytes, BytesMut};
use http::Method;

use super::error::EventError;
use super::fields::{Fields, Pairs};
use super::parts::Parts;
use super::unreadable::Unreadable;
use super::{detect, foreign, repair};
use crate::base64::BASE64;
use crate::context::Context;
use crate::event_source::EventSource;
use crate::json::{MAX_LEN, Reader, Span};
use crate::percent;
use crate::text_arena::TextArena;

/// Up to this length one check of the whole payload for UTF-8 is cheaper than one for each text in it.
const CHECK_WHOLE: usize = 16 * 1024;
/// The most characters that the log shows of a method name.
const LONGEST_METHOD: usize = 40;

/// Reads a payload. Every byte sequence ends in an event or in an error, never in a panic.
pub(super) fn read(payload: Bytes) -> Result<Parts, Box<Unreadable>> {
    if payload.len() > MAX_LEN / 2 {
        return Err(Unreadable::new(EventError::too_long(payload.len())));
    }
    // Taken over without a copy when nobody else holds it, as with large payloads from the run loop.
    let mut buffer = payload.try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..]));
    // Most events are ASCII, which is the cheaper question.
    let clean = buffer.len() <= CHECK_WHOLE && (buffer.is_ascii() || std::str::from_utf8(&buffer).is_ok());
    let fields = Fields::read(&mut Reader::new(&mut buffer))
        .map_err(|broken| Unreadable::new(EventError::not_json(broken.at, broken.expected)))?;
    let arena = TextArena::new(buffer.freeze());
    let Some(source) = detect::event_source(&fields, &arena) else {
        return Err(Unreadable::new(EventError::not_http(foreign::name(&fields, arena.payload()))));
    };
    Conversion { fields, arena, source, clean }.parts()
}

struct Conversion {
    fields: Fields,
    arena: TextArena,
    source: EventSource,
    /// The whole payload is known to be UTF-8.
    clean: bool,
}

impl Conversion {
    fn parts(mut self) -> Result<Parts, Box<Unreadable>> {
        let headers = self.headers();
        match self.method_path_body() {
            Ok(found) => Ok(self.with(headers, found)),
            Err(error) => Err(self.unreadable(error, headers)),
        }
    }

    /// Adds query and address to what was found. Inlined, so that all the fields are not moved to get here.
    #[inline(always)]
    fn with(mut self, headers: Pairs, (method, path, body): (Method, Span, Bytes)) -> Parts {
        let query = self.query();
        let source_ip = self.fields.context.source_ip.map(|span| self.text(span));
        let raw_query = if self.has_raw_query() { self.fields.raw_query } else { None };
        let raw_query = raw_query.map(|span| self.text(span));
        let caller = if self.source == EventSource::Lattice { self.caller() } else { Pairs::new() };
        let Conversion { arena, source, .. } = self;
        let context = Context::default();
        Parts { arena, method, path, query, raw_query, headers, body, source, source_ip, caller, context }
    }

    fn method_path_body(&mut self) -> Result<(Method, Span, Bytes), EventError> {
        Ok((self.method()?, self.path()?, self.body()?))
    }

    /// Returns the error with what can be told of the request.
    #[cold]
    fn unreadable(mut self, error: EventError, headers: Pairs) -> Box<Unreadable> {
        // An invalid method may be as long as the whole event, so only its start is kept.
        let written =
            |span| String::from_utf8_lossy(self.arena.bytes(span)).chars().take(LONGEST_METHOD).collect();
        let written = self.method_field().1.map(written);
        let (method, path) = (self.method().unwrap_or_default(), self.path().ok());
        let somewhere = path.unwrap_or_else(|| self.arena.add(b"/"));
        let parts = self.with(headers, (method, somewhere, Bytes::new()));
        Box::new(Unreadable { error, method: written, has_path: path.is_some(), parts })
    }

    /// Tells whether the fields have the names of payload format 2.0.
    fn is_version_2(&self) -> bool {
        matches!(self.source, EventSource::ApiGatewayHttp | EventSource::FunctionUrl)
    }

    /// Tells whether the query is in one piece.
    fn has_raw_query(&self) -> bool {
        self.is_version_2() || self.source == EventSource::Lattice && self.fields.raw_query.is_some()
    }

    /// Returns who calls. Most events do not say, so this is out of their way.
    #[cold]
    fn caller(&mut self) -> Pairs {
        let caller = std::mem::take(&mut self.fields.context.caller);
        self.texts(caller)
    }

    fn text(&mut self, span: Span) -> Span {
        if self.clean { span } else { self.arena.repair(span) }
    }

    fn texts(&mut self, mut pairs: Pairs) -> Pairs {
        if !self.clean {
            repair::texts(&mut self.arena, &mut pairs);
        }
        pairs
    }

    fn method_field(&self) -> (&'static str, Option<Span>) {
        if self.is_version_2() {
            ("requestContext.http.method", self.fields.context.method)
        } else if self.source == EventSource::Lattice {
            ("method", self.fields.bare_method)
        } else {
            ("httpMethod", self.fields.method)
        }
    }

    fn path_field(&self) -> (&'static str, Option<Span>) {
        if self.is_version_2() {
            ("rawPath", self.fields.raw_path)
        } else if self.source == EventSource::Lattice && self.fields.snake_path.is_some() {
            ("raw_path", self.fields.snake_path)
        } else {
            ("path", self.fields.path)
        }
    }

    fn method(&mut self) -> Result<Method, EventError> {
        let (name, span) = self.method_field();
        let span = span.ok_or_else(|| EventError::field(self.source, name, "missing"))?;
        Method::from_bytes(self.arena.bytes(span))
            .map_err(|_| EventError::field(self.source, name, "not a method name (RFC 9110 §9.1)"))
    }

    /// Returns the path as the client sent it. Front doors that hand over a decoded one get it encoded again, so that
    /// decoding once is right for all.
    fn path(&mut self) -> Result<Span, EventError> {
        let (name, span) = self.path_field();
        let span = span.ok_or_else(|| EventError::field(self.source, name, "missing"))?;
        let path = self.text(span);
        if self.source == EventSource::Lattice {
            return Ok(self.without_query(path));
        }
        if !self.is_http_api() {
            return Ok(path);
        }
        let stage = self.stage_prefix(path);
        let text = self.arena.text(path).get(stage..).unwrap_or_default();
        let encoded = percent::decoded_path(if text.is_empty() { "/" } else { text }).into_owned();
        Ok(self.arena.add(encoded.as_bytes()))
    }

    /// Cuts the query off the path of VPC Lattice, where version 1 has it, and keeps it.
    fn without_query(&mut self, path: Span) -> Span {
        self.fields.raw_query = None;
        let Some(len) = self.arena.text(path).find('?') else { return path };
        let start = path.range().start;
        self.fields.raw_query = Some(Span::new(start + len + 1, path.len() - len - 1));
        Span::new(start, len)
    }

    /// Tells whether an HTTP API sent the event, in payload format 2.0 or 1.0.
    fn is_http_api(&self) -> bool {
        match self.source {
            EventSource::ApiGatewayHttp => true,
            EventSource::ApiGatewayRest => {
                self.fields.version.is_some_and(|version| self.arena.bytes(version) == b"1.0")
            }
            _ => false,
        }
    }

    /// Returns the length of the stage in front of an HTTP API's path: a whole segment, whatever the domain
    /// (`docs/alb.md` §5).
    fn stage_prefix(&self, path: Span) -> usize {
        let stage = self.fields.context.stage.map_or("", |stage| self.arena.text(stage));
        if stage.is_empty() || stage == "$default" {
            return 0;
        }
        let rest = self.arena.text(path).strip_prefix('/').and_then(|rest| rest.strip_prefix(stage));
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) { stage.len() + 1 } else { 0 }
    }

    fn headers(&mut self) -> Pairs {
        let pairs = either(self.fields.multi_headers.take(), self.fields.headers.take());
        let mut pairs = self.texts(pairs);
        let lines = repair::lower_names(&mut self.arena, &mut pairs);
        if lines == 1 || lines == 0 && self.fields.cookies.is_empty() {
            return pairs;
        }
        let mut cookies = std::mem::take(&mut self.fields.cookies);
        for value in &mut cookies {
            *value = self.text(*value);
        }
        repair::join_cookies(&mut self.arena, &mut pairs, &cookies);
        pairs
    }

    fn query(&mut self) -> Pairs {
        if self.has_raw_query() {
            let Some(raw) = self.fields.raw_query else { return Pairs::new() };
            let raw = self.text(raw);
            return repair::split_query(&self.arena, raw);
        }
        let pairs = either(self.fields.multi_query.take(), self.fields.query.take());
        let mut pairs = self.texts(pairs);
        if matches!(self.source, EventSource::ApiGatewayRest | EventSource::Lattice) {
            repair::encode_parameters(&mut self.arena, &mut pairs);
        }
        pairs
    }

    fn body(&mut self) -> Result<Bytes, EventError> {
        let Some(span) = self.fields.body.filter(|span| !span.range().is_empty()) else {
            return Ok(Bytes::new());
        };
        if !self.fields.base64 {
            return Ok(self.arena.payload().slice(span.range()));
        }
        BASE64
            .decode(self.arena.bytes(span))
            .map(Bytes::from)
            .map_err(|_| EventError::field(self.source, "body", "not base64 though isBase64Encoded says so"))
    }
}

/// Returns the multi-value family where it has something, else the other.
fn either(multi: Option<Pairs>, single: Option<Pairs>) -> Pairs {
    match multi {
        Some(multi) if !multi.is_empty() => multi,
        multi => single.or(multi).unwrap_or_default(),
    }
}
