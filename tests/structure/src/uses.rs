//! The paths that a file names.

use std::error::Error;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What a file uses of its crate.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// The paths in `use` items and in code, in the order of the file.
    pub used: Vec<Used>,
    /// The names that the file shows to everybody: those of `pub use` and `pub mod`.
    pub shown: Vec<String>,
    /// The names of `#[cfg(test)] mod name;`.
    pub test_modules: Vec<String>,
    /// Whether `unsafe` stands anywhere, in tests too.
    pub has_unsafe: bool,
}

/// One path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Its segments, such as `["super", "route", "Route"]`; `"*"` is the last one of a glob.
    pub path: Vec<String>,
    /// The modules inside this file around it.
    pub inside: Vec<String>,
    /// The name that a `use` item gives it; `None` in code.
    pub name: Option<String>,
    /// Whether a `use` item hands it on.
    pub is_public: bool,
    /// Its line, from 1.
    pub line: usize,
}

impl Uses {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// It is not Rust.
    pub fn parse(text: &str) -> Result<Uses, Box<dyn Error>> {
        let tokens: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| error.to_string())?;
        let mut uses = Uses { has_unsafe: names(&tokens, "unsafe"), ..Uses::default() };
        uses.walk(&tokens.into_iter().collect::<Vec<_>>(), &[]);
        // What generated code names is hidden from the documentation.
        uses.shown.retain(|name| !name.starts_with("__"));
        Ok(uses)
    }

    fn walk(&mut self, tokens: &[TokenTree], inside: &[String]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let next = tokens.get(at + 1);
            if is(token, '#')
                && let Some(attribute) = next.and_then(|next| group(next, Delimiter::Bracket))
            {
                at += 2;
                if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                    at = self.skip_item(tokens, at);
                }
                continue;
            }
            let (name, rest) = (word(token), tokens.get(at..).unwrap_or_default());
            at += match name.as_deref() {
                Some("mod") => {
                    if is_shown(tokens, at) && inside.is_empty() {
                        self.shown.extend(tokens.get(at + 1).and_then(word));
                    }
                    self.walk_module(rest, inside)
                }
                Some("use") => {
                    let before = tokens.get(..at).unwrap_or_default();
                    let found = self.used.len();
                    let length = self.walk_use(rest, inside, is_public(before));
                    if is_shown(tokens, at) && inside.is_empty() {
                        let names = self.used.iter().skip(found).filter_map(|used| used.name.clone());
                        self.shown.extend(names);
                    }
                    length
                }
                // `$crate::…` belongs to whoever calls the macro, and `pub(in crate::…)` uses nothing.
                Some(_) if at > 0 && tokens.get(at - 1).is_some_and(is_before_no_path) => {
                    path(rest).len() * 3 - 2
                }
                Some(_) => {
                    let segments = path(rest);
                    let length = segments.len() * 3 - 2;
                    if segments.len() > 1 {
                        let line = token.span().start().line;
                        let used = Used {
                            path: segments,
                            inside: inside.to_vec(),
                            name: None,
                            is_public: false,
                            line,
                        };
                        self.used.push(used);
                    }
                    length
                }
                None => {
                    if let TokenTree::Group(group) = token {
                        self.walk(&group.stream().into_iter().collect::<Vec<_>>(), inside);
                    }
                    1
                }
            };
        }
    }

    /// Goes past the item of an attribute `#[cfg(test)]`, and returns what comes behind it.
    fn skip_item(&mut self, tokens: &[TokenTree], mut at: usize) -> usize {
        while let Some(token) = tokens.get(at) {
            if word(token).as_deref() == Some("mod")
                && tokens.get(at + 2).is_some_and(|end| is(end, ';'))
                && let Some(name) = tokens.get(at + 1).and_then(word)
            {
                self.test_modules.push(name);
            }
            at += 1;
            if is(token, ';') || group(token, Delimiter::Brace).is_some() {
                break;
            }
        }
        at
    }

    fn walk_module(&mut self, tokens: &[TokenTree], inside: &[String]) -> usize {
        let name = tokens.get(1).and_then(word);
        let body = tokens.get(2).and_then(|body| group(body, Delimiter::Brace));
        if let (Some(name), Some(body)) = (name, body) {
            let inside: Vec<String> = inside.iter().cloned().chain([name]).collect();
            self.walk(&body.stream().into_iter().collect::<Vec<_>>(), &inside);
            return 3;
        }
        1
    }

    fn walk_use(&mut self, tokens: &[TokenTree], inside: &[String], is_public: bool) -> usize {
        let end = tokens.iter().position(|token| is(token, ';')).unwrap_or(tokens.len());
        let tree = tokens.get(1..end).unwrap_or_default();
        // `impl Trait + use<'a>` is no item.
        if tree.first().is_none_or(|first| is(first, '<')) {
            return 1;
        }
        for (path, name, line) in leaves(tree, &[]) {
            self.used.push(Used { path, inside: inside.to_vec(), name: Some(name), is_public, line });
        }
        end
    }
}

/// Returns the paths of a `use` tree with the names they get.
fn leaves(tree: &[TokenTree], before: &[String]) -> Vec<(Vec<String>, String, usize)> {
    let mut path = before.to_vec();
    let mut name = None;
    let mut line = 0;
    let mut tokens = tree.iter();
    while let Some(token) = tokens.next() {
        line = token.span().start().line;
        match word(token) {
            Some(word) if word == "as" => name = tokens.next().and_then(crate::uses::word),
            Some(word) => path.push(word),
            None if is(token, '*') => path.push("*".to_owned()),
            None => {}
        }
        if let Some(group) = group(token, Delimiter::Brace) {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let trees = inner.split(|token| is(token, ',')).filter(|tree| !tree.is_empty());
            return trees.flat_map(|tree| leaves(tree, &path)).collect();
        }
    }
    // `use a::b::{self}` names `b`.
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
    vec![(path, name, line)]
}

/// Returns the segments of the path that tokens begin with.
fn path(tokens: &[TokenTree]) -> Vec<String> {
    let mut segments: Vec<String> = tokens.first().and_then(word).into_iter().collect();
    let mut rest = tokens.get(1..).unwrap_or_default();
    while let [first, second, third, after @ ..] = rest
        && is(first, ':')
        && is(second, ':')
        && let Some(segment) = word(third)
    {
        segments.push(segment);
        rest = after;
    }
    segments
}

/// Returns whether a path behind this token is none of the crate's own.
fn is_before_no_path(token: &TokenTree) -> bool {
    is(token, '$') || word(token).as_deref() == Some("in")
}

/// Returns whether `pub` stands in front of the token at this place, without a restriction behind it.
fn is_shown(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    before.and_then(word).is_some_and(|word| word == "pub")
}

fn is_public(before: &[TokenTree]) -> bool {
    match before {
        [.., last] if word(last).as_deref() == Some("pub") => true,
        [.., public, last] => {
            group(last, Delimiter::Parenthesis).is_some() && word(public).as_deref() == Some("pub")
        }
        _ => false,
    }
}

fn names(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match &token {
        TokenTree::Group(group) => names(&group.stream(), name),
        _ => word(&token).as_deref() == Some(name),
    })
}

fn word(token: &TokenTree) -> Option<String> {
    if let TokenTree::Ident(ident) = token { Some(ident.to_string()) } else { None }
}

fn is(token: &TokenTree, punctuation: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == punctuation)
}

fn group(token: &TokenTree, delimiter: Delimiter) -> Option<&Group> {
    if let TokenTree::Group(group) = token
        && group.delimiter() == delimiter
    {
        Some(group)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        Uses::parse(text).unwrap().used.iter().map(|used| used.path.join("::")).collect()
    }

    #[test]
    fn use_trees_are_taken_apart() {
        assert_eq!(
            paths("use crate::a::{self, b::C, d::{E as F, *}};\npub use super::g;"),
            ["crate::a", "crate::a::b::C", "crate::a::d::E", "crate::a::d::*", "super::g"]
        );
        let uses = Uses::parse("use crate::a::B as C;\npub(crate) use d::E;\npub use d::F;").unwrap();
        let told: Vec<_> =
            uses.used.iter().map(|used| (used.name.as_deref(), used.is_public, used.line)).collect();
        assert_eq!(told, [(Some("C"), false, 1), (Some("E"), true, 2), (Some("F"), true, 3)]);
    }

    #[test]
    fn paths_in_code_count() {
        assert_eq!(
            paths("fn f(a: crate::a::A<super::B>) -> Vec<u8> { child::g(a, [self::h!()]) }"),
            ["crate::a::A", "super::B", "child::g", "self::h"]
        );
        assert_eq!(paths("made! { [T] crate::json::Json<T> => T }"), ["crate::json::Json"]);
    }

    #[test]
    fn what_uses_nothing_is_left_out() {
        let text = r##"
            //! crate::a::A
            /// [`crate::a::A`] and `super::B`
            pub(crate) fn f() -> impl Iterator<Item = u8> + use<> { "crate::a::A"; /* crate::a::A */ r#"super::B"# }
            pub(in crate::a) struct S;
            macro_rules! m { () => { $crate::a::A } }
        "##;
        assert_eq!(paths(text), Vec::<String>::new());
    }

    #[test]
    fn tests_are_left_out() {
        let text = "
            #[cfg(test)]
            mod tests;
            #[cfg(test)]
            #[allow(dead_code)]
            mod inner { use crate::a::A; }
            #[cfg(test)]
            use crate::b::B;
            #[cfg(feature = \"x\")]
            use crate::c::C;
            mod kept { use super::d::D; }
        ";
        assert_eq!(paths(text), ["crate::c::C", "super::d::D"]);
        let uses = Uses::parse(text).unwrap();
        assert_eq!(uses.test_modules, ["tests"]);
        assert_eq!(uses.used.last().unwrap().inside, ["kept"]);
    }

    #[test]
    fn what_everybody_sees_has_a_plain_pub() {
        let text = "
            mod a; pub(crate) mod b; pub mod c; pub mod d { pub use x::Y; }
            use e::E; pub(crate) use f::F; pub use g::{G, inner::H as I}; pub use j; pub mod __k {}
        ";
        assert_eq!(Uses::parse(text).unwrap().shown, ["c", "d", "G", "I", "j"]);
    }

    #[test]
    fn unsafe_is_seen_in_code_alone() {
        assert!(Uses::parse("fn f() { [unsafe { g() }]; }").unwrap().has_unsafe);
        assert!(!Uses::parse("// unsafe\n/// unsafe\nfn f() { \"unsafe\"; }").unwrap().has_unsafe);
        assert!(Uses::parse("fn f( {").is_err());
    }
}
