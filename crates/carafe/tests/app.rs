//! What answers without and around a handler: errors, hooks, state, layers, cookies, bodies.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "handlers that panic are the test, and helpers of tests may"
)]

#[path = "app/after.rs"]
mod after;
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
#[cfg(feature = "embed")]
#[path = "app/embedded.rs"]
mod embedded;
#[path = "app/errors.rs"]
mod errors;
#[path = "app/files.rs"]
#[cfg(unix)]
mod files;
#[cfg(unix)]
#[path = "app/folder.rs"]
mod folder;
#[cfg(feature = "gzip")]
#[path = "app/gzip.rs"]
mod gzip;
#[path = "app/multipart.rs"]
mod multipart;
#[path = "app/on_event.rs"]
mod on_event;
#[path = "app/oversize.rs"]
mod oversize;
#[path = "app/ranges.rs"]
mod ranges;
#[path = "app/ready_made.rs"]
mod ready_made;
#[path = "app/snapshots.rs"]
mod snapshots;
#[cfg(feature = "templates")]
#[path = "app/template_values.rs"]
mod template_values;
#[cfg(feature = "templates")]
#[path = "app/templates.rs"]
mod templates;
#[path = "app/uploads.rs"]
mod uploads;
