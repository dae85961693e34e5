//! The order of routes: segment by segment from the left, literal, mixed, filtered or typed, plain, `path`.

use std::cmp::{Ordering, Reverse};
use std::ops::Range;

use crate::{Filter, Pattern, Segment};

/// What a segment between two slashes is made of, in the order in which routes are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Literal,
    /// Text beside parameters; the more text the earlier.
    Mixed(Reverse<usize>),
    Filtered,
    Plain,
    /// Whatever else stands in the segment.
    Path,
}

/// A segment of a pattern.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Piece<'p> {
    /// The text; all there is when it is literal.
    pub(crate) text: &'p str,
    /// How many bytes of text stand in it.
    len: usize,
    params: usize,
    filtered: bool,
    has_path: bool,
    /// Whether it may read over a `/`, so that nothing can be said about the segments behind it.
    pub(crate) crosses: bool,
}

impl<'p> Piece<'p> {
    fn with(self, text: &'p str) -> Piece<'p> {
        Piece { text, len: self.len + text.len(), ..self }
    }

    pub(crate) fn is_literal(&self) -> bool {
        self.params == 0
    }

    pub(crate) fn kind(&self) -> Kind {
        match (self.params, self.len) {
            (0, _) => Kind::Literal,
            _ if self.has_path => Kind::Path,
            (1, 0) if self.filtered => Kind::Filtered,
            (1, 0) => Kind::Plain,
            (_, len) => Kind::Mixed(Reverse(len)),
        }
    }
}

/// Patterns in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct Ranking<'p> {
    /// The segments of all patterns, one pattern behind the other: a function that starts has better things to do than to
    /// allocate for each.
    pieces: Vec<Piece<'p>>,
    ranked: Vec<Ranked>,
}

/// One of them: its place in the list that was given, and its segments.
#[derive(Debug)]
struct Ranked {
    index: usize,
    pieces: Range<usize>,
}

impl<'p> Ranking<'p> {
    /// Ranks a list of patterns.
    pub(crate) fn of(patterns: impl ExactSizeIterator<Item = &'p Pattern>) -> Ranking<'p> {
        let mut pieces = Vec::with_capacity(patterns.len() * 6);
        let mut ranked = Vec::with_capacity(patterns.len());
        for (index, pattern) in patterns.enumerate() {
            let start = pieces.len();
            split(pattern, &mut pieces);
            ranked.push(Ranked { index, pieces: start..pieces.len() });
        }
        let of = |one: &Ranked| pieces.get(one.pieces.clone()).unwrap_or_default();
        // Equals keep the order of the list.
        ranked.sort_unstable_by(|one, other| {
            compare(of(one), of(other)).then_with(|| one.index.cmp(&other.index))
        });
        Ranking { pieces, ranked }
    }

    /// The segments of each pattern, in the order. The first is what stands before the first `/`: nothing.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &[Piece<'p>]> {
        self.ranked.iter().map(|one| self.pieces.get(one.pieces.clone()).unwrap_or_default())
    }

    /// The place in the list of each pattern, in the order.
    pub(crate) fn into_order(self) -> Vec<usize> {
        self.ranked.into_iter().map(|one| one.index).collect()
    }
}

/// The segments of a pattern's path.
fn split<'p>(pattern: &'p Pattern, pieces: &mut Vec<Piece<'p>>) {
    let mut piece = Piece::default();
    for segment in pattern.segments() {
        match segment {
            Segment::Query(_) => {}
            Segment::Text(text) => {
                let mut rest = &**text;
                while let Some(end) = rest.bytes().position(|byte| byte == b'/') {
                    let (part, behind) = rest.split_at(end);
                    pieces.push(std::mem::take(&mut piece).with(part));
                    rest = behind.get(1..).unwrap_or_default();
                }
                piece = piece.with(rest);
            }
            Segment::Param(param) => {
                piece.params += 1;
                piece.crosses |= param.filter.crosses();
                piece.has_path |= param.filter == Filter::Path;
                piece.filtered |= param.typed || param.filter != Filter::None;
            }
        }
    }
    pieces.push(piece);
}

/// Compares the kinds of two patterns.
fn compare(one: &[Piece<'_>], other: &[Piece<'_>]) -> Ordering {
    let mut pairs = one.iter().zip(other).map(|(one, other)| one.kind().cmp(&other.kind()));
    // Where one pattern goes on behind the other's `path`, it says more about the requests it wants.
    pairs.find(|order| order.is_ne()).unwrap_or_else(|| other.len().cmp(&one.len()))
}
