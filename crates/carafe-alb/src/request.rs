//! From an HTTP request to an event: what is refused, what is rewritten, what is added.

mod body;
mod event;
mod headers;
mod query;
mod refuse;
mod tokens;

use std::net::SocketAddr;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Uri, Version};

pub(crate) use body::{check as check_body, read as read_body};
pub(crate) use event::{health_check as write_health_check, write as write_event};
pub(crate) use headers::host_of;
pub(crate) use refuse::{MOST_LINE, head as check_head, line_length};
pub(crate) use tokens::has_token;

/// A request on its way to become an event.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) client: SocketAddr,
    /// This request's own trace id, `Root=…`, before one that came in is looked at.
    pub(crate) trace: Trace,
}

impl Request {
    /// Takes a request whose body is yet to be read.
    pub(crate) fn new(parts: Parts, client: SocketAddr) -> Request {
        Request {
            method: parts.method,
            uri: parts.uri,
            version: parts.version,
            headers: parts.headers,
            body: Bytes::new(),
            client,
            trace: Trace::new(),
        }
    }

    /// Copies a request that is there as a whole.
    pub(crate) fn of(request: &http::Request<Bytes>, client: SocketAddr) -> Request {
        Request {
            method: request.method().clone(),
            uri: request.uri().clone(),
            version: request.version(),
            headers: request.headers().clone(),
            body: request.body().clone(),
            client,
            trace: Trace::new(),
        }
    }

    pub(crate) fn http2(&self) -> bool {
        self.version == Version::HTTP_2
    }
}

/// A trace id: `1-<8 hex digits of time>-<24 hex digits>`.
#[derive(Debug, Clone)]
pub(crate) struct Trace(String);

impl Trace {
    pub(crate) fn new() -> Trace {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let seconds = now.map_or(0, |now| now.as_secs());
        Trace(format!("1-{seconds:08x}-{:024x}", fastrand::u128(..) >> 32))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
