//! Which of an event's fields make the request: detection, families, repairs (`docs/alb.md` §1, §5).

use base64::Engine as _;
use bytes::{Bytes, BytesMut};
use http::Method;

use super::fields::{Fields, Pairs};
use super::{EventError, foreign};
use crate::base64::BASE64;
use crate::context::Context;
use crate::json::{MAX_LEN, Reader, Span};
use crate::request::{Parts, Request};
use crate::source::{HeaderMode, Source};
use crate::store::Store;

/// Up to this length one check of the whole event for UTF-8 is cheaper than one for each text in it.
const CHECK_WHOLE: usize = 16 * 1024;

/// Reads an event. Every byte sequence ends in a request or in an error, never in a panic.
pub(crate) fn read(event: Bytes, context: Context) -> Result<Request, EventError> {
    if event.len() > MAX_LEN / 2 {
        return Err(EventError::too_long(event.len()));
    }
    // Taken over without a copy when nobody else holds it, as with large events from the run loop.
    let mut buffer = event.try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..]));
    let clean = buffer.len() <= CHECK_WHOLE && std::str::from_utf8(&buffer).is_ok();
    let fields = Fields::read(&mut Reader::new(&mut buffer))
        .map_err(|broken| EventError::not_json(broken.at, broken.expected))?;
    let store = Store::new(buffer.freeze());
    let Some(source) = source(&fields, &store) else {
        return Err(EventError::not_http(foreign::name(&fields, store.event())));
    };
    Conversion { fields, store, source, clean }.request(context)
}

/// Detection in the order of `docs/alb.md` §5.
fn source(fields: &Fields, store: &Store) -> Option<Source> {
    if fields.context.elb {
        return Some(Source::Alb(header_mode(fields)));
    }
    let version = fields.version.map(|span| store.bytes(span));
    if version == Some(b"2.0") {
        if !fields.context.http {
            return None;
        }
        let domain = fields.context.domain.map_or(&b""[..], |span| store.bytes(span));
        let url = domain.windows(12).any(|part| part == b".lambda-url.");
        return Some(if url { Source::FunctionUrl } else { Source::ApiGatewayHttp });
    }
    if fields.snake_path || fields.context.lattice {
        return None;
    }
    let rest = fields.method.is_some() && (fields.context.stage.is_some() || fields.resource);
    rest.then_some(Source::ApiGatewayRest)
}

fn header_mode(fields: &Fields) -> HeaderMode {
    match (&fields.headers, &fields.multi_headers) {
        (Some(_), None) => HeaderMode::Single,
        (None, Some(_)) => HeaderMode::Multi,
        (Some(_), Some(_)) => HeaderMode::Both,
        (None, None) => match (&fields.query, &fields.multi_query) {
            (Some(_), None) => HeaderMode::Single,
            (None, Some(_)) => HeaderMode::Multi,
            _ => HeaderMode::Both,
        },
    }
}

struct Conversion {
    fields: Fields,
    store: Store,
    source: Source,
    /// The whole event is known to be UTF-8.
    clean: bool,
}

impl Conversion {
    fn request(mut self, context: Context) -> Result<Request, EventError> {
        let method = self.method()?;
        let path = self.path()?;
        let headers = self.headers();
        let query = self.query();
        let body = self.body()?;
        let source_ip = self.fields.context.source_ip.map(|span| self.text(span));
        let raw_query = match self.source {
            Source::ApiGatewayHttp | Source::FunctionUrl => self.fields.raw_query.map(|span| self.text(span)),
            _ => None,
        };
        let Conversion { store, source, .. } = self;
        Ok(Request::new(Parts {
            store,
            method,
            path,
            query,
            raw_query,
            headers,
            body,
            source,
            source_ip,
            context,
        }))
    }

    fn text(&mut self, span: Span) -> Span {
        if self.clean { span } else { self.store.repair(span) }
    }

    fn texts(&mut self, mut pairs: Pairs) -> Pairs {
        if !self.clean {
            for (name, value) in &mut pairs {
                *name = self.store.repair(*name);
                *value = self.store.repair(*value);
            }
        }
        pairs
    }

    fn method(&mut self) -> Result<Method, EventError> {
        let (name, span) = match self.source {
            Source::ApiGatewayHttp | Source::FunctionUrl => {
                ("requestContext.http.method", self.fields.context.method)
            }
            _ => ("httpMethod", self.fields.method),
        };
        let span = span.ok_or_else(|| EventError::field(self.source, name, "missing"))?;
        Method::from_bytes(self.store.bytes(span))
            .map_err(|_| EventError::field(self.source, name, "not a method name (RFC 9110 §9.1)"))
    }

    /// The path as the client sent it. Only the front doors that hand over a decoded one get it encoded again, so
    /// that decoding once is right for all.
    fn path(&mut self) -> Result<Span, EventError> {
        let version_2 = matches!(self.source, Source::ApiGatewayHttp | Source::FunctionUrl);
        let (name, span) =
            if version_2 { ("rawPath", self.fields.raw_path) } else { ("path", self.fields.path) };
        let span = span.ok_or_else(|| EventError::field(self.source, name, "missing"))?;
        let path = self.text(span);
        let version_1_of_http_api =
            self.fields.version.is_some_and(|version| self.store.bytes(version) == b"1.0")
                && self.source == Source::ApiGatewayRest;
        if self.source != Source::ApiGatewayHttp && !version_1_of_http_api {
            return Ok(path);
        }
        let stage = self.stage_prefix(path);
        let text = self.store.text(path).get(stage..).unwrap_or_default();
        let encoded = crate::encode::decoded_path(if text.is_empty() { "/" } else { text }).into_owned();
        Ok(self.store.add(encoded.as_bytes()))
    }

    /// How much of an HTTP API's path is the stage. It is there only under the API's own domain name.
    fn stage_prefix(&self, path: Span) -> usize {
        let context = &self.fields.context;
        let own_domain = context
            .domain
            .is_some_and(|domain| self.store.bytes(domain).windows(13).any(|part| part == b".execute-api."));
        let stage = context.stage.map_or("", |stage| self.store.text(stage));
        if !own_domain || stage.is_empty() || stage == "$default" || self.source != Source::ApiGatewayHttp {
            return 0;
        }
        let rest = self.store.text(path).strip_prefix('/').and_then(|rest| rest.strip_prefix(stage));
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) { stage.len() + 1 } else { 0 }
    }

    fn headers(&mut self) -> Pairs {
        let (multi, single) = (self.fields.multi_headers.take(), self.fields.headers.take());
        let pairs = match multi {
            Some(multi) if !multi.is_empty() => multi,
            multi => single.or(multi).unwrap_or_default(),
        };
        let mut pairs = self.texts(pairs);
        if self.source == Source::ApiGatewayRest {
            self.lower_names(&mut pairs);
        }
        self.join_cookies(&mut pairs);
        pairs
    }

    /// REST APIs keep the client's spelling; everything here compares lower-case names.
    fn lower_names(&mut self, pairs: &mut Pairs) {
        for (name, _) in pairs {
            if self.store.bytes(*name).iter().any(u8::is_ascii_uppercase) {
                let lower = self.store.bytes(*name).to_ascii_lowercase();
                *name = self.store.add(&lower);
            }
        }
    }

    /// One `cookie` header whatever came: several lines are joined as RFC 9113 §8.2.3 has it, and HTTP APIs send
    /// them beside the headers.
    fn join_cookies(&mut self, pairs: &mut Pairs) {
        let is_cookie = |store: &Store, name: Span| store.bytes(name) == b"cookie";
        let mut values: Vec<Span> = Vec::new();
        for (name, value) in pairs.iter() {
            if is_cookie(&self.store, *name) {
                values.push(*value);
            }
        }
        if values.is_empty() {
            values = std::mem::take(&mut self.fields.cookies);
            if !self.clean {
                for value in &mut values {
                    *value = self.store.repair(*value);
                }
            }
        } else if values.len() == 1 {
            return;
        }
        if values.is_empty() {
            return;
        }
        let mut joined = Vec::new();
        for value in values {
            if !joined.is_empty() {
                joined.extend_from_slice(b"; ");
            }
            joined.extend_from_slice(self.store.bytes(value));
        }
        let place = pairs.iter().position(|(name, _)| is_cookie(&self.store, *name));
        pairs.retain(|(name, _)| !is_cookie(&self.store, *name));
        let pair = (self.store.add(b"cookie"), self.store.add(&joined));
        pairs.insert(place.unwrap_or(pairs.len()).min(pairs.len()), pair);
    }

    fn query(&mut self) -> Pairs {
        match self.source {
            Source::ApiGatewayHttp | Source::FunctionUrl => self.split_query(),
            Source::ApiGatewayRest => {
                let pairs = self.parameters();
                self.encode_parameters(pairs)
            }
            _ => self.parameters(),
        }
    }

    fn parameters(&mut self) -> Pairs {
        let (multi, single) = (self.fields.multi_query.take(), self.fields.query.take());
        let pairs = match multi {
            Some(multi) if !multi.is_empty() => multi,
            multi => single.or(multi).unwrap_or_default(),
        };
        self.texts(pairs)
    }

    /// `rawQueryString` into pairs, as a load balancer does it: at `&`, then at the first `=`.
    fn split_query(&mut self) -> Pairs {
        let Some(raw) = self.fields.raw_query else { return Pairs::new() };
        let raw = self.text(raw);
        let text = self.store.text(raw);
        let mut start = raw.range().start;
        let mut pairs = Pairs::new();
        for piece in text.split('&') {
            if !piece.is_empty() {
                let (key, rest) = piece.split_once('=').unwrap_or((piece, ""));
                let value = start + piece.len() - rest.len();
                pairs.push((Span::new(start, key.len()), Span::new(value, rest.len())));
            }
            start += piece.len() + 1;
        }
        pairs
    }

    /// REST APIs decode the query; it is encoded again so that decoding once is right for all.
    fn encode_parameters(&mut self, mut pairs: Pairs) -> Pairs {
        for (key, value) in &mut pairs {
            for span in [key, value] {
                let encoded = crate::encode::component(self.store.text(*span));
                if let Some(encoded) = encoded {
                    *span = self.store.add(encoded.as_bytes());
                }
            }
        }
        pairs
    }

    fn body(&mut self) -> Result<Bytes, EventError> {
        let Some(span) = self.fields.body.filter(|span| !span.range().is_empty()) else {
            return Ok(Bytes::new());
        };
        if !self.fields.base64 {
            return Ok(self.store.event().slice(span.range()));
        }
        BASE64
            .decode(self.store.bytes(span))
            .map(Bytes::from)
            .map_err(|_| EventError::field(self.source, "body", "not base64 though isBase64Encoded says so"))
    }
}
