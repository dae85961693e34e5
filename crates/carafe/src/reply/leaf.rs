//! The innermost value of a reply: a response by itself, else JSON.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::layer::Probe;
use crate::error::Error;
use crate::response::{IntoResponse, Response};

/// JSON, compact.
///
/// # Errors
///
/// When the value cannot be written as JSON, for example a map whose keys are not text: a bare 500 for the
/// client, the reason for the log.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<Response, Error> {
    let body = serde_json::to_vec(value)?;
    let mut response = Response::new(Bytes::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// What `None` answers.
#[must_use]
pub fn nothing() -> Error {
    Error::bare(StatusCode::NOT_FOUND)
}

/// The value is a response by itself.
#[derive(Debug)]
pub struct AsResponse;

impl AsResponse {
    /// The response.
    ///
    /// # Errors
    ///
    /// When the value stands for an error, such as a bare 404.
    pub fn respond<T: IntoResponse>(self, value: T) -> Result<Response, Error> {
        value.into_response()
    }
}

/// The value is data.
#[derive(Debug)]
pub struct AsJson;

impl AsJson {
    /// The JSON text of the value.
    ///
    /// # Errors
    ///
    /// When it has none.
    pub fn respond<T: Serialize>(self, value: T) -> Result<Response, Error> {
        json(&value)
    }
}

/// The value is neither, which the bound reports.
#[derive(Debug)]
pub struct AsNothing;

impl AsNothing {
    /// Never called: the bound is never met.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn respond<T: Reply>(self, _: T) -> Result<Response, Error> {
        Err(nothing())
    }
}

/// What a handler can return.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not a reply, and not serialisable as JSON",
    note = "return text, bytes, a `StatusCode`, a `Response`, or any type with `#[derive(serde::Serialize)]`",
    note = "`Option<T>`, `Result<T, E>`, `(StatusCode, T)`, `(Mime, T)` and `(Headers, T)` of those work too"
)]
pub trait Reply {}

// Only for the message: with it the compiler names the part of a `Vec<T>` or `Option<T>` that is not `Serialize`.
impl<T: Serialize> Reply for T {}

/// Chosen for responses.
pub trait ViaResponse {
    /// Says so.
    fn leaf(&self) -> AsResponse {
        AsResponse
    }
}

impl<T: IntoResponse> ViaResponse for &&Probe<T> {}

/// Chosen for data.
pub trait ViaJson {
    /// Says so.
    fn leaf(&self) -> AsJson {
        AsJson
    }
}

impl<T: Serialize> ViaJson for &Probe<T> {}

/// Chosen for all others.
pub trait ViaNoReply {
    /// Says so.
    fn leaf(&self) -> AsNothing {
        AsNothing
    }
}

impl<T> ViaNoReply for Probe<T> {}
