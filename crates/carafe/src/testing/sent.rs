//! The content of a test's request.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::reply::Reply;

/// The name that the client knows the app by.
pub(super) const LOCALHOST: &str = "localhost";

/// The content of a request.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) client: IpAddr,
}

impl Sent {
    /// Returns the path without the query.
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(super) fn cookies(&self) -> &[(String, String)] {
        &self.cookies
    }

    pub(super) fn client(&self) -> SocketAddr {
        SocketAddr::new(self.client, 50_000)
    }

    /// Makes the request that goes out, or says why there is none.
    pub(super) fn to_http(&self, cookies: Option<String>) -> Result<http::Request<Bytes>, String> {
        let mut headers = HeaderMap::new();
        let length =
            (!self.body.is_empty()).then(|| ("content-length".to_owned(), self.body.len().to_string()));
        let cookies = cookies.map(|cookies| (COOKIE.as_str().to_owned(), cookies));
        for (name, value) in self.headers.iter().cloned().chain(length).chain(cookies) {
            let named = HeaderName::try_from(&name).map_err(|error| format!("header `{name}`: {error}"))?;
            let value = HeaderValue::try_from(value).map_err(|error| format!("header `{name}`: {error}"))?;
            headers.append(named, value);
        }
        let method = Method::from_bytes(self.method.as_bytes());
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = method.map_err(|error| format!("method `{}`: {error}", self.method))?;
        *request.uri_mut() =
            self.target.parse().map_err(|error| format!("target `{}`: {error}", self.target))?;
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// Returns the request that a browser sends after this answer, if it is a redirect to the app.
    pub(super) fn redirected(&self, reply: &Reply) -> Option<Sent> {
        let location = reply.headers().get(LOCATION)?.to_str().ok()?;
        let own = [format!("https://{LOCALHOST}"), format!("http://{LOCALHOST}")];
        let target = own.iter().find_map(|own| location.strip_prefix(own.as_str())).unwrap_or(location);
        let target =
            target.split('#').next().filter(|target| target.starts_with('/') && !target.starts_with("//"))?;
        let mut next = Sent { target: target.to_owned(), ..self.clone() };
        let to_get = match reply.status().as_u16() {
            303 => self.method != "HEAD",
            301 | 302 => self.method == "POST",
            307 | 308 => false,
            _ => return None,
        };
        if to_get {
            next.method = "GET".to_owned();
            next.body = Bytes::new();
            next.headers.retain(|(name, _)| name != CONTENT_TYPE.as_str());
        }
        Some(next)
    }
}
