//! One pattern against one path.

use std::sync::OnceLock;

use crate::captures::Captures;
use crate::expression::{Expression, Test};
use crate::path::Path;
use crate::reach::{Dead, Ends};
use crate::{Filter, Pattern, Segment};

/// The expressions of a pattern, each compiled when it is first needed: most functions start far more often than all
/// of their routes are asked.
#[derive(Debug, Default)]
pub(crate) struct Expressions(Vec<OnceLock<Option<Test>>>);

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
    fn accept(&self, index: usize, expression: &Expression, text: &str) -> bool {
        let test = self.0.get(index).and_then(|place| place.get_or_init(|| expression.test()).as_ref());
        test.is_some_and(|test| test.accepts(text))
    }
}

/// How many bytes expressions may be asked about in one look-up. One that ends its segment is asked once; one with text
/// behind it, at every place where that text is, which a hostile path has thousands of. No path that is meant to
/// arrive comes near this.
const BUDGET: usize = 1 << 18;

/// The first way to read the path as the pattern: from the left, each `path` as short as it can be, each other
/// parameter as long.
///
/// The time is linear in the length of the path, but for expressions, which have a budget.
pub(crate) fn find(pattern: &Pattern, expressions: &Expressions, path: &Path<'_>) -> Option<Captures> {
    // Most routes that are asked in vain differ in their ends, which costs little to see.
    if !path.text.ends_with(pattern.end()) {
        return None;
    }
    let mut search = Search {
        segments: pattern.segments(),
        expressions,
        path,
        captures: Captures::default(),
        memory: None,
        budget: BUDGET,
    };
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
    /// What is worth to be known once a parameter can end at several places, so that others are asked again and again.
    memory: Option<Memory<'s>>,
    budget: usize,
}

struct Memory<'s> {
    ends: Ends<'s>,
    dead: Dead,
}

impl Search<'_> {
    /// Whether the pieces from `segment`, whose next parameter is number `index`, read the text from `at` to its end.
    fn from(&mut self, segment: usize, index: usize, at: usize) -> bool {
        match self.segments.get(segment) {
            None | Some(Segment::Query(_)) => at == self.path.text.len(),
            Some(Segment::Text(text)) => {
                self.path.has_at(text, at) && self.from(segment + 1, index, at + text.len())
            }
            Some(Segment::Param(param)) => self.param(segment, index, at, &param.filter),
        }
    }

    fn param(&mut self, segment: usize, index: usize, at: usize, filter: &Filter) -> bool {
        let next = match self.segments.get(segment + 1) {
            Some(Segment::Text(text)) => Some(&**text),
            Some(Segment::Param(_)) => Some(""),
            None | Some(Segment::Query(_)) => None,
        };
        // Behind the last one nothing is left, and what does not cross has no slash in it.
        let has_one_end = next.is_none_or(|next| next.starts_with('/') && !filter.crosses());
        let (mut first, last) = match &mut self.memory {
            Some(memory) => memory.ends.of(filter, at),
            None if has_one_end => Ends::new(self.path).of(filter, at),
            none => {
                let memory = Memory { ends: Ends::new(self.path), dead: Dead::default() };
                none.insert(memory).ends.of(filter, at)
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
            if let Some(memory) = &self.memory {
                end = memory.dead.skip(index, end, shortest);
            }
            if end < first || end > last {
                break;
            }
            if self.path.text.is_char_boundary(end)
                && next.is_none_or(|next| self.path.has_at(next, end))
                && self.take(segment, index, at, end, filter)
            {
                return true;
            }
            end = if shortest { end + 1 } else { end - 1 };
        }
        if let Some(memory) = &mut self.memory
            && !matches!(filter, Filter::Re(_))
        {
            memory.dead.note(index, first, last);
        }
        false
    }

    /// Whether the rest fits behind this value, and the value is what its expression wants, which costs more to say.
    fn take(&mut self, segment: usize, index: usize, at: usize, end: usize, filter: &Filter) -> bool {
        self.captures.set(index, at, end);
        if !self.from(segment + 1, index + 1, end) {
            return false;
        }
        let Filter::Re(expression) = filter else { return true };
        let path = self.path;
        let Some(value) = path.text.get(at..end) else { return false };
        let Some(left) = self.budget.checked_sub(value.len()) else { return false };
        self.budget = left;
        self.expressions.accept(index, expression, value)
    }
}
