//! The arguments of a catcher: the error it answers for, its status, and whatever extractors read.

// The ladder of traits is explained above; each does what its name says.
#![allow(missing_docs, reason = "hidden from users")]

use std::future::{Future, Ready, ready};
use std::marker::PhantomData;

use http::StatusCode;

use super::{FromRequest, Requirements};
use crate::error::{Error, Result};
use crate::request::Request;

/// The type of a catcher's argument while a method is looked up on it: see `argument/probe.rs`.
#[derive(Debug)]
pub struct CatcherArgument<T>(PhantomData<fn() -> T>);

impl<T> CatcherArgument<T> {
    /// Stands for the type.
    pub const NEW: CatcherArgument<T> = CatcherArgument(PhantomData);
}

/// A type that a catcher gets from the error itself.
pub trait FromError<'r>: Sized {
    fn from_error(error: &'r Error) -> Self;
}

impl<'r> FromError<'r> for &'r Error {
    fn from_error(error: &'r Error) -> Self {
        error
    }
}

impl FromError<'_> for StatusCode {
    fn from_error(error: &Error) -> StatusCode {
        error.status()
    }
}

pub trait ViaFromError<'r, T> {
    fn __carafe_read(&self, request: &'r Request, error: &'r Error) -> Ready<Result<T>>;
    fn __carafe_requires(&self, _: &mut Requirements<'_>) {}
}

impl<'r, T: FromError<'r>> ViaFromError<'r, T> for &&CatcherArgument<T> {
    fn __carafe_read(&self, _: &'r Request, error: &'r Error) -> Ready<Result<T>> {
        ready(Ok(T::from_error(error)))
    }
}

pub trait ViaFromRequest<'r, T> {
    fn __carafe_read(&self, request: &'r Request, error: &'r Error)
    -> impl Future<Output = Result<T>> + Send;
    fn __carafe_requires(&self, requirements: &mut Requirements<'_>);
}

impl<'r, T: FromRequest<'r>> ViaFromRequest<'r, T> for &CatcherArgument<T> {
    fn __carafe_read(&self, request: &'r Request, _: &'r Error) -> impl Future<Output = Result<T>> + Send {
        T::from_request(request)
    }

    fn __carafe_requires(&self, requirements: &mut Requirements<'_>) {
        T::requires(requirements);
    }
}

pub trait ViaUncaught<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read(&self, _: &'r Request, error: &'r Error) -> Ready<Result<T>>
    where
        T: CatcherTakes,
    {
        ready(Err(Error::bare(error.status())))
    }
    fn __carafe_requires(&self, _: &mut Requirements<'_>) {}
}

impl<'r, T> ViaUncaught<'r, T> for CatcherArgument<T> {}

/// A type that can be an argument of a catcher.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a catcher",
    label = "neither the error nor an extractor",
    note = "take `&carafe::Error`, `carafe::StatusCode`, `&carafe::Request`, or an extractor such as `State<T>`"
)]
pub trait CatcherTakes {}

/// Reads one argument of a catcher as `Result<T>`, inside an async function that has the traits of `__private::via` in
/// scope.
#[doc(hidden)]
#[macro_export]
macro_rules! __catcher_argument {
    ($ty:ty, $request:ident, $error:ident) => {
        (&&&$crate::__private::CatcherArgument::<$ty>::NEW)
            .__carafe_read($request, $error)
            .await
            .map_err($crate::__private::Error::refused_to_a_catcher)
    };
}

/// States what an argument of a catcher requires of the app.
#[doc(hidden)]
#[macro_export]
macro_rules! __catcher_requires {
    ($ty:ty, $requirements:ident) => {
        (&&&$crate::__private::CatcherArgument::<$ty>::NEW).__carafe_requires($requirements)
    };
}
