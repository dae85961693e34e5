//! From an HTTP request to an event: what is refused, what is rewritten, what is added.

mod body;
mod event;
mod headers;
mod query;
mod refuse;

use std::net::SocketAddr;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Uri, Version};

pub(crate) use body::read as read_body;
pub(crate) use event::{health_check, write as write_event};
pub(crate) use refuse::{MOST_LINE, head as refuse_head};

/// A request that has been taken, before it becomes an event.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) client: SocketAddr,
    /// The port of the listener.
    pub(crate) port: u16,
    /// This request's own trace id, `Root=…`, before one that came in is looked at.
    pub(crate) trace: Trace,
}

impl Request {
    pub(crate) fn new(parts: Parts, client: SocketAddr, port: u16) -> Request {
        Request {
            method: parts.method,
            uri: parts.uri,
            version: parts.version,
            headers: parts.headers,
            body: Bytes::new(),
            client,
            port,
            trace: Trace::new(),
        }
    }

    pub(crate) fn http2(&self) -> bool {
        self.version == Version::HTTP_2
    }
}

/// A new trace id: `1-<8 hex digits of time>-<24 hex digits>`.
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
