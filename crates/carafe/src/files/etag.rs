//! Entity tags: made of the bytes of a file, and compared with those that a client has (RFC 9110 §8.8.3, §13.1.2).

use http::{HeaderValue, Method};

use super::murmur3;
use crate::error::Result;
use crate::request::Request;

/// Makes the strong tag of these bytes: the same bytes have the same tag in every build and on every machine.
pub(super) fn of(bytes: &[u8]) -> Result<HeaderValue> {
    Ok(HeaderValue::try_from(format!("\"{:032x}\"", murmur3::hash(bytes)))?)
}

/// Returns whether the client says in `If-None-Match` that it has what this tag stands for.
///
/// The comparison is weak, so that a tag fits which a proxy made weak when it compressed the answer.
pub(super) fn is_known(request: &Request, tag: &HeaderValue) -> bool {
    let own = tag.to_str().ok().and_then(|tag| tags(tag).next());
    let fits = |list: &str| list.trim_ascii() == "*" || tags(list).any(|one| Some(one) == own);
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.headers().any(|(name, list)| name == "if-none-match" && fits(list))
}

/// Returns what stands between the quotes of each tag in a list. A tag may have commas in it, but no quotes.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut pieces = list.split('"').skip(1);
    std::iter::from_fn(move || {
        let tag = pieces.next()?;
        // What follows it is the comma before the next tag; without that, its closing quote is missing.
        pieces.next().map(|_| tag)
    })
}
