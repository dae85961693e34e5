//! The headers of an answer: which are removed, which are added, which may be joined (`docs/alb.md` §3).

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

/// Hop-by-hop headers (RFC 9110 §7.6.1). A load balancer passes some of them on to HTTP/2 clients, which then reset
/// the stream (`docs/alb.md` §3.2).
const HOP_BY_HOP: [&str; 7] =
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/// Headers whose values are a list, so that several may be joined by a comma (RFC 9110 §5.3).
const LISTS: [&str; 22] = [
    "accept",
    "accept-ch",
    "accept-encoding",
    "accept-patch",
    "accept-post",
    "accept-ranges",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-expose-headers",
    "allow",
    "alt-svc",
    "cache-control",
    "clear-site-data",
    "content-encoding",
    "content-language",
    "content-security-policy",
    "link",
    "proxy-authenticate",
    "server-timing",
    "vary",
    "via",
    "www-authenticate",
];

/// Tells whether several values of a header may be joined by commas.
pub(super) fn is_list(name: &HeaderName) -> bool {
    LISTS.binary_search(&name.as_str()).is_ok()
}

/// Removes hop-by-hop headers and bodies that a status rules out, and adds length and content type.
pub(super) fn tidy(response: &mut Response<Bytes>, head: bool) {
    let bodyless = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    count(response, head, bodyless);
    if bodyless {
        *response.body_mut() = Bytes::new();
    }
    strip_hop_by_hop(response.headers_mut());
    let missing_type = !response.headers().contains_key(header::CONTENT_TYPE) && !response.body().is_empty();
    if missing_type {
        let kind = if is_text(response) { "text/html; charset=utf-8" } else { "application/octet-stream" };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    let headers = response.headers_mut();
    // A body has one type (RFC 9110 §8.3); of several the last one counts.
    if headers.len() > headers.keys_len()
        && let Some(last) = headers.get_all(header::CONTENT_TYPE).iter().next_back().cloned()
    {
        headers.insert(header::CONTENT_TYPE, last);
    }
}

/// Sets `content-length`, whatever the handler set: a wrong length is a broken answer. A load balancer counts for itself,
/// other front doors may not. For HEAD a handler may give the length that GET would have (RFC 9110 §8.6) without a body.
fn count(response: &mut Response<Bytes>, head: bool, bodyless: bool) {
    let len = response.body().len();
    let headers = response.headers_mut();
    if !bodyless && (len > 0 || !head) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(len));
    } else if bodyless || !told(headers) {
        headers.remove(header::CONTENT_LENGTH);
    }
}

/// Tells whether there is exactly one length, and it is a number.
fn told(headers: &HeaderMap) -> bool {
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let number = |value: &HeaderValue| value.as_bytes().iter().all(u8::is_ascii_digit);
    lengths.next().is_some_and(number) && lengths.next().is_none()
}

fn strip_hop_by_hop(headers: &mut HeaderMap) {
    // Looking at the few names there are is cheaper than looking for each of those that should not be.
    if !headers.keys().any(|name| HOP_BY_HOP.contains(&name.as_str())) {
        return;
    }
    let named = |name: &HeaderName| {
        let lists = headers.get_all(header::CONNECTION).iter();
        let mut names = lists.flat_map(|list| list.as_bytes().split(|byte| *byte == b','));
        names.any(|one| one.trim_ascii().eq_ignore_ascii_case(name.as_str().as_bytes()))
    };
    let hops = headers.keys().filter(|name| HOP_BY_HOP.contains(&name.as_str()) || named(name));
    for name in hops.cloned().collect::<Vec<_>>() {
        headers.remove(name);
    }
}

/// Tells whether a body is sent as text. Its bytes decide, not its type (`docs/alb.md` §3.1).
pub(super) fn is_text(response: &Response<Bytes>) -> bool {
    let coded = response
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    !coded && std::str::from_utf8(response.body()).is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_can_be_searched() {
        assert!(super::LISTS.is_sorted());
    }
}
