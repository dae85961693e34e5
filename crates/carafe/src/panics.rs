//! Catches panics: a panic is an error like any other, a 500 with its place in the log.

use std::future::Future;

use crate::error::{Error, Result};

/// Runs a future whose panic is an error.
pub(crate) async fn fenced<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    carafe_lambda::caught(work).await.map_err(Error::from_panic)?
}

/// Runs a function whose panic is an error.
pub(crate) fn fenced_now<T>(work: impl FnOnce() -> T) -> Result<T> {
    carafe_lambda::caught_sync(work).map_err(Error::from_panic)
}
