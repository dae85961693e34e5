//! One HTTP request, from whichever front door.

mod builder;
mod client;
mod convert;
mod decode;
mod detect;
mod error;
mod fields;
mod foreign;
mod parts;
mod repair;
mod unreadable;

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use http::Method;

pub use builder::EventBuilder;
pub use error::EventError;
pub(crate) use unreadable::Unreadable;

use crate::after::After;
use crate::context::Context;
use crate::event_source::EventSource;
use crate::json::{Span, has_capital};
use parts::Parts;

/// One HTTP request: flat lists of slices into the event's bytes. Cloning it copies a pointer.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Context, Event};
///
/// let payload = Bytes::from_static(br#"{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/a%20b",
///     "queryStringParameters":{"q":"x+y%26z"},"headers":{"host":"example.com"},"body":"","isBase64Encoded":false}"#);
/// let request = Event::from_payload(payload, Context::default())?;
/// assert_eq!(request.raw_path(), "/a%20b");
/// assert_eq!(request.query().next(), Some(("q", "x+y%26z")));
/// assert_eq!(request.host(), Some("example.com"));
/// # Ok::<(), carafe_lambda::EventError>(())
/// ```
#[derive(Clone)]
pub struct Event {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    route: Mutex<Option<Cow<'static, str>>>,
    /// Made when somebody asks for it.
    after: OnceLock<After>,
}

impl Event {
    /// Reads an event of a load balancer, API Gateway, VPC Lattice or a function URL (`docs/alb.md` §1, §5).
    ///
    /// # Errors
    /// The bytes are not JSON, not an HTTP event, or lack a required field.
    pub fn from_payload(payload: Bytes, context: Context) -> Result<Event, EventError> {
        Event::read(payload, context).map_err(|unreadable| unreadable.error)
    }

    /// Reads an event as [`Event::from_payload`] does; on an error what is readable of it is returned, too.
    pub(crate) fn read(payload: Bytes, context: Context) -> Result<Event, Box<Unreadable>> {
        match decode::read(payload) {
            Ok(mut parts) => {
                parts.context = context;
                Ok(Event::new(parts))
            }
            Err(unreadable) => Err(unreadable.with_context(context)),
        }
    }

    /// Makes an event of what is readable of one that cannot be read, which has it no longer. Of one that is no request at all
    /// the body is the whole payload.
    pub(crate) fn of_unreadable(unreadable: &mut Unreadable, whole: Option<Bytes>) -> Event {
        let mut parts = std::mem::take(&mut unreadable.parts);
        if let Some(whole) = whole.filter(|_| unreadable.error.is_foreign()) {
            parts.body = whole;
        }
        Event::new(parts)
    }

    /// Makes an event without a payload, for tests and other servers.
    pub fn builder() -> EventBuilder {
        EventBuilder::default()
    }

    pub(crate) fn new(parts: Parts) -> Event {
        Event { inner: Arc::new(Inner { parts, route: Mutex::new(None), after: OnceLock::new() }) }
    }

    fn parts(&self) -> &Parts {
        &self.inner.parts
    }

    /// Returns the method, any token of RFC 9110 §9.1.
    pub fn method(&self) -> &Method {
        &self.parts().method
    }

    /// Returns the path exactly as the client sent it: percent-encoded, with dot segments and doubled slashes
    /// (`docs/alb.md` §1.3).
    pub fn raw_path(&self) -> &str {
        let parts = self.parts();
        parts.arena.text(parts.path)
    }

    /// Returns the query parameters, still percent-encoded, in the order of the event. A load balancer sorts them by the
    /// bytes of their names (`docs/alb.md` §1.4).
    pub fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.parts();
        parts.query.iter().map(|(key, value)| (parts.arena.text(*key), parts.arena.text(*value)))
    }

    /// Returns the query string: the client's own where the event has it, else joined from the pairs.
    pub fn raw_query(&self) -> Cow<'_, str> {
        let parts = self.parts();
        match parts.raw_query {
            Some(raw) => Cow::Borrowed(parts.arena.text(raw)),
            None => Cow::Owned(crate::percent::join(self.query())),
        }
    }

    /// Returns all headers, with names in lower case; a name with several values comes several times.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.parts();
        parts.headers.iter().map(|(name, value)| (parts.arena.text(*name), parts.arena.text(*value)))
    }

    /// Returns one header's value; the letter case of the name does not matter. Bytes that were not UTF-8 are U+FFFD.
    ///
    /// Of several values it is the first, but the last of `x-forwarded-*` and `x-amzn-trace-id`, since a client can
    /// plant those and the load balancer's own comes last (`docs/alb.md` §1.7). Cookies are always one value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let parts = self.parts();
        self.header_span(name).map(|span| parts.arena.text(span))
    }

    /// Returns the same as bytes, as they came.
    pub fn header_bytes(&self, name: &str) -> Option<&[u8]> {
        let parts = self.parts();
        self.header_span(name).map(|span| parts.arena.original(span))
    }

    /// Returns all values of a header in the order of the event; the letter case of the name does not matter.
    pub fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let parts = self.parts();
        self.header_spans(name).map(|span| parts.arena.text(span))
    }

    fn header_span(&self, name: &str) -> Option<Span> {
        let mut spans = self.header_spans(name);
        if appended_by_the_balancer(name) { spans.next_back() } else { spans.next() }
    }

    fn header_spans<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = Span> + 'a {
        let parts = self.parts();
        // Most names differ in length, which is at hand; most callers write lower case.
        let is_it = move |own: Span| {
            own.len() == name.len() && {
                let (own, name) = (parts.arena.bytes(own), name.as_bytes());
                own == name || has_capital(name) && own.eq_ignore_ascii_case(name)
            }
        };
        parts.headers.iter().filter(move |(own, _)| is_it(*own)).map(|(_, value)| *value)
    }

    /// Returns the body, decoded if it came as base64.
    pub fn body(&self) -> &Bytes {
        &self.parts().body
    }

    /// Returns the metadata of the invocation.
    pub fn context(&self) -> &Context {
        &self.parts().context
    }

    /// Returns the front door that the request came through.
    pub fn source(&self) -> EventSource {
        self.parts().source
    }

    /// Returns the client's address.
    ///
    /// Behind a load balancer this is the right-most address of the last `x-forwarded-for`, which the balancer itself
    /// wrote; with `trusted_proxies` proxies of your own in front (a CDN: 1) it is that many places further left.
    /// Elsewhere, without a proxy, it is the address that the front door saw. A client cannot forge it as long as the
    /// number is right and the balancer's header mode is `append` (`docs/alb.md` §1.7).
    pub fn client_ip(&self, trusted_proxies: usize) -> Option<IpAddr> {
        if trusted_proxies == 0 && self.parts().source_ip.is_some() {
            return self.peer();
        }
        client::forwarded(self.header("x-forwarded-for")?, trusted_proxies)
    }

    /// Returns the address that the front door saw. A load balancer's events have none.
    pub fn peer(&self) -> Option<IpAddr> {
        let parts = self.parts();
        client::address(parts.arena.text(parts.source_ip?))
    }

    /// Returns who calls, as VPC Lattice says in `requestContext`: the texts of `identity`, such as `principal`, `type` and
    /// `sourceVpcArn`, and the ARNs of service network, service and target group, by their names. Version 1 of its events has
    /// nothing, and other front doors have none.
    pub fn caller(&self) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.parts();
        parts.caller.iter().map(|(name, value)| (parts.arena.text(*name), parts.arena.text(*value)))
    }

    /// Returns the listener's scheme, `http` or `https`; `None` in health checks and tests.
    pub fn scheme(&self) -> Option<&str> {
        let secure_only = matches!(self.source(), EventSource::FunctionUrl | EventSource::ApiGatewayHttp);
        self.header("x-forwarded-proto").or(secure_only.then_some("https"))
    }

    /// Returns the host as the client wrote it. It is not checked; do not authorize by it
    /// (`docs/alb.md` §1.7). Health checks have none.
    pub fn host(&self) -> Option<&str> {
        self.header("host")
    }

    /// Tells whether this is a load balancer's health check (`docs/alb.md` §2).
    pub fn is_health_check(&self) -> bool {
        matches!(self.source(), EventSource::Alb(_))
            && self.parts().headers.len() == 1
            && self.header("user-agent").is_some_and(|agent| agent.starts_with("ELB-HealthChecker/"))
    }

    /// Notes the route for the log line. Called before the handler runs, so that the line of a panic or a missed deadline
    /// has it too. Later calls are ignored.
    pub fn note_route(&self, route: impl Into<Cow<'static, str>>) {
        // A second call comes from a layer that routes again; the outer route is the one people look for.
        self.inner.route.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| route.into());
    }

    /// Returns the work for the time after the answer, to add some.
    pub fn after(&self) -> After {
        self.inner.after.get_or_init(|| After::new(self.context())).clone()
    }

    /// Returns the same if somebody has asked for it.
    pub fn touched_after(&self) -> Option<After> {
        self.inner.after.get().cloned()
    }

    pub(crate) fn noted_route(&self) -> Option<Cow<'static, str>> {
        self.inner.route.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Tells whether a header is one of those in which a client can plant values before the load balancer's own.
fn appended_by_the_balancer(name: &str) -> bool {
    const FORWARDED: &[u8] = b"x-forwarded-";
    let name = name.as_bytes();
    matches!(name.first(), Some(b'x' | b'X'))
        && (name.get(..FORWARDED.len()).is_some_and(|start| start.eq_ignore_ascii_case(FORWARDED))
            || name.eq_ignore_ascii_case(b"x-amzn-trace-id"))
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("method", self.method())
            .field("raw_path", &self.raw_path())
            .field("query", &self.query().collect::<Vec<_>>())
            .field("headers", &self.headers().collect::<Vec<_>>())
            .field("body_len", &self.body().len())
            .field("source", &self.source())
            .finish_non_exhaustive()
    }
}
