//! Answers compressed with gzip, where that makes the event shorter that carries them.

mod length;

use std::io::Write as _;

use carafe_lambda::negotiate::prefers_gzip;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use crate::http::{Method, StatusCode};
use crate::middleware::AfterHook;
use crate::{Body, Request, Response};
use length::{in_base64, in_text};

/// Compresses answers for clients that take gzip, of an app or a group, where it pays. With the Cargo feature `gzip`.
///
/// ```
/// use carafe::{App, Gzip, get, routes};
///
/// #[get("/long")]
/// fn long() -> String {
///     "All work and no play. ".repeat(1000)
/// }
///
/// let client = App::new().after(Gzip).routes(routes![long]).test();
/// let reply = client.get("/long").header("accept-encoding", "gzip, br").send();
/// assert_eq!(reply.header("content-encoding"), Some("gzip"));
/// assert!(reply.bytes().len() < 500);
/// assert_eq!(client.get("/long").send().header("vary"), Some("accept-encoding"));
/// ```
///
/// It pays from 2 KiB on, for what is text or of a type that is not compressed already, and if the event gets shorter: text
/// travels with its escapes, and what is compressed as base64. A load balancer takes events up to 1 MB, so what is
/// longer may still fit.
///
/// Left alone are answers that have a `content-encoding`, parts of a file (206: ranges are those of the plain form), and
/// `cache-control: no-transform`. A strong `etag` gets `-gzip` at its end, and a client that has that form gets a 304.
#[derive(Clone, Copy, Debug)]
pub struct Gzip;

/// What is shorter is sent in one or two packets anyway.
const LEAST: usize = 2 * 1024;

/// On the slow processor of a small function the first levels save most of the time, and most of the bytes.
const LEVEL: u32 = 3;

impl AfterHook<Gzip> for Gzip {
    async fn run(&self, request: &Request, response: &mut Response) {
        if is_settled(response.headers()) {
            return;
        }
        if !is_worth_it(response) {
            return;
        }
        add_vary(response.headers_mut());
        let is_whole = response.status() != StatusCode::NOT_MODIFIED
            && response.status() != StatusCode::PARTIAL_CONTENT
            && !response.headers().contains_key(CONTENT_RANGE);
        if !is_whole || !takes_gzip(request) {
            return;
        }
        let tag = response.headers().get(ETAG).and_then(of_gzip);
        if let Some(tag) = &tag
            && response.status() == StatusCode::OK
            && is_known(request, tag)
        {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
            response.headers_mut().insert(ETAG, tag.clone());
            return;
        }
        let Some(packed) = packed(response.body().bytes()) else { return };
        *response.body_mut() = Body::from(packed);
        let headers = response.headers_mut();
        headers.insert(CONTENT_ENCODING, GZIP);
        if let Some(tag) = tag {
            headers.insert(ETAG, tag);
        }
    }
}

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Returns whether a form has been chosen, or another is forbidden.
fn is_settled(headers: &HeaderMap) -> bool {
    let forbids = |value: &HeaderValue| {
        let value = value.to_str().unwrap_or_default();
        value.split(',').any(|word| word.trim().eq_ignore_ascii_case("no-transform"))
    };
    // A digest is one of the bytes that are sent (RFC 9530 §2).
    headers.contains_key(CONTENT_ENCODING)
        || headers.contains_key("content-digest")
        || headers.get_all(CACHE_CONTROL).iter().any(forbids)
}

/// Returns whether there is something to be saved.
fn is_worth_it(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let body = response.body().bytes();
    match response.status() {
        // Its form is that of the 200 which the client has.
        StatusCode::NOT_MODIFIED => kind.is_empty() || is_loose(kind),
        StatusCode::PARTIAL_CONTENT => is_loose(kind),
        _ => body.len() >= LEAST && (is_loose(kind) || std::str::from_utf8(body).is_ok()),
    }
}

/// Returns whether a type is not compressed by itself.
fn is_loose(kind: &str) -> bool {
    const WORDS: [&str; 9] = ["json", "xml", "javascript", "wasm", "ttf", "otf", "icon", "bmp", "tar"];
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/") || WORDS.iter().any(|word| kind.ends_with(word))
}

/// Compresses a body; `None` if the event gets no shorter by it.
fn packed(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::new(LEVEL));
    encoder.write_all(body).ok()?;
    let packed = encoder.finish().ok()?;
    // The header that names the form is longer, too: `"content-encoding":"gzip",`.
    let pays = in_base64(packed.len()) + 26 < in_text(body);
    pays.then_some(packed)
}

/// Returns the tag of the compressed form, of a strong one: a weak one is for all forms (RFC 9110 §8.8.1).
fn of_gzip(tag: &HeaderValue) -> Option<HeaderValue> {
    let inner = tag.to_str().ok()?.strip_prefix('"')?.strip_suffix('"')?;
    HeaderValue::try_from(format!("\"{inner}-gzip\"")).ok()
}

/// Returns whether the client has the form of this tag. What asked for it was the handler, and that knows its own only.
fn is_known(request: &Request, tag: &HeaderValue) -> bool {
    // A tag has no quotes inside, so it stands in a list whole or not at all.
    let has = |list: &str| tag.to_str().is_ok_and(|tag| list.contains(tag));
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.headers().any(|(name, list)| name == IF_NONE_MATCH.as_str() && has(list))
}

/// Tells caches that the answer depends on what the client takes, also where it has the plain form.
fn add_vary(headers: &mut HeaderMap) {
    let told = |value: &HeaderValue| {
        let value = value.to_str().unwrap_or_default();
        value.split(',').any(|name| name.trim() == "*" || name.trim().eq_ignore_ascii_case("accept-encoding"))
    };
    if !headers.get_all(VARY).iter().any(told) {
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// Returns whether a client takes gzip, and not less gladly than the plain form.
fn takes_gzip(request: &Request) -> bool {
    prefers_gzip(request.headers().filter(|(name, _)| *name == "accept-encoding").map(|(_, value)| value))
}
