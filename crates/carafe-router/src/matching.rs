//! One pattern against one path.

use std::sync::OnceLock;

use regex_lite::Regex;

use crate::captures::Captures;
use crate::parse::anchored;
use crate::path::Path;
use crate::{Filter, Pattern, Segment};

/// The expressions of a pattern, each compiled when it is first needed: most functions start far more often than all
/// of their routes are asked.
#[derive(Debug, Default)]
pub(crate) struct Expressions(Vec<OnceLock<Option<Regex>>>);

impl Expressions {
    pub(crate) fn of(pattern: &Pattern) -> Expressions {
        let mut expressions = Vec::new();
        for (index, param) in pattern.params().enumerate() {
            if matches!(param.filter, Filter::Re(_)) {
                expressions.resize_with(index + 1, OnceLock::new);
            }
        }
        Expressions(expressions)
    }

    /// Whether the expression of the parameter at `index` takes the whole text. One that does not compile, which the
    /// parser refuses, takes nothing.
    fn accept(&self, index: usize, expression: &str, text: &str) -> bool {
        let compiled =
            self.0.get(index).map(|place| place.get_or_init(|| Regex::new(&anchored(expression)).ok()));
        compiled.is_some_and(|compiled| compiled.as_ref().is_some_and(|compiled| compiled.is_match(text)))
    }
}

/// The first way to read the path as the pattern: from the left, each `path` as short as it can be, each other
/// parameter as long.
pub(crate) fn find(pattern: &Pattern, expressions: &Expressions, path: &Path<'_>) -> Option<Captures> {
    let captures = Captures::default();
    let segments = pattern.segments();
    let mut search = Search { segments, expressions, path, captures, branched: false, failed: Vec::new() };
    if !search.from(0, 0, 0) {
        return None;
    }
    search.captures.finish(path);
    Some(search.captures)
}

struct Search<'s> {
    segments: &'s [Segment],
    expressions: &'s Expressions,
    path: &'s Path<'s>,
    captures: Captures,
    /// Whether some parameter had more than one place to end, so that others may be asked twice.
    branched: bool,
    /// A bit for each parameter and place where it was tried in vain: without this a hostile path would be tried in
    /// every combination.
    failed: Vec<u64>,
}

impl Search<'_> {
    /// Whether the pieces from `segment`, whose next parameter is number `index`, read the text from `at` to its end.
    fn from(&mut self, segment: usize, index: usize, at: usize) -> bool {
        match self.segments.get(segment) {
            None | Some(Segment::Query(_)) => at == self.path.text.len(),
            Some(Segment::Text(text)) => {
                self.path.has_at(text, at) && self.from(segment + 1, index, at + text.len())
            }
            Some(Segment::Param(param)) => {
                if self.branched && self.has_failed(segment, at) {
                    return false;
                }
                let found = self.param(segment, index, at, &param.filter);
                if !found && self.branched {
                    self.note_failed(segment, at);
                }
                found
            }
        }
    }

    fn param(&mut self, segment: usize, index: usize, at: usize, filter: &Filter) -> bool {
        let limit = if filter.crosses() { self.path.text.len() } else { self.path.segment_end(at) };
        let next = match self.segments.get(segment + 1) {
            None | Some(Segment::Query(_)) => {
                return limit == self.path.text.len() && self.take(segment, index, at..limit, filter);
            }
            // What does not cross ends where the segment ends.
            Some(Segment::Text(text)) if text.starts_with('/') && !filter.crosses() => {
                return self.take(segment, index, at..limit, filter);
            }
            Some(Segment::Text(text)) => text,
            Some(Segment::Param(_)) => "",
        };
        self.branched = true;
        let mut ends = at + 1..=limit;
        loop {
            let end = if *filter == Filter::Path { ends.next() } else { ends.next_back() };
            let Some(end) = end else { return false };
            if self.path.has_at(next, end) && self.take(segment, index, at..end, filter) {
                return true;
            }
        }
    }

    /// Whether the parameter may be this text, and the rest fits behind it. The rest is asked before an expression,
    /// which costs more.
    fn take(&mut self, segment: usize, index: usize, at: std::ops::Range<usize>, filter: &Filter) -> bool {
        let path = self.path;
        let Some(value) = path.text.get(at.clone()) else { return false };
        if value.is_empty() || !filter.accepts(value) {
            return false;
        }
        self.captures.set(index, at.start, at.end);
        self.from(segment + 1, index + 1, at.end)
            && match filter {
                Filter::Re(expression) => self.expressions.accept(index, expression, value),
                Filter::None | Filter::Int | Filter::Float | Filter::Path => true,
            }
    }

    fn bit(&self, segment: usize, at: usize) -> (usize, u64) {
        let bit = segment * (self.path.text.len() + 1) + at;
        (bit / 64, 1 << (bit % 64))
    }

    fn has_failed(&self, segment: usize, at: usize) -> bool {
        let (word, mask) = self.bit(segment, at);
        self.failed.get(word).is_some_and(|bits| bits & mask != 0)
    }

    fn note_failed(&mut self, segment: usize, at: usize) {
        if self.failed.is_empty() {
            let (last, _) = self.bit(self.segments.len(), 0);
            self.failed.resize(last + 1, 0);
        }
        let (word, mask) = self.bit(segment, at);
        if let Some(bits) = self.failed.get_mut(word) {
            *bits |= mask;
        }
    }
}
