//! The ladder by which the compiler chooses, for the concrete type of an argument, how to read it.
//!
//! [`__argument!`](crate::__argument) calls one method on a nest of references, `(&&&&&&&&Argument::<T, K>::NEW)`. Method
//! look-up takes off one reference after the other, so of the traits below that fit the type the one for the deepest
//! nest wins. No trait has to be implemented by the user, and none can overlap:
//!
//! | `&` | trait | types |
//! |--:|---|---|
//! | 7 | [`ViaRequest`] | `&Request` |
//! | 7 | `ViaValidated` | with the feature `garde`, our own extractors of what implements `Validate` |
//! | 6 | [`ViaExtractor`] | extractors, also `Option<T>` and `Result<T>` of them |
//! | 5 | [`ViaWrapped`](super::misused::ViaWrapped) | an extractor inside `Option`, `Vec`, `Result`, `Box`, `Arc` that is not one of these: a compile error |
//! | 4 | [`ViaWrappedTwice`](super::misused::ViaWrappedTwice) | the same, two deep |
//! | 3 | [`misused`](super::misused) | our own extractors with a type that they cannot have: a compile error |
//! | 3 | `ViaValidatedValue` | with the feature `garde`, what serde can read and implements `Validate` |
//! | 2 | [`ViaDeserialize`] | what serde can read |
//! | 1 | [`ViaFromStr`], [`ViaFromStrInside`] | what reads itself from text, also inside `Option` and `Vec` |
//! | 0 | [`nothing`](super::nothing) | anything else: a compile error |
//!
//! Arguments that are named in the route ([`InRoute`]) are always values, so the upper half is for [`Free`] ones only.

// The ladder of traits is explained above; each does what its name says.
#![allow(missing_docs, reason = "hidden from users")]

use std::future::{Future, Ready, ready};
use std::marker::PhantomData;
use std::str::FromStr;

use http::StatusCode;
use serde::Deserialize;

use super::field::{Field, Read};
use super::mismatch::Mismatch;
use super::place::{OnlyText, Place};
use super::requirements::Requirements;
use super::{FromRequest, shape};
use crate::error::{Error, Fault, Result};
use crate::request::Request;

/// An argument's type while a method is looked up on it; `K` is [`InRoute`], [`InRouteQuery`], a `Free` one or [`Unnamed`].
#[derive(Debug)]
pub struct Argument<T, K>(PhantomData<fn() -> (T, K)>);

/// Marks an argument that is named in the route, and so has to be read from text.
#[derive(Debug)]
pub struct InRoute;

/// Marks an argument that is named in the query of the route, `?<name>`: a value, too.
#[derive(Debug)]
pub struct InRouteQuery;

/// An argument that is not named in the route: an extractor, or a value. The types that are it differ only in where values
/// are looked for, so that the compiler's messages name what fits there.
pub trait Free {}

/// Marks a free argument of a route whose values come from the query.
#[derive(Debug)]
pub struct FreeInQuery;
impl Free for FreeInQuery {}

/// Marks a free argument of a route whose values come from a form.
#[derive(Debug)]
pub struct FreeInForm;
impl Free for FreeInForm {}

/// Marks a free argument of a route whose values come from either, by the request's method.
#[derive(Debug)]
pub struct FreeByMethod;
impl Free for FreeByMethod {}

/// Marks an argument without a name, which only an extractor can be.
#[derive(Debug)]
pub struct Unnamed;

impl<T, K> Argument<T, K> {
    /// Stands for the type.
    pub const NEW: Argument<T, K> = Argument(PhantomData);
}

/// The plain arguments that could not be read.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Returns the 400 that names all of them.
    // Apart, like the next, from what is compiled for each argument of each handler.
    #[cold]
    #[inline(never)]
    pub fn into_error(self) -> Error {
        Error::of_faults(self.0)
    }

    #[cfg(feature = "garde")]
    pub(super) fn extend(&mut self, faults: Vec<Fault>) {
        self.0.extend(faults);
    }

    #[cold]
    #[inline(never)]
    fn add(&mut self, mismatch: Mismatch, place: &'static str, name: &str, last: Option<&str>) {
        self.0.push(mismatch.into_fault(place, name, last));
    }
}

/// The outcome of a plain argument; `None` where it could not be read and the faults say why.
#[derive(Debug)]
pub struct Plain<T>(Result<Option<T>>);

impl<T> Plain<T> {
    /// Stands for a value behind a bound that is never met.
    pub(super) fn nothing() -> Plain<T> {
        Plain(Ok(None))
    }

    /// Keeps a value that is valid. The faults say why another one is not.
    #[cfg(feature = "garde")]
    pub(super) fn checked(self, is_valid: impl FnOnce(&T) -> bool) -> Plain<T> {
        Plain(self.0.map(|value| value.filter(is_valid)))
    }

    pub fn into_option(self) -> Result<Option<T>> {
        self.0
    }
}

/// The outcome of reading an argument: a value from an extractor, perhaps none from a plain one.
pub trait Outcome<T> {
    fn into_option(self) -> Result<Option<T>>;
}

impl<T> Outcome<T> for Result<T, Error> {
    fn into_option(self) -> Result<Option<T>> {
        self.map(Some)
    }
}

/// A plain value is there at once, where an extractor may wait.
impl<T> IntoFuture for Plain<T> {
    type Output = Plain<T>;
    type IntoFuture = Ready<Plain<T>>;

    fn into_future(self) -> Ready<Plain<T>> {
        ready(self)
    }
}

impl<T> Outcome<T> for Plain<T> {
    fn into_option(self) -> Result<Option<T>> {
        self.0
    }
}

/// Opens the place and reads; notes what was wrong with the value.
///
/// An empty text that the type cannot read counts as nothing: `None` for an `Option`, no element for a list.
fn read_at<'r, P: Place, T>(
    request: &'r Request,
    place: P,
    faults: &mut Faults,
    read: fn(P::Found<'r>) -> Result<T, Mismatch>,
    read_nothing: fn(Field<'r>) -> Result<T, Mismatch>,
) -> Result<Option<T>> {
    let found = place.open(request)?;
    let mismatch = match read(found) {
        Ok(value) => return Ok(Some(value)),
        Err(mismatch) => mismatch,
    };
    if found.is_blank()
        && let Ok(value) = read_nothing(Field::one(place.name(), None))
    {
        return Ok(Some(value));
    }
    faults.add(mismatch, place.what(request), place.name(), found.last().as_deref());
    Ok(None)
}

// --- 7: the request itself -----------------------------------------------------------------------------------

/// The one extractor that never waits, for handlers that need not either.
pub trait ViaRequest<'r> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, _: P, _: &mut Faults) -> Plain<&'r Request> {
        Plain(Ok(Some(request)))
    }
    fn __carafe_requires<P: Place>(&self, _: &mut Requirements<'_>, _: P) {}
    fn __carafe_waits(&self) -> bool {
        false
    }
}
impl<'r, K: Free> ViaRequest<'r> for &&&&&&&Argument<&'r Request, K> {}

// --- 6: an extractor -----------------------------------------------------------------------------------------

pub trait ViaExtractor<'r, T> {
    /// Returns the extractor's own future: the compiler finds it to be `Send` only if nothing is wrapped around it.
    fn __carafe_read<P: Place>(
        &self,
        request: &'r Request,
        place: P,
        faults: &mut Faults,
    ) -> impl Future<Output = Result<T>> + Send;
    fn __carafe_requires<P: Place>(&self, requirements: &mut Requirements<'_>, place: P);
    fn __carafe_waits(&self) -> bool;
}

impl<'r, T: FromRequest<'r>, K: Free> ViaExtractor<'r, T> for &&&&&&Argument<T, K> {
    fn __carafe_read<P: Place>(
        &self,
        request: &'r Request,
        place: P,
        _: &mut Faults,
    ) -> impl Future<Output = Result<T>> + Send {
        T::from_argument(request, place.name())
    }

    fn __carafe_requires<P: Place>(&self, requirements: &mut Requirements<'_>, _: P) {
        T::requires(requirements);
    }

    fn __carafe_waits(&self) -> bool {
        T::WAITS
    }
}

pub trait ViaUnnamed<'r, T> {
    fn __carafe_extract(&self, request: &'r Request) -> impl Future<Output = Result<T>> + Send;
    fn __carafe_waits(&self) -> bool;
}

impl<'r, T: FromRequest<'r>> ViaUnnamed<'r, T> for &Argument<T, Unnamed> {
    fn __carafe_extract(&self, request: &'r Request) -> impl Future<Output = Result<T>> + Send {
        T::from_request(request)
    }

    fn __carafe_waits(&self) -> bool {
        T::WAITS
    }
}

pub trait ViaNotExtracted<'r, T> {
    /// Never called: the bound is never met.
    fn __carafe_extract(&self, _: &'r Request) -> Ready<Result<T>>
    where
        T: FromRequest<'r>,
    {
        ready(Err(Error::bare(StatusCode::INTERNAL_SERVER_ERROR)))
    }
}
impl<'r, T> ViaNotExtracted<'r, T> for Argument<T, Unnamed> {}

// --- 2: Deserialize ------------------------------------------------------------------------------------------

pub trait ViaDeserialize<'r, T> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, faults: &mut Faults) -> Plain<T>;
    fn __carafe_fits(&self, piece: Field<'r>) -> bool;
    fn __carafe_requires<P: Place>(&self, requirements: &mut Requirements<'_>, place: P);
}

impl<'r, T: Deserialize<'r>, K> ViaDeserialize<'r, T> for &&Argument<T, K> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, faults: &mut Faults) -> Plain<T> {
        let read = <P::Found<'r> as Read<'r>>::deserialize::<T>;
        Plain(read_at(request, place, faults, read, T::deserialize))
    }

    fn __carafe_fits(&self, piece: Field<'r>) -> bool {
        T::deserialize(piece).is_ok()
    }

    /// In builds with debug assertions, finds a struct where only text can be.
    fn __carafe_requires<P: Place>(&self, requirements: &mut Requirements<'_>, place: P) {
        if cfg!(debug_assertions)
            && let Some(only) = P::ONLY_TEXT
            && shape::has_fields::<T>()
        {
            let name = super::mismatch::inner_name::<T>();
            let (what, remedy) = match only {
                OnlyText::Path => ("path", "name a parameter in the path for each field".to_owned()),
                OnlyText::Query => ("query", format!("take `Query<{name}>`")),
            };
            requirements.problem(format!(
                "takes the struct `{name}` as the {what} parameter `{}`, which can hold only text: {remedy}",
                place.name()
            ));
        }
    }
}

// --- 1: FromStr, also inside Option and Vec ------------------------------------------------------------------

pub trait ViaFromStr<'r, T> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, faults: &mut Faults) -> Plain<T>;
    fn __carafe_fits(&self, piece: Field<'r>) -> bool;
}

fn one<'r, T: FromStr>(found: impl Read<'r>) -> Result<T, Mismatch> {
    let texts = found.texts()?;
    let text = texts.last().ok_or_else(Mismatch::missing_type::<T>)?;
    text.parse().map_err(|_| Mismatch::of_type::<T>())
}

fn maybe<'r, T: FromStr>(found: impl Read<'r>) -> Result<Option<T>, Mismatch> {
    if found.texts()?.is_empty() { Ok(None) } else { one(found).map(Some) }
}

fn every<'r, T: FromStr>(found: impl Read<'r>) -> Result<Vec<T>, Mismatch> {
    let texts = found.texts()?;
    texts.iter().map(|text| text.parse().map_err(|_| Mismatch::of_type::<T>().at(text))).collect()
}

impl<'r, T: FromStr, K> ViaFromStr<'r, T> for &Argument<T, K> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, faults: &mut Faults) -> Plain<T> {
        Plain(read_at(request, place, faults, one::<T>, one::<T>))
    }

    fn __carafe_fits(&self, piece: Field<'r>) -> bool {
        one::<T>(piece).is_ok()
    }
}

/// A trait of its own, because `Option<T>` may get a `FromStr` of its own one day.
pub trait ViaFromStrInside<'r, T> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, faults: &mut Faults) -> Plain<T>;
    fn __carafe_fits(&self, piece: Field<'r>) -> bool;
}

macro_rules! inside {
    ($($wrapper:ident $read:ident;)*) => {$(
        impl<'r, T: FromStr, K> ViaFromStrInside<'r, $wrapper<T>> for &Argument<$wrapper<T>, K> {
            fn __carafe_read<P: Place>(
                &self,
                request: &'r Request,
                place: P,
                faults: &mut Faults,
            ) -> Plain<$wrapper<T>> {
                Plain(read_at(request, place, faults, $read::<T>, $read::<T>))
            }

            fn __carafe_fits(&self, piece: Field<'r>) -> bool {
                $read::<T>(piece).is_ok()
            }
        }
    )*};
}

inside! {
    Option maybe;
    Vec every;
}
