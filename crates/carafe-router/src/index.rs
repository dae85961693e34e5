//! Which routes can be meant by a path, without asking all of them.
//!
//! A route without parameters is one text, and `matchit` finds it among all others of that sort. It is before every
//! route with parameters that takes the same path, because it is literal where that one no longer is. The others are
//! found by the kinds of their segments, and what is found is sorted by its place in the order.
//!
//! What comes out may be too much, never too little: whether a route really takes the path is the matcher's to say.
//!
//! Why `matchit` has no routes with parameters: it answers with one route and has no next one for a refusal, its order
//! is not ours, it has no two parameters in a segment and no `path` in the middle, and it allocates when it backtracks.

use crate::path::Path;
use crate::rank::{Piece, Ranking};
use crate::tree::{Candidates, Tree};

/// Finds candidates, each named by its place in the order.
#[derive(Debug)]
pub(crate) struct Index {
    texts: matchit::Router<Vec<usize>>,
    tree: Tree,
    /// How many routes have to be asked one by one, because `matchit` did not take them. No rule is known to do that.
    unindexed: usize,
}

impl Index {
    /// The index of routes that are ranked.
    pub(crate) fn new(ranking: &Ranking<'_>) -> Index {
        let count = ranking.iter().len();
        let mut index =
            Index { texts: matchit::Router::new(), tree: Tree::with_capacity(count), unindexed: 0 };
        for (place, pieces) in ranking.iter().enumerate() {
            if !pieces.iter().all(Piece::is_literal) {
                index.tree.add(pieces.get(1..).unwrap_or_default(), place);
            } else if !index.add_text(pieces, place) {
                index.unindexed = count;
            }
        }
        index
    }

    fn add_text(&mut self, pieces: &[Piece<'_>], place: usize) -> bool {
        let mut text = String::new();
        for (number, piece) in pieces.iter().enumerate() {
            text.push_str(if number > 0 { "/" } else { "" });
            text.push_str(piece.text);
        }
        if let Ok(found) = self.texts.at_mut(&text) {
            found.value.push(place);
            return true;
        }
        // To `matchit` braces are special, and twice they are themselves.
        let key = if text.contains(['{', '}']) { text.replace('{', "{{").replace('}', "}}") } else { text };
        self.texts.insert(key, vec![place]).is_ok()
    }

    /// Shows the candidates in their order until one is good enough.
    pub(crate) fn find<R>(&self, path: &Path<'_>, mut visit: impl FnMut(usize) -> Option<R>) -> Option<R> {
        if self.unindexed > 0 {
            return (0..self.unindexed).find_map(visit);
        }
        // A decoded `%2F` looks like a slash here: that is one candidate too many.
        if let Ok(found) = self.texts.at(&path.text)
            && let Some(found) = found.value.iter().find_map(|place| visit(*place))
        {
            return Some(found);
        }
        let mut candidates = Candidates::default();
        self.tree.collect(path, &mut candidates);
        candidates.sorted().iter().find_map(|place| visit(*place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pattern;

    fn rules(rules: &[String]) -> Vec<Pattern> {
        rules.iter().map(|rule| Pattern::parse(rule).unwrap()).collect()
    }

    fn index(patterns: &[Pattern]) -> Index {
        Index::new(&Ranking::of(patterns.iter()))
    }

    /// How many candidates a look-up shows that likes none.
    fn shown(index: &Index, path: &str) -> usize {
        let mut shown = 0;
        index.find(&Path::decode(path).unwrap(), |_| {
            shown += 1;
            None::<()>
        });
        shown
    }

    #[test]
    fn shows_as_few_among_many_as_among_few() {
        let table = |groups: usize| -> Vec<String> {
            let forms = ["/", "/<id>", "/<id>/edit", "/<id:int>.json", "/new"];
            let below = |group| forms.map(|form| format!("/group{group}{form}"));
            let mut table: Vec<String> = (0..groups).flat_map(below).collect();
            // A parameter at the front, so that no head tells them apart.
            table.extend((0..groups).map(|group| format!("/<tenant>/about{group}")));
            table.push("/<rest:path>".to_owned());
            table
        };
        let (few, many) = (index(&rules(&table(1))), index(&rules(&table(60))));
        for path in
            ["/group0/", "/group0/new", "/group0/7", "/group0/7/edit", "/a/about0", "/a/b", "/", "/%2F/a"]
        {
            assert_eq!(shown(&many, path), shown(&few, path), "{path}");
            assert!(shown(&few, path) <= 5, "{path}");
        }
    }

    #[test]
    fn takes_any_text_for_a_head() {
        let texts =
            ["{", "}", "{}", "{a}", "{*a}", "{{a}}", "a{", "}a", "*", ":a", "%", "é", "\0", " ", "a//b", ""];
        let forms = |text: &&str| {
            [format!("/{text}"), format!("/{text}/"), format!("/{text}/<a>"), format!("/<a>/{text}")]
        };
        let patterns = rules(&texts.iter().flat_map(forms).collect::<Vec<_>>());
        let index = index(&patterns);
        assert_eq!(index.unindexed, 0);
        for text in texts.iter().filter(|text| **text != "%") {
            for path in [format!("/{text}"), format!("/{text}/"), format!("/{text}/x"), format!("/x/{text}")]
            {
                assert!((1..=4).contains(&shown(&index, &path)), "{path}: {}", shown(&index, &path));
            }
        }
    }

    #[test]
    fn shows_all_that_it_has_no_place_for() {
        let mut index = index(&rules(&["/a".to_owned(), "/<b>".to_owned()]));
        index.unindexed = 2;
        assert_eq!(shown(&index, "/c/d"), 2);
    }
}
