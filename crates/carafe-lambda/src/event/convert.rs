//! Conversion from and to `http::Request`, for layers and other servers.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};

use super::{Event, appended_by_the_balancer};

/// The longest URI of the `http` crate.
const LONGEST_URI: usize = (u16::MAX - 1) as usize;

impl Event {
    /// Converts the event into an `http::Request`, and puts the event into its extensions.
    ///
    /// The URI is path and query only, the same in both header modes. Characters that a URI does not allow are
    /// percent-encoded; a path that does not begin with `/` becomes `/` ([`Event::raw_path`] still has it). Headers with a
    /// name or value that HTTP does not allow are left out; of headers that a client can plant only the load balancer's own
    /// value remains.
    ///
    /// # Errors
    /// The status to answer with where the `http` crate has no room: 414 for a URI of more than 65,534 bytes, 431 for more
    /// than some 24,000 headers. A load balancer sends neither.
    pub fn into_http(self) -> Result<http::Request<Bytes>, StatusCode> {
        let mut request = http::Request::new(self.body().clone());
        *request.method_mut() = self.method().clone();
        *request.uri_mut() = self.uri().ok_or(StatusCode::URI_TOO_LONG)?;
        *request.headers_mut() = self.header_map().ok_or(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)?;
        request.extensions_mut().insert(self);
        Ok(request)
    }

    /// Converts a request of any server; path, query and headers are taken over as they are.
    pub fn from_http(request: http::Request<Bytes>) -> Event {
        let (parts, body) = request.into_parts();
        let mut builder = Event::builder().method(parts.method).path(parts.uri.path()).body(body);
        if let Some(query) = parts.uri.query() {
            builder = builder.raw_query(query);
        }
        if let Some(authority) =
            parts.uri.authority().filter(|_| !parts.headers.contains_key(http::header::HOST))
        {
            builder = builder.header("host", authority.as_str());
        }
        for (name, value) in &parts.headers {
            builder = builder.header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
        builder.build()
    }

    fn uri(&self) -> Option<Uri> {
        let mut target = crate::percent::raw_path(self.raw_path()).into_owned();
        let query = self.raw_query();
        if !query.is_empty() {
            target.push('?');
            target.push_str(&crate::percent::raw_query(&query));
        }
        Some(match target.as_str() {
            "*" => Uri::from_static("*"),
            path if path.len() > LONGEST_URI => return None,
            path if path.starts_with('/') => path.parse().unwrap_or_default(),
            _ => Uri::default(),
        })
    }

    fn header_map(&self) -> Option<HeaderMap> {
        let parts = self.parts();
        let mut map = HeaderMap::try_with_capacity(parts.headers.len()).ok()?;
        for (name, value) in &parts.headers {
            let name = HeaderName::from_bytes(parts.arena.bytes(*name));
            let value = HeaderValue::from_bytes(parts.arena.original(*value));
            let (Ok(name), Ok(value)) = (name, value) else { continue };
            if appended_by_the_balancer(name.as_str()) {
                map.try_insert(name, value).ok()?;
            } else {
                map.try_append(name, value).ok()?;
            }
        }
        Some(map)
    }
}
