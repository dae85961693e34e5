//! The request itself, and parts of it that have a type of their own.

use std::net::IpAddr;

use bytes::Bytes;
use carafe_lambda::Context;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{FromRequest, OptionalFromRequest};
use crate::error::{Error, Result};
use crate::request::Request;

impl<'r> FromRequest<'r> for &'r Request {
    const WAITS: bool = false;

    async fn from_request(request: &'r Request) -> Result<Self> {
        Ok(request)
    }
}

/// Reads the body as it came.
impl FromRequest<'_> for Bytes {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Ok(request.body().clone())
    }
}

impl FromRequest<'_> for Context {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Ok(request.context().clone())
    }
}

/// Reads all headers. What HTTP does not allow as a name or value is left out; more than the `http` crate has room for,
/// some 24,000, is a 431.
impl FromRequest<'_> for HeaderMap {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers() {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers
                    .try_append(name, value)
                    .map_err(|_| Error::bare(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE))?;
            }
        }
        Ok(headers)
    }
}

/// The client's address, which the client cannot make up as long as
/// [`App::trusted_proxies`](crate::App::trusted_proxies) is right. As `Option<ClientIp>` it is `None` where it is not
/// known, as in a health check.
///
/// ```
/// use carafe::{App, ClientIp, get, routes};
///
/// #[get("/ip")]
/// fn ip(ClientIp(address): ClientIp) -> String {
///     address.to_string()
/// }
///
/// let client = App::new().routes(routes![ip]).test();
/// assert_eq!(client.get("/ip").client_ip("203.0.113.7".parse().unwrap()).send().text(), "203.0.113.7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(
    /// The address.
    pub IpAddr,
);

impl FromRequest<'_> for ClientIp {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        let unknown = || Error::new(StatusCode::BAD_REQUEST, "The client's address is not known");
        request.client_ip().map(ClientIp).ok_or_else(unknown)
    }
}

impl OptionalFromRequest<'_> for ClientIp {
    async fn from_request_optional(request: &Request) -> Result<Option<Self>> {
        Ok(request.client_ip().map(ClientIp))
    }
}
