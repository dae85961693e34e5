//! What the router has to answer, written to be read and not to be fast.

use std::collections::BTreeSet;

use crate::cases::{Route, Token};

/// A route as the definition reads it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its place in the list.
    pub(crate) index: usize,
    pub(crate) method: &'static str,
    tokens: Vec<Token>,
    typed: Vec<usize>,
}

/// A letter, and whether it is a slash between two segments.
type Letter = (char, bool);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Route(usize, Vec<String>),
    /// The methods and the routes.
    MethodNotAllowed(Vec<String>, Vec<usize>),
    NotFound,
    BadPath,
}

/// The first route in the order for the first of the methods that has one: this is the definition.
pub(crate) fn answer(by_rank: &[Entry], tolerant: bool, method: &str, raw_path: &str) -> Answer {
    let Some(letters) = decoded(raw_path) else { return Answer::BadPath };
    let ends: &[bool] = if tolerant { &[false, true] } else { &[false] };
    let wanted: &[&str] = if method == "HEAD" { &["HEAD", "GET", "ANY"] } else { &[method, "ANY"] };
    for other_end in ends {
        for wanted in wanted {
            for entry in by_rank.iter().filter(|entry| entry.method == *wanted) {
                if let Some(values) = takes(entry, &letters, *other_end) {
                    return Answer::Route(entry.index, values);
                }
            }
        }
    }
    let all = all_that_take(by_rank, tolerant, &letters);
    if all.is_empty() {
        return Answer::NotFound;
    }
    Answer::MethodNotAllowed(methods(&all), all.iter().map(|entry| entry.index).collect())
}

/// The methods that a path has routes for.
pub(crate) fn allowed_methods(by_rank: &[Entry], tolerant: bool, raw_path: &str) -> Vec<String> {
    let all = decoded(raw_path).map(|letters| all_that_take(by_rank, tolerant, &letters));
    all.filter(|all| !all.is_empty()).map(|all| methods(&all)).unwrap_or_default()
}

/// All routes of a path: first those that take it as it is.
fn all_that_take<'e>(by_rank: &'e [Entry], tolerant: bool, letters: &[Letter]) -> Vec<&'e Entry> {
    let takes = |entry: &Entry, other_end| takes(entry, letters, other_end).is_some();
    let exactly = by_rank.iter().filter(|entry| takes(entry, false));
    let otherwise = by_rank.iter().filter(|entry| tolerant && !takes(entry, false) && takes(entry, true));
    exactly.chain(otherwise).collect()
}

fn methods(entries: &[&Entry]) -> Vec<String> {
    let mut methods: BTreeSet<&str> = entries.iter().map(|entry| entry.method).collect();
    if methods.remove("ANY") {
        methods.extend(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
    }
    if methods.contains("GET") {
        methods.insert("HEAD");
    }
    methods.insert("OPTIONS");
    methods.into_iter().map(str::to_owned).collect()
}

/// Segment by segment: literal, mixed (more text first), filtered or typed, plain, `path`; where one ends before the
/// other, the longer one; then the place in the list.
pub(crate) fn in_order(routes: &[Route]) -> Vec<Entry> {
    let mut list: Vec<_> = routes.iter().enumerate().collect();
    let key = |route: &Route| {
        let mut kinds: Vec<(usize, usize)> = route.all_segments().map(|segment| segment.rank()).collect();
        // Behind every kind there is.
        kinds.push((usize::MAX, 0));
        kinds
    };
    list.sort_by_cached_key(|(index, route)| (key(route), *index));
    let entry = |(index, route): (usize, &Route)| Entry {
        index,
        method: route.method,
        tokens: route.tokens(),
        typed: route.typed(),
    };
    list.into_iter().map(entry).collect()
}

/// The same with arguments that take any text.
pub(crate) fn untyped(by_rank: &[Entry]) -> Vec<Entry> {
    by_rank.iter().map(|entry| Entry { typed: Vec::new(), ..entry.clone() }).collect()
}

/// Whether the route takes the path as it is.
pub(crate) fn takes_exactly(entry: &Entry, raw_path: &str) -> bool {
    decoded(raw_path).is_some_and(|letters| takes(entry, &letters, false).is_some())
}

/// Split at slashes first, each piece decoded once.
fn decoded(raw_path: &str) -> Option<Vec<Letter>> {
    let mut letters = Vec::new();
    for (number, piece) in raw_path.split('/').enumerate() {
        if number > 0 {
            letters.push(('/', true));
        }
        let (bytes, mut at, mut out) = (piece.as_bytes(), 0, Vec::new());
        while let Some(byte) = bytes.get(at) {
            let two =
                piece.get(at + 1..at + 3).filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
            match (byte, two.and_then(|two| u8::from_str_radix(two, 16).ok())) {
                (b'%', Some(decoded)) => {
                    out.push(decoded);
                    at += 3;
                }
                _ => {
                    out.push(*byte);
                    at += 1;
                }
            }
        }
        letters.extend(String::from_utf8(out).ok()?.chars().map(|letter| (letter, false)));
    }
    Some(letters)
}

/// The values if the route takes the path; with `other_end`, a slash at its end less or more.
fn takes(entry: &Entry, letters: &[Letter], other_end: bool) -> Option<Vec<String>> {
    let slash = ('/', true);
    let values = match letters {
        _ if !other_end => read(&entry.tokens, letters)?,
        [shorter @ .., last] if *last == slash => read(&entry.tokens, shorter)?,
        // The slash that was not sent is the one that ends the pattern.
        _ => match entry.tokens.as_slice() {
            [tokens @ .., Token::Letter(last)] if *last == slash => read(tokens, letters)?,
            _ => return None,
        },
    };
    entry.typed.iter().all(|index| values[*index].parse::<u32>().is_ok()).then_some(values)
}

/// The first way to read the letters: each `path` as short as it can be, each other parameter as long.
fn read(tokens: &[Token], letters: &[Letter]) -> Option<Vec<String>> {
    match tokens {
        [] => letters.is_empty().then(Vec::new),
        [Token::Letter(letter), rest @ ..] => read(rest, letters.strip_prefix(&[*letter])?),
        [Token::Param(filter), rest @ ..] => {
            let up_to = |end: usize| {
                let (value, behind) = letters.split_at(end);
                let mut values = if fits(filter, value) { read(rest, behind)? } else { return None };
                values.insert(0, value.iter().map(|(letter, _)| letter).collect());
                Some(values)
            };
            let mut ends = 1..=letters.len();
            if *filter == "path" { ends.find_map(up_to) } else { ends.rev().find_map(up_to) }
        }
    }
}

fn fits(filter: &str, value: &[Letter]) -> bool {
    match filter {
        "" => return value.iter().all(|(_, is_slash)| !is_slash),
        "path" => return true,
        _ => {}
    }
    let letters: Vec<char> = value.iter().map(|(letter, _)| *letter).collect();
    let number = letters.strip_prefix(&['-']).unwrap_or(&letters);
    let digits = number.iter().filter(|letter| letter.is_ascii_digit()).count();
    match filter {
        "int" => digits > 0 && digits == number.len(),
        "float" => {
            let dots = number.iter().filter(|letter| **letter == '.').count();
            digits > 0 && dots <= 1 && digits + dots == number.len()
        }
        // The expressions in `cases.rs`, by hand.
        "re:[a-z]{2,3}" => (2..=3).contains(&letters.len()) && letters.iter().all(char::is_ascii_lowercase),
        "re:[^.]+" => !letters.contains(&'.'),
        "re:a.*|7" => letters == ['7'] || letters.starts_with(&['a']),
        other => panic!("no definition of {other}"),
    }
}
