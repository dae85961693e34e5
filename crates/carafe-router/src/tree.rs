//! Routes by the kinds of their segments.
//!
//! Each level is a segment. Literal ones are told apart by their text, all others only by their kind: so routes that
//! come together here are equals in the order, too.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::fnv::Fnv;
use crate::path::Path;
use crate::rank::{Kind, Piece};

/// A tree in one list, the root first.
#[derive(Debug)]
pub(crate) struct Tree {
    levels: Vec<Level>,
    /// The segments behind a literal one, by the hash of its level and text: to compare a number costs less, and two with the
    /// same one only make more candidates. Who wrote the rules wrote all that is in here, so nobody else can fill it with
    /// what collides. One table for all levels, most of which have one such segment or none.
    literal: HashMap<u64, Node, BuildHasherDefault<Same>>,
}

/// A place in that list.
type Node = usize;

#[derive(Debug, Default)]
struct Level {
    has_literal: bool,
    branches: Vec<Branch>,
    /// The routes that end here.
    ends: Vec<usize>,
}

/// All routes whose next segment has parameters and is of one kind.
#[derive(Debug)]
struct Branch {
    kind: Kind,
    /// The segments behind.
    node: Node,
    /// The routes whose segment reads over slashes: what is behind is not told apart.
    crossing: Vec<usize>,
}

impl Tree {
    /// No routes yet, but room for so many.
    pub(crate) fn with_capacity(routes: usize) -> Tree {
        let mut levels = Vec::with_capacity(routes * 2);
        levels.push(Level::default());
        Tree { levels, literal: HashMap::with_capacity_and_hasher(routes, BuildHasherDefault::default()) }
    }

    /// Adds a route with these segments, the first of which is what stands behind the first slash.
    pub(crate) fn add(&mut self, pieces: &[Piece<'_>], place: usize) {
        let mut node = 0;
        for piece in pieces {
            let fresh = self.levels.len();
            let Some(level) = self.levels.get_mut(node) else { return };
            if piece.is_literal() {
                level.has_literal = true;
                node = *self.literal.entry(hash(node, piece.text)).or_insert(fresh);
            } else {
                let kind = piece.kind();
                let known = level.branches.iter().position(|branch| branch.kind == kind);
                let at = known.unwrap_or_else(|| {
                    level.branches.push(Branch { kind, node: fresh, crossing: Vec::new() });
                    level.branches.len() - 1
                });
                let Some(branch) = level.branches.get_mut(at) else { return };
                if piece.crosses {
                    branch.crossing.push(place);
                }
                node = branch.node;
            }
            if node == fresh {
                self.levels.push(Level::default());
            }
            if piece.crosses {
                return;
            }
        }
        if let Some(level) = self.levels.get_mut(node) {
            level.ends.push(place);
        }
    }

    /// Notes the routes whose segments may read the path.
    pub(crate) fn collect(&self, path: &Path<'_>, out: &mut Candidates) {
        // In front of the first slash nothing can stand; a path without one is nobody's.
        if path.has_at("/", 0) {
            self.below(0, path, 1, out);
        }
    }

    fn below(&self, node: Node, path: &Path<'_>, at: usize, out: &mut Candidates) {
        let Some(level) = self.levels.get(node) else { return };
        let len = path.text.len();
        let end = path.segment_end(at);
        let Some(segment) = path.text.get(at..end) else { return };
        let behind = |node: Node, out: &mut Candidates| {
            if end < len {
                self.below(node, path, end + 1, out);
            } else if let Some(level) = self.levels.get(node) {
                out.extend(&level.ends);
            }
        };
        if level.has_literal
            && let Some(node) = self.literal.get(&hash(node, segment))
        {
            behind(*node, out);
        }
        for branch in &level.branches {
            // No value is empty.
            if at < len {
                out.extend(&branch.crossing);
            }
            if !segment.is_empty() {
                behind(branch.node, out);
            }
        }
    }
}

fn hash(level: Node, text: &str) -> u64 {
    let mut hash = Fnv::after(level);
    hash.write(text.as_bytes());
    hash.finish()
}

/// Hashes what is a hash to itself.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
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
    fn extend(&mut self, places: &[usize]) {
        if self.many.is_empty() {
            let end = self.len + places.len();
            if let Some(free) = self.few.get_mut(self.len..end) {
                free.copy_from_slice(places);
                self.len = end;
                return;
            }
            self.many.extend_from_slice(self.few.get(..self.len).unwrap_or_default());
        }
        self.many.extend_from_slice(places);
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
            for places in (0..count).rev().collect::<Vec<_>>().chunks(3) {
                candidates.extend(places);
            }
            assert_eq!(candidates.sorted(), (0..count).collect::<Vec<_>>());
        }
    }
}
