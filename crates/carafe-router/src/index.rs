//! Candidates for a path: the routes that may match it, found without trying every route.
//!
//! A route without parameters is one text, and `matchit` finds it among all others of that kind. It comes before every
//! route with parameters that matches the same path, because it is literal where the other one no longer is. Routes with
//! parameters are found by the kinds of their segments, and the candidates are sorted by their place in the order.
//!
//! The index may return a route that does not match, but never omits one that does: the matcher decides.
//!
//! Routes with parameters are not in `matchit`, because it returns one route and no next one after a refusal, sorts
//! differently, has neither two parameters in a segment nor a `path` in the middle, and allocates when it backtracks.

mod candidates;
mod tree;

pub(crate) use candidates::Candidates;
use tree::Tree;

use crate::order::{Order, Segment};
use crate::path::Path;

/// An index of routes, each named by its place in the order.
#[derive(Debug)]
pub(crate) struct Index {
    texts: matchit::Router<Vec<usize>>,
    tree: Tree,
    /// How many routes have to be tried one by one, because `matchit` refused one. No pattern is known to cause that.
    unindexed: usize,
}

impl Index {
    /// Indexes routes that are in order.
    pub(crate) fn new(order: &Order<'_>) -> Index {
        let count = order.iter().len();
        let mut index =
            Index { texts: matchit::Router::new(), tree: Tree::with_capacity(count), unindexed: 0 };
        for (place, segments) in order.iter().enumerate() {
            if !segments.iter().all(Segment::is_literal) {
                index.tree.add(segments.get(1..).unwrap_or_default(), place);
            } else if !index.add_text(segments, place) {
                index.unindexed = count;
            }
        }
        index
    }

    fn add_text(&mut self, segments: &[Segment<'_>], place: usize) -> bool {
        let mut text = String::new();
        for (number, segment) in segments.iter().enumerate() {
            text.push_str(if number > 0 { "/" } else { "" });
            text.push_str(segment.text);
        }
        if let Ok(found) = self.texts.at_mut(&text) {
            found.value.push(place);
            return true;
        }
        // Braces are syntax to `matchit`; doubled they are text.
        let key = if text.contains(['{', '}']) { text.replace('{', "{{").replace('}', "}}") } else { text };
        self.texts.insert(key, vec![place]).is_ok()
    }

    /// Visits the candidates in their order until `visit` returns a result. If it returns none, `candidates` has all of them
    /// afterwards.
    pub(crate) fn find<'i, R>(
        &'i self,
        path: &Path<'_>,
        candidates: &mut Candidates<'i>,
        mut visit: impl FnMut(usize) -> Option<R>,
    ) -> Option<R> {
        if self.unindexed > 0 {
            (0..self.unindexed).for_each(|place| candidates.push(place));
        } else {
            // A decoded `%2F` looks like a slash here, which costs one candidate too many.
            if let Ok(found) = self.texts.at(&path.text)
                && let Some(found) = candidates.set_texts(found.value).iter().find_map(|place| visit(*place))
            {
                return Some(found);
            }
            self.tree.collect(path, candidates);
        }
        candidates.sort().iter().find_map(|place| visit(*place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Pattern;

    fn parsed(patterns: &[String]) -> Vec<Pattern> {
        patterns.iter().map(|pattern| Pattern::parse(pattern).unwrap()).collect()
    }

    fn index(patterns: &[Pattern]) -> Index {
        Index::new(&Order::of(patterns.iter()))
    }

    /// Counts the candidates of a look-up that refuses all of them.
    fn visited(index: &Index, path: &str) -> usize {
        let mut visited = 0;
        let mut candidates = Candidates::default();
        index.find(&Path::decode(path).unwrap(), &mut candidates, |_| {
            visited += 1;
            None::<()>
        });
        assert_eq!(candidates.iter().count(), visited, "{path}");
        visited
    }

    #[test]
    fn visits_as_few_among_many_as_among_few() {
        let table = |groups: usize| -> Vec<String> {
            let forms = ["/", "/<id>", "/<id>/edit", "/<id:int>.json", "/new"];
            let below = |group| forms.map(|form| format!("/group{group}{form}"));
            let mut table: Vec<String> = (0..groups).flat_map(below).collect();
            // A parameter in front, so that the first segment does not tell them apart.
            table.extend((0..groups).map(|group| format!("/<tenant>/about{group}")));
            table.push("/<rest:path>".to_owned());
            table
        };
        let (few, many) = (index(&parsed(&table(1))), index(&parsed(&table(60))));
        for path in
            ["/group0/", "/group0/new", "/group0/7", "/group0/7/edit", "/a/about0", "/a/b", "/", "/%2F/a"]
        {
            assert_eq!(visited(&many, path), visited(&few, path), "{path}");
            assert!(visited(&few, path) <= 5, "{path}");
        }
    }

    #[test]
    fn indexes_any_text() {
        let texts =
            ["{", "}", "{}", "{a}", "{*a}", "{{a}}", "a{", "}a", "*", ":a", "%", "é", "\0", " ", "a//b", ""];
        let forms = |text: &&str| {
            let text = text.replace('{', r"\{").replace(':', r"\:").replace('*', r"\*");
            [format!("/{text}"), format!("/{text}/"), format!("/{text}/<a>"), format!("/<a>/{text}")]
        };
        let patterns = parsed(&texts.iter().flat_map(forms).collect::<Vec<_>>());
        let index = index(&patterns);
        assert_eq!(index.unindexed, 0);
        for text in texts.iter().filter(|text| **text != "%") {
            for path in [format!("/{text}"), format!("/{text}/"), format!("/{text}/x"), format!("/x/{text}")]
            {
                assert!((1..=4).contains(&visited(&index, &path)), "{path}: {}", visited(&index, &path));
            }
        }
    }

    #[test]
    fn visits_every_route_that_is_not_indexed() {
        let mut index = index(&parsed(&["/a".to_owned(), "/<b>".to_owned()]));
        index.unindexed = 2;
        assert_eq!(visited(&index, "/c/d"), 2);
    }
}
