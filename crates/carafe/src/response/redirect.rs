//! Sending the client elsewhere.

use std::borrow::Cow;
use std::fmt::Write;

use http::header::LOCATION;
use http::{HeaderValue, StatusCode};

use super::{Responder, Response};
use crate::body::Body;
use crate::error::Result;
use crate::link::Link;
use crate::request::Request;

/// An answer that sends the client elsewhere: to a route of this app, a path or a URL.
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
/// let reply = App::new().routes(routes![index, hello]).test().get("/").send();
/// assert_eq!(reply.status(), 303);
/// assert_eq!(reply.header("location"), Some("/hello/Zo%C3%AB"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a redirect answers nothing until it is returned"]
pub struct Redirect {
    status: StatusCode,
    target: Target,
}

/// The target of a [`Redirect`]: a [`Link`], which gets its route's mount, or text that is sent as it is.
///
/// ```
/// use carafe::{Target, get};
///
/// #[get("/posts/<id>")]
/// fn show(id: u32) -> String {
///     id.to_string()
/// }
///
/// assert!(matches!(Target::from(show::url(7)), Target::Link(_)));
/// assert!(matches!(Target::from("https://example.com/"), Target::Text(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A route of this app.
    Link(Link),
    /// A path or a URL.
    Text(Cow<'static, str>),
}

impl From<Link> for Target {
    fn from(link: Link) -> Target {
        Target::Link(link)
    }
}

impl From<String> for Target {
    fn from(text: String) -> Target {
        Target::Text(text.into())
    }
}

impl From<&str> for Target {
    fn from(text: &str) -> Target {
        Target::Text(text.to_owned().into())
    }
}

impl From<Cow<'static, str>> for Target {
    fn from(text: Cow<'static, str>) -> Target {
        Target::Text(text)
    }
}

impl Redirect {
    /// Answers 303 See Other: the client goes on with GET. What a form's handler answers (RFC 9110 §15.4.4).
    pub fn to(target: impl Into<Target>) -> Redirect {
        Redirect { status: StatusCode::SEE_OTHER, target: target.into() }
    }

    /// Answers 303 to a path that came with the request, as after a login: if it is a path of this host, and to the other
    /// target if not, so that no link to this app can lead elsewhere.
    ///
    /// ```
    /// use carafe::{App, Redirect, get, post, routes};
    ///
    /// #[post("/language?<next>")]
    /// fn language(next: Option<String>) -> Redirect {
    ///     Redirect::to_local(next, home::url())
    /// }
    ///
    /// #[get("/")]
    /// fn home() -> &'static str {
    ///     "Home"
    /// }
    ///
    /// let client = App::new().routes(routes![language, home]).test();
    /// let back = |next| client.post("/language").query("next", next).send().header("location").map(str::to_owned);
    /// assert_eq!(back("/posts?page=2").as_deref(), Some("/posts?page=2"));
    /// assert_eq!(back("https://example.com/").as_deref(), Some("/"));
    /// assert_eq!(back("//example.com/").as_deref(), Some("/"));
    /// ```
    pub fn to_local(path: impl Into<Option<String>>, otherwise: impl Into<Target>) -> Redirect {
        match path.into() {
            Some(path) if is_local(&path) => Redirect::to(path),
            _ => Redirect::to(otherwise),
        }
    }

    /// Answers 307: the client sends the same request again over there, this time (RFC 9110 §15.4.8).
    pub fn temporary(target: impl Into<Target>) -> Redirect {
        Redirect { status: StatusCode::TEMPORARY_REDIRECT, target: target.into() }
    }

    /// Answers 308: the client sends the same request again over there, from now on (RFC 9110 §15.4.9).
    pub fn permanent(target: impl Into<Target>) -> Redirect {
        Redirect { status: StatusCode::PERMANENT_REDIRECT, target: target.into() }
    }
}

impl Responder for Redirect {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let target = match self.target {
            Target::Link(link) => request.url_for(&link)?,
            Target::Text(text) => sendable(&text),
        };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.headers_mut().insert(LOCATION, HeaderValue::try_from(target)?);
        Ok(response)
    }
}

/// Returns whether a browser stays at this host. It drops tabs and line breaks, and takes `\\` for `/`, and a host follows
/// two of those (WHATWG URL §4.4).
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(|char: char| char == '\\' || char.is_control())
}

/// Encodes everything that cannot stand in a header or a URI, line breaks above all.
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
