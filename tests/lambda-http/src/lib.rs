//! The page of the guide on `lambda_http`, compiled; the tests are the rest.

#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/lambda_http.md")]
mod page {}
