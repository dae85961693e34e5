//! The arguments of a catcher: the error it answers for, its status, and whatever extractors read.

use std::marker::PhantomData;

use http::StatusCode;

use crate::error::Error;
use crate::extract::FromRequest;
use crate::request::Request;

/// An argument of a catcher.
#[derive(Debug)]
pub struct CatchArg<T>(PhantomData<fn() -> T>);

impl<T> CatchArg<T> {
    /// Stands for the type.
    #[expect(clippy::new_without_default, reason = "only the glue makes these")]
    #[must_use]
    pub const fn new() -> CatchArg<T> {
        CatchArg(PhantomData)
    }
}

/// What an error itself can give to its catcher.
pub trait FromFailure<'r>: Sized {
    /// Takes it from the error.
    fn from_failure(error: &'r Error) -> Self;
}

impl<'r> FromFailure<'r> for &'r Error {
    fn from_failure(error: &'r Error) -> Self {
        error
    }
}

impl FromFailure<'_> for StatusCode {
    fn from_failure(error: &Error) -> StatusCode {
        error.status()
    }
}

/// Chosen for the error and its status.
pub trait ViaFailure<'r, T> {
    /// Reads the argument.
    fn read(&self, request: &'r Request, error: &'r Error) -> Result<T, Error>;
}

impl<'r, T: FromFailure<'r>> ViaFailure<'r, T> for &&CatchArg<T> {
    fn read(&self, _: &'r Request, error: &'r Error) -> Result<T, Error> {
        Ok(T::from_failure(error))
    }
}

/// Chosen for extractors.
pub trait ViaFromRequest<'r, T> {
    /// Reads the argument.
    fn read(&self, request: &'r Request, error: &'r Error) -> Result<T, Error>;
}

impl<'r, T: FromRequest<'r>> ViaFromRequest<'r, T> for &CatchArg<T> {
    fn read(&self, request: &'r Request, _: &'r Error) -> Result<T, Error> {
        T::from_request(request)
    }
}

/// Carries the message for an argument that a catcher cannot have.
pub trait ViaUncaught<'r, T> {
    /// Never called: the bound is never met.
    fn read(&self, request: &'r Request, error: &'r Error) -> Result<T, Error>
    where
        T: CatchArgument;
}

impl<'r, T> ViaUncaught<'r, T> for CatchArg<T> {
    fn read(&self, _: &'r Request, error: &'r Error) -> Result<T, Error>
    where
        T: CatchArgument,
    {
        Err(Error::new(error.status(), ""))
    }
}

/// What an argument of a catcher can be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a catcher",
    label = "neither the error nor an extractor",
    note = "take `&carafe::Error`, `carafe::StatusCode`, `&carafe::Request`, or an extractor such as `State<T>`"
)]
pub trait CatchArgument {}
