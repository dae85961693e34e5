//! What answers without and around a handler: errors, hooks, state, layers, cookies, bodies.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "handlers that panic are the test, and helpers of tests may"
)]

#[path = "app/around.rs"]
mod around;
#[path = "app/bad_input.rs"]
mod bad_input;
#[path = "app/basic.rs"]
mod basic;
#[path = "app/body.rs"]
mod body;
#[path = "app/compressed.rs"]
mod compressed;
#[path = "app/conditional.rs"]
mod conditional;
#[path = "app/cookies.rs"]
mod cookies;
#[path = "app/cors.rs"]
mod cors;
#[path = "app/csrf.rs"]
mod csrf;
#[path = "app/errors.rs"]
mod errors;
#[path = "app/files.rs"]
#[cfg(unix)]
mod files;
#[path = "app/multipart.rs"]
mod multipart;
#[path = "app/ranges.rs"]
mod ranges;
#[cfg(feature = "templates")]
#[path = "app/templates.rs"]
mod templates;
