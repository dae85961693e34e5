//! Answers compressed with gzip, where that makes the event shorter that carries them.

mod length;

use std::io::Write as _;

use carafe_lambda::negotiate::prefers_gzip;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, IF_NONE_MATCH,
};
use crate::http::{Method, StatusCode};
use crate::middleware::AfterHook;
use crate::vary::add_vary;
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
/// Left alone are answers that have a `content-encoding` or a digest of their bytes, parts of a file (206: ranges are those of the
/// plain form), and `cache-control: no-transform`. A strong `etag` gets `-gzip` at its end, and a client that has that form gets a 304.
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
        // Also where it has the plain form.
        add_vary(response.headers_mut(), "accept-encoding");
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
            // A 304 of `File` has none either.
            response.headers_mut().remove(ACCEPT_RANGES);
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
    // A digest is one of the bytes as they are coded (RFC 9530 §2, §3).
    const DIGESTS: [&str; 4] = ["content-digest", "repr-digest", "digest", "content-md5"];
    headers.contains_key(CONTENT_ENCODING)
        || DIGESTS.iter().any(|digest| headers.contains_key(*digest))
        || headers.get_all(CACHE_CONTROL).iter().any(forbids)
}

/// Returns whether there is something to be saved.
fn is_worth_it(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let body = response.body().bytes();
    match response.status() {
        // They have no body, whatever the handler gave them.
        StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT => false,
        // The 200 may be compressed, and they have its `vary` (RFC 9110 §15.3.7, §15.4.5).
        StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT => is_loose(kind) || !is_dense(kind),
        _ => body.len() >= LEAST && (is_loose(kind) || !is_dense(kind) && std::str::from_utf8(body).is_ok()),
    }
}

/// Returns whether a type is compressed by itself, unless it is a loose one.
fn is_dense(kind: &str) -> bool {
    const KINDS: [&str; 4] = ["image/", "audio/", "video/", "font/"];
    let kind = kind.trim().to_ascii_lowercase();
    KINDS.iter().any(|one| kind.starts_with(one))
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

/// Returns whether the client has the compressed form, by its tag. The handler has compared what the client has with the tag of the
/// plain form only.
fn is_known(request: &Request, tag: &HeaderValue) -> bool {
    let Ok(tag) = tag.to_str() else { return false };
    // A tag has no quotes inside, so it stands in a list whole or not at all; beside it are commas.
    let is_apart = |before: &str, after: &str| {
        let before = before.strip_suffix("W/").unwrap_or(before).trim_end();
        let after = after.trim_start();
        (before.is_empty() || before.ends_with(',')) && (after.is_empty() || after.starts_with(','))
    };
    let has = |list: &str| list.split_once(tag).is_some_and(|(before, after)| is_apart(before, after));
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.headers().any(|(name, list)| name == IF_NONE_MATCH.as_str() && has(list))
}

/// Returns whether a client takes gzip, and not less gladly than the plain form.
fn takes_gzip(request: &Request) -> bool {
    prefers_gzip(request.headers().filter(|(name, _)| *name == "accept-encoding").map(|(_, value)| value))
}
