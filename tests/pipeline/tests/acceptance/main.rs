//! What carafe's pipeline promises, seen from a crate that knows carafe by another name.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test that is how a failure shows, in handlers and helpers too"
)]
#![allow(clippy::needless_pass_by_value, reason = "handlers take their arguments by value")]

/// A crate of one's own that hands carafe on.
mod facade {
    #[allow(clippy::wildcard_imports, reason = "that is how carafe is handed on")]
    pub(crate) use web::*;
}

mod arguments;
mod attaching;
mod client;
mod errors;
mod extracting;
mod extractors;
mod falls;
mod feature;
mod groups;
mod links;
mod middleware;
mod renaming;
mod replies;
mod request;
mod service;
mod structs;
mod tuples;
mod wording;

mod support;
