//! The headers of a request (rule 4): what a load balancer drops, joins and adds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use http::header::{COOKIE, HOST, HeaderValue};

use super::Request;
use crate::rules::Rules;

/// A trace header longer than this is replaced.
const MOST_TRACE: usize = 7 * 1024;

pub(super) type Headers<'r> = BTreeMap<&'r str, Vec<Cow<'r, [u8]>>>;

/// Returns lower-case names in byte order, each with its values in the order of the request and then those of the load
/// balancer.
pub(super) fn of<'r>(request: &'r Request, rules: &Rules) -> Headers<'r> {
    let mut headers = Headers::new();
    for (name, value) in &request.headers {
        if !value.is_empty() {
            headers.entry(name.as_str()).or_default().push(Cow::Borrowed(value.as_bytes()));
        }
    }
    if request.http2() {
        join_cookies(&mut headers);
    }
    if let Some(host) = host(request, rules.port) {
        headers.insert(HOST.as_str(), vec![Cow::Owned(host)]);
    }
    add(&mut headers, "x-forwarded-for", forwarded_for(request));
    add(&mut headers, "x-forwarded-proto", rules.scheme.as_str().into());
    add(&mut headers, "x-forwarded-port", rules.forwarded_port.to_string().into_bytes());
    add(&mut headers, "x-amzn-trace-id", trace(request));
    headers
}

fn add<'r>(headers: &mut Headers<'r>, name: &'r str, value: Vec<u8>) {
    headers.entry(name).or_default().push(Cow::Owned(value));
}

/// Joins the `cookie` headers into one: HTTP/2 lets a client split them (RFC 9113 §8.2.3).
fn join_cookies(headers: &mut Headers<'_>) {
    if let Some(values) = headers.get_mut(COOKIE.as_str()) {
        *values = vec![Cow::Owned(values.join(&b"; "[..]))];
    }
}

/// Returns the host and port that a request is for: those of an absolute target, else the `host` header's.
fn authority(request: &Request) -> Option<&[u8]> {
    let authority = request.uri.authority().map(|authority| {
        let authority = authority.as_str();
        authority.rsplit_once('@').map_or(authority, |(_, host)| host).as_bytes()
    });
    authority.or_else(|| Some(request.headers.get(HOST)?.as_bytes()))
}

/// Returns the host that a request is for, without a port.
pub(crate) fn host_of(request: &Request) -> Option<&[u8]> {
    let authority = authority(request)?;
    authority.get(..port_at(authority).unwrap_or(authority.len()))
}

/// Returns the host: without its port on port 80 and 443, with the listener's port elsewhere.
fn host(request: &Request, listener: u16) -> Option<Vec<u8>> {
    let mut host = authority(request)?.to_vec();
    let port = port_at(&host);
    match (listener, port) {
        (80 | 443, Some(at)) => host.truncate(at),
        (80 | 443, None) | (_, Some(_)) => {}
        (port, None) => host.extend_from_slice(format!(":{port}").as_bytes()),
    }
    (!host.is_empty()).then_some(host)
}

/// Returns the position of `:port`, after the brackets of an IPv6 address.
fn port_at(host: &[u8]) -> Option<usize> {
    let address = host.iter().rposition(|&byte| byte == b']').unwrap_or(0);
    let colon = host.iter().rposition(|&byte| byte == b':')?;
    (colon >= address).then_some(colon)
}

/// Returns all the addresses that the client sent, then its own.
fn forwarded_for(request: &Request) -> Vec<u8> {
    let sent = request.headers.get_all("x-forwarded-for");
    let mut all: Vec<u8> = Vec::new();
    for value in sent.iter().filter(|value| !value.is_empty()) {
        all.extend_from_slice(value.as_bytes());
        all.extend_from_slice(b", ");
    }
    all.extend_from_slice(request.client.ip().to_canonical().to_string().as_bytes());
    all
}

/// Returns a new root, or `Self=` in front of a trace that came in with a root.
fn trace(request: &Request) -> Vec<u8> {
    let sent = request.headers.get_all("x-amzn-trace-id").iter().next_back();
    let fields = sent.map(HeaderValue::as_bytes).filter(|value| value.len() <= MOST_TRACE);
    let has_root = fields.is_some_and(|fields| {
        fields.split(|&byte| byte == b';').any(|field| field.trim_ascii_start().starts_with(b"Root="))
    });
    let (name, id) = (if has_root { "Self" } else { "Root" }, request.trace.as_str());
    let mut value = format!("{name}={id}").into_bytes();
    if let Some(fields) = fields.filter(|fields| !fields.is_empty()) {
        value.push(b';');
        value.extend_from_slice(fields);
    }
    value
}
