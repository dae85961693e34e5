//! Where arrows lead back to where they began.

use std::collections::{BTreeMap, BTreeSet};

/// Names and the arrows between them; of several from one to another, the first is kept.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    arrows: BTreeMap<String, BTreeMap<String, String>>,
}

impl Graph {
    /// Adds an arrow and what to say of it.
    pub fn add(&mut self, from: &str, to: &str, told: String) {
        self.arrows.entry(from.to_owned()).or_default().entry(to.to_owned()).or_insert(told);
    }

    /// Returns all arrows: from, to, and what is said of them.
    pub fn arrows(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.arrows.iter().flat_map(|(from, to)| {
            to.iter().map(move |(to, told)| (from.as_str(), to.as_str(), told.as_str()))
        })
    }

    fn next(&self, from: &str) -> impl Iterator<Item = (&str, &str)> {
        self.arrows.get(from).into_iter().flatten().map(|(to, told)| (to.as_str(), told.as_str()))
    }
}

/// Returns the arrows of a shortest circle, one a line; `None` where there is none.
#[must_use]
pub fn circle(graph: &Graph) -> Option<String> {
    let circles = graph.arrows.keys().filter_map(|start| around(graph, start));
    circles.min_by_key(Vec::len).map(|told| told.join("\n"))
}

/// Returns the shortest way from a name back to itself.
fn around(graph: &Graph, start: &str) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![(start, Vec::new())];
    while !ways.is_empty() {
        let mut further = Vec::new();
        for (at, way) in ways {
            for (to, told) in graph.next(at) {
                let mut way: Vec<String> = way.clone();
                way.push(told.to_owned());
                if to == start {
                    return Some(way);
                }
                if seen.insert(to) {
                    further.push((to, way));
                }
            }
        }
        ways = further;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(arrows: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in arrows {
            graph.add(from, to, format!("{from}{to}"));
        }
        graph
    }

    #[test]
    fn the_shortest_circle_is_told() {
        assert_eq!(circle(&graph(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
        let told = circle(&graph(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "c")]));
        assert_eq!(told.as_deref(), Some("cd\ndc"));
    }
}
