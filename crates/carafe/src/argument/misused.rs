//! Types that look like an extractor and are none: each of these rungs of the ladder in [`probe`](super::probe) is a
//! compile error that says what to take instead.

// The ladder of traits is explained in `probe`; each does what its name says.
#![allow(missing_docs, reason = "hidden from users")]

use std::sync::Arc;

use super::place::Place;
use super::probe::{Argument, Faults, Free, InRouteQuery, Plain};
use super::{FromRequest, OptionalFromRequest, State};
use crate::request::Request;

// --- an extractor inside something else ----------------------------------------------------------------------

/// A type that holds another, and that serde would look into.
pub trait Wrapper {
    type Inner;
}

impl<T> Wrapper for Option<T> {
    type Inner = T;
}
impl<T> Wrapper for Vec<T> {
    type Inner = T;
}
impl<T, E> Wrapper for Result<T, E> {
    type Inner = T;
}
impl<T> Wrapper for Box<T> {
    type Inner = T;
}
impl<T> Wrapper for Arc<T> {
    type Inner = T;
}

pub trait ViaWrapped<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T: ExtractorInside<'r>,
    {
        Plain::nothing()
    }
}
impl<'r, T: Wrapper<Inner: FromRequest<'r>>, K: Free> ViaWrapped<'r, T> for &&&&&Argument<T, K> {}

pub trait ViaWrappedTwice<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T: ExtractorFarInside,
    {
        Plain::nothing()
    }
}
impl<'r, T, K: Free> ViaWrappedTwice<'r, T> for &&&&Argument<T, K> where
    T: Wrapper<Inner: Wrapper<Inner: FromRequest<'r>>>
{
}

/// A type that may hold an extractor two deep: there is none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument: there is an extractor inside",
    label = "an extractor is read from the whole request, never from a parameter",
    note = "take the extractor itself, `carafe::Result<T>` for its refusal, or `Option<T>` where `T` implements `carafe::OptionalFromRequest`"
)]
pub trait ExtractorFarInside {}

/// A type that may hold an extractor.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument: there is an extractor inside",
    label = "an extractor is read from the whole request, never from a parameter",
    note = "take the extractor itself, `carafe::Result<T>` for its refusal, or `Option<T>` where `T` implements `carafe::OptionalFromRequest`"
)]
pub trait ExtractorInside<'r> {}

// Only for the message, which then names the trait that `T` lacks.
impl<'r, T: OptionalFromRequest<'r>> ExtractorInside<'r> for Option<T> {}

// --- an extractor that is named in the query of the route --------------------------------------------------------

pub trait ViaNamedExtractor<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T: QueryValue,
    {
        Plain::nothing()
    }
}
impl<'r, T: FromRequest<'r>> ViaNamedExtractor<'r, T> for &&&&&&Argument<T, InRouteQuery> {}

/// A value that can be named in the query of a route.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is an extractor and cannot be named in the route",
    label = "an extractor is read from the whole request, never from a parameter",
    note = "leave its name out of the route's query: `\"/path\"` instead of `\"/path?<name>\"`"
)]
pub trait QueryValue {}

// --- our own extractors with a type that they cannot have ------------------------------------------------------

/// An extractor of ours that reads a type by serde.
pub trait OfSerde {
    type Value;
}

pub trait ViaUnreadable<'r, T: OfSerde> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T::Value: ReadByExtractor,
    {
        Plain::nothing()
    }
}
impl<T: OfSerde, K: Free> ViaUnreadable<'_, T> for &&&Argument<T, K> {}

/// A type that `Json`, `Form` and `Query` can read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request: it does not implement `serde::Deserialize`",
    label = "the `T` of `Json<T>`, `Form<T>` and `Query<T>` has to be `Deserialize`",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}` (with `cargo add serde --features derive`)"
)]
pub trait ReadByExtractor {}

pub trait ViaStateReference<'r, T: ?Sized> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<&'r State<T>>
    where
        T: StateByReference,
    {
        Plain::nothing()
    }
}
impl<'r, T: ?Sized, K: Free> ViaStateReference<'r, T> for &&&Argument<&'r State<T>, K> {}

/// State that a handler can borrow: none.
#[diagnostic::on_unimplemented(
    message = "`&State<{Self}>` cannot be an argument of a handler",
    label = "a reference to state",
    note = "take `State<{Self}>` by value: it is a shared pointer already"
)]
pub trait StateByReference {}

pub trait ViaStateOfUnshared<'r, T: ?Sized> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<State<T>>
    where
        T: SharedState,
    {
        Plain::nothing()
    }
}
impl<T: ?Sized, K: Free> ViaStateOfUnshared<'_, T> for &&&Argument<State<T>, K> {}

/// A type that can be state.
#[diagnostic::on_unimplemented(
    message = "`State<{Self}>` cannot be an argument of a handler: `{Self}` is not `Send + Sync + 'static`",
    label = "state is shared between threads",
    note = "a trait object is state where its trait says so: `trait Store: Send + Sync`"
)]
pub trait SharedState {}
