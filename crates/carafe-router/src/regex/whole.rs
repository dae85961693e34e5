//! One expression for a whole pattern: linear however many of its parameters have expressions of their own.
//!
//! A slash that is a character of its segment (`%2F`) is [`INSIDE`](crate::path::INSIDE) in the text that is searched, so that
//! neither the pattern's text nor a plain parameter takes it for one that separates segments. The parts that come from a `re`
//! filter take it for a slash.

use std::sync::OnceLock;

use super::part::{self, Unfit, anchored};
use crate::work;

/// A piece of a pattern that is matched as one expression.
pub(crate) enum Piece<'t> {
    /// Text.
    Text(&'t str),
    /// A parameter whose values this expression matches; it has no groups that capture.
    Value(&'static str),
    /// A parameter with an expression of its own.
    Regex(&'t str),
}

/// Gets the index of a parameter, and where its value begins and ends.
pub(super) type Set<'s> = dyn FnMut(usize, usize, usize) + 's;

/// An expression with a group for each parameter, and nothing else that captures.
pub(super) struct Whole {
    regex: regex_lite::Regex,
    /// For each parameter with an expression of its own, that expression.
    filters: Vec<Option<Own>>,
}

/// The expression of a filter alone, compiled when it is first needed.
struct Own {
    text: String,
    compiled: OnceLock<Option<regex_lite::Regex>>,
}

impl Own {
    fn accepts(&self, value: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| regex_lite::Regex::new(&anchored(&self.text)).ok());
        work::add(value.len());
        compiled.as_ref().is_some_and(|compiled| compiled.is_match(value))
    }
}

/// The most bytes that an expression for a whole pattern may need.
const SIZE_LIMIT: usize = 10 << 20;

/// Checks that the pieces fit into one expression.
pub(super) fn check(pieces: &[Piece<'_>]) -> Result<(), Unfit> {
    build(pieces, SIZE_LIMIT).map(drop)
}

/// Compiles one expression for the pieces.
pub(super) fn compile(pieces: &[Piece<'_>]) -> Option<Whole> {
    // More than when the pattern was checked: a prefix may have come in front of it.
    let regex = build(pieces, SIZE_LIMIT * 2).ok()?;
    let filters = pieces.iter().filter_map(|piece| match piece {
        Piece::Text(_) => None,
        Piece::Value(_) => Some(None),
        Piece::Regex(text) => Some(Some(Own { text: (*text).to_owned(), compiled: OnceLock::new() })),
    });
    Some(Whole { regex, filters: filters.collect() })
}

fn build(pieces: &[Piece<'_>], size_limit: usize) -> Result<regex_lite::Regex, Unfit> {
    let mut text = String::from("^");
    for piece in pieces {
        match piece {
            Piece::Text(literal) => text.push_str(&regex_lite::escape(literal)),
            Piece::Value(value) => text.extend(["(", value, ")"]),
            Piece::Regex(regex) => text.extend(["(", &part::of(regex)?, ")"]),
        }
    }
    text.push('$');
    // The parts have more brackets around them than when they were checked alone.
    let built =
        regex_lite::RegexBuilder::new(&text).size_limit(size_limit).nest_limit(part::NEST_LIMIT).build();
    built.map_err(|_| Unfit::too_large())
}

impl Whole {
    /// Matches a path, given as text and with its inner slashes marked, and tells where the values are.
    pub(super) fn find(&self, text: &str, marked: &str, set: &mut Set<'_>) -> bool {
        work::add(marked.len());
        let Some(groups) = self.regex.captures(marked) else { return false };
        self.filters.iter().enumerate().all(|(index, filter)| {
            let Some(range) = groups.get(index + 1).map(|group| group.range()) else { return false };
            set(index, range.start, range.end);
            // A class may take a marked slash although it has none.
            let in_doubt = filter.as_ref().filter(|_| text != marked);
            in_doubt.is_none_or(|own| text.get(range).is_some_and(|value| own.accepts(value)))
        })
    }
}
