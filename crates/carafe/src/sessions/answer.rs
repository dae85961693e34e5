//! Post-processing of responses that used a session.

use std::error::Error as StdError;

use http::HeaderValue;
use http::header::CACHE_CONTROL;

use crate::{Error, Response, ResponseExt as _, TimedOut};

/// Returns whether what was done on the way to this answer is to be saved: not what a panic or [`Timeout`](crate::Timeout)
/// left half done.
pub(super) fn is_whole(response: &Response) -> bool {
    let is_timeout = |error: &Error| error.source().is_some_and(<dyn StdError>::is::<TimedOut>);
    !response.error().is_some_and(|error| error.is_panic() || is_timeout(error))
}

/// Keeps an answer out of caches, and from who goes back after a logout, unless its handler says otherwise.
pub(super) fn keep_private(response: &mut Response) {
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
