//! Single routes and small tables: what is caught, and who wins. `order.rs` has the proof for all the others.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use carafe_router::{Collisions, Found, Pattern, Router, RouterBuilder};

/// A table in which each route's value is its pattern.
fn table(tolerant: bool, routes: &[(&str, &'static str)]) -> Router<&'static str> {
    let mut builder = RouterBuilder::new();
    builder.tolerate_trailing_slash(tolerant);
    for (method, pattern) in routes {
        builder.insert(method, Pattern::parse(pattern).expect("the pattern is right"), *pattern);
    }
    builder.build().expect("no two are the same")
}

/// What is found, in words: the pattern and the values, or the methods, or the kind of failure.
fn found(router: &Router<&'static str>, method: &str, path: &str) -> String {
    match router.find(method, path, |_, _, _| true) {
        Found::Route { value, captures, .. } => {
            let values = (0..).map_while(|index| captures.get(index, path));
            let mut words = vec![(*value).to_owned()];
            words.extend(values.map(str::to_owned));
            words.join(" | ")
        }
        Found::MethodNotAllowed { allow, .. } => format!("405 {}", allow.join(" ")),
        Found::NotFound => "404".to_owned(),
        Found::BadPath => "400".to_owned(),
        other => panic!("unknown: {other:?}"),
    }
}

/// The values that a single pattern catches, or none if it does not take the path.
fn caught(pattern: &'static str, path: &str) -> Option<Vec<String>> {
    let router = table(false, &[("GET", pattern)]);
    match router.find("GET", path, |_, _, _| true) {
        Found::Route { captures, .. } => {
            Some((0..).map_while(|index| captures.get(index, path).map(str::to_owned)).collect())
        }
        Found::NotFound => None,
        other => panic!("{pattern} {path}: {other:?}"),
    }
}

#[test]
fn filters_take_what_they_say() {
    for (filter, right, wrong) in [
        (
            "int",
            vec!["0", "7", "-7", "007", "99999999999999999999999"],
            vec!["", "-", "+7", "7.", "a", "7a", "--7", "٣", "1_0"],
        ),
        (
            "float",
            vec!["0", "7", "-7", "1.5", "-1.5", "5.", ".5", "-.5", "00.50"],
            vec!["", "-", ".", "-.", "1.2.3", "..5", "1e3", "nan", "inf", "+1", "1,5", "5.-"],
        ),
        ("path", vec!["a", "a/b", "/", "a/", "//", "../a", "%2F"], vec![""]),
        ("re:[a-z]+", vec!["a", "abc"], vec!["", "A", "a1", "1a", "a/b"]),
        ("re:on|off", vec!["on", "off"], vec!["o", "onoff", "xoff", "onx"]),
        ("re:a.*", vec!["a", "a/b"], vec!["b/a", "/a"]),
        ("re:é+", vec!["é", "éé"], vec!["e"]),
        (r"re:\x3C\x3E", vec!["<>"], vec!["<"]),
    ] {
        let pattern = format!("/x/<a:{filter}>").leak();
        for value in right {
            let expected = if value == "%2F" { "/" } else { value };
            assert_eq!(
                caught(pattern, &format!("/x/{value}")),
                Some(vec![expected.to_owned()]),
                "{pattern} {value}"
            );
        }
        for value in wrong {
            assert_eq!(caught(pattern, &format!("/x/{value}")), None, "{pattern} {value}");
        }
    }
}

#[test]
fn several_in_a_segment_are_read_from_the_left_as_long_as_can_be() {
    for (pattern, path, expected) in [
        ("/<a>-<b>", "/x-y", Some(vec!["x", "y"])),
        ("/<a>-<b>", "/x-y-z", Some(vec!["x-y", "z"])),
        ("/<a>-<b>", "/x--y", Some(vec!["x-", "y"])),
        ("/<a>-<b>", "/-x-", None),
        ("/<a>-<b>", "/x/a-y", None),
        ("/<name>.<ext>", "/a.tar.gz", Some(vec!["a.tar", "gz"])),
        ("/<name>.json", "/a.json.json", Some(vec!["a.json"])),
        ("/<a:int>-<b:int>", "/3--4", Some(vec!["3", "-4"])),
        ("/<a:float>.<b>", "/1.2.3", Some(vec!["1.2", "3"])),
        ("/<a:float>5<b>", "/1.55x", Some(vec!["1.5", "x"])),
        ("/<a:float>5<b>", "/5x", None),
        ("/<a:float>5<b>", "/-5x", None),
        ("/<a:float>5<b>", "/.5x", None),
        ("/<a:int>5<b>", "/-5x", None),
        ("/<y:int>-<m:int>-<d:int>", "/2024-02-29", Some(vec!["2024", "02", "29"])),
        ("/<y:int>-<m:int>-<d:int>", "/2024-02", None),
        ("/v<n:int>.<m:int>", "/v1.2", Some(vec!["1", "2"])),
        ("/<a>-<b>-<c>-<d>-<e>-<f>", "/1-2-3-4-5-6", Some(vec!["1", "2", "3", "4", "5", "6"])),
        ("/<a>é<b>", "/x%C3%A9y", Some(vec!["x", "y"])),
        ("/<a>-<b>", "/caf%C3%A9-%2F", Some(vec!["café", "/"])),
        // A `path` is as short as it can be, wherever it stands.
        ("/<p:path>/edit", "/a/edit/b/edit", Some(vec!["a/edit/b"])),
        ("/<p:path>/<f>", "/a/b/c", Some(vec!["a/b", "c"])),
        ("/<p:path>/<q:path>", "/a/b/c", Some(vec!["a", "b/c"])),
        ("/<p:path>.<ext>", "/a.b/c.d", Some(vec!["a.b/c", "d"])),
        ("/<p:path>-<q:path>", "/a-b-c", Some(vec!["a", "b-c"])),
        ("/x<p:path>y/<z>", "/xa/by/c", Some(vec!["a/b", "c"])),
        // Where an expression has a parameter behind it, its own preference counts.
        ("/<a:re:[a-z]+?>b<c>", "/abbb", Some(vec!["a", "bb"])),
        ("/<a:re:[a-z]+>b<c>", "/abbb", Some(vec!["ab", "b"])),
        ("/<a:re:[a-z/]+>/<b>", "/a/b/c", Some(vec!["a/b", "c"])),
    ] {
        let expected = expected.map(|values| values.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(caught(pattern, path), expected, "{pattern} {path}");
    }
}

#[test]
fn a_path_is_split_first_and_decoded_once() {
    for (pattern, path, expected) in [
        ("/<a>", "/x%2Fy", Some(vec!["x/y"])),
        ("/<a>/<b>", "/x%2Fy", None),
        ("/a/b", "/a%2Fb", None),
        ("/<a>", "/x%252Fy", Some(vec!["x%2Fy"])),
        ("/<a>", "/100%", Some(vec!["100%"])),
        ("/<a>", "/%zz%4", Some(vec!["%zz%4"])),
        ("/<a>", "/a+b", Some(vec!["a+b"])),
        ("/caf\u{e9}", "/caf%c3%A9", Some(vec![])),
        ("/abc", "/%61bc", Some(vec![])),
        ("/<a>", "/%00", Some(vec!["\0"])),
        ("/<p:path>", "/../%2e%2e/x", Some(vec!["../../x"])),
        ("/a/<p:path>", "/a//b", Some(vec!["/b"])),
        ("/a", "//a", None),
        ("/a", "/a/.", None),
        ("/a", "a", None),
        ("/<a>", "", None),
    ] {
        let expected = expected.map(|values| values.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(caught(pattern, path), expected, "{pattern} {path}");
    }
    let router = table(true, &[("GET", "/<a>")]);
    for path in ["/%FF", "/%C3", "/%C3/%A9", "/%ED%A0%80", "/nowhere/%FF", "/%FF/"] {
        assert_eq!(found(&router, "GET", path), "400", "{path}");
    }
}

#[test]
fn an_expression_is_a_filter_and_comes_before_what_takes_anything() {
    let router = table(
        false,
        &[("GET", "/<a>"), ("GET", "/<a:path>"), ("GET", "/<a:re:[a-z]{3}>"), ("GET", "/<a:int>")],
    );
    for (path, expected) in [
        ("/abc", "/<a:re:[a-z]{3}> | abc"),
        ("/7", "/<a:int> | 7"),
        ("/abcd", "/<a> | abcd"),
        ("/a/b", "/<a:path> | a/b"),
    ] {
        assert_eq!(found(&router, "GET", path), expected);
    }
    let order: Vec<&str> = router.iter().map(|(_, pattern, _)| pattern.as_str()).collect();
    assert_eq!(order, ["/<a:re:[a-z]{3}>", "/<a:int>", "/<a>", "/<a:path>"]);
}

#[test]
fn a_method_counts_before_the_order_and_head_is_get() {
    let router = table(
        false,
        &[
            ("ANY", "/a"),
            ("GET", "/<x>"),
            ("POST", "/<x:path>"),
            ("HEAD", "/h"),
            ("GET", "/h"),
            ("PURGE", "/b/c"),
        ],
    );
    for (method, path, expected) in [
        ("GET", "/a", "/<x> | a"),
        ("HEAD", "/a", "/<x> | a"),
        ("DELETE", "/a", "/a"),
        ("POST", "/a", "/<x:path> | a"),
        ("HEAD", "/h", "/h"),
        ("DELETE", "/z", "405 GET HEAD OPTIONS POST"),
        ("GET", "/b/c", "405 OPTIONS POST PURGE"),
        ("PURGE", "/b/c", "/b/c"),
        ("get", "/z", "405 GET HEAD OPTIONS POST"),
        ("GET", "/", "404"),
    ] {
        assert_eq!(found(&router, method, path), expected, "{method} {path}");
    }
    assert_eq!(found(&table(false, &[("OPTIONS", "/")]), "GET", "/"), "405 OPTIONS");
    assert_eq!(found(&table(false, &[]), "GET", "/"), "404");
}

#[test]
fn a_refused_method_tells_the_routes_of_its_path() {
    let router = table(
        true,
        &[
            ("POST", "/<x:path>"),
            ("PUT", "/a/<x>"),
            ("POST", "/a/<x>"),
            ("POST", "/a/b/"),
            ("GET", "/c"),
            ("GET", "/a/<x:int>"),
        ],
    );
    let routes = |method: &str, path: &str| match router.find(method, path, |_, _, _| true) {
        Found::MethodNotAllowed { routes, .. } => routes.into_iter().copied().collect::<Vec<_>>(),
        other => panic!("{method} {path}: {other:?}"),
    };
    // First those that take the path as it was sent; a route that takes both ends is there once.
    assert_eq!(routes("DELETE", "/a/b"), ["/a/<x>", "/a/<x>", "/<x:path>", "/a/b/"]);
    assert_eq!(routes("OPTIONS", "/a/7/"), ["/<x:path>", "/a/<x:int>", "/a/<x>", "/a/<x>"]);
    assert_eq!(routes("PUT", "/c"), ["/c", "/<x:path>"]);
    // One whose arguments refuse is none of them.
    let found = router.find("GET", "/a/b", |pattern, _, _| *pattern == "/<x:path>");
    assert!(matches!(found, Found::MethodNotAllowed { routes, .. } if routes == [&"/<x:path>"]));
}

#[test]
fn the_allowed_methods_are_those_of_all_routes() {
    let rows = [
        ("GET", "/a"),
        ("POST", "/<x>"),
        ("PURGE", "/a"),
        ("HEAD", "/h"),
        ("OPTIONS", "/o"),
        ("ANY", "/any/<x:int>"),
        ("REPORT", "/any/<x>"),
        ("GET", "/end/"),
    ];
    let router = table(false, &rows);
    let allowed = |path: &str| router.allowed_methods(path, |_, _, _| true).join(" ");
    for (path, expected) in [
        ("/a", "GET HEAD OPTIONS POST PURGE"),
        ("/%61", "GET HEAD OPTIONS POST PURGE"),
        ("/z", "OPTIONS POST"),
        ("/h", "HEAD OPTIONS POST"),
        ("/o", "OPTIONS POST"),
        ("/any/7", "DELETE GET HEAD OPTIONS PATCH POST PUT REPORT"),
        ("/any/x", "OPTIONS REPORT"),
        ("/end", "OPTIONS POST"),
        ("/end/", "GET HEAD OPTIONS"),
        ("/a/b/c", ""),
        ("/%FF", ""),
        ("", ""),
    ] {
        assert_eq!(allowed(path), expected, "{path}");
    }
    let refusing = router.allowed_methods("/a", |pattern, _, _| *pattern != "/<x>");
    assert_eq!(refusing, ["GET", "HEAD", "OPTIONS", "PURGE"]);
    assert!(router.allowed_methods("/a", |_, _, _| false).is_empty());
    let tolerant = table(true, &rows);
    assert_eq!(tolerant.allowed_methods("/end", |_, _, _| true), ["GET", "HEAD", "OPTIONS", "POST"]);
}

#[test]
fn a_refusal_falls_through() {
    let mut builder = RouterBuilder::new();
    for (pattern, typed) in [("/<a>", vec![]), ("/<a>", vec![0]), ("/<a:path>", vec![])] {
        builder.insert(
            "GET",
            Pattern::parse(pattern).expect("the pattern is right").with_typed(&typed),
            pattern,
        );
    }
    let router = builder.build().expect("a type makes a difference");
    let find = |path: &str, refused: &[usize]| {
        let asked = std::cell::RefCell::new(Vec::new());
        let found = router.find("GET", path, |pattern, captures, raw_path| {
            assert_eq!(raw_path, path);
            assert!(captures.get(0, raw_path).is_some() && captures.get(1, raw_path).is_none());
            asked.borrow_mut().push(*pattern);
            !refused.contains(&(asked.borrow().len() - 1))
        });
        let index = if let Found::Route { index, .. } = found { Some(index) } else { None };
        (index, asked.into_inner().len())
    };
    assert_eq!(find("/7", &[]), (Some(1), 1));
    assert_eq!(find("/7", &[0]), (Some(0), 2));
    assert_eq!(find("/7", &[0, 1]), (Some(2), 3));
    assert_eq!(find("/7", &[0, 1, 2]), (None, 3));
    assert_eq!(find("/a/b", &[]), (Some(2), 1));
}

#[test]
fn the_same_requests_twice_are_a_collision() {
    let build = |routes: &[(&str, &str)]| {
        let mut builder = RouterBuilder::new();
        for (method, pattern) in routes {
            builder.insert(method, Pattern::parse(pattern).expect("the pattern is right"), ());
        }
        builder.build().err()
    };
    let collisions =
        build(&[("GET", "/a"), ("GET", "/<a>/x"), ("POST", "/<b>/x"), ("GET", "/<b>/x?<q>"), ("GET", "/a")]);
    assert_eq!(collisions, Some(Collisions(vec![(1, 3), (0, 4)])));
    let words = collisions.expect("there are two").to_string();
    assert_eq!(words, "pairs of routes that answer exactly the same requests: [(1, 3), (0, 4)]");
    assert_eq!(
        build(&[("GET", "/a"), ("GET", "/a/"), ("ANY", "/a"), ("GET", "/<a>"), ("GET", "/<a:int>")]),
        None
    );
}

#[test]
fn a_tolerant_table_overlooks_the_last_slash() {
    let router = table(
        true,
        &[
            ("GET", "/a"),
            ("GET", "/b/"),
            ("GET", "/c"),
            ("POST", "/c/"),
            ("GET", "/d"),
            ("GET", "/d/"),
            ("GET", "/e/<x:int>"),
            ("GET", "/f/<x:path>"),
            ("GET", "/g/<x:re:[a-z]+/>"),
            ("GET", "/h/<x>/"),
        ],
    );
    for (method, path, expected) in [
        ("GET", "/a", "/a"),
        ("GET", "/a/", "/a"),
        ("HEAD", "/a/", "/a"),
        ("GET", "/b", "/b/"),
        ("GET", "/b/", "/b/"),
        ("GET", "/c/", "/c"),
        ("POST", "/c", "/c/"),
        ("PUT", "/c", "405 GET HEAD OPTIONS POST"),
        ("GET", "/d", "/d"),
        ("GET", "/d/", "/d/"),
        ("GET", "/a//", "404"),
        ("GET", "/b//", "/b/"),
        ("GET", "/e/7/", "/e/<x:int> | 7"),
        ("GET", "/f/x/", "/f/<x:path> | x/"),
        ("GET", "/f", "404"),
        ("GET", "/f/", "404"),
        // No value has a slash that was not sent.
        ("GET", "/g/x", "404"),
        ("GET", "/g/x/", "/g/<x:re:[a-z]+/> | x/"),
        ("GET", "/h/x", "/h/<x>/ | x"),
        ("GET", "/h/%C3%A9", "/h/<x>/ | é"),
        ("GET", "/a%2F", "404"),
        ("GET", "/%61/", "/a"),
    ] {
        assert_eq!(found(&router, method, path), expected, "{method} {path}");
    }
    assert_eq!(found(&table(false, &[("GET", "/b/")]), "GET", "/b"), "404");
}
