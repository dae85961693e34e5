//! A tree of routes by the kinds of their segments.
//!
//! Each level is a segment. Literal segments are told apart by their text, all others only by their kind, so routes that
//! share a place in the tree are equals in the order, too.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::candidates::Candidates;
use crate::hash::{self, Identity};
use crate::order::{Kind, Segment};
use crate::path::Path;

/// A tree of routes, kept in a few lists whatever the number of routes.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The root first.
    levels: Vec<Level>,
    branches: Vec<Branch>,
    /// The level behind each literal segment, by the hash of the segment's own level and text: numbers are compared
    /// faster than text, and a collision only yields more candidates. Keys come from the app's own routes, so hash flooding
    /// is not a concern. One table serves all levels, because most have one literal segment or none.
    literal: HashMap<u64, usize, BuildHasherDefault<Identity>>,
    /// For each route, the previous one in the same place.
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
    /// The level of the next segments.
    level: usize,
    /// The last of the routes whose segment crosses slashes; what stands behind it is not told apart.
    crossing: Option<usize>,
    /// The previous branch of the same level.
    before: Option<usize>,
}

impl Tree {
    /// Makes an empty tree with room for so many routes.
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

    /// Adds a route with these segments; the first one is behind the first slash.
    pub(crate) fn add(&mut self, segments: &[Segment<'_>], place: usize) {
        let mut at = 0;
        for segment in segments {
            let fresh = self.levels.len();
            let Some(level) = self.levels.get_mut(at) else { return };
            if segment.is_literal() {
                level.has_literal = true;
                at = *self.literal.entry(hash::segment(at, segment.text)).or_insert(fresh);
            } else {
                let known = branches(&self.branches, level.branch)
                    .find_map(|(number, branch)| (branch.kind == segment.kind).then_some(number));
                let number = known.unwrap_or_else(|| {
                    let before = level.branch.replace(self.branches.len());
                    self.branches.push(Branch { kind: segment.kind, level: fresh, crossing: None, before });
                    self.branches.len() - 1
                });
                let Some(branch) = self.branches.get_mut(number) else { return };
                at = branch.level;
                if segment.crosses {
                    link(&mut self.before, &mut branch.crossing, place);
                }
            }
            if at == fresh {
                self.levels.push(Level::default());
            }
            if segment.crosses {
                return;
            }
        }
        if let Some(level) = self.levels.get_mut(at) {
            link(&mut self.before, &mut level.end, place);
        }
    }

    /// Collects the routes whose segments may match the path.
    pub(crate) fn collect(&self, path: &Path<'_>, out: &mut Candidates<'_>) {
        // Every pattern begins with a slash, so a path that does not has no candidates.
        if path.has_at("/", 0) {
            self.below(0, path, 1, out);
        }
    }

    fn below(&self, level: usize, path: &Path<'_>, at: usize, out: &mut Candidates<'_>) {
        let Some(own) = self.levels.get(level) else { return };
        let len = path.text.len();
        let end = path.segment_end(at);
        let Some(segment) = path.text.get(at..end) else { return };
        let behind = |level: usize, out: &mut Candidates<'_>| {
            if end < len {
                self.below(level, path, end + 1, out);
            } else if let Some(level) = self.levels.get(level) {
                self.collect_from(level.end, out);
            }
        };
        if own.has_literal
            && let Some(level) = self.literal.get(&hash::segment(level, segment))
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

    /// Collects a route and all previous ones in the same place.
    fn collect_from(&self, last: Option<usize>, out: &mut Candidates<'_>) {
        let mut next = last;
        while let Some(place) = next {
            out.push(place);
            next = self.before.get(place).copied().flatten();
        }
    }
}

/// Returns the branches of a level with their numbers, the last one first.
fn branches(all: &[Branch], last: Option<usize>) -> impl Iterator<Item = (usize, &Branch)> {
    let numbered = |number: usize| Some((number, all.get(number)?));
    std::iter::successors(last.and_then(numbered), move |(_, branch)| branch.before.and_then(numbered))
}

/// Makes a route the last one in a place.
fn link(before: &mut [Option<usize>], last: &mut Option<usize>, place: usize) {
    if let Some(previous) = before.get_mut(place) {
        *previous = last.replace(place);
    }
}
