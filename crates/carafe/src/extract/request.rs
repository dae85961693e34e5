//! The request itself, and pieces of it that have a type of their own.

use std::net::IpAddr;

use bytes::Bytes;
use carafe_lambda::Context;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::FromRequest;
use crate::error::Error;
use crate::request::Request;

impl<'r> FromRequest<'r> for &'r Request {
    fn from_request(request: &'r Request) -> Result<&'r Request, Error> {
        Ok(request)
    }
}

/// The body as it came.
impl FromRequest<'_> for Bytes {
    fn from_request(request: &Request) -> Result<Bytes, Error> {
        Ok(request.body().clone())
    }
}

impl FromRequest<'_> for Context {
    fn from_request(request: &Request) -> Result<Context, Error> {
        Ok(request.context().clone())
    }
}

/// All headers. What HTTP does not allow as a name or value is left out.
impl FromRequest<'_> for HeaderMap {
    fn from_request(request: &Request) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in request.headers() {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.append(name, value);
            }
        }
        Ok(headers)
    }
}

/// The client's address, which the client cannot make up as long as
/// [`App::trusted_proxies`](crate::App::trusted_proxies) is right.
///
/// ```
/// use carafe::{App, ClientIp, get, routes};
///
/// #[get("/ip")]
/// fn ip(ClientIp(address): ClientIp) -> String {
///     address.to_string()
/// }
///
/// let app = App::new().routes(routes![ip]);
/// let reply = app.get("/ip").header("x-forwarded-for", "6.6.6.6, 203.0.113.7").send();
/// assert_eq!(reply.text(), "203.0.113.7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(
    /// The address.
    pub IpAddr,
);

impl FromRequest<'_> for ClientIp {
    fn from_request(request: &Request) -> Result<ClientIp, Error> {
        let unknown = || Error::new(StatusCode::BAD_REQUEST, "The client's address is not known");
        request.client_ip().map(ClientIp).ok_or_else(unknown)
    }
}

/// `None` where it is not known, as in a health check.
impl FromRequest<'_> for Option<ClientIp> {
    fn from_request(request: &Request) -> Result<Option<ClientIp>, Error> {
        Ok(request.client_ip().map(ClientIp))
    }
}
