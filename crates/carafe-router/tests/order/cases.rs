//! Route tables and paths that have a good chance to meet.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;

/// One route table and what is asked of it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) tolerant: bool,
    pub(crate) routes: Vec<Route>,
    pub(crate) look_ups: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) prefix: Option<String>,
    pub(crate) segments: Vec<Segment>,
}

/// Text and parameters in turns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Segment(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Text(&'static str),
    /// The filter as it is written, and whether the argument is typed.
    Param(&'static str, bool),
}

/// What is read from the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Letter((char, bool)),
    Param(&'static str),
}

use Part::{Param, Text};

impl Segment {
    pub(crate) fn params(&self) -> usize {
        self.0.iter().filter(|part| matches!(part, Param(..))).count()
    }

    pub(crate) fn has(&self, filter: &str) -> bool {
        self.0.iter().any(|part| matches!(part, Param(own, _) if own.starts_with(filter)))
    }

    /// Less is earlier.
    pub(crate) fn rank(&self) -> (usize, usize) {
        let text: usize = self.0.iter().map(|part| if let Text(text) = part { text.len() } else { 0 }).sum();
        match self.0.as_slice() {
            [] | [Text(_)] => (0, 0),
            _ if self.has("path") => (4, 0),
            [Param("", false)] => (3, 0),
            [Param(..)] => (2, 0),
            _ => (1, usize::MAX - text),
        }
    }

    fn write(&self, pattern: &mut String, names: &mut usize) {
        for part in &self.0 {
            match part {
                Text(text) => pattern.push_str(&escaped(text)),
                Param(filter, _) => {
                    let colon = if filter.is_empty() { "" } else { ":" };
                    pattern.push_str(&format!("<n{names}{colon}{filter}>"));
                    *names += 1;
                }
            }
        }
    }
}

impl Route {
    pub(crate) fn pattern(&self) -> String {
        let (mut pattern, mut names) = (String::new(), 0);
        for segment in &self.segments {
            pattern.push('/');
            segment.write(&mut pattern, &mut names);
        }
        pattern
    }

    /// With the prefix; `/` below a prefix is the prefix.
    pub(crate) fn full_pattern(&self) -> String {
        match (&self.prefix, self.pattern().as_str()) {
            (Some(prefix), "/") => escaped(prefix),
            (Some(prefix), pattern) => format!("{}{pattern}", escaped(prefix)),
            (None, pattern) => pattern.to_owned(),
        }
    }

    /// The parameters whose arguments are typed.
    pub(crate) fn typed(&self) -> Vec<usize> {
        let params = self.segments.iter().flat_map(|segment| &segment.0).filter_map(|part| match part {
            Param(_, typed) => Some(*typed),
            Text(_) => None,
        });
        params.enumerate().filter(|(_, typed)| *typed).map(|(index, _)| index).collect()
    }

    /// All segments, those of the prefix too.
    pub(crate) fn all_segments(&self) -> impl Iterator<Item = Segment> {
        let literal = |_: &str| Segment(vec![Text("")]);
        let before: Vec<_> =
            self.prefix.iter().flat_map(|prefix| prefix.split('/').skip(1)).map(literal).collect();
        let own = if self.prefix.is_some() && self.pattern() == "/" { &[] } else { self.segments.as_slice() };
        before.into_iter().chain(own.to_vec())
    }

    pub(crate) fn tokens(&self) -> Vec<Token> {
        let letters = |text: &str, is_slash: bool| -> Vec<Token> {
            text.chars().map(|letter| Token::Letter((letter, is_slash && letter == '/'))).collect()
        };
        let mut tokens = letters(self.prefix.as_deref().unwrap_or_default(), true);
        if self.prefix.is_some() && self.pattern() == "/" {
            return tokens;
        }
        for segment in &self.segments {
            tokens.extend(letters("/", true));
            for part in &segment.0 {
                match part {
                    Text(text) => tokens.extend(letters(text, false)),
                    Param(filter, _) => tokens.push(Token::Param(filter)),
                }
            }
        }
        tokens
    }
}

/// The text as it is written in a pattern.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('{', r"\{")
}

const TEXTS: [&str; 8] = ["a", "b", "ab", "7", "café", "x y", "{a}", "a.b"];
const PREFIXES: [&str; 4] = ["/v1", "/a", "/a/b", "/{a}"];
const METHODS: [&str; 10] = ["GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "ANY", "ANY", "DELETE"];
const FILTERS: [&str; 6] = ["int", "float", "path", "re:[a-z]{2,3}", "re:[^.]+", "re:a.*|7"];
/// What may stand for a parameter, still encoded.
const VALUES: [&str; 20] = [
    "a",
    "b",
    "ab",
    "abc",
    "7",
    "-7",
    "1.5",
    "7.",
    "a.b",
    "a-b",
    "7-7",
    "x%20y",
    "caf%C3%A9",
    "a%2Fb",
    "%2F",
    "%",
    "%zz",
    "%41",
    "%FF",
    "",
];

fn param() -> impl Strategy<Value = Part> {
    prop_oneof![
        4 => Just(Param("", false)),
        2 => Just(Param("", true)),
        1 => Just(Param("path", false)),
        4 => (select(&FILTERS[..]), prop::bool::weighted(0.2)).prop_map(|(filter, typed)| Param(filter, typed)),
    ]
}

fn segment() -> impl Strategy<Value = Segment> {
    prop_oneof![
        8 => select(&TEXTS[..]).prop_map(|text| Segment(vec![Text(text)])),
        8 => param().prop_map(|param| Segment(vec![param])),
        1 => param().prop_map(|param| Segment(vec![Text("a"), param])),
        1 => (param(), select(&["b", ".b", ".ab"][..])).prop_map(|(param, text)| Segment(vec![param, Text(text)])),
        2 => (param(), select(&["-", "."][..]), param())
            .prop_map(|(one, text, other)| Segment(vec![one, Text(text), other])),
        2 => (param(), param(), param())
            .prop_map(|(one, two, three)| Segment(vec![one, Text("-"), two, Text("a"), three])),
    ]
}

fn route() -> impl Strategy<Value = Route> {
    let segments = prop::collection::vec(segment(), 0..4);
    let prefix = prop::option::weighted(0.2, select(&PREFIXES[..]).prop_map(str::to_owned));
    (select(&METHODS[..]), prefix, segments, prop::bool::weighted(0.2)).prop_map(
        |(method, prefix, mut segments, slash)| {
            if segments.is_empty() || slash {
                segments.push(Segment(Vec::new()));
            }
            Route { method, prefix, segments }
        },
    )
}

/// No two that answer the same requests, which the router refuses.
fn table() -> impl Strategy<Value = Vec<Route>> {
    prop::collection::vec(route(), 1..14).prop_map(|mut routes| {
        let mut known = BTreeSet::new();
        routes.retain(|route| known.insert((route.method, format!("{:?}", route.tokens()), route.typed())));
        routes
    })
}

/// What one number decides, bit by bit: a strategy for each choice of each look-up would take most of the test's time.
struct Dice(u64);

impl Dice {
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let sides = from.len() as u64;
        let side = self.0 % sides;
        self.0 /= sides;
        from[side as usize]
    }
}

/// A way to a route, or near it.
fn look_up(routes: &[Route], number: u64) -> (&'static str, String) {
    let mut dice = Dice(number);
    let method = dice.pick(&["GET", "GET", "GET", "POST", "HEAD", "DELETE", "PUT"]);
    let change = dice.pick(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8]);
    let all: Vec<&Route> = routes.iter().collect();
    let route = dice.pick(&all);
    let mut path = String::new();
    for token in route.tokens() {
        match token {
            Token::Letter((letter, _)) if letter.is_ascii_graphic() => path.push(letter),
            Token::Letter((letter, _)) => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    path.push_str(&format!("%{byte:02X}"));
                }
            }
            Token::Param("path") => {
                path.push_str(dice.pick(&VALUES));
                path.push_str(dice.pick(&["", "/b", "/a/7", "/", "/ab.b/ab"]));
            }
            Token::Param("int") => path.push_str(dice.pick(&["7", "-7", "1.5", "a"])),
            Token::Param(_) => path.push_str(dice.pick(&VALUES)),
        }
    }
    match change {
        0 => path.push('/'),
        1 => path.truncate(path.trim_end_matches('/').len()),
        2 => path.push_str("/a"),
        3 => path = path.replacen('/', "//", 1),
        4 => path = path.replacen('a', "%61", 1),
        5 => path = path.replacen('a', "b", 1),
        6 => path = path.replacen('/', "%2F", 2),
        7 => path = format!("/{}", path.rsplit('/').next().unwrap_or_default()),
        _ => {}
    }
    (method, path)
}

pub(crate) fn case(look_ups: usize) -> impl Strategy<Value = Case> {
    let numbers = prop::collection::vec(any::<u64>(), look_ups);
    (any::<bool>(), table(), numbers).prop_map(|(tolerant, routes, numbers)| {
        let look_ups = numbers.iter().map(|number| look_up(&routes, *number)).collect();
        Case { tolerant, routes, look_ups }
    })
}
