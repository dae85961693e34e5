//! Pages and plain text.

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;

use super::{Responder, Response, typed};
use crate::error::Result;
use crate::request::Request;

const HTML: &str = "text/html; charset=UTF-8";
const PLAIN: &str = "text/plain; charset=UTF-8";

/// A page: HTML whose author vouches for it, so that its scripts may run.
///
/// Other text made at run time goes out as HTML with a policy that forbids scripts, because it may carry one that
/// came in with the request.
///
/// ```
/// use carafe::{App, Html, get, routes};
///
/// #[get("/page")]
/// fn page() -> Html<String> {
///     Html(format!("<script>alert({})</script>", 1 + 1))
/// }
///
/// let reply = App::new().routes(routes![page]).test().get("/page").send();
/// assert_eq!(reply.header("content-security-policy"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it answers nothing until it is returned"]
pub struct Html<T>(
    /// The page.
    pub T,
);

/// Plain text.
///
/// ```
/// use carafe::{App, Plain, get, routes};
///
/// #[get("/version")]
/// fn version() -> Plain<&'static str> {
///     Plain("1.2.3")
/// }
///
/// let reply = App::new().routes(routes![version]).test().get("/version").send();
/// assert_eq!(reply.header("content-type"), Some("text/plain; charset=UTF-8"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it answers nothing until it is returned"]
pub struct Plain<T>(
    /// The text.
    pub T,
);

/// Text of any kind: what [`Html`] and [`Plain`] can hold.
///
/// ```
/// use carafe::{IntoText, Plain};
///
/// fn upper(text: &str) -> Plain<impl IntoText> {
///     Plain(text.to_uppercase())
/// }
///
/// assert_eq!(upper("hi").0.into_text(), "HI");
/// ```
pub trait IntoText {
    /// Turns the text into bytes, without a copy where it is owned.
    fn into_text(self) -> Bytes;
}

impl IntoText for String {
    fn into_text(self) -> Bytes {
        self.into()
    }
}

impl IntoText for Box<str> {
    fn into_text(self) -> Bytes {
        String::from(self).into()
    }
}

impl IntoText for &str {
    fn into_text(self) -> Bytes {
        Bytes::copy_from_slice(self.as_bytes())
    }
}

impl IntoText for &String {
    fn into_text(self) -> Bytes {
        self.as_str().into_text()
    }
}

impl IntoText for Cow<'_, str> {
    fn into_text(self) -> Bytes {
        match self {
            Cow::Borrowed(text) => text.into_text(),
            Cow::Owned(text) => text.into_text(),
        }
    }
}

impl<T: IntoText> Responder for Html<T> {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(typed(HTML, self.0.into_text()))
    }
}

impl<T: IntoText> Responder for Plain<T> {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(typed(PLAIN, self.0.into_text()))
    }
}

/// Makes a 200 of text that may contain parts of the request: its scripts do not run, whatever its type is.
pub(crate) fn without_scripts(content_type: &'static str, text: impl IntoText) -> Response {
    let mut response = typed(content_type, text.into_text());
    let policy = HeaderValue::from_static("script-src 'none'");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        impl Responder for $text {
            fn respond_to(self, _: &Request) -> Result<Response> {
                Ok(without_scripts(HTML, self))
            }
        }
    )*};
}

texts!(String, Box<str>, &str, &String, Cow<'_, str>);
