//! Which routes can be meant by a path, without asking all of them.
//!
//! A route is found by its *head*, the literal segments before the first parameter, and then by the kinds of the
//! segments behind. `matchit` finds the longest head that a path begins with; the shorter ones hang on it as a chain.
//! A longer head is earlier in the order, because it is literal where the shorter one no longer is: so the heads of
//! a chain are asked one after the other, and inside a head the candidates are sorted by their place in the order.
//!
//! What comes out may be too much, never too little: whether a route really takes the path is the matcher's to say.

use crate::path::Path;
use crate::rank::Piece;
use crate::tree::{Candidates, Node, Tree};

/// Finds candidates, each named by its place in the order.
#[derive(Debug)]
pub(crate) struct Index {
    finder: matchit::Router<usize>,
    heads: Vec<Head>,
    tree: Tree,
    /// How many routes have to be asked one by one, because `matchit` did not take them. No rule is known to do that.
    unindexed: usize,
}

#[derive(Debug)]
struct Head {
    /// The routes that are nothing but this text.
    whole: Vec<usize>,
    /// What may follow, and where in the path it begins.
    behind: Option<(Node, usize)>,
    /// The next shorter head.
    above: Option<usize>,
}

/// The literal segments before a parameter, `/posts/` in `/posts/<id>`, or all of a route without one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Start {
    text: String,
    is_whole: bool,
    /// The route's place in the order.
    place: usize,
}

impl Start {
    fn of(place: usize, pieces: &[Piece<'_>]) -> Start {
        let is_whole = pieces.iter().all(Piece::is_literal);
        let mut text = String::new();
        for piece in pieces.iter().take_while(|piece| piece.is_literal()) {
            text.push_str(piece.text);
            text.push('/');
        }
        if is_whole {
            text.pop();
        }
        Start { text, is_whole, place }
    }

    /// What `matchit` is told. Its parameter never is empty, and neither is one of ours.
    fn key(&self) -> String {
        let mut key = String::with_capacity(self.text.len() + "{*_}".len());
        for letter in self.text.chars() {
            key.push(letter);
            if matches!(letter, '{' | '}') {
                key.push(letter);
            }
        }
        if !self.is_whole {
            key.push_str("{*_}");
        }
        key
    }
}

impl Index {
    /// The index of routes, given in their order.
    pub(crate) fn new(routes: &[(usize, Vec<Piece<'_>>)]) -> Index {
        let mut starts: Vec<Start> =
            routes.iter().enumerate().map(|(place, (_, pieces))| Start::of(place, pieces)).collect();
        // Texts that begin alike come to stand together, the shorter one first.
        starts.sort_unstable();
        let mut index =
            Index { finder: matchit::Router::new(), heads: Vec::new(), tree: Tree::default(), unindexed: 0 };
        let mut chain: Vec<(&str, usize)> = Vec::new();
        for group in starts.chunk_by(|one, other| (&one.text, one.is_whole) == (&other.text, other.is_whole))
        {
            let Some(start) = group.first() else { continue };
            while chain.pop_if(|(text, _)| !start.text.starts_with(*text)).is_some() {}
            let number = index.heads.len();
            if index.finder.insert(start.key(), number).is_err() {
                index.unindexed = routes.len();
            }
            let mut head =
                Head { whole: Vec::new(), behind: None, above: chain.last().map(|(_, number)| *number) };
            if start.is_whole {
                head.whole = group.iter().map(|start| start.place).collect();
            } else {
                let node = index.tree.root();
                for place in group.iter().map(|start| start.place) {
                    let Some((_, pieces)) = routes.get(place) else { continue };
                    let behind = pieces.iter().skip_while(|piece| piece.is_literal());
                    index.tree.add(node, behind, place);
                }
                head.behind = Some((node, start.text.len()));
                chain.push((&start.text, number));
            }
            index.heads.push(head);
        }
        index
    }

    /// Shows the candidates in their order until one is good enough.
    pub(crate) fn find<R>(&self, path: &Path<'_>, mut visit: impl FnMut(usize) -> Option<R>) -> Option<R> {
        if self.unindexed > 0 {
            return (0..self.unindexed).find_map(visit);
        }
        // A decoded `%2F` looks like a slash here and may lead to a head that is too long; the right one, being as much
        // the start of the same text, is in its chain.
        let mut next = self.finder.at(&path.text).ok().map(|found| *found.value);
        while let Some(head) = next.and_then(|number| self.heads.get(number)) {
            if let Some(found) = head.whole.iter().find_map(|place| visit(*place)) {
                return Some(found);
            }
            if let Some((node, from)) = head.behind {
                let mut candidates = Candidates::default();
                self.tree.collect(node, path, from, &mut candidates);
                if let Some(found) = candidates.sorted().iter().find_map(|place| visit(*place)) {
                    return Some(found);
                }
            }
            next = head.above;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pattern;
    use crate::rank::{order, pieces};

    fn rules(rules: &[String]) -> Vec<Pattern> {
        rules.iter().map(|rule| Pattern::parse(rule).unwrap()).collect()
    }

    fn index(patterns: &[Pattern]) -> Index {
        let mut ranked: Vec<_> = patterns.iter().map(pieces).enumerate().collect();
        ranked.sort_by(|(_, one), (_, other)| order(one, other));
        Index::new(&ranked)
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
            assert!(shown(&few, path) <= 4, "{path}");
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
