//! The `vary` header: what an answer depends on beside the address (RFC 9110 §12.5.5).

use crate::http::header::{HeaderMap, HeaderValue, VARY};

/// Tells caches that the answer depends on a header of the request, unless they know.
pub(crate) fn add_vary(headers: &mut HeaderMap, name: &'static str) {
    let told = |value: &HeaderValue| {
        let value = value.to_str().unwrap_or_default();
        value.split(',').map(str::trim).any(|told| told == "*" || told.eq_ignore_ascii_case(name))
    };
    if !headers.get_all(VARY).iter().any(told) {
        headers.append(VARY, HeaderValue::from_static(name));
    }
}
