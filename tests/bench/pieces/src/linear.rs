//! Hostile paths and twice as long ones: whatever the filters of a pattern, the cost may double, and no more.

use std::fmt::Write as _;
use std::hint::black_box;

use carafe_router::{Pattern, Router, RouterBuilder};

use crate::Visit;

/// The filters, and a plain parameter whose typed argument refuses every value.
const FILTERS: [&str; 6] = ["", ":int", ":float", ":path", ":re:_", TYPED];
const TYPED: &str = "typed";

/// What stands between the parameters and at the end, with the expression of the `re` filters.
const FORMS: [(&str, &str, &str); 3] =
    [("/", "", "[0-9]+"), ("-", "!", ".+"), ("1", ".html", "[a-z1/-]{2}|[^/]+")];

/// The lengths of the paths in KB.
const LENGTHS: [usize; 2] = [2, 4];

/// What the paths repeat.
const UNITS: [&str; 4] = ["/", "1/", "1-.1", "a1%2F"];

/// All pairs and triples.
fn filters() -> Vec<Vec<&'static str>> {
    let pairs: Vec<Vec<&str>> =
        FILTERS.iter().flat_map(|first| FILTERS.map(|second| vec![*first, second])).collect();
    let triples = pairs.iter().flat_map(|pair| FILTERS.map(|third| [&**pair, &[third]].concat())).collect();
    [pairs, triples].concat()
}

/// A router with one route, the text at the end of its pattern, and whether it has to be refused.
fn router(
    (between, end, regex): (&str, &'static str, &str),
    filters: &[&str],
) -> (Router<bool>, &'static str) {
    let mut text = String::from("/");
    let mut typed = Vec::new();
    for (index, filter) in filters.iter().enumerate() {
        text.push_str(if index > 0 { between } else { "" });
        if *filter == TYPED {
            typed.push(index);
        }
        let filter = if *filter == TYPED { "" } else { filter };
        let _ = write!(text, "<p{index}{}>", filter.replace('_', regex));
    }
    text.push_str(end);
    let mut builder = RouterBuilder::new();
    let accepted = typed.is_empty();
    builder.insert("GET", Pattern::parse(&text).expect("a pattern").with_typed(&typed), accepted);
    let router = builder.build().expect("no collision");
    // Compiles the expressions.
    router.find("GET", &format!("/1{between}1{between}1{end}"), |accepted, _, _| *accepted);
    (router, end)
}

/// Shows two pieces for each: all forms of a pattern on all paths, of 2 KB and of 4 KB.
pub(crate) fn each(visit: &mut impl Visit) {
    for filters in filters() {
        let routers = FORMS.map(|form| router(form, &filters));
        let names: Vec<&str> = filters.iter().map(|filter| filter.trim_start_matches(':')).collect();
        for length in LENGTHS {
            let path = |unit: &str, end: &str| format!("/{}{end}", unit.repeat(length * 1024 / unit.len()));
            let paths: Vec<_> = routers
                .iter()
                .flat_map(|(router, end)| UNITS.map(|unit| (router, path(unit, end))))
                .collect();
            visit.piece(
                &format!("path of {length} KB: <{}>", names.join("> <")),
                || (),
                |()| {
                    for (router, path) in &paths {
                        black_box(router.find("GET", path, |accepted, _, _| *accepted));
                    }
                },
            );
        }
    }
}
