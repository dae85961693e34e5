//! The body as forms and JSON read it: inflated, and without a byte order mark. `Request::body` stays what was received.

#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "gzip")]
mod inflate;

use std::sync::OnceLock;

use bytes::Bytes;
use carafe_lambda::Event;
use http::StatusCode;

use super::content_type::quoted;
use super::problem::Problem;

/// What some clients put in front of UTF-8. RFC 8259 §8.1 allows to ignore it in JSON, and the Encoding standard takes it off
/// any UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The most bytes of an inflated body, unless its group says otherwise: some two times what a load balancer lets through, as
/// a form takes many times its length of memory, and a small function has 128 MB.
#[cfg(feature = "gzip")]
const MOST_INFLATED: usize = 2 * 1024 * 1024;

/// The codings that are read, for `accept-encoding` (RFC 9110 §12.5.3).
const ACCEPTED: &str = if cfg!(feature = "gzip") { "gzip, deflate" } else { "identity" };

/// The content of a body, where it is not the body itself; made when somebody asks, once.
#[derive(Debug, Default)]
pub(super) struct Content {
    made: OnceLock<Result<Bytes, Problem>>,
    limit: OnceLock<usize>,
}

impl Content {
    /// Limits what a body may be inflated to, if nobody has read it yet.
    pub(super) fn limit(&self, bytes: usize) {
        let _ = self.limit.set(bytes);
    }

    /// Returns the content of an event's body.
    pub(super) fn of<'r>(&'r self, event: &'r Event) -> Result<&'r Bytes, &'r Problem> {
        let body = event.body();
        if !body.starts_with(BYTE_ORDER_MARK) && event.header("content-encoding").is_none() {
            return Ok(body);
        }
        let made = self.made.get_or_init(|| self.decoded(event).map(without_mark));
        made.as_ref()
    }

    /// Undoes the codings of a body. Those that are only said to be there are passed over: API Gateway inflates a body and
    /// leaves the header.
    fn decoded(&self, event: &Event) -> Result<Bytes, Problem> {
        let body = event.body();
        let codings = event.header_values("content-encoding").flat_map(|value| value.split(','));
        let mut codings = codings.map(str::trim).filter(|name| !name.is_empty() && !is(name, "identity"));
        let Some(coding) = codings.next() else { return Ok(body.clone()) };
        if codings.next().is_some() {
            return Err(refused("several"));
        }
        match Coding::of(coding) {
            Some(coding) if coding.is_not_in(body) => Ok(body.clone()),
            Some(coding) => self.inflated(coding, body),
            None => Err(refused(&quoted(Some(coding)))),
        }
    }

    #[cfg(feature = "gzip")]
    fn inflated(&self, coding: Coding, body: &Bytes) -> Result<Bytes, Problem> {
        let most = self.limit.get().copied().unwrap_or(MOST_INFLATED);
        let outcome = match coding {
            Coding::Gzip => inflate::gzip(body, most),
            Coding::Deflate => inflate::deflate(body, most),
            Coding::Zstandard => return Err(refused(coding.name())),
        };
        match outcome {
            Ok(content) => Ok(content.into()),
            Err(inflate::Failed::TooLong) => Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("The body is over {most} bytes when it is inflated"),
            )),
            // Raw deflate has no magic number: what neither is that nor begins as zlib was inflated on the way.
            Err(inflate::Failed::Broken)
                if coding == Coding::Deflate && (is_text(body) || !inflate::begins_as_zlib(body)) =>
            {
                Ok(body.clone())
            }
            Err(inflate::Failed::Broken) => {
                Err(Problem::bad(format!("the body is not {}, as its content encoding says", coding.name())))
            }
        }
    }

    #[cfg(not(feature = "gzip"))]
    fn inflated(&self, coding: Coding, body: &Bytes) -> Result<Bytes, Problem> {
        if coding == Coding::Deflate && is_text(body) {
            Ok(body.clone())
        } else {
            Err(refused(coding.name()))
        }
    }
}

/// A coding that a body can be looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Zstandard,
}

impl Coding {
    /// Returns the coding of a name, in any letter case (RFC 9110 §8.4.1).
    fn of(name: &str) -> Option<Coding> {
        if is(name, "gzip") || is(name, "x-gzip") {
            Some(Coding::Gzip)
        } else if is(name, "deflate") {
            Some(Coding::Deflate)
        } else if is(name, "zstd") {
            Some(Coding::Zstandard)
        } else {
            None
        }
    }

    fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
            Coding::Zstandard => "zstd",
        }
    }

    /// Returns whether the body does not begin as one that is coded so (RFC 1952 §2.3.1, RFC 8878 §3.1.1). Deflate has
    /// nothing that it has to begin with.
    fn is_not_in(self, body: &[u8]) -> bool {
        match self {
            Coding::Gzip => !body.starts_with(b"\x1f\x8b"),
            Coding::Zstandard => !body.starts_with(b"\x28\xb5\x2f\xfd"),
            Coding::Deflate => body.is_empty(),
        }
    }
}

fn is(name: &str, coding: &str) -> bool {
    name.eq_ignore_ascii_case(coding)
}

fn is_text(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok()
}

/// Makes the 415 that says which codings are read (RFC 9110 §15.5.16).
fn refused(coding: &str) -> Problem {
    let message = format!("expected a body with the content encoding {ACCEPTED}, got {coding}");
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message).accepting(ACCEPTED)
}

fn without_mark(content: Bytes) -> Bytes {
    if content.starts_with(BYTE_ORDER_MARK) { content.slice(BYTE_ORDER_MARK.len()..) } else { content }
}
