//! Matches one pattern against one path.

use std::sync::OnceLock;

use crate::backtrack::{Memo, Spans};
use crate::captures::Captures;
use crate::filter::Filter;
use crate::path::Path;
use crate::pattern::Pattern;
use crate::pattern::token::{Token, trailing_text};
use crate::regex::{Compiled, Regex};

/// The regular expressions of a pattern, each compiled when it is first needed: most functions start far more often than
/// all of their routes are tried.
#[derive(Debug, Default)]
pub(crate) struct Regexes(Vec<OnceLock<Option<Compiled>>>);

impl Regexes {
    /// Makes a place for each expression of these tokens.
    pub(crate) fn of(tokens: &[Token]) -> Regexes {
        let mut regexes = Vec::new();
        let params = tokens.iter().filter_map(|token| match token {
            Token::Param(param) => Some(param),
            Token::Text(_) | Token::Query(_) => None,
        });
        for (index, param) in params.enumerate() {
            if matches!(param.filter, Filter::Re(_)) {
                regexes.resize_with(index + 1, OnceLock::new);
            }
        }
        Regexes(regexes)
    }

    /// Returns whether the expression of the parameter at `index` matches the whole value. One that does not compile,
    /// which the parser refuses, matches nothing.
    fn accept(&self, index: usize, regex: &Regex, value: &str) -> bool {
        let compiled = self.0.get(index).and_then(|place| place.get_or_init(|| regex.compile()).as_ref());
        compiled.is_some_and(|compiled| compiled.accepts(value))
    }
}

impl Pattern {
    /// Matches the pattern alone against a path as the client sent it, filters included, and returns the values of its
    /// parameters. Typed arguments are not asked.
    ///
    /// This is for checks, as of a link against its own route: regular expressions are compiled for each call. Many
    /// patterns, or many paths, are for a [`Router`](crate::Router).
    ///
    /// ```
    /// # fn main() -> Result<(), carafe_router::PatternErrors> {
    /// let pattern = carafe_router::Pattern::parse("/<name>.<ext:re:[a-z]+>")?;
    /// let path = pattern.url(&["a/b", "txt"]);
    /// let captures = pattern.captures(&path).expect("a link matches its route");
    /// assert_eq!((captures.get(0, &path), captures.get(1, &path)), (Some("a/b"), Some("txt")));
    /// assert!(pattern.captures(&pattern.url(&["a", "7"])).is_none());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn captures(&self, raw_path: &str) -> Option<Captures> {
        find(self.tokens(), &Regexes::of(self.tokens()), &Path::decode(raw_path)?)
    }
}

/// How many bytes regular expressions may read while a path is matched. An expression at the end of its segment runs once;
/// one with text behind it runs wherever that text occurs, which a hostile path has thousands of. No honest path comes
/// near this limit.
const BUDGET: usize = 1 << 18;

/// Finds the first way to read the path as the pattern: from the left, each `path` as short as possible, each other
/// parameter as long as possible.
///
/// Takes time linear in the length of the path, except for regular expressions, which have a budget.
pub(crate) fn find(tokens: &[Token], regexes: &Regexes, path: &Path<'_>) -> Option<Captures> {
    // Most candidates that do not match differ at their end, and that is cheap to see.
    if !path.text.ends_with(trailing_text(tokens)) {
        return None;
    }
    let mut search =
        Search { tokens, regexes, path, captures: Captures::default(), backtrack: None, budget: BUDGET };
    if !search.from(0, 0, 0) {
        return None;
    }
    search.captures.finish(path);
    Some(search.captures)
}

struct Search<'s> {
    tokens: &'s [Token],
    regexes: &'s Regexes,
    path: &'s Path<'s>,
    captures: Captures,
    /// Memo for backtracking; made once a parameter has more than one possible end.
    backtrack: Option<Backtrack<'s>>,
    budget: usize,
}

struct Backtrack<'s> {
    spans: Spans<'s>,
    memo: Memo,
}

impl Search<'_> {
    /// Returns whether the tokens from `token` on match the text from `at` to its end; `index` is the number of their first
    /// parameter.
    fn from(&mut self, token: usize, index: usize, at: usize) -> bool {
        match self.tokens.get(token) {
            None | Some(Token::Query(_)) => at == self.path.text.len(),
            Some(Token::Text(text)) => {
                self.path.has_at(text, at) && self.from(token + 1, index, at + text.len())
            }
            Some(Token::Param(param)) => self.param(token, index, at, &param.filter),
        }
    }

    fn param(&mut self, token: usize, index: usize, at: usize, filter: &Filter) -> bool {
        let next = match self.tokens.get(token + 1) {
            Some(Token::Text(text)) => Some(&**text),
            Some(Token::Param(_)) => Some(""),
            None | Some(Token::Query(_)) => None,
        };
        // The last parameter takes all that is left, and one that does not cross ends before the next slash.
        let has_one_end = next.is_none_or(|next| next.starts_with('/') && !filter.crosses());
        let (mut first, last) = match &mut self.backtrack {
            Some(backtrack) => backtrack.spans.of(filter, at),
            None if has_one_end => Spans::new(self.path).of(filter, at),
            none => {
                let backtrack = Backtrack { spans: Spans::new(self.path), memo: Memo::default() };
                none.insert(backtrack).spans.of(filter, at)
            }
        };
        if first > last {
            return false;
        }
        if has_one_end {
            first = last;
        }
        let shortest = *filter == Filter::Path;
        let mut end = if shortest { first } else { last };
        loop {
            if let Some(backtrack) = &self.backtrack {
                end = backtrack.memo.skip(index, end, shortest);
            }
            if end < first || end > last {
                break;
            }
            if self.path.text.is_char_boundary(end)
                && next.is_none_or(|next| self.path.has_at(next, end))
                && self.take(token, index, at, end, filter)
            {
                return true;
            }
            end = if shortest { end + 1 } else { end - 1 };
        }
        if let Some(backtrack) = &mut self.backtrack
            && !matches!(filter, Filter::Re(_))
        {
            backtrack.memo.note(index, first, last);
        }
        false
    }

    /// Returns whether the rest matches behind this value, and the value matches its expression. The expression comes last,
    /// because it costs more.
    fn take(&mut self, token: usize, index: usize, at: usize, end: usize, filter: &Filter) -> bool {
        self.captures.set(index, at, end);
        if !self.from(token + 1, index + 1, end) {
            return false;
        }
        let Filter::Re(regex) = filter else { return true };
        let path = self.path;
        let Some(value) = path.text.get(at..end) else { return false };
        let Some(left) = self.budget.checked_sub(value.len()) else { return false };
        self.budget = left;
        self.regexes.accept(index, regex, value)
    }
}
