//! The `Err` of a reply. It never leaves with a 2xx status, and what a client should not read is only logged.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::marker::PhantomData;

use http::StatusCode;
use serde::Serialize;

use super::layer::NoFailure;
use super::leaf::json;
use super::{Part, Parts};
use crate::error::Error;
use crate::response::{IntoResponse, Response};

// --- the tuple around an error -------------------------------------------------------------------------------

/// Stands for an error that has a tuple around it, or may have.
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
pub struct Meant;

/// The author named none.
#[derive(Debug)]
pub struct Unmeant;

/// A tuple of parts and a value.
pub trait Tuple {
    /// The value.
    type Value;
    /// Takes the tuple apart.
    fn split(self, parts: &mut Parts) -> Self::Value;
}

impl<A: Part, T> Tuple for (A, T) {
    type Value = T;

    fn split(self, parts: &mut Parts) -> T {
        self.0.add_to(parts);
        self.1
    }
}

impl<A: Part, B: Part, T> Tuple for (A, B, T) {
    type Value = T;

    fn split(self, parts: &mut Parts) -> T {
        self.0.add_to(parts);
        self.1.add_to(parts);
        self.2
    }
}

impl<A: Part, B: Part, C: Part, T> Tuple for (A, B, C, T) {
    type Value = T;

    fn split(self, parts: &mut Parts) -> T {
        self.0.add_to(parts);
        self.1.add_to(parts);
        self.2.add_to(parts);
        self.3
    }
}

impl Meant {
    /// The value in the tuple, and how it will be answered.
    pub fn split<T: Tuple>(self, error: T, parts: &mut Parts) -> (T::Value, Failed<Meant, T::Value>) {
        (error.split(parts), Failed(PhantomData))
    }
}

impl Unmeant {
    /// The error as it is, and how it will be answered.
    pub fn split<T>(self, error: T, _: &mut Parts) -> (T, Failed<Unmeant, T>) {
        (error, Failed(PhantomData))
    }
}

/// Chosen for tuples.
pub trait ViaTuple {
    /// Says so.
    fn cause(&self) -> Meant {
        Meant
    }
}

impl<T: Tuple> ViaTuple for Cause<T> {}

/// Chosen for all others.
pub trait ViaWhole {
    /// Says so.
    fn cause(&self) -> Unmeant {
        Unmeant
    }
}

impl<T> ViaWhole for &Cause<T> {}

// --- the error itself ----------------------------------------------------------------------------------------

/// Stands for an error without its tuple.
#[derive(Debug)]
pub struct Failed<S, T>(PhantomData<fn() -> (S, T)>);

/// An error that is ours already.
pub trait Ours {
    /// The error.
    fn ours(self) -> Error;
}

impl Ours for Error {
    fn ours(self) -> Error {
        self
    }
}

impl Ours for NoFailure {
    fn ours(self) -> Error {
        Error::new(StatusCode::INTERNAL_SERVER_ERROR, "")
    }
}

/// Answers with our own error.
#[derive(Debug)]
pub struct AsOurs;
/// Answers with a text.
#[derive(Debug)]
pub struct AsText;
/// Answers with a response.
#[derive(Debug)]
pub struct AsResponse;
/// Answers with JSON.
#[derive(Debug)]
pub struct AsJson;
/// Logs the error and its sources, and answers with the bare status.
#[derive(Debug)]
pub struct AsLogged;
/// The same for an error that cannot move between threads, of which only the words are kept.
#[derive(Debug)]
pub struct AsWords;
/// The value is none of these, which the bound reports.
#[derive(Debug)]
pub struct AsNothing;

/// What a tuple said goes onto an error too: its status, and nothing else can.
fn logged(source: Box<dyn StdError + Send + Sync>, parts: Parts) -> Error {
    match parts.into_status() {
        Some(status) => Error::bare(status).with_source(source),
        None => Error::from_source(source),
    }
}

impl AsOurs {
    /// The error as it is; its own status counts.
    pub fn respond<T: Ours>(self, error: T, _: Parts) -> Result<Response, Error> {
        Err(error.ours())
    }
}

impl AsText {
    /// The text for the client, or for the log.
    pub fn respond<T: AsRef<str>>(self, error: T, parts: Parts) -> Result<Response, Error> {
        let text = error.as_ref().to_owned();
        match parts.into_status() {
            Some(status) => Err(Error::new(status, text)),
            None => Err(Error::from_source(text.into())),
        }
    }
}

impl AsResponse {
    /// The response, which becomes a 500 if it were a success.
    pub fn respond<T: IntoResponse>(self, error: T, parts: Parts) -> Result<Response, Error> {
        parts.dress(error.into_response()).map(never_fine)
    }
}

impl AsJson {
    /// The value as JSON.
    pub fn respond<T: Serialize>(self, error: T, parts: Parts) -> Result<Response, Error> {
        parts.dress(json(&error)).map(never_fine)
    }
}

impl AsLogged {
    /// The error for the log.
    pub fn respond<T>(self, error: T, parts: Parts) -> Result<Response, Error>
    where
        T: Into<Box<dyn StdError + Send + Sync>>,
    {
        Err(logged(error.into(), parts))
    }
}

impl AsWords {
    /// The error's words for the log.
    pub fn respond<T: Into<Box<dyn StdError>>>(self, error: T, parts: Parts) -> Result<Response, Error> {
        let error = error.into();
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            words.push_str(": ");
            words.push_str(&cause.to_string());
            source = cause.source();
        }
        Err(logged(words.into(), parts))
    }
}

impl AsNothing {
    /// Never called: the bound is never met.
    pub fn respond<T: Failure>(self, _: T, parts: Parts) -> Result<Response, Error> {
        Err(logged("".into(), parts))
    }
}

fn never_fine(mut response: Response) -> Response {
    if response.status().is_success() {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    }
    response
}

/// What can stand in the `Err` of a handler's `Result`.
#[diagnostic::on_unimplemented(
    message = "a handler cannot fail with `{Self}`",
    label = "the `Err` of this type is not an error and not a reply",
    note = "use `carafe::Result<T>` or `carafe::Error`, any `std::error::Error`, or a reply with a status such as `(StatusCode, T)`"
)]
pub trait Failure {}

/// Chosen for our own error.
pub trait ViaOurs {
    /// Says so.
    fn failure(&self) -> AsOurs {
        AsOurs
    }
}
impl<S> ViaOurs for &&&&&&Failed<S, Error> {}
impl<S> ViaOurs for &&&&&&Failed<S, NoFailure> {}

/// Chosen for text.
pub trait ViaText {
    /// Says so.
    fn failure(&self) -> AsText {
        AsText
    }
}
impl<S> ViaText for &&&&&&Failed<S, String> {}
impl<S> ViaText for &&&&&&Failed<S, &str> {}
impl<S> ViaText for &&&&&&Failed<S, Cow<'_, str>> {}
impl<S> ViaText for &&&&&&Failed<S, Box<str>> {}

/// Chosen for responses.
pub trait ViaReply {
    /// Says so.
    fn failure(&self) -> AsResponse {
        AsResponse
    }
}
impl<S, T: IntoResponse> ViaReply for &&&&&Failed<S, T> {}

/// Chosen for data with a status.
pub trait ViaMeantJson {
    /// Says so.
    fn failure(&self) -> AsJson {
        AsJson
    }
}
impl<T: Serialize> ViaMeantJson for &&&&Failed<Meant, T> {}

/// Chosen for errors.
pub trait ViaError {
    /// Says so.
    fn failure(&self) -> AsLogged {
        AsLogged
    }
}
impl<S, T: Into<Box<dyn StdError + Send + Sync>>> ViaError for &&&Failed<S, T> {}

/// Chosen for errors that cannot move between threads.
pub trait ViaLocalError {
    /// Says so.
    fn failure(&self) -> AsWords {
        AsWords
    }
}
impl<S, T: Into<Box<dyn StdError>>> ViaLocalError for &&Failed<S, T> {}

/// Chosen for data without a status.
pub trait ViaAnyJson {
    /// Says so.
    fn failure(&self) -> AsJson {
        AsJson
    }
}
impl<S, T: Serialize> ViaAnyJson for &Failed<S, T> {}

/// Chosen for all others.
pub trait ViaNoFailure {
    /// Says so.
    fn failure(&self) -> AsNothing {
        AsNothing
    }
}
impl<S, T> ViaNoFailure for Failed<S, T> {}
