//! The order of routes: segment by segment from the left, literal, mixed, filtered or typed, plain, `path`.

use std::cmp::{Ordering, Reverse};

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

impl Piece<'_> {
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

/// The segments of a pattern's path. The first is what stands before the first `/`: nothing.
pub(crate) fn pieces(pattern: &Pattern) -> Vec<Piece<'_>> {
    let mut pieces = Vec::with_capacity(pattern.source().bytes().filter(|byte| *byte == b'/').count() + 1);
    let mut piece = Piece::default();
    for segment in pattern.segments() {
        match segment {
            Segment::Query(_) => {}
            Segment::Text(text) => {
                for (index, part) in text.split('/').enumerate() {
                    if index > 0 {
                        pieces.push(std::mem::take(&mut piece));
                    }
                    piece.text = part;
                    piece.len += part.len();
                }
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
    pieces
}

/// Compares the kinds of two patterns; equal ones keep the order of the list.
pub(crate) fn order(one: &[Piece<'_>], other: &[Piece<'_>]) -> Ordering {
    let pairs = one.iter().zip(other).map(|(one, other)| one.kind().cmp(&other.kind()));
    // Where one pattern goes on behind the other's `path`, it says more about the requests it wants.
    pairs.fold(Ordering::Equal, Ordering::then).then_with(|| other.len().cmp(&one.len()))
}
