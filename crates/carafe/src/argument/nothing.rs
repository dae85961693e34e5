//! The lowest rungs of the ladder in [`probe`](super::probe): types that nothing can read, each a compile error that says
//! what to type.

// The ladder of traits is explained in `probe`; each does what its name says.
#![allow(missing_docs, reason = "hidden from users")]

use super::field::Field;
use super::place::Place;
use super::probe::{Argument, Faults, FreeByMethod, FreeInForm, FreeInQuery, InRoute, InRouteQuery, Plain};
use crate::request::Request;

/// The rung for types that require nothing of the app: neither extractors nor read by serde.
pub trait ViaNoRequirement {
    fn __carafe_requires<P: Place>(&self, _: &mut super::Requirements<'_>, _: P) {}
    fn __carafe_waits(&self) -> bool {
        false
    }
}
impl<T, K> ViaNoRequirement for Argument<T, K> {}

// Written out: the compiler shows a bound with all of a macro around it.

pub trait ViaNothingInQuery<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T: QueryArgument,
    {
        Plain::nothing()
    }
}
impl<'r, T> ViaNothingInQuery<'r, T> for Argument<T, FreeInQuery> {}

pub trait ViaNothingInForm<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T: BodyArgument,
    {
        Plain::nothing()
    }
}
impl<'r, T> ViaNothingInForm<'r, T> for Argument<T, FreeInForm> {}

pub trait ViaNothingByMethod<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T: QueryOrBodyArgument,
    {
        Plain::nothing()
    }
}
impl<'r, T> ViaNothingByMethod<'r, T> for Argument<T, FreeByMethod> {}

pub trait ViaNoText<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_read<P: Place>(&self, _: &'r Request, _: P, _: &mut Faults) -> Plain<T>
    where
        T: TextValue,
    {
        Plain::nothing()
    }

    /// Never called either; without a bound, so that the message comes once.
    fn __carafe_fits(&self, _: Field<'r>) -> bool {
        false
    }
}
impl<'r, T> ViaNoText<'r, T> for Argument<T, InRoute> {}
impl<'r, T> ViaNoText<'r, T> for Argument<T, InRouteQuery> {}

/// A type that can be an argument of a handler for GET and other methods without a body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    label = "not named in the route, not an extractor, and not readable from a query parameter",
    note = "a struct is the whole query as `Query<{Self}>`, and needs `#[derive(serde::Deserialize)]` (with `cargo add serde --features derive`)",
    note = "one query parameter needs that, too, or `std::str::FromStr`; anything else is an extractor: `&Request`, `State<T>`, … or your own `FromRequest`",
    note = "text is `&str` or `String`; the request is `&Request`, not `Request`"
)]
pub trait QueryArgument {}

/// A type that can be an argument of a handler for POST, PUT and PATCH.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    label = "not named in the route, not an extractor, and not readable from a form field",
    note = "a struct is the whole body as `Form<{Self}>` or `Json<{Self}>`, and needs `#[derive(serde::Deserialize)]` (with `cargo add serde --features derive`)",
    note = "one form field needs that, too, or `std::str::FromStr`; anything else is an extractor: `&Request`, `State<T>`, `Query<T>`, … or your own `FromRequest`",
    note = "text is `&str` or `String`; the request is `&Request`, not `Request`"
)]
pub trait BodyArgument {}

/// A type that can be an argument of a handler for methods of both kinds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    label = "not named in the route, not an extractor, and not readable from a query parameter or form field",
    note = "a struct is the whole body as `Form<{Self}>` or `Json<{Self}>`, the whole query as `Query<{Self}>`, and needs `#[derive(serde::Deserialize)]` (with `cargo add serde --features derive`)",
    note = "one parameter or field needs that, too, or `std::str::FromStr`; anything else is an extractor: `&Request`, `State<T>`, … or your own `FromRequest`",
    note = "text is `&str` or `String`; the request is `&Request`, not `Request`"
)]
pub trait QueryOrBodyArgument {}

/// A type that can be an argument named in the route.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a piece of a URL",
    label = "this argument is named in the route, so its type has to be readable from text",
    note = "add `#[derive(serde::Deserialize)]` to the type (with `cargo add serde --features derive`), or implement `std::str::FromStr` for it"
)]
pub trait TextValue {}
