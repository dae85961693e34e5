//! The limits of a load balancer, checked before it would answer 502 without a reason (`docs/alb.md` §3, §4).

use std::fmt;

use bytes::Bytes;
use http::header::SET_COOKIE;

use super::{Document, cookies};
use crate::event_source::{EventSource, HeaderMode};

/// The most bytes of JSON that a load balancer accepts. AWS says 1 MB; this is the smaller reading.
const ALB_DOCUMENT: usize = 1_000_000;
/// The most bytes of headers that it accepts.
const ALB_HEADERS: usize = 32 * 1024;
/// The most bytes that Lambda accepts for other front doors: 6 MB, in the smaller reading.
const LAMBDA_DOCUMENT: usize = 6_000_000;

/// The limit that a response exceeds, or the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Document { len: usize, limit: usize },
    Headers { len: usize },
    Cookies { count: usize },
    NotText { name: String },
    Status { code: u16 },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Document { len, limit } => {
                write!(
                    f,
                    "the answer takes at least {len} bytes of JSON, {limit} are allowed (escapes and base64 count)"
                )
            }
            Refusal::Headers { len } => {
                write!(f, "the answer has {len} bytes of headers, {ALB_HEADERS} are allowed")
            }
            Refusal::Cookies { count } => write!(
                f,
                "the answer has {count} cookies, single-value header mode has room for {}",
                cookies::SPELLINGS
            ),
            Refusal::NotText { name } => {
                write!(f, "the value of header {name} is not UTF-8 without control characters")
            }
            Refusal::Status { code } => write!(f, "the answer has status {code}, 200 to 599 are allowed"),
        }
    }
}

/// Tells whether a header value can be written as JSON and arrives unchanged. The `http` crate has checked that it holds
/// no ASCII control character except the tab.
fn is_text(value: &[u8]) -> bool {
    value.is_ascii()
        || std::str::from_utf8(value).is_ok_and(|text| !text.contains(|c| c != '\t' && char::is_control(c)))
}

impl Document {
    /// Writes the document if its reader accepts it.
    ///
    /// # Errors
    /// The limit the response exceeds.
    pub(crate) fn within_limits(&mut self) -> Result<Bytes, Refusal> {
        self.check()?;
        let limit = self.limit();
        self.written_within(limit).map_err(|len| Refusal::Document { len, limit })
    }

    /// Tells whether its reader accepts it, and so many bytes more.
    pub(crate) fn leaves(&mut self, room: usize) -> bool {
        self.check().is_ok() && self.written_within(self.limit().saturating_sub(room)).is_ok()
    }

    fn limit(&self) -> usize {
        if self.for_alb() { ALB_DOCUMENT } else { LAMBDA_DOCUMENT }
    }

    /// Checks the limits that do not depend on the written document.
    fn check(&self) -> Result<(), Refusal> {
        let response = self.response();
        let code = response.status().as_u16();
        if !(200..=599).contains(&code) {
            return Err(Refusal::Status { code });
        }
        let mut header_bytes = 0;
        for (name, value) in response.headers() {
            if !is_text(value.as_bytes()) {
                return Err(Refusal::NotText { name: name.to_string() });
            }
            // As HTTP/1.1 writes them: ": " and the end of the line.
            header_bytes += name.as_str().len() + value.len() + 4;
        }
        if self.for_alb() && header_bytes > ALB_HEADERS {
            return Err(Refusal::Headers { len: header_bytes });
        }
        let count = response.headers().get_all(SET_COOKIE).iter().count();
        if count > cookies::SPELLINGS
            && matches!(
                self.source(),
                EventSource::Alb(HeaderMode::Single | HeaderMode::Both) | EventSource::Lattice
            )
        {
            return Err(Refusal::Cookies { count });
        }
        Ok(())
    }
}
