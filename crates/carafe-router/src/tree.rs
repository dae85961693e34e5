//! Routes by the kinds of their segments.
//!
//! Each level is a segment. Literal ones are told apart by their text, all others only by their kind: so routes that
//! come together here are equals in the order, too.

use std::collections::BTreeMap;

use crate::path::Path;
use crate::rank::{Kind, Piece};

/// Some trees in one list of nodes.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Level>,
}

/// A node's number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node(usize);

#[derive(Debug, Default)]
struct Level {
    literal: BTreeMap<Box<str>, Node>,
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
    /// A tree without routes.
    pub(crate) fn root(&mut self) -> Node {
        self.nodes.push(Level::default());
        Node(self.nodes.len() - 1)
    }

    /// Adds a route with these segments.
    pub(crate) fn add<'p>(
        &mut self,
        mut node: Node,
        pieces: impl IntoIterator<Item = &'p Piece<'p>>,
        place: usize,
    ) {
        for piece in pieces {
            let fresh = Node(self.nodes.len());
            let Some(level) = self.nodes.get_mut(node.0) else { return };
            if piece.is_literal() {
                node = match level.literal.get(piece.text) {
                    Some(known) => *known,
                    None => *level.literal.entry(piece.text.into()).or_insert(fresh),
                };
            } else {
                let kind = piece.kind();
                let known = level.branches.iter().position(|branch| branch.kind == kind);
                let at = known.unwrap_or_else(|| {
                    level.branches.push(Branch { kind, node: fresh, crossing: Vec::new() });
                    level.branches.len() - 1
                });
                let Some(branch) = level.branches.get_mut(at) else { return };
                node = branch.node;
                if piece.crosses {
                    branch.crossing.push(place);
                }
            }
            if node.0 == fresh.0 {
                self.nodes.push(Level::default());
            }
            if piece.crosses {
                return;
            }
        }
        if let Some(level) = self.nodes.get_mut(node.0) {
            level.ends.push(place);
        }
    }

    /// Notes the routes whose segments may read the path from `at` to its end.
    pub(crate) fn collect(&self, node: Node, path: &Path<'_>, at: usize, out: &mut Candidates) {
        let Some(level) = self.nodes.get(node.0) else { return };
        let len = path.text.len();
        let end = path.segment_end(at);
        let Some(segment) = path.text.get(at..end) else { return };
        let behind = |node: Node, out: &mut Candidates| {
            if end < len {
                self.collect(node, path, end + 1, out);
            } else if let Some(level) = self.nodes.get(node.0) {
                out.extend(&level.ends);
            }
        };
        if let Some(node) = level.literal.get(segment) {
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
