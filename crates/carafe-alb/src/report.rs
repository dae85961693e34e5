//! The reports on a request: a line in the terminal, a line in the access log, files.

mod access_log;
mod escape;
mod output;
mod record;
mod relay;
mod terminal;

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{HOST, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Response, Version};
use hyper::ext::ReasonPhrase;

pub(crate) use access_log::AccessLog;
pub(crate) use record::{Recorder, Recording};
pub(crate) use relay::Relay;
pub(crate) use terminal::Terminal;

use crate::refusal::{Reason, Refusal};
use crate::request::line_length;

/// The facts about one request, collected while it is answered.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) began: SystemTime,
    pub(crate) started: Instant,
    pub(crate) client: SocketAddr,
    pub(crate) head: Option<Head>,
    /// Bytes from and to the client: heads, written as in HTTP/1.1, and bodies as far as they were read, without the framing of
    /// chunks.
    pub(crate) received: usize,
    pub(crate) sent: usize,
    /// The time that the function had the request.
    pub(crate) target: Option<Duration>,
    pub(crate) target_status: Option<u16>,
    pub(crate) cold_start: Option<Duration>,
    pub(crate) body: usize,
    pub(crate) status: u16,
    pub(crate) reason: Reason,
    pub(crate) why: Option<String>,
    pub(crate) warnings: Vec<String>,
}

/// The parts of the request that a log has.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) method: String,
    /// The target as the client sent it, from the path on.
    pub(crate) target: String,
    pub(crate) host: String,
    pub(crate) version: &'static str,
    pub(crate) user_agent: Option<String>,
    pub(crate) trace: Option<String>,
}

impl Seen {
    pub(crate) fn new(client: SocketAddr) -> Seen {
        Seen {
            began: SystemTime::now(),
            started: Instant::now(),
            client,
            head: None,
            received: 0,
            sent: 0,
            target: None,
            target_status: None,
            cold_start: None,
            body: 0,
            status: 0,
            reason: Reason::None,
            why: None,
            warnings: Vec::new(),
        }
    }

    pub(crate) fn head(&mut self, parts: &Parts) {
        let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
        let host = parts.uri.authority().map(|authority| authority.as_str().to_owned());
        self.received = line_length(&parts.method, &parts.uri) + "\r\n".len() + size(&parts.headers);
        self.head = Some(Head {
            method: parts.method.to_string(),
            target: target.to_owned(),
            host: host.or_else(|| value(&parts.headers, &HOST)).unwrap_or_default(),
            version: match parts.version {
                Version::HTTP_10 => "HTTP/1.0",
                Version::HTTP_2 => "HTTP/2.0",
                _ => "HTTP/1.1",
            },
            user_agent: value(&parts.headers, &USER_AGENT),
            trace: None,
        });
    }

    pub(crate) fn refused(&mut self, refusal: &Refusal) {
        self.reason = refusal.reason;
        self.why = Some(refusal.why.clone());
    }

    /// Notes what the client gets.
    pub(crate) fn answered(&mut self, response: &Response<Bytes>) {
        let status = response.status();
        let phrase = response.extensions().get::<ReasonPhrase>().map(|phrase| phrase.as_bytes().len());
        // `<none>` is what hyper writes where there is no phrase.
        let known = status.canonical_reason().unwrap_or("<none>");
        let phrase = phrase.unwrap_or(known.len());
        self.status = status.as_u16();
        self.body = response.body().len();
        self.sent = "HTTP/1.1 200 \r\n".len() + phrase + size(response.headers()) + self.body;
    }
}

/// Bytes of headers on the wire of HTTP/1.1, with the empty line behind them.
fn size(headers: &HeaderMap) -> usize {
    let lines = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    lines.sum::<usize>() + "\r\n".len()
}

fn value(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned())
}
