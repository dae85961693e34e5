//! The `Err` of a returned value. It never leaves with a 2xx status, and what a client should not read is only logged.
//!
//! First the tuple around the error is taken off ([`Cause`]), then the error itself is tried in this order, by the same
//! look-up of methods as in [`super`]:
//!
//! | `&` | trait | error | answer |
//! |--:|---|---|---|
//! | 6 | [`ViaOurs`] | [`Error`](crate::Error) | as it says |
//! | 6 | [`ViaText`] | text | with a status for the client, else for the log |
//! | 5 | [`ViaResponder`] | a `Responder` of the user's | as it says, a success as 500 |
//! | 4 | [`ViaError`] | what turns into `Box<dyn Error + Send + Sync>` | logged, a bare status sent |
//! | 3 | [`ViaLocalError`] | what turns into `Box<dyn Error>` | the same |
//! | 2 | [`ViaData`] | data, in a tuple with a status | JSON |
//! | 1 | [`ViaNumber`] | a tuple with a number where the status belongs | a compile error that says so |
//! | 0 | [`ViaNoFailure`] | anything else | a compile error |

#![allow(
    clippy::needless_pass_by_value,
    reason = "the macro hands over the same, whichever of these answers"
)]

use std::borrow::Cow;
use std::error::Error as StdError;
use std::marker::PhantomData;

use http::StatusCode;
use serde::Serialize;

use super::overrides::{Override, Overrides};
use super::peel::{NoFailure, Tuple};
use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::{Responder, Response, json};

// --- the tuple around an error -------------------------------------------------------------------------------

/// The type of an error that may be in a tuple.
#[derive(Debug)]
pub struct Cause<T>(PhantomData<fn() -> T>);

impl<T> Cause<T> {
    /// Stands for this error's type.
    pub const fn of(_: &T) -> Cause<T> {
        Cause(PhantomData)
    }
}

/// The author named a status, so the value was meant for the client.
#[derive(Debug)]
pub struct WithStatus;

/// The author named other things, but no status.
#[derive(Debug)]
pub struct WithoutStatus;

/// The error stands alone.
#[derive(Debug)]
pub struct Alone;

impl WithStatus {
    pub fn split<T: Tuple>(
        self,
        error: T,
        overrides: &mut Overrides,
    ) -> (T::Value, Failed<WithStatus, T::Value>) {
        (error.split(overrides), Failed(PhantomData))
    }
}

impl WithoutStatus {
    pub fn split<T: Tuple>(self, error: T, overrides: &mut Overrides) -> (T::Value, Failed<Alone, T::Value>) {
        (error.split(overrides), Failed(PhantomData))
    }
}

impl Alone {
    pub fn split<T>(self, error: T, _: &mut Overrides) -> (T, Failed<Alone, T>) {
        (error, Failed(PhantomData))
    }
}

/// A tuple that begins with a status.
pub trait StatusTuple {}
impl<T> StatusTuple for (StatusCode, T) {}
impl<A: Override, T> StatusTuple for (StatusCode, A, T) {}
impl<A: Override, B: Override, T> StatusTuple for (StatusCode, A, B, T) {}

pub trait ViaStatusTuple {
    fn __carafe_cause(&self) -> WithStatus {
        WithStatus
    }
}
impl<T: StatusTuple> ViaStatusTuple for &&Cause<T> {}

pub trait ViaTuple {
    fn __carafe_cause(&self) -> WithoutStatus {
        WithoutStatus
    }
}
impl<T: Tuple> ViaTuple for &Cause<T> {}

pub trait ViaAlone {
    fn __carafe_cause(&self) -> Alone {
        Alone
    }
}
impl<T> ViaAlone for Cause<T> {}

// --- the error itself ----------------------------------------------------------------------------------------

/// The type of an error without its tuple; `S` is [`WithStatus`] or [`Alone`].
#[derive(Debug)]
pub struct Failed<S, T>(PhantomData<fn() -> (S, T)>);

/// An error of our own.
pub trait Ours {
    fn ours(self) -> Error;
}

impl Ours for Error {
    fn ours(self) -> Error {
        self
    }
}

impl Ours for NoFailure {
    fn ours(self) -> Error {
        Error::bare(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[derive(Debug)]
pub struct AsOurs;
#[derive(Debug)]
pub struct AsText;
#[derive(Debug)]
pub struct AsResponse;
#[derive(Debug)]
pub struct AsLogged;
#[derive(Debug)]
pub struct AsWords;
#[derive(Debug)]
pub struct AsData;
#[derive(Debug)]
pub struct AsNothing;

/// Makes an error of a cause for the log. A carafe error on its way through a box keeps its own status and text.
fn logged(source: Box<dyn StdError + Send + Sync>, overrides: Overrides) -> Error {
    let error = Error::unboxed(source).unwrap_or_else(|source| match overrides.status() {
        None => Error::from_source(source),
        Some(status) => Error::bare(status).with_source(source),
    });
    overrides.apply_to_error(error)
}

fn never_a_success(mut response: Response) -> Response {
    // A 304 says that a success would be the same.
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    }
    response
}

impl AsOurs {
    pub fn respond<T: Ours>(self, error: T, _: &Request, overrides: Overrides) -> Result<Response> {
        Err(overrides.apply_to_error(error.ours()))
    }
}

impl AsText {
    pub fn respond<T: AsRef<str>>(self, error: T, _: &Request, overrides: Overrides) -> Result<Response> {
        let text = error.as_ref().to_owned();
        let error = match overrides.status() {
            Some(status) => Error::new(status, text),
            None => Error::from_source(text.into()),
        };
        Err(overrides.apply_to_error(error))
    }
}

impl AsResponse {
    pub fn respond<T: Responder>(
        self,
        error: T,
        request: &Request,
        overrides: Overrides,
    ) -> Result<Response> {
        let mut reply = error.respond_to(request);
        overrides.apply(&mut reply);
        reply.map(never_a_success)
    }
}

impl AsLogged {
    pub fn respond<T>(self, error: T, _: &Request, overrides: Overrides) -> Result<Response>
    where
        T: Into<Box<dyn StdError + Send + Sync>>,
    {
        Err(logged(error.into(), overrides))
    }
}

impl AsWords {
    /// Keeps the words of an error that cannot move between threads.
    pub fn respond<T: Into<Box<dyn StdError>>>(
        self,
        error: T,
        _: &Request,
        overrides: Overrides,
    ) -> Result<Response> {
        Err(logged(crate::error::words(&*error.into()).into(), overrides))
    }
}

impl AsData {
    pub fn respond<T: Serialize>(self, error: T, _: &Request, overrides: Overrides) -> Result<Response> {
        let mut reply = json(&error);
        overrides.apply(&mut reply);
        reply.map(never_a_success)
    }
}

impl AsNothing {
    /// Never called.
    pub fn respond<T>(self, _: T, _: &Request, overrides: Overrides) -> Result<Response> {
        Err(logged("".into(), overrides))
    }
}

/// A tuple whose status is a `StatusCode`: a number could be any number, so that one in its place is never taken for one.
#[diagnostic::on_unimplemented(
    message = "a handler cannot fail with `{Self}`: a number is no status",
    label = "the status in the `Err` of this type has to be a `StatusCode`",
    note = "write `(StatusCode::NOT_FOUND, …)` for `(404, …)`, with the type `(StatusCode, …)`; or return `carafe::Result<T>` and `Err(abort(404, \"…\"))`"
)]
pub trait NamedStatus {}

/// A number, which people write for a status.
pub trait Number {}

macro_rules! numbers {
    ($($number:ty)*) => { $(impl Number for $number {})* };
}

numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A type that can stand in the `Err` of a handler's `Result`.
#[diagnostic::on_unimplemented(
    message = "a handler cannot fail with `{Self}`",
    label = "the `Err` of this type is not an error and not a reply",
    note = "use `carafe::Result<T>` or `carafe::Error`, any `std::error::Error`, or data with a status such as `(StatusCode, T)`"
)]
pub trait HandlerError {}

pub trait ViaOurs {
    fn __carafe_failure(&self) -> AsOurs {
        AsOurs
    }
}
impl<S> ViaOurs for &&&&&&Failed<S, Error> {}
impl<S> ViaOurs for &&&&&&Failed<S, NoFailure> {}

pub trait ViaText {
    fn __carafe_failure(&self) -> AsText {
        AsText
    }
}
impl<S> ViaText for &&&&&&Failed<S, String> {}
impl<S> ViaText for &&&&&&Failed<S, &str> {}
impl<S> ViaText for &&&&&&Failed<S, Cow<'_, str>> {}
impl<S> ViaText for &&&&&&Failed<S, Box<str>> {}

pub trait ViaResponder {
    fn __carafe_failure(&self) -> AsResponse {
        AsResponse
    }
}
impl<S, T: Responder> ViaResponder for &&&&&Failed<S, T> {}

pub trait ViaError {
    fn __carafe_failure(&self) -> AsLogged {
        AsLogged
    }
}
impl<S, T: Into<Box<dyn StdError + Send + Sync>>> ViaError for &&&&Failed<S, T> {}

pub trait ViaLocalError {
    fn __carafe_failure(&self) -> AsWords {
        AsWords
    }
}
impl<S, T: Into<Box<dyn StdError>>> ViaLocalError for &&&Failed<S, T> {}

pub trait ViaData {
    fn __carafe_failure(&self) -> AsData {
        AsData
    }
}
impl<T: Serialize> ViaData for &&Failed<WithStatus, T> {}

pub trait ViaNumber<T> {
    /// Never called: the bound is never met.
    fn __carafe_failure(&self) -> AsNothing
    where
        T: NamedStatus,
    {
        AsNothing
    }
}
impl<S, N: Number, T> ViaNumber<(N, T)> for &Failed<S, (N, T)> {}
impl<S, N: Number, A, T> ViaNumber<(N, A, T)> for &Failed<S, (N, A, T)> {}

pub trait ViaNoFailure<T> {
    /// Never called: the bound is never met.
    fn __carafe_failure(&self) -> AsNothing
    where
        T: HandlerError,
    {
        AsNothing
    }
}
impl<S, T> ViaNoFailure<T> for Failed<S, T> {}
