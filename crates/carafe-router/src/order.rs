//! The order of routes: segment by segment from the left, literal, mixed, filtered or typed, plain, `path`.

use std::cmp::{Ordering, Reverse};
use std::ops::Range;

use crate::filter::Filter;
use crate::pattern::{Pattern, Token};

/// What a segment is made of, in the order in which routes are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Text only.
    Literal,
    /// Text beside parameters; more text comes first.
    Mixed(Reverse<usize>),
    /// One parameter with a filter or a typed argument.
    Filtered,
    /// One parameter.
    Plain,
    /// A `path` parameter, whatever stands beside it.
    Path,
}

/// A segment of a pattern: what stands between two slashes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'p> {
    /// The text of a literal segment; of others, the last text in it.
    pub(crate) text: &'p str,
    pub(crate) kind: Kind,
    /// Whether a value may cross a `/`, so that nothing is known about the segments behind it.
    pub(crate) crosses: bool,
}

impl Segment<'_> {
    pub(crate) fn is_literal(&self) -> bool {
        self.kind == Kind::Literal
    }
}

/// A segment whose end is not reached yet.
#[derive(Clone, Copy, Default)]
struct Unfinished<'p> {
    text: &'p str,
    /// How many bytes of text stand in it.
    len: usize,
    params: usize,
    filtered: bool,
    has_path: bool,
    crosses: bool,
}

impl<'p> Unfinished<'p> {
    fn with(self, text: &'p str) -> Unfinished<'p> {
        Unfinished { text, len: self.len + text.len(), ..self }
    }

    fn finish(self) -> Segment<'p> {
        let kind = match (self.params, self.len) {
            (0, _) => Kind::Literal,
            _ if self.has_path => Kind::Path,
            (1, 0) if self.filtered => Kind::Filtered,
            (1, 0) => Kind::Plain,
            (_, len) => Kind::Mixed(Reverse(len)),
        };
        Segment { text: self.text, kind, crosses: self.crosses }
    }
}

/// Patterns in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct Order<'p> {
    /// The segments of all patterns, one pattern behind the other: one allocation for all of them keeps a cold start short.
    segments: Vec<Segment<'p>>,
    /// Where the segments of each pattern stand, in the list that was given.
    ranges: Vec<Range<usize>>,
    /// The index in the list of each pattern, in the order.
    sorted: Vec<usize>,
}

impl<'p> Order<'p> {
    /// Sorts a list of patterns.
    pub(crate) fn of(patterns: impl ExactSizeIterator<Item = &'p Pattern>) -> Order<'p> {
        let mut segments = Vec::with_capacity(patterns.len() * 6);
        let mut ranges = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            let start = segments.len();
            split(pattern, &mut segments);
            ranges.push(start..segments.len());
        }
        let mut order = Order { segments, sorted: (0..ranges.len()).collect(), ranges };
        let mut sorted = std::mem::take(&mut order.sorted);
        sorted.sort_unstable_by(|one, other| order.compare(*one, *other));
        order.sorted = sorted;
        order
    }

    /// Returns the segments of a pattern, by its index in the list.
    fn segments(&self, index: usize) -> &[Segment<'p>] {
        let range = self.ranges.get(index).cloned().unwrap_or_default();
        self.segments.get(range).unwrap_or_default()
    }

    /// Compares two patterns by the kinds of their segments. Equals keep the order of the list.
    ///
    /// Not inlined: a sort has it in many places, and this one runs once, at the start.
    #[inline(never)]
    fn compare(&self, one: usize, other: usize) -> Ordering {
        compare(self.segments(one), self.segments(other)).then_with(|| one.cmp(&other))
    }

    /// Returns the segments of each pattern, in the order. The first segment of each is the empty text before the first
    /// `/`.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &[Segment<'p>]> {
        self.sorted.iter().map(|index| self.segments(*index))
    }

    /// Returns the index in the list of each pattern, in the order.
    pub(crate) fn into_indexes(self) -> Vec<usize> {
        self.sorted
    }
}

/// Appends the segments of a pattern's path.
fn split<'p>(pattern: &'p Pattern, segments: &mut Vec<Segment<'p>>) {
    let mut segment = Unfinished::default();
    for token in pattern.tokens() {
        match token {
            Token::Query(_) => {}
            Token::Text(text) => {
                let mut rest = &**text;
                while let Some(end) = rest.bytes().position(|byte| byte == b'/') {
                    let (part, behind) = rest.split_at(end);
                    segments.push(std::mem::take(&mut segment).with(part).finish());
                    rest = behind.get(1..).unwrap_or_default();
                }
                segment = segment.with(rest);
            }
            Token::Param(param) => {
                segment.params += 1;
                segment.crosses |= param.filter.crosses();
                segment.has_path |= param.filter == Filter::Path;
                segment.filtered |= param.typed || param.filter != Filter::None;
            }
        }
    }
    segments.push(segment.finish());
}

/// Compares two patterns by the kinds of their segments.
fn compare(one: &[Segment<'_>], other: &[Segment<'_>]) -> Ordering {
    let mut pairs = one.iter().zip(other).map(|(one, other)| one.kind.cmp(&other.kind));
    // A pattern that goes on behind the other's `path` is more specific.
    pairs.find(|order| order.is_ne()).unwrap_or_else(|| other.len().cmp(&one.len()))
}
