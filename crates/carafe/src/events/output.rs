//! What functions for events return: data, or a `Result`, whose error fails the invocation.

use std::error::Error as StdError;
use std::ops::DerefMut;

use bytes::Bytes;
use serde::Serialize;

use super::top_level;
use crate::error::{Error, Result, words};

/// What a function of [`App::on_event`](crate::App::on_event) returns: anything that can be serialized, or a `Result` of that,
/// whose error fails the invocation.
///
/// The error is a [`carafe::Error`](crate::Error), a [`std::error::Error`], a box of one such as `anyhow::Error`, or something that
/// can be serialized itself, such as text. Serde knows a `Result` by its name: an enum of your own that is called so counts as one.
/// A `Result` inside the data is sent as data, also one in [`Json`](crate::Json).
///
/// An error that is both, a `std::error::Error` and `Serialize`, leaves the compiler two ways, and it asks for type annotations:
/// return `carafe::Result<T>`, into which `?` turns every error. So does one that is neither.
///
/// ```
/// use carafe::{App, Result, abort};
///
/// #[derive(serde::Deserialize)]
/// struct Batch { records: Vec<String> }
///
/// #[derive(serde::Serialize)]
/// struct Report { read: usize }
///
/// fn report(batch: Batch) -> Report {
///     Report { read: batch.records.len() }
/// }
///
/// async fn strict(batch: Batch) -> Result<Report> {
///     if batch.records.is_empty() {
///         return Err(abort(400, "no records"));
///     }
///     Ok(report(batch))
/// }
///
/// let event = serde_json::json!({"records": ["a", "b"]});
/// assert_eq!(App::new().on_event(report).test().event(&event)["read"], 2);
/// assert_eq!(App::new().on_event(strict).test().event(&event)["read"], 2);
/// ```
///
/// `K` only tells these kinds apart.
pub trait EventOutput<K> {
    #[doc(hidden)]
    fn into_json(self) -> Result<Bytes>;
}

/// Marks what serde can write, also a `Result` of that.
#[derive(Debug)]
pub struct Data;

/// Marks an error of our own.
#[derive(Debug)]
pub struct Ours;

/// Marks a `std::error::Error`.
#[derive(Debug)]
pub struct Logged;

/// Marks a box of a `std::error::Error`.
#[derive(Debug)]
pub struct Boxed;

/// Marks a box of a `std::error::Error` that cannot move between threads.
#[derive(Debug)]
pub struct BoxedHere;

impl<T: Serialize> EventOutput<Data> for T {
    fn into_json(self) -> Result<Bytes> {
        top_level::json(&self)
    }
}

impl<T: Serialize> EventOutput<Ours> for Result<T, Error> {
    fn into_json(self) -> Result<Bytes> {
        top_level::json(&self?)
    }
}

impl<T: Serialize, E: StdError + Send + Sync + 'static> EventOutput<Logged> for Result<T, E> {
    fn into_json(self) -> Result<Bytes> {
        top_level::json(&self?)
    }
}

// An `Arc` of an error is one itself. It is no `DerefMut`, and so this is not a second way for it.
impl<T: Serialize, E> EventOutput<Boxed> for Result<T, E>
where
    E: DerefMut<Target = dyn StdError + Send + Sync> + Into<Box<dyn StdError + Send + Sync>>,
{
    fn into_json(self) -> Result<Bytes> {
        top_level::json(&self?)
    }
}

impl<T: Serialize> EventOutput<BoxedHere> for Result<T, Box<dyn StdError>> {
    fn into_json(self) -> Result<Bytes> {
        top_level::json(&self.map_err(|error| words(&*error))?)
    }
}
