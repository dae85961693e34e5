//! Route patterns, their order, and matching, for carafe.
//!
//! Pure: no HTTP, no async. A pattern is parsed once, by the macro or by [`Pattern::parse`]; a [`Router`] sorts the
//! routes by rank and answers with the first whose pattern, filters and typed arguments accept the path.

mod captures;
mod filter;
mod fnv;
mod index;
mod matching;
mod parse;
mod path;
mod pattern;
mod rank;
mod reach;
mod router;
mod tree;

pub use captures::Captures;
pub use filter::Filter;
pub use parse::PatternError;
pub use pattern::{Param, Pattern, Segment};
pub use router::{Collision, Found, Router, RouterBuilder};
