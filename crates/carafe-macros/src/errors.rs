//! All mistakes of one attribute, reported together, each with what to type instead.

use std::ops::Range;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr};

/// Collects mistakes, so that a second one does not wait for the first to be mended.
#[derive(Default)]
pub(crate) struct Errors(Vec<Error>);

impl Errors {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, span: Span, message: impl std::fmt::Display) {
        self.0.push(Error::new(span, message));
    }

    pub(crate) fn add(&mut self, error: Error) {
        self.0.push(error);
    }

    /// A mistake at a byte range inside a string literal.
    ///
    /// Stable compilers let a macro point at a whole literal only, so the place is drawn under the text.
    pub(crate) fn push_in(&mut self, literal: &LitStr, range: Range<usize>, message: &str) {
        let text = literal.value();
        let is_plain = literal.token().to_string() == format!("\"{text}\"");
        if is_plain && let Some(span) = literal.token().subspan(range.start + 1..range.end + 1) {
            return self.push(span, message);
        }
        let before = text.get(..range.start).unwrap_or(&text).chars().count();
        let marked = text.get(range).map_or(1, |part| part.chars().count().max(1));
        let (space, carets) = (" ".repeat(before), "^".repeat(marked));
        // A long rule would wrap, and then the carets point nowhere.
        if before + marked > 100 {
            return self.push(literal.span(), message);
        }
        self.push(literal.span(), format!("{message}\n\n    {text}\n    {space}{carets}\n"));
    }

    /// The `compile_error!` of each.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(Error::to_compile_error).fold(TokenStream::new(), |all, one| quote!(#all #one))
    }
}

/// The name among `candidates` that `wrong` was most likely meant to be.
pub(crate) fn closest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate, wrong), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).clamp(1, 2))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns how many letters have to be added, removed, changed or swapped with their neighbor.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (row, letter) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let get = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (get(&above, column) + usize::from(letter != *other))
                .min(get(&above, column + 1) + 1)
                .min(get(&current, column) + 1);
            if column > 0 && last == Some(*other) && right.get(column - 1) == Some(&letter) {
                cost = cost.min(get(&before, column - 1) + 1);
            }
            current.push(cost);
        }
        before = std::mem::replace(&mut above, current);
        last = Some(letter);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_differ_are_counted() {
        assert_eq!(distance("id", "idd"), 1);
        assert_eq!(distance("GET", "GTE"), 1);
        assert_eq!(distance("name", "nmae"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn only_near_names_are_proposed() {
        assert_eq!(closest("idd", ["name", "id"]), Some("id"));
        assert_eq!(closest("page", ["name", "id"]), None);
        assert_eq!(closest("x", ["y"]), Some("y"));
    }
}
