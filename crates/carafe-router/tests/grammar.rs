//! What patterns mean, and what is said about those that mean nothing.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use carafe_router::{Filter, Pattern, Token};

fn parsed(pattern: &str) -> Pattern {
    Pattern::parse(pattern).expect("the pattern is right")
}

/// The tokens in words: text in quotes, parameters as `name:filter`, query parameters as `?name`.
fn tokens(text: &str) -> Vec<String> {
    let pattern = parsed(text);
    assert_eq!((pattern.as_str(), pattern.to_text().as_ref()), (text, text));
    let words = |token: &Token| match token {
        Token::Text(text) => format!("'{text}'"),
        Token::Query(name) => format!("?{name}"),
        Token::Param(param) => match &param.filter {
            Filter::None => param.name.to_string(),
            Filter::Int => format!("{}:int", param.name),
            Filter::Float => format!("{}:float", param.name),
            Filter::Path => format!("{}:path", param.name),
            Filter::Re(regex) => format!("{}:re:{regex}", param.name),
            other => panic!("unknown: {other:?}"),
        },
        other => panic!("unknown: {other:?}"),
    };
    pattern.tokens().iter().map(words).collect()
}

#[test]
fn right_patterns_are_text_and_parameters() {
    for (pattern, expected) in [
        ("/", vec!["'/'"]),
        ("/a/b/", vec!["'/a/b/'"]),
        ("/a//b", vec!["'/a//b'"]),
        ("/two words/café", vec!["'/two words/café'"]),
        ("/a+b(c)[d]${}", vec!["'/a+b(c)[d]${}'"]),
        ("/v1:batch/{}/*.png/a*b/::", vec!["'/v1:batch/{}/*.png/a*b/::'"]),
        (r"/\{id}/\:id/\*/\**/\{*rest\}", vec!["'/{id}/:id/*/**/{*rest}'"]),
        (r"/\{<id>}", vec!["'/{'", "id", "'}'"]),
        ("/<c:re:[a-z]{2}/:id/*>", vec!["'/'", "c:re:[a-z]{2}/:id/*"]),
        ("/<id>", vec!["'/'", "id"]),
        ("/<_id>/<größe>", vec!["'/'", "_id", "'/'", "größe"]),
        ("/posts/<id:int>/edit", vec!["'/posts/'", "id:int", "'/edit'"]),
        ("/<x:float>", vec!["'/'", "x:float"]),
        ("/<rest:path>/edit", vec!["'/'", "rest:path", "'/edit'"]),
        ("/<name>.<ext>", vec!["'/'", "name", "'.'", "ext"]),
        ("/v<n:int>-<m:int>x", vec!["'/v'", "n:int", "'-'", "m:int", "'x'"]),
        ("/<c:re:[a-z]{3}>", vec!["'/'", "c:re:[a-z]{3}"]),
        ("/<c:re:a:b:c>", vec!["'/'", "c:re:a:b:c"]),
        ("/<c:re:(?<x>a)>b", vec!["'/'", "c:re:(?<x>a)", "'b'"]),
        ("/<c:re:a?b#>", vec!["'/'", "c:re:a?b#"]),
        (r"/\<a\>/\\/\?/\#", vec![r"'/<a>/\/?/#'"]),
        (r"/\<<a>\>", vec!["'/<'", "a", "'>'"]),
        ("/posts?<draft>", vec!["'/posts'", "?draft"]),
        ("/<id>?<a>&<b>", vec!["'/'", "id", "?a", "?b"]),
    ] {
        assert_eq!(tokens(pattern), expected, "{pattern}");
    }
    let pattern = parsed("/<id:int>/<rest:path>?<a>&<b>");
    assert_eq!(pattern.params().map(|param| &*param.name).collect::<Vec<_>>(), ["id", "rest"]);
    assert_eq!(pattern.query_params().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn wrong_patterns_are_explained_where_they_are_wrong() {
    let filters = "the filters are `int`, `float`, `path` and `re:…`";
    let apart = "put text between the two";
    // A pattern; for each mistake the part of it, what is wrong, and what to write.
    for (pattern, expected) in [
        ("", vec![("", "a path starts with `/`", "write `/`")]),
        ("a/<b>", vec![("a", "a path starts with `/`", "write `/a/<b>`")]),
        ("émile", vec![("é", "a path starts with `/`", "write `/émile`")]),
        ("/<id", vec![("<id", "this `<` is never closed", r"write `\<` for the character itself")]),
        ("/a/<", vec![("<", "this `<` is never closed", "put `>` behind the name")]),
        ("/<c:re:[^<]+>", vec![("<c:re:[^<]+>", "this `<` is never closed", r"`\x3C`")]),
        ("/id>", vec![(">", "this `>` closes no `<`", r"write `\>` for the character itself")]),
        ("/<c:re:a>b>", vec![(">", "this `>` closes no `<`", r"`\x3E`")]),
        ("/<>", vec![("", "the name is missing", "as in `<id>`")]),
        ("/<:int>", vec![("", "the name is missing", "as in `<id>`")]),
        ("/<a b>", vec![("a b", "`a b` cannot be an argument's name", "a letter first")]),
        ("/<1a>", vec![("1a", "`1a` cannot be an argument's name", "a letter first")]),
        ("/<_>", vec![("_", "`_` cannot be an argument's name", "a letter first")]),
        ("/<a-b>", vec![("a-b", "`a-b` cannot be an argument's name", "letters, digits and `_`")]),
        ("/<a>/<a>", vec![("a", "the parameter `a` is there twice", "give each a name of its own")]),
        ("/<a>?<a>", vec![("a", "the parameter `a` is there twice", "give each a name of its own")]),
        ("/<a><b>", vec![("<b>", "two parameters touch, so nothing tells where the first ends", apart)]),
        (
            "/<p:path><b:int>",
            vec![("<b:int>", "two parameters touch, so nothing tells where the first ends", apart)],
        ),
        ("/<a:tin>", vec![("tin", "unknown filter `tin`", "did you mean `int`?")]),
        ("/<a:integer>", vec![("integer", "unknown filter `integer`", "did you mean `int`?")]),
        ("/<a:floating>", vec![("floating", "unknown filter `floating`", "did you mean `float`?")]),
        ("/<a:pat>", vec![("pat", "unknown filter `pat`", "did you mean `path`?")]),
        ("/<a:p>", vec![("p", "unknown filter `p`", filters)]),
        ("/<a:regex>", vec![("regex", "unknown filter `regex`", "did you mean `re`?")]),
        ("/<a:uuid>", vec![("uuid", "unknown filter `uuid`", filters)]),
        ("/<a:>", vec![("", "unknown filter ``", filters)]),
        ("/<a:int:3>", vec![(":3", "the filter `int` takes no configuration", "write `:int>`")]),
        ("/<a:path:>", vec![(":", "the filter `path` takes no configuration", "write `:path>`")]),
        ("/<a:re>", vec![("re", "the expression is missing", "as in `<code:re:[a-z]+>`")]),
        ("/<a:re:>", vec![("re", "the expression is missing", "as in `<code:re:[a-z]+>`")]),
        ("/<a:re:[a->", vec![("[a-", "the expression does not parse", "without look-around")]),
        ("/<a:re:x)|(?:y>", vec![("x)|(?:y", "the expression does not parse", "without look-around")]),
        ("/<a:re:(>", vec![("(", "the expression does not parse", "without look-around")]),
        (r"/<a:re:(.)\1>", vec![(r"(.)\1", "the expression does not parse", "without look-around")]),
        (
            "/<a:re:(a{1000}){1000}>",
            vec![("(a{1000}){1000}", "the expression does not parse", "without look-around")],
        ),
        (r"/a\b", vec![(r"\", r"a `\` escapes nothing here", r"write `\\`")]),
        (r"/a\", vec![(r"\", r"a `\` escapes nothing here", r"write `\\`")]),
        ("/a#b", vec![("#", "`#` never reaches a server", "leave it and the rest out")]),
        ("/a?", vec![("", "only parameters can follow the `?`", "write `?<name>`")]),
        ("/a?b=c", vec![("b=c", "only parameters can follow the `?`", "write `?<name>`")]),
        ("/a?<b>&", vec![("", "only parameters can follow the `?`", "write `?<name>`")]),
        ("/a?<b><c>", vec![("<c>", "query parameters are separated by `&`", "write `?<one>&<two>`")]),
        ("/a?<b>,<c>&<d>", vec![(",<c>", "query parameters are separated by `&`", "write `?<one>&<two>`")]),
        (
            "/a?<b>x&<1>",
            vec![
                ("x", "query parameters are separated by `&`", "write `?<one>&<two>`"),
                ("1", "`1` cannot be an argument's name", "a letter first"),
            ],
        ),
        ("/a?<b:int>", vec![(":int", "a query parameter has no filter", "write `<b>`")]),
        ("/a?<b", vec![("<b", "this `<` is never closed", "put `>` behind the name")]),
        // What other frameworks take for a parameter.
        (
            "/users/{id}",
            vec![("{id}", "`{id}` is not a parameter here", r"write `<id>`, or `\{id}` for the text itself")],
        ),
        (
            "/f/{name}.{ext}?<q>",
            vec![
                ("{name}", "`{name}` is not a parameter here", "write `<name>`"),
                ("{ext}", "`{ext}` is not a parameter here", "write `<ext>`"),
            ],
        ),
        ("/{n:a?b>c}/x", vec![("{n:a?b>c}", "`{n:a?b>c}` is not a parameter here", "write `<n>`")]),
        ("/<a>{b}<c>", vec![("{b}", "`{b}` is not a parameter here", "write `<b>`")]),
        ("/{*rest}", vec![("{*rest}", "`{*rest}` is not a parameter here", "write `<rest:path>`")]),
        (
            "/<a>/:id/x?<q>",
            vec![(":id", "`:id` is not a parameter here", r"write `<id>`, or `\:id` for the text itself")],
        ),
        (
            "/files/*",
            vec![("*", "`*` is not a parameter here", r"write `<rest:path>`, or `\*` for the text itself")],
        ),
        (
            ":id",
            vec![
                (":", "a path starts with `/`", "write `/:id`"),
                (":id", "`:id` is not a parameter here", "write `<id>`"),
            ],
        ),
        ("/a/<path..>", vec![("<path..>", "`<path..>` is not a parameter here", "write `<path:path>`")]),
        ("/<_..>", vec![("<_..>", "`<_..>` is not a parameter here", "write `<rest:path>`")]),
        ("/<int:id>", vec![("id", "unknown filter `id`", "write `<id:int>`, the name first")]),
        // All at once, in their order.
        (
            "<a:tin>/>/<a>?x&<1>",
            vec![
                ("<", "a path starts with `/`", "write `/<a:tin>"),
                ("tin", "unknown filter `tin`", "did you mean `int`?"),
                (">", "this `>` closes no `<`", r"write `\>`"),
                ("a", "the parameter `a` is there twice", "name of its own"),
                ("x", "only parameters can follow the `?`", "write `?<name>`"),
                ("1", "`1` cannot be an argument's name", "a letter first"),
            ],
        ),
    ] {
        let errors = Pattern::parse(pattern).expect_err(pattern);
        let places: Vec<&str> = errors.iter().map(|error| &pattern[error.at.clone()]).collect();
        assert_eq!(
            places,
            expected.iter().map(|(place, ..)| *place).collect::<Vec<_>>(),
            "{pattern}: {errors:?}"
        );
        for (error, (_, message, help)) in errors.iter().zip(expected) {
            assert!(error.message.contains(message), "{pattern}: {}", error.message);
            assert!(error.help.contains(help), "{pattern}: {}", error.help);
            assert_eq!(error.to_string(), format!("{}; {}", error.message, error.help));
        }
    }
}

#[test]
fn mistakes_are_in_the_order_of_the_pattern() {
    let errors = Pattern::parse("/<1>/>/<b:foo>?<c:int>&").expect_err("it is full of them");
    let places: Vec<usize> = errors.iter().map(|error| error.at.start).collect();
    assert_eq!((&errors).into_iter().collect::<Vec<_>>(), errors.iter().collect::<Vec<_>>());
    assert!(errors.as_slice().len() > 1 && errors.clone().into_iter().eq(errors.as_slice().to_vec()));
    assert_eq!(places.len(), 5);
    assert!(places.is_sorted(), "{places:?}");
    let lines: Vec<String> =
        errors.iter().map(|error| format!("pattern `{}`: {error}", errors.pattern())).collect();
    assert_eq!(errors.to_string(), lines.join("\n"));
}

#[test]
fn links_are_encoded_and_paths_keep_their_slashes() {
    for (pattern, values, expected) in [
        ("/", vec![], "/"),
        ("/hello/<name>", vec!["Ann"], "/hello/Ann"),
        ("/hello/<name>", vec!["a/b c?d#e%f&+\"<>é"], "/hello/a%2Fb%20c%3Fd%23e%25f%26%2B%22%3C%3E%C3%A9"),
        ("/<a>", vec!["A-z_0.9~"], "/A-z_0.9~"),
        ("/s/<p:path>", vec!["a b/c"], "/s/a%20b/c"),
        ("/<c:re:.*>", vec!["a/b"], "/a%2Fb"),
        ("/<id:int>/<x:float>", vec!["-7", "1.5"], "/-7/1.5"),
        ("/<a>-<b>.<c>", vec!["x", "y", "z"], "/x-y.z"),
        ("/two words/café/<a>", vec!["1"], "/two%20words/caf%C3%A9/1"),
        (r"/\<b\>/\?<c>", vec!["1"], "/%3Cb%3E/%3F1"),
        ("/<id>?<a>&<b>", vec!["1"], "/1"),
    ] {
        assert_eq!(parsed(pattern).url(&values), expected, "{pattern}");
    }
}

#[test]
fn links_do_not_leave_the_site() {
    for (pattern, values, expected) in [
        ("/<p:path>", vec!["/evil.com"], "/%2Fevil.com"),
        ("/<p:path>", vec!["//evil.com"], "/%2F/evil.com"),
        ("/<p:path>", vec!["/"], "/%2F"),
        ("/<p:path>", vec!["a//b"], "/a//b"),
        ("/open/<p:path>", vec!["/evil.com"], "/open//evil.com"),
        ("/<a>", vec!["/evil.com"], "/%2Fevil.com"),
        ("/<a>", vec![r"\evil.com"], "/%5Cevil.com"),
        ("/<a>/<b>", vec!["", "evil.com"], "/%2Fevil.com"),
        ("/<a>/<b>", vec!["", ""], "/%2F"),
        ("/<a>/<b:path>", vec!["", "/x"], "/%2F/x"),
        ("/<a>/x", vec![], "/%2Fx"),
        ("//a", vec![], "/%2Fa"),
        ("//<a>", vec!["b"], "/%2Fb"),
    ] {
        assert_eq!(parsed(pattern).url(&values), expected, "{pattern} {values:?}");
    }
    let pattern = parsed("/<p:path>");
    let link = pattern.url(&["/evil.com"]);
    let captures = pattern.captures(&link).expect("the route takes its link");
    assert_eq!(captures.get(0, &link), Some("/evil.com"));
}

#[test]
fn a_pattern_alone_tells_what_it_takes() {
    let caught = |pattern: &str, path: &str| {
        let captures = parsed(pattern).captures(path)?;
        Some((0..).map_while(|index| captures.get(index, path).map(str::to_owned)).collect::<Vec<_>>())
    };
    for (pattern, path, expected) in [
        ("/", "/", Some(vec![])),
        ("/a", "/a/", None),
        ("/a?<q>", "/a", Some(vec![])),
        ("/<id:int>", "/7", Some(vec!["7"])),
        ("/<id:int>", "/x", None),
        ("/<a>", "/caf%C3%A9%2F", Some(vec!["café/"])),
        ("/<a>", "/%FF", None),
        ("/<a>", "/", None),
        ("/<a:re:[a-z]{2}>-<b:re:[0-9/]+>", "/ab-1/2", Some(vec!["ab", "1/2"])),
        ("/<a:re:[a-z]{2}>-<b:re:[0-9/]+>", "/abc-1/2", None),
        ("/<a>/<b>/<c>/<d>/<e>/<f:re:x+>", "/1/2/3/4/5/xx", Some(vec!["1", "2", "3", "4", "5", "xx"])),
    ] {
        let expected = expected.map(|values| values.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(caught(pattern, path), expected, "{pattern} {path}");
    }
    // What a typed argument would say is not asked.
    assert!(parsed("/<a>").with_typed(&[0]).captures("/x").is_some());
}

#[test]
fn one_shape_is_one_set_of_requests() {
    let same = |one: &str, other: &str| parsed(one).shape() == parsed(other).shape();
    assert!(same("/<a>/x", "/<b>/x"));
    assert!(same("/<a:re:x+>", "/<b:re:x+>"));
    assert!(same("/a?<b>", "/a?<c>&<d>"));
    assert!(same(r"/\<", r"/\<"));
    let patterns = [
        "/",
        "/a",
        "/a/",
        "/A",
        "//a",
        "/<a>",
        "/<a>/",
        "/<a:int>",
        "/<a:float>",
        "/<a:path>",
        "/<a:re:x+>",
        "/<a:re:x*>",
        "/<a>/<b>",
        "/<a>/<b:int>",
        "/<a>-<b>",
        "/<a>.<b>",
        "/x<a>",
        "/<a>x",
        r"/\<a\>",
    ];
    for (at, one) in patterns.iter().enumerate() {
        for other in &patterns[at + 1..] {
            assert!(!same(one, other), "{one} and {other}");
        }
    }
    let typed = parsed("/<a>/<b>").with_typed(&[1]);
    assert_ne!(typed.shape(), parsed("/<a>/<b>").shape());
    assert_ne!(typed.shape(), parsed("/<a>/<b>").with_typed(&[0]).shape());
    assert_eq!(typed.shape(), parsed("/<c>/<d>").with_typed(&[1]).shape());
    assert_eq!(typed.with_typed(&[]).shape(), parsed("/<a>/<b>").shape());
}

#[test]
fn a_route_is_told_by_its_method_too() {
    let shape = |method: &str, pattern: &str| parsed(pattern).route_shape(method);
    assert_eq!(shape("GET", "/<a>?<q>"), shape("GET", "/<b>"));
    assert_ne!(shape("GET", "/<a>"), shape("POST", "/<a>"));
    assert_ne!(shape("GET", "/<a>"), shape("GET", "/a"));
    assert_ne!(shape("", "/<a>"), parsed("/<a>").shape());
}

#[test]
fn an_expression_is_shown_as_its_text() {
    let pattern = parsed("/<a:re:x+>");
    let Some(Token::Param(param)) = pattern.tokens().last() else { panic!("a parameter") };
    assert!(format!("{:?}", param.filter).contains("\"x+\""), "{:?}", param.filter);
    assert_eq!(pattern.tokens(), parsed("/<a:re:x+>").tokens());
    assert_ne!(pattern.tokens(), parsed("/<a:re:x*>").tokens());
}

#[test]
fn a_prefix_goes_before_and_types_stay() {
    for (prefix, pattern, expected) in [
        ("/v1", "/", "/v1"),
        ("/v1/", "/a", "/v1/a"),
        ("/v1/", "/", "/v1/"),
        ("/v1/", "/?<q>", "/v1/?<q>"),
        ("/<tenant>/", "/", "/<tenant>/"),
        ("/<tenant>", "/", "/<tenant>"),
        ("", "/", "/"),
        ("", "/a", "/a"),
        ("/", "/", "/"),
        ("/v1", "/a/", "/v1/a/"),
        ("/v1", "/?<q>", "/v1?<q>"),
        ("/v1", "/a?<q>", "/v1/a?<q>"),
        ("/v1", r"/\<<a:re:[a-z]+>-<b:int>/<c:path>?<q>", r"/v1/\<<a:re:[a-z]+>-<b:int>/<c:path>?<q>"),
        ("/a b/é", "/<id>", "/a b/é/<id>"),
        (r"/\<v1", "/<id>", r"/\<v1/<id>"),
        ("/<tenant>", "/<id>", "/<tenant>/<id>"),
    ] {
        let mounted = parsed(pattern).mounted(prefix).expect("both are right");
        assert_eq!((mounted.as_str(), &mounted), (expected, &parsed(expected)));
    }
    for (prefix, expected) in [("/v1:beta", "/v1:beta/a"), (r"/\{v}", r"/\{v}/a"), ("/{}", "/{}/a")] {
        let mounted = parsed("/a").mounted(prefix).expect("both are right");
        assert_eq!((mounted.as_str(), &mounted), (expected, &parsed(expected)));
    }
    for (prefix, pattern) in [
        ("/{v}", "/a"),
        ("/:v", "/a"),
        ("/*", "/a"),
        ("/<v..>", "/a"),
        ("v1", "/a"),
        ("/v1?<q>", "/a"),
        ("/v1#", "/a"),
        ("/v1>", "/a"),
    ] {
        assert!(parsed(pattern).mounted(prefix).is_err(), "{prefix}");
    }
    let typed = parsed("/<a>/<b>").with_typed(&[1]).mounted("/v1").expect("both are right");
    assert_eq!(typed.params().map(|param| param.typed).collect::<Vec<_>>(), [false, true]);
    let mounted = parsed("/<a>/<b>").with_typed(&[1]).mounted("/<x>/<y>").expect("both are right");
    let typed: Vec<bool> = mounted.params().map(|param| param.typed).collect();
    assert_eq!(typed, [false, false, false, true]);
    let errors = parsed("/<id>").mounted("/v1/<id>").expect_err("the name is there twice");
    assert!(errors.as_slice()[0].message.contains("there twice"));
    assert_eq!(errors.pattern(), "/v1/<id>/<id>");
}
