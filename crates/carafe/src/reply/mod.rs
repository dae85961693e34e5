//! What a handler returned becomes an answer.
//!
//! The glue takes the value apart layer by layer: a `Result`, an `Option`, a tuple of status, media type and
//! headers, in any order and nesting ([`layer`]). What is left is a leaf ([`leaf`]): a response by itself, else
//! anything `Serialize` as JSON. An `Err` goes its own way ([`fail`]) and never leaves with a 2xx status.

pub(crate) mod fail;
pub(crate) mod layer;
pub(crate) mod leaf;
mod parts;

pub(crate) use parts::Part;
pub use parts::Parts;
