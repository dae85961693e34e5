//! Requests that a load balancer refuses before it looks for a target (rule 1 of the request side).

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, Method, Uri, Version};

use super::Request;
use super::body::{MOST, too_large};
use super::tokens::{has_token, tokens};
use crate::refusal::{Reason, Refusal};

/// Bytes in a request line, and in one header.
pub(crate) const MOST_LINE: usize = 16 * 1024;
/// Bytes in all headers.
pub(crate) const MOST_HEADERS: usize = 64 * 1024;
/// Addresses in `x-forwarded-for`.
const MOST_HOPS: usize = 30;

/// Checks everything but the body.
pub(crate) fn head(request: &Request) -> Result<(), Refusal> {
    line(request)?;
    sizes(&request.headers)?;
    match request.method {
        Method::TRACE => {
            return Err(Refusal::new(405, "a load balancer answers TRACE by itself, with 405"));
        }
        Method::CONNECT => {
            return Err(Refusal::new(
                400,
                "a load balancer does not take CONNECT: it is not a forward proxy",
            ));
        }
        _ => {}
    }
    host(request)?;
    coding(&request.headers)?;
    if wants_websocket(request) {
        let refusal = Refusal::new(400, "a Lambda function cannot have WebSocket connections");
        return Err(refusal.with_reason(Reason::LambdaWebsocketNotSupported));
    }
    let hops = tokens(&request.headers, HeaderName::from_static("x-forwarded-for")).count();
    if hops > MOST_HOPS {
        let why = format!("x-forwarded-for has {hops} addresses; {MOST_HOPS} is the most");
        return Err(Refusal::new(463, why));
    }
    let length = request.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    match length {
        Some(length) if length > MOST => Err(too_large(Some(length))),
        _ => Ok(()),
    }
}

fn line(request: &Request) -> Result<(), Refusal> {
    let line = line_length(&request.method, &request.uri);
    if line > MOST_LINE {
        return Err(Refusal::new(414, format!("the request line has {line} bytes; {MOST_LINE} is the most")));
    }
    Ok(())
}

/// Returns the bytes of a request line without its end.
pub(crate) fn line_length(method: &Method, uri: &Uri) -> usize {
    let absolute = uri.scheme_str().map_or(0, |scheme| scheme.len() + 3);
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    let target = absolute + authority + uri.path_and_query().map_or(0, |target| target.as_str().len());
    method.as_str().len() + target + "  HTTP/1.1".len()
}

fn sizes(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut all = 0;
    for (name, value) in headers {
        let one = name.as_str().len() + value.len() + ": ".len();
        if one > MOST_LINE {
            let why = format!("the header `{name}` has {one} bytes; {MOST_LINE} is the most");
            return Err(Refusal::new(400, why));
        }
        all += one + "\r\n".len();
    }
    if all > MOST_HEADERS {
        let why = format!("all headers together have {all} bytes; {MOST_HEADERS} is the most");
        return Err(Refusal::new(400, why));
    }
    Ok(())
}

/// Checks for exactly one `host` over HTTP/1.1 (RFC 9112 §3.2); HTTP/2 has `:authority` for it.
fn host(request: &Request) -> Result<(), Refusal> {
    let hosts = request.headers.get_all(HOST).iter().count();
    match hosts {
        0 if request.version == Version::HTTP_11 => {
            Err(Refusal::new(400, "the request has no `host` header"))
        }
        0 | 1 => Ok(()),
        _ => Err(Refusal::new(400, format!("the request has {hosts} `host` headers; it may have one"))),
    }
}

/// Checks for one `chunked` and nothing else. hyper takes any coding that ends in `chunked`, and refuses the others
/// before they get here.
fn coding(headers: &HeaderMap) -> Result<(), Refusal> {
    let codings: Vec<_> = tokens(headers, TRANSFER_ENCODING).collect();
    match codings[..] {
        [] => Ok(()),
        [one] if one.eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(Refusal::unknown_coding(&String::from_utf8_lossy(&codings.join(&b", "[..])))),
    }
}

/// Whether a client wants another protocol. A load balancer is not known to look for the token in `connection`, and
/// HTTP/1.0 has no upgrade (RFC 9110 §7.8).
fn wants_websocket(request: &Request) -> bool {
    request.version == Version::HTTP_11 && has_token(&request.headers, UPGRADE, "websocket")
}
