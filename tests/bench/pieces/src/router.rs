//! The router with few and with many routes.

use carafe_router::{Found, Pattern, Router, RouterBuilder};

use crate::Visit;

/// Four kinds of routes of a grown API in turn, and one whose argument is a number.
fn patterns(count: usize) -> Vec<Pattern> {
    let text = |number: usize| match number % 4 {
        0 => format!("/api/v1/resource{number}/<id>"),
        1 => format!("/api/v1/resource{number}/<id>/parts/<part>"),
        2 => format!("/api/v1/resource{number}"),
        _ => format!("/files{number}/<file:path>"),
    };
    let mut patterns: Vec<Pattern> =
        (0..count - 2).map(|number| Pattern::parse(&text(number)).expect("a pattern")).collect();
    patterns.push(Pattern::parse("/hello/<name>").expect("a pattern"));
    patterns.push(Pattern::parse("/numbers/<number>").expect("a pattern").with_typed(&[0]));
    patterns
}

fn router(patterns: Vec<Pattern>) -> Router<bool> {
    let mut builder = RouterBuilder::new();
    for pattern in patterns {
        let typed = pattern.params().any(|param| param.typed);
        builder.insert("GET", pattern, typed);
    }
    builder.build().expect("no collision")
}

/// What no segment of text tells apart: text beside parameters, and behind a `path`.
fn alike(count: usize) -> Vec<Pattern> {
    let text = |number: usize| match number % 3 {
        0 => format!("/export/<name>.f{number}"),
        1 => format!("/<name>-{number}/edit"),
        _ => format!("/<folder:path>/about{number}"),
    };
    (0..count).map(|number| Pattern::parse(&text(number)).expect("a pattern")).collect()
}

pub(crate) fn each(visit: &mut impl Visit) {
    let alike = router(alike(300));
    for (what, path) in [("miss", "/export/ann.txt".to_owned()), ("miss of 16 KB", "/ann".repeat(4096))] {
        visit.piece(
            &format!("router: {what} among 300 alike"),
            || &*path,
            |path| matches!(alike.find("GET", path, |_, _, _| true), Found::NotFound),
        );
    }
    for count in [3, 30, 300] {
        let router = router(patterns(count));
        let mut find = |what: &str, method: &'static str, path: &'static str| {
            visit.piece(
                &format!("router: {what} among {count}"),
                || path,
                |path| {
                    let found = router.find(method, path, |typed, captures, path| {
                        !typed || captures.get(0, path).is_some_and(|text| text.parse::<u32>().is_ok())
                    });
                    matches!(found, Found::Route { .. })
                },
            );
        };
        find("hit", "GET", "/hello/Ann");
        find("refusal", "GET", "/numbers/Ann");
        find("miss", "GET", "/api/v2/resource0/Ann");
        find("wrong method", "POST", "/hello/Ann");
    }
    visit.piece("start: router of 30", || patterns(30), self::router);
    visit.piece(
        "start: application of 37 routes",
        || (),
        |()| {
            let app = on_carafe::app();
            app.check().expect("fits together");
            app
        },
    );
}
