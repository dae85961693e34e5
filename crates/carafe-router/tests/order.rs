//! The order of routes, proved: whatever the router does to be fast, it answers as the definition says.
//!
//! The definition is in `order/definition.rs`: it sorts the routes and asks one after the other, with a matcher of its
//! own that knows nothing of the router's. `order/cases.rs` makes route tables and paths that have a good chance to meet.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

#[path = "order/cases.rs"]
mod cases;
#[path = "order/definition.rs"]
mod definition;

use std::cell::RefCell;
use std::collections::BTreeMap;

use carafe_router::{Captures, Found, Pattern, Router, RouterBuilder};
use proptest::prop_assert_eq;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::cases::{Case, Route};
use crate::definition::{Answer, Entry};

const TABLES: u32 = 2_500;
const LOOK_UPS: usize = 48;

/// How often at least each kind of look-up has to occur. There are 120,000.
const OFTEN: [(&str, usize); 24] = [
    ("hit", 20_000),
    ("hit, tolerant table", 5_000),
    ("hit by another end", 500),
    ("miss", 10_000),
    ("405", 5_000),
    ("several routes", 500),
    ("allowed by any", 2_000),
    ("bad path", 1_000),
    ("HEAD by HEAD", 200),
    ("HEAD by GET", 1_000),
    ("hit by any", 2_000),
    ("method before an earlier any", 500),
    ("refused by type", 2_000),
    ("refused by type, then hit", 500),
    ("hit with a slash in a piece", 300),
    ("hit with an escape", 2_000),
    ("hit with a broken escape", 500),
    ("path ends with a slash", 5_000),
    ("hit below a prefix", 2_000),
    ("hit with several in a segment", 1_000),
    ("hit with more than four values", 50),
    ("hit with path at the end", 1_000),
    ("hit with path in the middle", 1_000),
    ("hit with re", 1_000),
];

#[derive(Default)]
struct Seen(RefCell<BTreeMap<&'static str, usize>>);

impl Seen {
    fn note(&self, kind: &'static str, occurred: bool) {
        *self.0.borrow_mut().entry(kind).or_default() += usize::from(occurred);
    }
}

/// Each route's value is its place in the list and its typed parameters.
type Value = (usize, Vec<usize>);

fn router(case: &Case) -> Router<Value> {
    let mut builder = RouterBuilder::new();
    builder.tolerate_trailing_slash(case.tolerant);
    for (index, route) in case.routes.iter().enumerate() {
        builder.insert(route.method, pattern(route), (index, route.typed()));
    }
    builder.build().expect("no two are the same")
}

fn pattern(route: &Route) -> Pattern {
    let own = Pattern::parse(&route.pattern()).expect("what is made is a pattern").with_typed(&route.typed());
    let Some(prefix) = &route.prefix else { return own };
    own.mounted(&cases::escaped(prefix)).expect("a prefix is a pattern")
}

fn accepts((_, typed): &Value, captures: &Captures, raw_path: &str) -> bool {
    typed.iter().all(|index| captures.get(*index, raw_path).expect("there is a value").parse::<u32>().is_ok())
}

fn answer(router: &Router<Value>, method: &str, raw_path: &str) -> Answer {
    match router.find(method, raw_path, accepts) {
        Found::Route { index, captures, .. } => Answer::Route(
            index,
            (0..).map_while(|index| captures.get(index, raw_path)).map(str::to_owned).collect(),
        ),
        Found::MethodNotAllowed { allow, routes, .. } => Answer::MethodNotAllowed(
            allow.into_iter().map(str::to_owned).collect(),
            routes.into_iter().map(|(index, _)| *index).collect(),
        ),
        Found::NotFound => Answer::NotFound,
        Found::BadPath => Answer::BadPath,
        other => panic!("unknown to the definition: {other:?}"),
    }
}

fn check(case: &Case, seen: &Seen) -> Result<(), TestCaseError> {
    let router = router(case);
    let by_rank = definition::in_order(&case.routes);
    let table: Vec<_> =
        router.iter().map(|(method, pattern, _)| format!("{method} {}", pattern.as_str())).collect();
    let wanted = by_rank.iter().map(|entry| (entry.method, case.routes[entry.index].full_pattern()));
    let wanted: Vec<_> = wanted.map(|(method, pattern)| format!("{method} {pattern}")).collect();
    prop_assert_eq!(&table, &wanted);
    let untyped = definition::untyped(&by_rank);
    for (method, path) in &case.look_ups {
        let wanted = definition::answer(&by_rank, case.tolerant, method, path);
        prop_assert_eq!(&answer(&router, method, path), &wanted, "{} {} among {:#?}", method, path, table);
        let allowed = router.allowed_methods(path, accepts);
        prop_assert_eq!(&allowed, &definition::allowed_methods(&by_rank, case.tolerant, path), "{}", path);
        seen.note(
            "several routes",
            matches!(&wanted, Answer::MethodNotAllowed(_, routes) if routes.len() > 1),
        );
        seen.note("allowed by any", allowed.contains(&"PATCH"));
        let refused = wanted != definition::answer(&untyped, case.tolerant, method, path);
        seen.note("refused by type", refused);
        seen.note("refused by type, then hit", refused && matches!(wanted, Answer::Route(..)));
        note(case, seen, (*method, path), &wanted, &by_rank);
    }
    Ok(())
}

fn note(case: &Case, seen: &Seen, (method, path): (&str, &str), answer: &Answer, by_rank: &[Entry]) {
    seen.note("look-up", true);
    seen.note("miss", *answer == Answer::NotFound);
    seen.note("405", matches!(answer, Answer::MethodNotAllowed(..)));
    seen.note("bad path", *answer == Answer::BadPath);
    seen.note("path ends with a slash", path.len() > 1 && path.ends_with('/'));
    let Answer::Route(index, values) = answer else { return };
    let route = &case.routes[*index];
    seen.note("hit", true);
    seen.note("hit, tolerant table", case.tolerant);
    let by_another_end = case.tolerant && *answer != definition::answer(by_rank, false, method, path);
    seen.note("hit by another end", by_another_end);
    seen.note("HEAD by HEAD", method == "HEAD" && route.method == "HEAD");
    seen.note("HEAD by GET", method == "HEAD" && route.method == "GET");
    seen.note("hit by any", route.method == "ANY");
    let mut earlier = by_rank.iter().take_while(|entry| entry.index != *index);
    let after_any = route.method != "ANY"
        && earlier.any(|entry| entry.method == "ANY" && definition::takes_exactly(entry, path));
    seen.note("method before an earlier any", after_any);
    seen.note("hit with a slash in a piece", path.contains("%2F"));
    seen.note("hit with an escape", path.contains("%C3") || path.contains("%41"));
    seen.note("hit with a broken escape", path.contains("%zz") || path.ends_with('%'));
    seen.note("hit below a prefix", route.prefix.is_some());
    seen.note("hit with several in a segment", route.segments.iter().any(|segment| segment.params() > 1));
    seen.note("hit with more than four values", values.len() > 4);
    let last = route.segments.len() - 1;
    seen.note("hit with path at the end", route.segments[last].has("path"));
    seen.note(
        "hit with path in the middle",
        route.segments[..last].iter().any(|segment| segment.has("path")),
    );
    seen.note("hit with re", route.segments.iter().any(|segment| segment.has("re:")));
}

#[test]
fn answers_as_the_definition_says() {
    let seen = Seen::default();
    // Findings belong into tests of their own, not into a file of seeds.
    let config = Config { cases: TABLES, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&cases::case(LOOK_UPS), |case| check(&case, &seen));
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let seen = seen.0.into_inner();
    assert!(seen["look-up"] >= 100_000, "{seen:#?}");
    for (kind, least) in OFTEN {
        assert!(seen[kind] >= least, "{kind}: {} of at least {least}: {seen:#?}", seen[kind]);
    }
}
