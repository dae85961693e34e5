//! Events made without a payload.

use std::net::IpAddr;

use bytes::Bytes;
use http::Method;

use super::Event;
use super::parts::Parts;
use crate::context::Context;
use crate::event_source::EventSource;

/// Makes an [`Event`] without a payload.
///
/// ```
/// use carafe_lambda::Event;
///
/// let request = Event::builder().method(http::Method::POST).target("/posts?draft=1").header("Host", "example.com").build();
/// assert_eq!(request.raw_path(), "/posts");
/// assert_eq!(request.query().next(), Some(("draft", "1")));
/// assert_eq!(request.header("host"), Some("example.com"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct EventBuilder {
    parts: Parts,
}

impl EventBuilder {
    /// Sets the method.
    #[must_use]
    pub fn method(mut self, method: Method) -> EventBuilder {
        self.parts.method = method;
        self
    }

    /// Sets path and query as they stand in a request line, percent-encoded.
    #[must_use]
    pub fn target(mut self, target: &str) -> EventBuilder {
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        self.parts.path = self.parts.arena.add(path.as_bytes());
        match query {
            Some(query) => self.raw_query(query),
            None => self,
        }
    }

    /// Sets the path, percent-encoded.
    #[must_use]
    pub fn path(mut self, path: &str) -> EventBuilder {
        self.parts.path = self.parts.arena.add(path.as_bytes());
        self
    }

    /// Sets the whole query string, percent-encoded.
    #[must_use]
    pub fn raw_query(mut self, query: &str) -> EventBuilder {
        self.parts.raw_query = Some(self.parts.arena.add(query.as_bytes()));
        self.parts.query.clear();
        for piece in query.split('&').filter(|piece| !piece.is_empty()) {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            let pair = (self.parts.arena.add(key.as_bytes()), self.parts.arena.add(value.as_bytes()));
            self.parts.query.push(pair);
        }
        self
    }

    /// Adds a query parameter that is percent-encoded already.
    #[must_use]
    pub fn query(mut self, key: &str, value: &str) -> EventBuilder {
        let pair = (self.parts.arena.add(key.as_bytes()), self.parts.arena.add(value.as_bytes()));
        self.parts.query.push(pair);
        self.parts.raw_query = None;
        self
    }

    /// Adds a header. Its name is made lower case; a further cookie is joined to the one before.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> EventBuilder {
        let name = name.to_ascii_lowercase();
        let arena = &mut self.parts.arena;
        if name == "cookie"
            && let Some((_, old)) =
                self.parts.headers.iter_mut().find(|(own, _)| arena.bytes(*own) == b"cookie")
        {
            let joined = format!("{}; {value}", arena.text(*old));
            *old = arena.add(joined.as_bytes());
            return self;
        }
        let pair = (arena.add(name.as_bytes()), arena.add(value.as_bytes()));
        self.parts.headers.push(pair);
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> EventBuilder {
        self.parts.body = body.into();
        self
    }

    /// Sets the front door; [`EventSource::Direct`] unless set.
    #[must_use]
    pub fn source(mut self, source: EventSource) -> EventBuilder {
        self.parts.source = source;
        self
    }

    /// Sets the address the request came from, as a server sees it on its socket.
    #[must_use]
    pub fn peer(mut self, address: IpAddr) -> EventBuilder {
        self.parts.source_ip = Some(self.parts.arena.add(address.to_string().as_bytes()));
        self
    }

    /// Sets the metadata of the invocation.
    #[must_use]
    pub fn context(mut self, context: Context) -> EventBuilder {
        self.parts.context = context;
        self
    }

    /// Returns the event.
    pub fn build(self) -> Event {
        Event::new(self.parts)
    }
}
