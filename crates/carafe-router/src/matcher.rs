//! Matches one pattern against one path.

use std::sync::OnceLock;

use crate::backtrack::{Memo, Spans};
use crate::captures::Captures;
use crate::filter::Filter;
use crate::path::Path;
use crate::pattern::Pattern;
use crate::pattern::pieces;
use crate::pattern::token::{Token, trailing_text};
use crate::regex::{Compiled, Regex};
use crate::work;

/// The regular expressions of a pattern, each compiled when it is first needed: most functions start far more often than
/// all of their routes are tried. One that does not compile, which the parser refuses, matches nothing.
#[derive(Debug)]
pub(crate) enum Regexes {
    /// A place for each parameter up to the last that has an expression.
    Each(Vec<Lazy>),
    /// One expression for the whole pattern.
    Whole(Lazy),
}

type Lazy = OnceLock<Option<Compiled>>;

impl Regexes {
    /// Makes places for the expressions of these tokens.
    pub(crate) fn of(tokens: &[Token]) -> Regexes {
        let is_regex =
            |token: &Token| matches!(token, Token::Param(param) if matches!(param.filter, Filter::Re(_)));
        if !tokens.iter().any(is_regex) {
            return Regexes::Each(Vec::new());
        }
        if pieces::are_needed_for(tokens).is_some() {
            return Regexes::Whole(OnceLock::new());
        }
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
        Regexes::Each(regexes)
    }

    /// Returns whether the expression of the parameter at `index` matches the whole value.
    fn accept(&self, index: usize, regex: &Regex, value: &str) -> bool {
        let Regexes::Each(all) = self else { return false };
        let compiled = all.get(index).and_then(|place| place.get_or_init(|| regex.compile()).as_ref());
        compiled.is_some_and(|compiled| compiled.accepts(value))
    }
}

/// Matches a path with one expression for all of the tokens.
// Not inlined, so that patterns without an expression do not pay for it.
#[cold]
fn find_whole(tokens: &[Token], place: &Lazy, path: &Path<'_>) -> Option<Captures> {
    let compiled =
        place.get_or_init(|| pieces::are_needed_for(tokens)?.compile_whole(&pieces::of(tokens))).as_ref()?;
    let mut captures = Captures::default();
    let set = &mut |index, start, end| captures.set(index, start, end);
    let found = compiled.find(&path.text, &path.marked(), set);
    found.then_some(captures)
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

/// Finds the first way to read the path as the pattern: from the left, each `path` as short as possible, each other
/// parameter as long as possible.
///
/// Takes time linear in the length of the path. Where an expression could be tried in more than one place, all of the
/// pattern is one expression, and the preference of each decides where its value ends.
pub(crate) fn find(tokens: &[Token], regexes: &Regexes, path: &Path<'_>) -> Option<Captures> {
    // Most candidates that do not match differ at their end, and that is cheap to see.
    if !path.text.ends_with(trailing_text(tokens)) {
        return None;
    }
    let mut captures = match regexes {
        Regexes::Whole(place) => find_whole(tokens, place, path)?,
        Regexes::Each(_) => {
            let mut search = Search { tokens, regexes, path, captures: Captures::default(), backtrack: None };
            if !search.from(0, 0, 0) {
                return None;
            }
            search.captures
        }
    };
    captures.finish(path);
    Some(captures)
}

struct Search<'s> {
    tokens: &'s [Token],
    regexes: &'s Regexes,
    path: &'s Path<'s>,
    captures: Captures,
    /// Memo for backtracking; made once a parameter has more than one possible end.
    backtrack: Option<Backtrack<'s>>,
}

struct Backtrack<'s> {
    spans: Spans<'s>,
    memo: Memo,
}

impl Search<'_> {
    /// Returns whether the tokens from `token` on match the text from `at` to its end; `index` is the number of their first
    /// parameter.
    fn from(&mut self, token: usize, index: usize, at: usize) -> bool {
        work::add(1);
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
            work::add(1);
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
        if let Some(backtrack) = &mut self.backtrack {
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
        self.path.text.get(at..end).is_some_and(|value| self.regexes.accept(index, regex, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILTERS: [&str; 7] = ["", ":int", ":float", ":path", ":re:[0-9]+", ":re:.+", ":re:[a-z/]+"];

    /// All pairs and triples of filters, one to a segment, or with a hyphen between them and text at the end.
    fn patterns() -> Vec<String> {
        let mut patterns = Vec::new();
        for (between, end) in [("/", ""), ("-", "!")] {
            for third in FILTERS.into_iter().map(Some).chain([None]) {
                let third = third.map(|third| format!("{between}<c{third}>")).unwrap_or_default();
                for (first, second) in FILTERS.iter().flat_map(|first| FILTERS.map(|second| (first, second)))
                {
                    patterns.push(format!("/<a{first}>{between}<b{second}>{third}{end}"));
                }
            }
        }
        patterns
    }

    /// Returns the work for a path, and whether it matched.
    fn work_for(pattern: &Pattern, regexes: &Regexes, path: &str) -> (usize, bool) {
        let path = Path::decode(path).unwrap();
        work::take();
        let found = find(pattern.tokens(), regexes, &path).is_some();
        (work::take(), found)
    }

    /// Asserts that twice the path is at most 2.1 times the work, for each of these paths. Returns the most work for a byte,
    /// and how many paths matched.
    fn assert_linear(pattern: &str, units: &[&str], end: &str) -> (usize, usize) {
        let parsed = Pattern::parse(pattern).unwrap();
        let regexes = Regexes::of(parsed.tokens());
        // One expression for the whole path reads it once, and is slow where it is not optimised.
        let len = if pieces::are_needed_for(parsed.tokens()).is_some() { 64 } else { 2048 };
        let (mut most, mut matched) = (0, 0);
        for unit in units {
            let path = |len: usize| format!("/{}{end}", unit.repeat(len / unit.len()));
            let (before, _) = work_for(&parsed, &regexes, &path(len));
            let (now, found) = work_for(&parsed, &regexes, &path(2 * len));
            // What stops at once may do one thing more.
            assert!(now * 10 <= before * 21 + 100, "{pattern} {unit} {end}: {before}, {now}");
            most = most.max(now.div_ceil(2 * len));
            matched += usize::from(found);
        }
        (most, matched)
    }

    // Instructions are counted in `tests/bench`.
    #[test]
    fn twice_the_path_is_twice_the_work() {
        let (mut most, mut matched) = (0, 0);
        for pattern in patterns() {
            let units = ["/", "-", "1", "a", "1/", "1-", "a-/", ".1-", "%2F", "a-/1%2F"];
            let end = if pattern.ends_with('!') { "!" } else { "" };
            let (work, found) = assert_linear(&pattern, &units, end);
            most = most.max(work);
            matched += found;
        }
        assert!(matched > 300, "{matched}");
        assert!(most <= 10, "{most}");
    }

    #[test]
    fn what_was_more_than_linear_is_linear() {
        for (pattern, unit, end) in [
            ("/<y:re:[0-9]{4}>/<m:re:[0-9]{2}>/<d:re:[0-9]{2}>/<slug>.html", "1/", ".html"),
            ("/re3/<a:re:.+>-<b:re:.+>-<c:re:.+>-<d:int>", "re3/-", ""),
            ("/<lang:re:[a-z]{2}>/<slug:re:[a-z0-9-]+>/<id:int>", "/", ""),
            ("/<a:path>/<b:re:[a-z]+>x", "a/", "x"),
            ("/<a:re:[a-z-]+1>-<b>", "a-", ""),
            ("/<a:re:.+>-<b:re:[0-9-]+>", "1-", "x"),
            ("/<a:re:(a+)+b>", "a", ""),
            ("/<a:re:(a|aa|aaa)*b>", "a", ""),
            ("/<a>-<b>-<c>-<d>-<e>-<f>x", "-", ""),
            ("/<a>-<b>/<c>/<d>x", "--/", ""),
            ("/<a:path>/<b:path>/<c>/<d>/x", "a/", ""),
            ("/<a:int>1<b:int>1<c:int>x", "1", "x"),
            ("/<a:float>1<b:float>1<c:float>x", "1", "x"),
            ("/<a:float>.<b:float>.<c:float>x", "1.", "x"),
            ("/<a:path>%<b:path>%<c>x", "%25", "x"),
            ("/<a:path>/x", "%2F", "x"),
        ] {
            assert_linear(pattern, &[unit], end);
        }
    }
}
