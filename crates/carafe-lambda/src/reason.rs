//! The words that go with a status.

use http::StatusCode;

/// Returns the reason of RFC 9110 or, where there is none, the name of the class.
pub(crate) fn phrase(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or(match status.as_u16() {
        200..=299 => "Success",
        300..=399 => "Redirection",
        400..=499 => "Client Error",
        _ => "Server Error",
    })
}
