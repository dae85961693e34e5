//! The innermost part of a returned value: a response by itself, else data for JSON.

use serde::Serialize;

use super::overrides::{Override, Overrides};
use super::peel::Returned;
use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::{Responder, Response, json};

/// The value answers by itself.
#[derive(Debug)]
pub struct AsResponse;

/// The value is data.
#[derive(Debug)]
pub struct AsJson;

/// The value is neither, which the bound reports.
#[derive(Debug)]
pub struct AsNothing;

impl AsResponse {
    pub fn respond<T: Responder>(
        self,
        value: T,
        request: &Request,
        overrides: Overrides,
    ) -> Result<Response> {
        let mut reply = value.respond_to(request);
        overrides.apply(&mut reply);
        reply
    }
}

impl AsJson {
    pub fn respond<T: Serialize>(self, value: T, _: &Request, overrides: Overrides) -> Result<Response> {
        let mut reply = json(&value);
        overrides.apply(&mut reply);
        reply
    }
}

impl AsNothing {
    /// Never called.
    pub fn respond<T>(self, _: T, _: &Request, _: Overrides) -> Result<Response> {
        Err(Error::bare(http::StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// A type that a handler can return.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not a reply, and not serializable as JSON",
    note = "return text, bytes, a `StatusCode`, a `Response`, or any type with `#[derive(serde::Serialize)]` (with `cargo add serde --features derive`)",
    note = "`Option<T>`, `Result<T, E>`, `(StatusCode, T)`, `(Mime, T)` and `(Headers, T)` of those work too; in a tuple the value comes last"
)]
pub trait Reply {}

// Only for the message: with it the compiler names the part of a `Vec<T>` or `Option<T>` that is not `Serialize`.
impl<T: Serialize> Reply for T {}

pub trait ViaResponse {
    fn __carafe_answer(&self) -> AsResponse {
        AsResponse
    }
}
impl<T: Responder> ViaResponse for &&Returned<T> {}

pub trait ViaJson {
    fn __carafe_answer(&self) -> AsJson {
        AsJson
    }
}
impl<T: Serialize> ViaJson for &Returned<T> {}

pub trait ViaTupleBackwards<T> {
    /// Never called: the bound is never met.
    fn __carafe_answer(&self) -> AsNothing
    where
        T: ValueLast,
    {
        AsNothing
    }
}
impl<T, A: Override> ViaTupleBackwards<(T, A)> for &Returned<(T, A)> {}
impl<T, A, B: Override> ViaTupleBackwards<(T, A, B)> for &Returned<(T, A, B)> {}

/// A tuple that says status, media type and headers before the value.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`: in a tuple the value comes last",
    label = "the value comes last",
    note = "write `(StatusCode, T)`, `(Mime, T)`, `(Headers, T)` or a combination of them in that order"
)]
pub trait ValueLast {}

pub trait ViaNoReply<T> {
    /// Never called: the bound is never met.
    fn __carafe_answer(&self) -> AsNothing
    where
        T: Reply,
    {
        AsNothing
    }
}
impl<T> ViaNoReply<T> for Returned<T> {}
