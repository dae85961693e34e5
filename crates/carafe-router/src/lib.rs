//! Route patterns, their order, and matching, for carafe.
//!
//! Pure: no HTTP, no async. A pattern is parsed once, by the macro or by [`Pattern::parse`]; a [`Router`] sorts the
//! routes by rank and answers with the first whose pattern, filters and typed arguments accept the path.

mod filter;
mod matching;
mod parse;
mod path;
mod pattern;
mod rank;
mod router;

pub use filter::Filter;
pub use matching::Captures;
pub use parse::PatternError;
pub use pattern::{Param, Pattern, Segment};
pub use router::{Collision, Found, Router, RouterBuilder};
