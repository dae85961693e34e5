//! How an argument's type is read, chosen by the compiler for the concrete type.
//!
//! The glue calls one method on a nest of references, `(&&&&Arg::<T>::new()).read(…)`. Method look-up takes off
//! one reference after the other, so the trait implemented for the deepest nest that fits the type wins:
//! an extractor, then `Deserialize`, then `FromStr`, and last a bound that nothing fulfils and that carries the
//! message. No trait has to be implemented by the user, and none can overlap.

use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserialize;

use super::read::{Field, Read};
use super::{Fault, Place};
use crate::error::Error;
use crate::extract::{FromRequest, Need};
use crate::request::Request;

/// An argument that is not named in the route.
#[derive(Debug)]
pub struct Arg<T>(PhantomData<fn() -> T>);

/// An argument that is named in the route, and so has to be read from text.
#[derive(Debug)]
pub struct Slot<T>(PhantomData<fn() -> T>);

impl<T> Arg<T> {
    /// Stands for the type.
    #[expect(clippy::new_without_default, reason = "only the glue makes these")]
    #[must_use]
    pub const fn new() -> Arg<T> {
        Arg(PhantomData)
    }
}

impl<T> Slot<T> {
    /// Stands for the type.
    #[expect(clippy::new_without_default, reason = "only the glue makes these")]
    #[must_use]
    pub const fn new() -> Slot<T> {
        Slot(PhantomData)
    }
}

/// Opens the place, reads, and turns a fault into the 400 that names the parameter.
///
/// An empty text that the type cannot read counts as nothing: `None` for an `Option`, no element for a list.
fn read_at<'r, P: Place, T>(
    request: &'r Request,
    place: P,
    read: fn(P::Found<'r>) -> Result<T, Fault>,
    read_nothing: fn(Field<'r>) -> Result<T, Fault>,
) -> Result<T, Error> {
    let found = place.open(request)?;
    let fault = match read(found) {
        Ok(value) => return Ok(value),
        Err(fault) => fault,
    };
    if found.is_blank()
        && let Ok(value) = read_nothing(Field::one(place.name(), None))
    {
        return Ok(value);
    }
    Err(fault.into_error(place.what(request), place.name(), found.last().as_deref()))
}

// --- first: an extractor -------------------------------------------------------------------------------------

/// Extractors read whatever they like.
pub trait ViaExtractor<'r, T> {
    /// Reads the argument.
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>;
    /// What the extractor asks of the app.
    fn need(&self) -> Option<Need>;
}

impl<'r, T: FromRequest<'r>> ViaExtractor<'r, T> for &&&Arg<T> {
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error> {
        T::from_argument(request, place.name())
    }

    fn need(&self) -> Option<Need> {
        T::need()
    }
}

/// Everything else asks nothing of the app.
pub trait ViaValue {
    /// Nothing.
    fn need(&self) -> Option<Need> {
        None
    }
}

impl<T> ViaValue for &Arg<T> {}

// --- second: Deserialize -------------------------------------------------------------------------------------

/// Types that serde can read.
pub trait ViaDeserialize<'r, T> {
    /// Reads the argument.
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>;
    /// Whether the type can read this piece of a path.
    fn fits(&self, piece: Field<'r>) -> bool;
}

impl<'r, T: Deserialize<'r>> ViaDeserialize<'r, T> for &&Slot<T> {
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error> {
        read_at(request, place, <P::Found<'r> as Read<'r>>::deserialize::<T>, T::deserialize)
    }

    fn fits(&self, piece: Field<'r>) -> bool {
        T::deserialize(piece).is_ok()
    }
}

impl<'r, T: Deserialize<'r>> ViaDeserialize<'r, T> for &&Arg<T> {
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error> {
        read_at(request, place, <P::Found<'r> as Read<'r>>::deserialize::<T>, T::deserialize)
    }

    fn fits(&self, piece: Field<'r>) -> bool {
        T::deserialize(piece).is_ok()
    }
}

// --- third: FromStr, also inside Option and Vec --------------------------------------------------------------

/// Types that read themselves from text.
pub trait ViaFromStr<'r, T> {
    /// Reads the argument.
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>;
    /// Whether the type can read this piece of a path.
    fn fits(&self, piece: Field<'r>) -> bool;
}

fn one<'r, T: FromStr>(found: impl Read<'r>) -> Result<T, Fault> {
    let text = found.last().ok_or_else(Fault::missing_type::<T>)?;
    text.parse().map_err(|_| Fault::of_type::<T>())
}

fn maybe<'r, T: FromStr>(found: impl Read<'r>) -> Result<Option<T>, Fault> {
    if found.last().is_none() { Ok(None) } else { one(found).map(Some) }
}

fn every<'r, T: FromStr>(found: impl Read<'r>) -> Result<Vec<T>, Fault> {
    let texts = found.texts();
    texts.iter().map(|text| text.parse().map_err(|_| Fault::of_type::<T>().at(text))).collect()
}

impl<'r, T: FromStr> ViaFromStr<'r, T> for &Slot<T> {
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error> {
        read_at(request, place, one::<T>, one::<T>)
    }

    fn fits(&self, piece: Field<'r>) -> bool {
        one::<T>(piece).is_ok()
    }
}

impl<'r, T: FromStr> ViaFromStr<'r, T> for &Arg<T> {
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error> {
        read_at(request, place, one::<T>, one::<T>)
    }

    fn fits(&self, piece: Field<'r>) -> bool {
        one::<T>(piece).is_ok()
    }
}

/// Several or none of such types; a trait of its own, because nobody can promise that `Option<T>` never gets a
/// `FromStr`.
pub trait ViaFromStrInside<'r, T> {
    /// Reads the argument.
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>;
    /// Whether the type can read this piece of a path.
    fn fits(&self, piece: Field<'r>) -> bool;
}

macro_rules! inside {
    ($($wrapped:ident $read:ident;)*) => {$(
        impl<'r, T: FromStr> ViaFromStrInside<'r, $wrapped<T>> for &Slot<$wrapped<T>> {
            fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<$wrapped<T>, Error> {
                read_at(request, place, $read::<T>, $read::<T>)
            }

            fn fits(&self, piece: Field<'r>) -> bool {
                $read::<T>(piece).is_ok()
            }
        }

        impl<'r, T: FromStr> ViaFromStrInside<'r, $wrapped<T>> for &Arg<$wrapped<T>> {
            fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<$wrapped<T>, Error> {
                read_at(request, place, $read::<T>, $read::<T>)
            }

            fn fits(&self, piece: Field<'r>) -> bool {
                $read::<T>(piece).is_ok()
            }
        }
    )*};
}

inside! {
    Option maybe;
    Vec every;
}

// --- last: nothing fits, and the bound says so ---------------------------------------------------------------

/// Carries the message for an argument that nothing can read.
pub trait ViaNothing<'r, T> {
    /// Never called: the bound is never met.
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>
    where
        T: Argument;
}

impl<'r, T> ViaNothing<'r, T> for Arg<T> {
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>
    where
        T: Argument,
    {
        let place = place.what(request);
        Err(Fault::of_type::<T>().into_error(place, "", None))
    }
}

/// Carries the message for an argument that is named in the route and cannot be read from text.
pub trait ViaNoText<'r, T> {
    /// Never called: the bound is never met.
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>
    where
        T: TextValue;
    /// Never called either; without a bound, so that the message comes once.
    fn fits(&self, _: Field<'r>) -> bool {
        false
    }
}

impl<'r, T> ViaNoText<'r, T> for Slot<T> {
    fn read<P: Place>(&self, request: &'r Request, place: P) -> Result<T, Error>
    where
        T: TextValue,
    {
        let place = place.what(request);
        Err(Fault::of_type::<T>().into_error(place, "", None))
    }
}

/// What an argument of a handler can be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler",
    label = "not named in the route, not an extractor, and not readable from a query parameter or form field",
    note = "a query parameter or form field needs `#[derive(serde::Deserialize)]` or `std::str::FromStr` on its type",
    note = "the whole request needs an extractor: `&Request`, `State<T>`, `Json<T>`, `Form<T>`, `Query<T>`, … or your own `FromRequest`",
    note = "the `T` of `Json<T>`, `Form<T>` and `Query<T>` needs `#[derive(serde::Deserialize)]`"
)]
pub trait Argument {}

/// What an argument that is named in the route can be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a piece of a URL",
    label = "this argument is named in the route, so its type has to be readable from text",
    note = "add `#[derive(serde::Deserialize)]` to the type, or implement `std::str::FromStr` for it"
)]
pub trait TextValue {}
