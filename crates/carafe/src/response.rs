//! Answers, and what is an answer by itself.

mod file;
mod media_type;
mod redirect;
#[cfg(feature = "templates")]
mod template;
mod text;

use std::convert::Infallible;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

pub use file::File;
pub(crate) use file::unless_modified;
pub use redirect::Redirect;
#[cfg(feature = "templates")]
pub use template::Template;
#[cfg(feature = "templates")]
pub(crate) use template::{Templates, rendered};
pub use text::{Html, Plain};

use crate::error::Error;
use crate::extract::Json;

/// An answer: status, headers and the whole body.
///
/// ```
/// use carafe::{get, Bytes, Response};
///
/// #[get("/teapot")]
/// fn teapot() -> Response {
///     let mut response = Response::new(Bytes::from_static(b"short and stout"));
///     *response.status_mut() = http::StatusCode::IM_A_TEAPOT;
///     response
/// }
/// ```
pub type Response = http::Response<Bytes>;

/// What is an answer by itself, rather than data to be written as JSON.
///
/// ```
/// use carafe::{Error, IntoResponse, Plain, Response, get};
///
/// struct Csv(Vec<[u32; 2]>);
///
/// impl IntoResponse for Csv {
///     fn into_response(self) -> Result<Response, Error> {
///         let lines: String = self.0.iter().map(|[x, y]| format!("{x},{y}\n")).collect();
///         let mut response = Plain(lines).into_response()?;
///         response.headers_mut().insert("content-type", http::HeaderValue::from_static("text/csv"));
///         Ok(response)
///     }
/// }
///
/// #[get("/points")]
/// fn points() -> Csv {
///     Csv(vec![[1, 2], [3, 4]])
/// }
/// ```
pub trait IntoResponse {
    /// The answer.
    ///
    /// # Errors
    ///
    /// When the value stands for an error, so that a catcher can answer; or when it cannot be sent.
    fn into_response(self) -> Result<Response, Error>;
}

/// A 200 with this body and content type.
pub(crate) fn typed(content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response, Error> {
        Ok(self)
    }
}

/// 204.
impl IntoResponse for () {
    fn into_response(self) -> Result<Response, Error> {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// The status without a body. An error status is an error, so that a catcher or the default page gives it a text.
impl IntoResponse for StatusCode {
    fn into_response(self) -> Result<Response, Error> {
        if self.is_client_error() || self.is_server_error() {
            return Err(Error::bare(self));
        }
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = self;
        Ok(response)
    }
}

const OCTETS: &str = "application/octet-stream";

impl IntoResponse for Bytes {
    fn into_response(self) -> Result<Response, Error> {
        Ok(typed(OCTETS, self))
    }
}

impl IntoResponse for Vec<u8> {
    fn into_response(self) -> Result<Response, Error> {
        Ok(typed(OCTETS, self))
    }
}

impl IntoResponse for &[u8] {
    fn into_response(self) -> Result<Response, Error> {
        Ok(typed(OCTETS, Bytes::copy_from_slice(self)))
    }
}

impl<const N: usize> IntoResponse for &[u8; N] {
    fn into_response(self) -> Result<Response, Error> {
        self.as_slice().into_response()
    }
}

impl<T: serde::Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Result<Response, Error> {
        crate::reply::leaf::json(&self.0)
    }
}

impl<T: IntoResponse> IntoResponse for Option<T> {
    fn into_response(self) -> Result<Response, Error> {
        self.ok_or_else(crate::reply::leaf::nothing)?.into_response()
    }
}

impl<T: IntoResponse, E: Into<Error>> IntoResponse for Result<T, E> {
    fn into_response(self) -> Result<Response, Error> {
        self.map_err(Into::into)?.into_response()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Result<Response, Error> {
        Err(self)
    }
}

impl IntoResponse for Infallible {
    fn into_response(self) -> Result<Response, Error> {
        match self {}
    }
}
