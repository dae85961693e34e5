//! The order of routes: segment by segment from the left, literal, mixed, filtered or typed, plain, `path`.

use std::cmp::Ordering;

use crate::{Filter, Pattern, Segment};

/// How early a pattern is tried; less is earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rank(Vec<Kind>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Literal,
    /// Text beside parameters; the more text the earlier.
    Mixed(std::cmp::Reverse<usize>),
    Filtered,
    Plain,
    Crossing,
}

#[derive(Default)]
struct Piece {
    text: usize,
    params: usize,
    crosses: bool,
    filtered: bool,
}

impl Piece {
    fn kind(&self) -> Kind {
        match (self.params, self.text) {
            (0, _) => Kind::Literal,
            _ if self.crosses => Kind::Crossing,
            (1, 0) if self.filtered => Kind::Filtered,
            (1, 0) => Kind::Plain,
            (_, text) => Kind::Mixed(std::cmp::Reverse(text)),
        }
    }
}

impl Rank {
    pub(crate) fn of(pattern: &Pattern) -> Rank {
        let mut kinds = Vec::new();
        let mut piece = Piece::default();
        for segment in pattern.segments() {
            match segment {
                Segment::Query(_) => {}
                Segment::Text(text) => {
                    for (index, part) in text.split('/').enumerate() {
                        if index > 0 {
                            kinds.push(std::mem::take(&mut piece).kind());
                        }
                        piece.text += part.len();
                    }
                }
                Segment::Param(param) => {
                    piece.params += 1;
                    piece.crosses |= param.filter.crosses();
                    piece.filtered |= param.typed || param.filter != Filter::None;
                }
            }
        }
        kinds.push(piece.kind());
        Rank(kinds)
    }
}

/// Compares ranks, then places in the list.
pub(crate) fn order(one: (&Rank, usize), other: (&Rank, usize)) -> Ordering {
    let (left, right) = (&one.0.0, &other.0.0);
    let pairs = left.iter().zip(right).map(|(left, right)| left.cmp(right));
    // Where one pattern goes on behind the other's `path`, it says more about the requests it wants.
    let longer_first = || right.len().cmp(&left.len());
    pairs.fold(Ordering::Equal, Ordering::then).then_with(longer_first).then(one.1.cmp(&other.1))
}
