//! Validation of arguments whose type implements `garde::Validate`, with the feature `garde`.
//!
//! These are two more traits of the ladder in [`probe`](super::probe): [`ViaValidated`] at 7, for `Json`, `Form` and `Query`,
//! also inside `Option` and `Result`, and [`ViaValidatedValue`] at 3, for values that serde reads.

// The ladder of traits is explained in `probe`; each does what its name says.
#![allow(missing_docs, reason = "hidden from users")]

use garde::{Report, Validate};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::mismatch::{JSON_FIELD, inner_name, sentence};
use super::place::Place;
use super::pointer::{Pointer, Step, first};
use super::probe::{Argument, Faults, Free, Plain, Unnamed, ViaDeserialize};
use super::{FromRequest, OptionalFromRequest, Reading, Requirements};
use crate::error::{Error, Fault, Result};
use crate::request::{FormData, Request};

/// An extractor of a value that can be validated.
pub trait ValidBody<'r>: FromRequest<'r> + 'r {
    type Value: Validate;

    /// Validates the value.
    fn validated(self, request: &'r Request) -> Result<Self>
    where
        <Self::Value as Validate>::Context: NoContext;
}

impl<'r, B: ValidBody<'r> + OptionalFromRequest<'r>> ValidBody<'r> for Option<B> {
    type Value = B::Value;

    fn validated(self, request: &'r Request) -> Result<Self>
    where
        <B::Value as Validate>::Context: NoContext,
    {
        self.map(|body| body.validated(request)).transpose()
    }
}

impl<'r, B: ValidBody<'r>> ValidBody<'r> for Result<B, Error> {
    type Value = B::Value;

    fn validated(self, request: &'r Request) -> Result<Self>
    where
        <B::Value as Validate>::Context: NoContext,
    {
        Ok(self.and_then(|body| body.validated(request)))
    }
}

/// The context of a type that is validated without one.
#[diagnostic::on_unimplemented(
    message = "this type cannot be validated without a context, and an argument has none: it is a `garde::Validate` with the context `{Self}`",
    label = "validated with a `{Self}`, which carafe does not have",
    note = "take `garde::Unvalidated<T>` in place of the type `T`, with garde's feature `serde`, and validate it in the handler: `value.validate_with(&context).map_err(|report| carafe::Error::from_report(&report))?`",
    note = "or remove `#[garde(context(…))]` from the type"
)]
pub trait NoContext: 'static {
    const NONE: &'static Self;
}

impl NoContext for () {
    const NONE: &'static () = &();
}

/// Validates a value.
pub(crate) fn check<T: Validate<Context: NoContext>>(value: &T) -> Result<(), Report> {
    value.validate_with(T::Context::NONE)
}

// --- 7: a body ---------------------------------------------------------------------------------------------------

pub trait ViaValidated<'r, B: ValidBody<'r>> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, _: &mut Faults) -> Reading<'r, B>
    where
        <B::Value as Validate>::Context: NoContext,
    {
        Box::pin(validated(Box::pin(B::from_argument(request, place.name())), request))
    }

    fn __carafe_requires<P: Place>(&self, requirements: &mut Requirements<'_>, _: P) {
        B::requires(requirements);
        requirements.note_validation(inner_name::<B::Value>());
    }

    fn __carafe_waits(&self) -> bool {
        B::WAITS
    }
}

impl<'r, B: ValidBody<'r>, K: Free> ViaValidated<'r, B> for &&&&&&&Argument<B, K> {}

pub trait ViaValidatedUnnamed<'r, B: ValidBody<'r>> {
    fn __carafe_extract(&self, request: &'r Request) -> Reading<'r, B>
    where
        <B::Value as Validate>::Context: NoContext,
    {
        Box::pin(validated(Box::pin(B::from_request(request)), request))
    }
}

impl<'r, B: ValidBody<'r>> ViaValidatedUnnamed<'r, B> for &&Argument<B, Unnamed> {}

// Boxed, for the reason that stands at `FromRequest for Result`.
async fn validated<'r, B: ValidBody<'r>>(reading: Reading<'r, B>, request: &'r Request) -> Result<B>
where
    <B::Value as Validate>::Context: NoContext,
{
    reading.await?.validated(request)
}

// --- 3: a value --------------------------------------------------------------------------------------------------

pub trait ViaValidatedValue<'r, T: Validate> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, faults: &mut Faults) -> Plain<T>
    where
        T::Context: NoContext;
    fn __carafe_requires<P: Place>(&self, requirements: &mut Requirements<'_>, place: P);
}

impl<'r, T: Deserialize<'r> + Validate, K> ViaValidatedValue<'r, T> for &&&Argument<T, K> {
    fn __carafe_read<P: Place>(&self, request: &'r Request, place: P, faults: &mut Faults) -> Plain<T>
    where
        T::Context: NoContext,
    {
        let plain = ViaDeserialize::__carafe_read(*self, request, place, faults);
        plain.checked(|value| {
            let Err(report) = check(value) else { return true };
            let what = place.what(request);
            let body = (what == JSON_FIELD).then(|| request.form()).and_then(Result::ok);
            let value = body.and_then(|body| match body {
                FormData::Json(map) => map.get(place.name()),
                FormData::Empty | FormData::Pairs(_) | FormData::Multipart(_) => None,
            });
            faults.extend(faults_of(&report, what, place.name(), value));
            false
        })
    }

    fn __carafe_requires<P: Place>(&self, requirements: &mut Requirements<'_>, place: P) {
        ViaDeserialize::__carafe_requires(*self, requirements, place);
        requirements.note_validation(inner_name::<T>());
    }
}

// --- what a report says -------------------------------------------------------------------------------------------

impl Error {
    /// Makes the 422 of a value that a handler or extractor has validated itself. Arguments are validated by themselves.
    ///
    /// ```
    /// use carafe::garde::Validate;
    /// use carafe::{App, Error, Json, Request, Result, get, routes};
    ///
    /// #[derive(serde::Deserialize, Validate)]
    /// struct Post { #[garde(length(min = 1))] title: String }
    ///
    /// #[get("/")]
    /// async fn index(request: &Request) -> Result<String> {
    ///     let Json(post) = request.extract::<Json<Post>>().await?;
    ///     post.validate().map_err(|report| Error::from_report(&report))?;
    ///     Ok(post.title)
    /// }
    ///
    /// let client = App::new().routes(routes![index]).test();
    /// assert_eq!(client.get("/").json(&serde_json::json!({"title": ""})).send().status(), 422);
    /// ```
    pub fn from_report(report: &Report) -> Error {
        Error::of_faults(faults_of(report, "field", "", None))
    }

    /// Makes the 422 of a body or query.
    pub(crate) fn invalid(report: &Report, place: &'static str, body: &Value) -> Error {
        Error::of_faults(faults_of(report, place, "", Some(body)))
    }
}

/// Returns the faults of a report on the value below a name, in the order of their names; `body` is what the value was read from.
fn faults_of(report: &Report, place: &'static str, below: &str, body: Option<&Value>) -> Vec<Fault> {
    let has_pointers = matches!(place, JSON_FIELD | "field");
    let fault = |(path, error): &(garde::Path, garde::Error)| {
        let mut pointer = Pointer::default();
        if !below.is_empty() {
            pointer.push(Step::Key(below.to_owned()));
        }
        follow(&path.to_string(), body, !below.is_empty(), &mut pointer);
        Fault {
            name: pointer.path(),
            place,
            expected: None,
            reason: Some(sentence(error.message())),
            got: None,
            missing: false,
            pointer: has_pointers.then(|| pointer.told()).flatten(),
            refused: true,
        }
    };
    let mut faults: Vec<Fault> = report.iter().map(fault).collect();
    // Garde has an order of its own.
    faults.sort_by(|one, other| one.name.cmp(&other.name));
    faults
}

/// Follows the path of a report through the body: garde has the names of Rust, where serde may have renamed them. Of a struct
/// around one value it has the index, where serde has nothing.
fn follow(path: &str, body: Option<&Value>, is_value: bool, pointer: &mut Pointer) {
    let (mut rest, mut value) = (path, body);
    while !rest.is_empty() {
        let (step, further) = match value.and_then(Value::as_object).and_then(|object| key_at(rest, object)) {
            Some((key, further)) => (Some(Step::Key(key.to_owned())), further),
            None => first(rest),
        };
        rest = further;
        match step {
            Some(Step::Index(index)) => {
                let is_list = value.map_or(!is_value, Value::is_array);
                if is_list {
                    value = index.parse::<usize>().ok().and_then(|index| value?.get(index));
                    pointer.push(Step::Index(index));
                }
            }
            Some(Step::Key(key)) => {
                let key = key.strip_prefix("r#").unwrap_or(&key);
                value = value.and_then(|value| value.get(key));
                pointer.push(Step::Key(key.to_owned()));
            }
            None => {}
        }
    }
}

/// Returns the key of the object that a path begins with, and the rest of the path: the same key, else the only one that
/// differs in case and signs between words alone.
fn key_at<'v, 'p>(path: &'p str, object: &'v Map<String, Value>) -> Option<(&'v str, &'p str)> {
    let path = path.strip_prefix('.').unwrap_or(path);
    let ends = |rest: &&str| rest.is_empty() || rest.starts_with(['.', '[']);
    let same =
        object.keys().filter_map(|key| Some((key.as_str(), path.strip_prefix(key.as_str()).filter(ends)?)));
    if let Some(longest) = same.max_by_key(|(key, _)| key.len()) {
        return Some(longest);
    }
    let (Some(Step::Key(name)), rest) = first(path) else { return None };
    let letters = |name: &str| -> String {
        name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = letters(name.strip_prefix("r#").unwrap_or(&name));
    let mut alike = object.keys().filter(|key| letters(key) == wanted);
    let key = alike.next().filter(|_| alike.next().is_none())?;
    Some((key, rest))
}

/// Returns the body of a form as far as names go, to follow paths through.
pub(crate) fn names_of<'n>(names: impl Iterator<Item = &'n str>) -> Value {
    // Several values make a list; whether there are some does not matter to a path.
    Value::Object(names.map(|name| (name.to_owned(), Value::Array(Vec::new()))).collect())
}
