//! What is done to answers of pages that depend on a session.

use http::HeaderValue;
use http::header::CACHE_CONTROL;

use crate::{Error, Response, ResponseExt as _};

/// Returns whether what was done on the way to this answer is to be saved: not what a panic left half done.
pub(super) fn is_whole(response: &Response) -> bool {
    !response.error().is_some_and(Error::is_panic)
}

/// Keeps an answer out of caches, and from who goes back after a logout, unless its handler says otherwise.
pub(super) fn keep_private(response: &mut Response) {
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
