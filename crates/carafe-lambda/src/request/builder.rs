//! Requests of one's own making.

use std::net::IpAddr;

use bytes::Bytes;
use http::Method;

use super::{Parts, Request};
use crate::context::Context;
use crate::json::Span;
use crate::source::Source;
use crate::store::Store;

/// Makes a [`Request`] without an event.
///
/// ```
/// use carafe_lambda::Request;
///
/// let request = Request::builder().method("POST").target("/posts?draft=1").header("Host", "example.com").body("x").build();
/// assert_eq!(request.raw_path(), "/posts");
/// assert_eq!(request.query().next(), Some(("draft", "1")));
/// assert_eq!(request.header("host"), Some("example.com"));
/// ```
#[derive(Clone, Debug)]
pub struct RequestBuilder {
    store: Store,
    method: Method,
    path: Span,
    query: Vec<(Span, Span)>,
    raw_query: Option<Span>,
    headers: Vec<(Span, Span)>,
    body: Bytes,
    source: Source,
    source_ip: Option<Span>,
    context: Context,
}

impl Default for RequestBuilder {
    fn default() -> RequestBuilder {
        let mut store = Store::default();
        let path = store.add(b"/");
        RequestBuilder {
            store,
            method: Method::GET,
            path,
            query: Vec::new(),
            raw_query: None,
            headers: Vec::new(),
            body: Bytes::new(),
            source: Source::Direct,
            source_ip: None,
            context: Context::default(),
        }
    }
}

impl RequestBuilder {
    /// The method; what is no method name (RFC 9110 §9.1) leaves the one before in place.
    #[must_use]
    pub fn method(mut self, method: &str) -> RequestBuilder {
        if let Ok(method) = Method::from_bytes(method.as_bytes()) {
            self.method = method;
        }
        self
    }

    /// Path and query as they stand in a request line, percent-encoded.
    #[must_use]
    pub fn target(mut self, target: &str) -> RequestBuilder {
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        self.path = self.store.add(path.as_bytes());
        match query {
            Some(query) => self.raw_query(query),
            None => self,
        }
    }

    /// The path, percent-encoded.
    #[must_use]
    pub fn path(mut self, path: &str) -> RequestBuilder {
        self.path = self.store.add(path.as_bytes());
        self
    }

    /// The whole query string, percent-encoded; replaces what was there.
    #[must_use]
    pub fn raw_query(mut self, query: &str) -> RequestBuilder {
        self.raw_query = Some(self.store.add(query.as_bytes()));
        self.query.clear();
        for piece in query.split('&').filter(|piece| !piece.is_empty()) {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            let pair = (self.store.add(key.as_bytes()), self.store.add(value.as_bytes()));
            self.query.push(pair);
        }
        self
    }

    /// One more query parameter, percent-encoded already.
    #[must_use]
    pub fn query(mut self, key: &str, value: &str) -> RequestBuilder {
        let pair = (self.store.add(key.as_bytes()), self.store.add(value.as_bytes()));
        self.query.push(pair);
        self.raw_query = None;
        self
    }

    /// One more header; the name is made lower case, a further cookie is joined to the one there is.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> RequestBuilder {
        let name = name.to_ascii_lowercase();
        let store = &mut self.store;
        if name == "cookie"
            && let Some((_, old)) = self.headers.iter_mut().find(|(own, _)| store.bytes(*own) == b"cookie")
        {
            let joined = format!("{}; {value}", store.text(*old));
            *old = store.add(joined.as_bytes());
            return self;
        }
        let pair = (store.add(name.as_bytes()), store.add(value.as_bytes()));
        self.headers.push(pair);
        self
    }

    /// The body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> RequestBuilder {
        self.body = body.into();
        self
    }

    /// The front door it is to look like; [`Source::Direct`] unless set.
    #[must_use]
    pub fn source(mut self, source: Source) -> RequestBuilder {
        self.source = source;
        self
    }

    /// The address the request came from, as a server sees it on its socket.
    #[must_use]
    pub fn peer(mut self, address: IpAddr) -> RequestBuilder {
        self.source_ip = Some(self.store.add(address.to_string().as_bytes()));
        self
    }

    /// Lambda's part.
    #[must_use]
    pub fn context(mut self, context: Context) -> RequestBuilder {
        self.context = context;
        self
    }

    /// The request.
    pub fn build(self) -> Request {
        let RequestBuilder {
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
        } = self;
        Request::new(Parts {
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
        })
    }
}
