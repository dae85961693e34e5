//! Answers, and the values that are one by themselves.

pub(crate) mod error_page;
mod redirect;
mod text;

use std::borrow::Cow;
use std::convert::Infallible;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

pub use redirect::{Redirect, Target};
#[cfg(feature = "templates")]
pub(crate) use text::without_scripts;
pub use text::{Html, IntoText, Plain};

use crate::body::Body;
use crate::error::{Error, Result};
use crate::request::Request;

/// An answer: status, headers and the whole body.
///
/// ```
/// use carafe::{Body, Response, StatusCode, get};
///
/// #[get("/teapot")]
/// fn teapot() -> Response {
///     let mut response = Response::new(Body::from("short and stout"));
///     *response.status_mut() = StatusCode::IM_A_TEAPOT;
///     response
/// }
/// ```
pub type Response = http::Response<Body>;

/// A value that is an answer by itself, rather than data to be written as JSON.
///
/// It sees the request it answers, so that it can compare validators, pick a form that the client takes, or look up a
/// link.
///
/// ```
/// use carafe::http::{StatusCode, header};
/// use carafe::{App, Bytes, Request, Responder, Response, Result, get, routes};
///
/// /// A file that is named after its content, so that a client which has it has the right one.
/// struct Immutable(&'static str, &'static [u8]);
///
/// impl Responder for Immutable {
///     fn respond_to(self, request: &Request) -> Result<Response> {
///         if request.header("if-none-match") == Some(self.0) {
///             return StatusCode::NOT_MODIFIED.respond_to(request);
///         }
///         let mut response = Bytes::from_static(self.1).respond_to(request)?;
///         response.headers_mut().insert(header::ETAG, self.0.try_into()?);
///         Ok(response)
///     }
/// }
///
/// #[get("/logo")]
/// fn logo() -> Immutable {
///     Immutable("\"5c1a\"", b"...")
/// }
///
/// let client = App::new().routes(routes![logo]).test();
/// assert_eq!(client.get("/logo").send().header("etag"), Some("\"5c1a\""));
/// assert_eq!(client.get("/logo").header("if-none-match", "\"5c1a\"").send().status(), 304);
/// ```
pub trait Responder {
    /// Makes the answer to this request.
    ///
    /// # Errors
    ///
    /// The value stands for an error, which a catcher then answers; or it cannot be sent.
    fn respond_to(self, request: &Request) -> Result<Response>;
}

/// Methods of [`Response`] beside those of the `http` crate.
///
/// ```
/// use carafe::{App, Next, Request, Response, ResponseExt};
///
/// async fn count_errors(request: &Request, next: Next<'_>) -> Response {
///     let response = next.run(request).await;
///     if let Some(error) = response.error() {
///         eprintln!("{} {}: {error}", request.method(), request.path());
///     }
///     response
/// }
///
/// assert_eq!(App::new().around(count_errors).test().get("/lost").send().status(), 404);
/// ```
pub trait ResponseExt {
    /// Returns the error that this response was made for, by a catcher or as the default page.
    fn error(&self) -> Option<&Error>;
}

impl ResponseExt for Response {
    fn error(&self) -> Option<&Error> {
        self.extensions().get::<Answered>().map(|Answered(error)| &**error)
    }
}

/// The error that a response answers.
#[derive(Clone)]
struct Answered(std::sync::Arc<Error>);

/// Notes what becomes of an answer that nothing beside it gives another status: a 304, a piece of it, an error. A tuple
/// or a catcher may still name one, and then it is sent whole (RFC 9110 §13.2.1).
#[derive(Clone)]
pub(crate) struct IfSuccess(pub(crate) std::sync::Arc<dyn Fn(Response) -> Result<Response> + Send + Sync>);

/// Notes which error a response answers.
pub(crate) fn answers(response: &mut Response, error: Error) {
    response.extensions_mut().insert(Answered(std::sync::Arc::new(error)));
}

/// Makes a 200 with this body and content type.
pub(crate) fn typed(content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Makes a 200 with the value as compact JSON.
///
/// A value that JSON cannot hold, such as a map whose keys are not text, is a bare 500 for the client and a reason for
/// the log.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<Response> {
    Ok(typed("application/json", serde_json::to_vec(value)?))
}

impl Responder for Response {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(self)
    }
}

/// Answers 204.
impl Responder for () {
    fn respond_to(self, request: &Request) -> Result<Response> {
        StatusCode::NO_CONTENT.respond_to(request)
    }
}

/// Answers the status without a body. An error status is an error, so that a catcher or the default page gives it a
/// text.
impl Responder for StatusCode {
    fn respond_to(self, _: &Request) -> Result<Response> {
        if self.is_client_error() || self.is_server_error() {
            return Err(Error::bare(self));
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self;
        Ok(response)
    }
}

const OCTETS: &str = "application/octet-stream";

impl Responder for Bytes {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(typed(OCTETS, self))
    }
}

impl Responder for Vec<u8> {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(typed(OCTETS, self))
    }
}

impl Responder for Box<[u8]> {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(typed(OCTETS, self))
    }
}

impl Responder for Cow<'_, [u8]> {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(typed(OCTETS, self.into_owned()))
    }
}

impl<const N: usize> Responder for [u8; N] {
    fn respond_to(self, request: &Request) -> Result<Response> {
        self.as_slice().respond_to(request)
    }
}

impl Responder for &[u8] {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Ok(typed(OCTETS, Bytes::copy_from_slice(self)))
    }
}

impl<const N: usize> Responder for &[u8; N] {
    fn respond_to(self, request: &Request) -> Result<Response> {
        self.as_slice().respond_to(request)
    }
}

/// Answers `None` as 404.
impl<T: Responder> Responder for Option<T> {
    fn respond_to(self, request: &Request) -> Result<Response> {
        self.ok_or_else(|| Error::bare(StatusCode::NOT_FOUND))?.respond_to(request)
    }
}

impl<T: Responder, E: Into<Error>> Responder for Result<T, E> {
    fn respond_to(self, request: &Request) -> Result<Response> {
        self.map_err(Into::into)?.respond_to(request)
    }
}

impl Responder for Error {
    fn respond_to(self, _: &Request) -> Result<Response> {
        Err(self)
    }
}

impl Responder for Infallible {
    fn respond_to(self, _: &Request) -> Result<Response> {
        match self {}
    }
}
