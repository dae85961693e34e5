//! Sending the client elsewhere.

use std::fmt::Write;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};

use super::{IntoResponse, Response};
use crate::error::Error;

/// Sends the client elsewhere: to a path of this app or to a URL.
///
/// ```
/// use carafe::{App, Redirect, get, routes};
///
/// #[get("/hello/<name>")]
/// fn hello(name: &str) -> String {
///     format!("Hello {name}!")
/// }
///
/// #[get("/")]
/// fn index() -> Redirect {
///     Redirect::to(hello::url("Zoë"))
/// }
///
/// let reply = App::new().routes(routes![index, hello]).get("/").send();
/// assert_eq!(reply.status(), 303);
/// assert_eq!(reply.header("location"), Some("/hello/Zo%C3%AB"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    status: StatusCode,
    target: String,
}

impl Redirect {
    /// 303 See Other: go on with GET. What a form's handler answers (RFC 9110 §15.4.4).
    pub fn to(target: impl Into<String>) -> Redirect {
        Redirect { status: StatusCode::SEE_OTHER, target: target.into() }
    }

    /// 307: the same request again over there, this time (RFC 9110 §15.4.8).
    pub fn temporary(target: impl Into<String>) -> Redirect {
        Redirect { status: StatusCode::TEMPORARY_REDIRECT, target: target.into() }
    }

    /// 308: the same request again over there, from now on (RFC 9110 §15.4.9).
    pub fn permanent(target: impl Into<String>) -> Redirect {
        Redirect { status: StatusCode::PERMANENT_REDIRECT, target: target.into() }
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Result<Response, Error> {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = self.status;
        response.headers_mut().insert(LOCATION, HeaderValue::try_from(sendable(&self.target))?);
        Ok(response)
    }
}

/// The target with everything encoded that cannot stand in a header or a URI, line breaks above all.
fn sendable(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    for byte in target.bytes() {
        if byte.is_ascii_graphic()
            && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        {
            out.push(char::from(byte));
        } else {
            // Writing to memory does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
