//! Routes by the kinds of their segments.
//!
//! Each level is a segment. Literal ones are told apart by their text, all others only by their kind: so routes that
//! come together here are equals in the order, too.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::fnv::Same;
use crate::path::Path;
use crate::rank::{Kind, Piece};

/// A tree in a few lists, whatever the number of routes.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The root first.
    levels: Vec<Level>,
    branches: Vec<Branch>,
    /// The segments behind a literal one, by the hash of its level and text: to compare a number costs less, and two with the
    /// same one only make more candidates. Who wrote the rules wrote all that is in here, so nobody else can fill it with
    /// what collides. One table for all levels, most of which have one such segment or none.
    literal: HashMap<u64, usize, BuildHasherDefault<Same>>,
    /// For each route the one that came together with it before.
    before: Vec<Option<usize>>,
}

#[derive(Debug, Default)]
struct Level {
    has_literal: bool,
    /// The last of its branches.
    branch: Option<usize>,
    /// The last of the routes that end here.
    end: Option<usize>,
}

/// All routes whose next segment has parameters and is of one kind.
#[derive(Debug)]
struct Branch {
    kind: Kind,
    /// The level of the segments behind.
    level: usize,
    /// The last of the routes whose segment reads over slashes: what is behind is not told apart.
    crossing: Option<usize>,
    /// Another branch of the same level.
    before: Option<usize>,
}

impl Tree {
    /// No routes yet, but room for so many.
    pub(crate) fn with_capacity(routes: usize) -> Tree {
        let mut levels = Vec::with_capacity(routes * 2);
        levels.push(Level::default());
        Tree {
            levels,
            branches: Vec::with_capacity(routes),
            literal: HashMap::with_capacity_and_hasher(routes, BuildHasherDefault::default()),
            before: vec![None; routes],
        }
    }

    /// Adds a route with these segments, the first of which is what stands behind the first slash.
    pub(crate) fn add(&mut self, pieces: &[Piece<'_>], place: usize) {
        let mut at = 0;
        for piece in pieces {
            let fresh = self.levels.len();
            let Some(level) = self.levels.get_mut(at) else { return };
            if piece.is_literal() {
                level.has_literal = true;
                at = *self.literal.entry(hash(at, piece.text)).or_insert(fresh);
            } else {
                let known = branches(&self.branches, level.branch)
                    .find_map(|(number, branch)| (branch.kind == piece.kind()).then_some(number));
                let number = known.unwrap_or_else(|| {
                    let before = level.branch.replace(self.branches.len());
                    self.branches.push(Branch { kind: piece.kind(), level: fresh, crossing: None, before });
                    self.branches.len() - 1
                });
                let Some(branch) = self.branches.get_mut(number) else { return };
                at = branch.level;
                if piece.crosses {
                    note(&mut self.before, &mut branch.crossing, place);
                }
            }
            if at == fresh {
                self.levels.push(Level::default());
            }
            if piece.crosses {
                return;
            }
        }
        if let Some(level) = self.levels.get_mut(at) {
            note(&mut self.before, &mut level.end, place);
        }
    }

    /// Notes the routes whose segments may read the path.
    pub(crate) fn collect(&self, path: &Path<'_>, out: &mut Candidates) {
        // In front of the first slash nothing can stand; a path without one is nobody's.
        if path.has_at("/", 0) {
            self.below(0, path, 1, out);
        }
    }

    fn below(&self, level: usize, path: &Path<'_>, at: usize, out: &mut Candidates) {
        let Some(own) = self.levels.get(level) else { return };
        let len = path.text.len();
        let end = path.segment_end(at);
        let Some(segment) = path.text.get(at..end) else { return };
        let behind = |level: usize, out: &mut Candidates| {
            if end < len {
                self.below(level, path, end + 1, out);
            } else if let Some(level) = self.levels.get(level) {
                self.collect_from(level.end, out);
            }
        };
        if own.has_literal
            && let Some(level) = self.literal.get(&hash(level, segment))
        {
            behind(*level, out);
        }
        for (_, branch) in branches(&self.branches, own.branch) {
            // No value is empty.
            if at < len {
                self.collect_from(branch.crossing, out);
            }
            if !segment.is_empty() {
                behind(branch.level, out);
            }
        }
    }

    /// Notes a route and all that came together with it before.
    fn collect_from(&self, last: Option<usize>, out: &mut Candidates) {
        let mut next = last;
        while let Some(place) = next {
            out.push(place);
            next = self.before.get(place).copied().flatten();
        }
    }
}

/// The branches of a level, the last one first, with their numbers.
fn branches(all: &[Branch], last: Option<usize>) -> impl Iterator<Item = (usize, &Branch)> {
    let numbered = |number: usize| Some((number, all.get(number)?));
    std::iter::successors(last.and_then(numbered), move |(_, branch)| branch.before.and_then(numbered))
}

/// Makes a route the last of those that come together.
fn note(before: &mut [Option<usize>], last: &mut Option<usize>, place: usize) {
    if let Some(link) = before.get_mut(place) {
        *link = last.replace(place);
    }
}

/// Eight bytes at a time: it is asked for each segment of each path, and of each route when a function starts.
fn hash(level: usize, text: &str) -> u64 {
    // 2^64 over the golden ratio: odd, and its bits are spread evenly.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(SPREAD);
    let (words, rest) = text.as_bytes().as_chunks();
    let seed = mix(level as u64, text.len() as u64);
    let hash = words.iter().fold(seed, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let hash = mix(hash, last);
    // The table goes by the lowest bits and the highest; a product's lowest depend on little.
    hash ^ hash >> 32
}

/// Places in the order; the first few without the heap.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    few: [usize; 16],
    len: usize,
    /// All of them, once they are not few.
    many: Vec<usize>,
}

impl Candidates {
    fn push(&mut self, place: usize) {
        if self.many.is_empty() {
            if let Some(free) = self.few.get_mut(self.len) {
                *free = place;
                self.len += 1;
                return;
            }
            self.many.extend_from_slice(&self.few);
        }
        self.many.push(place);
    }

    /// All of them in the order.
    pub(crate) fn sorted(&mut self) -> &[usize] {
        let all = if self.many.is_empty() { self.few.get_mut(..self.len) } else { Some(&mut *self.many) };
        let all = all.unwrap_or_default();
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_few_and_many_candidates() {
        for count in 0..40 {
            let mut candidates = Candidates::default();
            (0..count).rev().for_each(|place| candidates.push(place));
            assert_eq!(candidates.sorted(), (0..count).collect::<Vec<_>>());
        }
    }
}
