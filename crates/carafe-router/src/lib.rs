//! Route patterns, their order, and matching, for carafe.
//!
//! The crate knows neither HTTP nor async. A [`Pattern`] is parsed once, by the macro or by [`Pattern::parse`]; a [`Router`]
//! sorts the routes and returns the first whose pattern, filters and typed arguments accept the path.
//!
//! ```
//! use carafe_router::{Found, Pattern, RouterBuilder};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut builder = RouterBuilder::new();
//! builder.insert("GET", Pattern::parse("/posts/<name>.<ext>")?, "file");
//! builder.insert("GET", Pattern::parse("/posts/<id:int>")?, "post");
//! let router = builder.build()?;
//!
//! let path = "/posts/caf%C3%A9.txt";
//! let Found::Route { value, captures, .. } = router.find("GET", path, |_, _, _| true) else {
//!     panic!("the path has a route")
//! };
//! assert_eq!((*value, captures.get(0, path), captures.get(1, path)), ("file", Some("café"), Some("txt")));
//! assert!(matches!(router.find("GET", "/posts/x", |_, _, _| true), Found::NotFound));
//! assert!(matches!(
//!     router.find("PUT", "/posts/7", |_, _, _| true),
//!     Found::MethodNotAllowed { allow, .. } if allow == ["GET", "HEAD", "OPTIONS"]
//! ));
//! # Ok(())
//! # }
//! ```
//!
//! # The order
//!
//! Segment by segment from the left, a route whose segment is literal text comes before one with text beside
//! parameters (more text first), then one with a filter or a typed argument, then a plain parameter, then `path`. Equals
//! keep the order in which they were inserted. The request's own method comes before [`ANY`], wherever both are in that
//! order, and `HEAD` is answered by `GET` where nothing else is there for it.
//!
//! # Paths
//!
//! Paths are given as the client sent them. A path is split at `/` first, then each segment is decoded once (RFC 3986
//! §2.1), so `%2F` is a character inside its segment. A `%` without two hexadecimal digits stands for itself. Nothing is done
//! about `//`, `.` and `..`. [`canonical`] returns the one spelling of a path that stands for all others.
//!
//! # Several parameters in a segment
//!
//! From the left, each takes as much as possible while the rest still matches, and at least one character: `/<a>-<b>`
//! reads `/x-y-z` as `x-y` and `z`. A `path` takes as little as possible: `/<p:path>/<f>` reads `/a/b/c` as `a/b` and `c`,
//! because with less something would be left over.
//!
//! Where a parameter with an expression (`re`) has a parameter behind it, or a value before it has more than one possible
//! end, the pattern as a whole is one expression, so that the time is linear in the length of the path whatever the client
//! sends. The filter's own preference, leftmost first, then decides where its value ends: `/<a:re:[a-z]+?>b<c>` reads `/abbb`
//! as `a` and `bb`. `^` and `$` at the ends of such an expression are left out, and `*` behind all of it is `+`; what looks
//! around the value, as `\b` does, and what may be empty is an error of [`Pattern::parse`]. `%2F` is a slash to an expression,
//! and separates no segments.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod backtrack;
mod captures;
mod filter;
mod found;
mod hash;
mod index;
mod matcher;
mod order;
mod path;
mod pattern;
mod regex;
mod router;
mod work;

pub use captures::Captures;
pub use filter::Filter;
pub use found::Found;
pub use path::canonical;
pub use pattern::{Param, Pattern, PatternError, PatternErrors, Token};
pub use regex::Regex;
pub use router::{ANY, Collisions, Router, RouterBuilder};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
