//! Conditions of a request, and what they make of a file (RFC 9110 §13). Dates decide nothing: a file has none, and then
//! `If-Modified-Since` and `If-Unmodified-Since` are not looked at (§13.1.3, §13.1.4).

use std::ops::Range;

use http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, ETAG, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::etag;
use super::range::{self, Unsatisfiable};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::Response;

/// What is answered in place of the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    NotModified,
    Failed,
    Part(Range<usize>),
    Unsatisfiable,
}

/// Returns the piece that a request asks for, if it asks for one: a GET with one range, which the client does not make
/// depend on another content.
pub(super) fn asked_range(
    request: &Request,
    tag: &str,
    len: usize,
) -> Option<Result<Range<usize>, Unsatisfiable>> {
    if request.method() != Method::GET {
        return None;
    }
    let range = range::of(request.header("range")?, len)?;
    match request.header("if-range") {
        // A date is never that of the file; a weak tag says too little (§13.1.5).
        Some(wanted) if !etag::is(wanted, tag) => None,
        _ => Some(range),
    }
}

/// Returns what the conditions of the request make of the form that has this tag, in the order of §13.2.2.
pub(super) fn outcome(
    request: &Request,
    tag: &str,
    range: Option<Result<Range<usize>, Unsatisfiable>>,
) -> Option<Outcome> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let mut lists = [None, None];
    for (name, list) in request.headers() {
        let (slot, weakly) = match name {
            "if-match" => (0, false),
            "if-none-match" => (1, true),
            _ => continue,
        };
        if let Some(slot) = lists.get_mut(slot) {
            *slot = Some(slot.unwrap_or(false) || etag::matches(list, tag, weakly));
        }
    }
    match (lists, range) {
        ([Some(false), _], _) => Some(Outcome::Failed),
        ([_, Some(true)], _) => Some(Outcome::NotModified),
        (_, Some(Ok(range))) => Some(Outcome::Part(range)),
        (_, Some(Err(Unsatisfiable))) => Some(Outcome::Unsatisfiable),
        (_, None) => None,
    }
}

impl Outcome {
    /// Makes it of the whole answer.
    pub(super) fn of(self, mut response: Response) -> Result<Response> {
        match self {
            Outcome::NotModified => {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                *response.body_mut() = Body::empty();
                // The type stays: a load balancer may make one up where there is none, and a client may remember that.
                response.headers_mut().remove(CONTENT_ENCODING);
                response.headers_mut().remove(ACCEPT_RANGES);
                Ok(response)
            }
            Outcome::Part(range) => {
                let content = std::mem::take(response.body_mut()).into_bytes();
                let told = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), content.len());
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                response.headers_mut().insert(CONTENT_RANGE, HeaderValue::try_from(told)?);
                // That was one of the whole, where `repr-digest` stays right (RFC 9530 §2, §3).
                response.headers_mut().remove("content-digest");
                // The range is inside the content by the time it is asked for.
                let part = content.get(range).map(|part| content.slice_ref(part)).unwrap_or_default();
                *response.body_mut() = Body::from(part);
                Ok(response)
            }
            Outcome::Failed => {
                let error = Error::new(StatusCode::PRECONDITION_FAILED, "The file is another one by now");
                Err(with(error, response.headers(), &[ETAG, VARY]))
            }
            Outcome::Unsatisfiable => {
                let len = response.body().len();
                let message = format!("The file has {len} bytes, and the range is none of it");
                let error = Error::new(StatusCode::RANGE_NOT_SATISFIABLE, message)
                    .with_header(CONTENT_RANGE, HeaderValue::try_from(format!("bytes */{len}"))?);
                Err(with(error, response.headers(), &[ACCEPT_RANGES, VARY]))
            }
        }
    }
}

/// Adds headers of the answer to an error. How long the file may be kept is not among them: the error depends on headers that are
/// not in `vary`, so a cache would give it to everyone.
fn with(error: Error, headers: &HeaderMap, names: &[HeaderName]) -> Error {
    let values = names.iter().filter_map(|name| Some((name.clone(), headers.get(name)?.clone())));
    let error = values.fold(error, |error, (name, value)| error.with_header(name, value));
    error.with_header(CACHE_CONTROL, HeaderValue::from_static("no-store"))
}
