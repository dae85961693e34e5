//! Expressions beside other parameters, where a pattern is matched as one expression.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

use carafe_router::{Filter, Pattern, Token};

/// The values that a pattern catches, or none if it does not take the path.
fn caught(pattern: &str, path: &str) -> Option<Vec<String>> {
    let pattern = Pattern::parse(pattern).unwrap_or_else(|errors| panic!("{errors}"));
    let captures = pattern.captures(path)?;
    Some((0..).map_while(|index| captures.get(index, path).map(str::to_owned)).collect())
}

#[test]
fn values_are_those_of_the_preferred_reading() {
    let date = "/<y:re:[0-9]{4}>/<m:re:[0-9]{2}>/<d:re:[0-9]{2}>/<slug>.html";
    let page = "/<lang:re:[a-z]{2}>/<slug:re:[a-z0-9-]+>/<id:int>";
    for (pattern, path, expected) in [
        (date, "/2026/11/28/a.b.html", Some(vec!["2026", "11", "28", "a.b"])),
        (date, "/2026/11/28/%2F%2e.html", Some(vec!["2026", "11", "28", "/."])),
        (date, "/2026/11/2/a.html", None),
        (date, "/2026/11/28/a/b.html", None),
        (date, "/2026/11/28/.html", None),
        (
            "/re3/<a:re:.+>-<b:re:.+>-<c:re:.+>-<d:int>",
            "/re3/a-b/c-d-e-7",
            Some(vec!["a-b/c", "d", "e", "7"]),
        ),
        ("/re3/<a:re:.+>-<b:re:.+>-<c:re:.+>-<d:int>", "/re3/a-b-c-x", None),
        (page, "/en/a-7-b/-12", Some(vec!["en", "a-7-b", "-12"])),
        (page, "/en/a/b/12", None),
        // Anchors at the ends of a value are always right.
        ("/<a:re:^[a-z]+$>-<b:re:^[0-9]+$>", "/ab-12", Some(vec!["ab", "12"])),
        (r"/<a:re:\A[a-z]+\z>-<b>", "/ab-12", Some(vec!["ab", "12"])),
        (r"/<a:re:(?i)^[a-z]+$>-<b>", "/aB-12", Some(vec!["aB", "12"])),
        ("/<a:re:^a|b$>-<b>", "/b-1", Some(vec!["b", "1"])),
        ("/<a:re:^a$|^(^b(?:c$|d)|(?i)^(?:^e))$>-<b>", "/bc-1", Some(vec!["bc", "1"])),
        ("/<a:re:^a$|^(^b(?:c$|d)|(?i)^(?:^e))$>-<b>", "/E-1", Some(vec!["E", "1"])),
        (r"/<a:re:\^\$>-<b>", "/^$-1", Some(vec!["^$", "1"])),
        ("/<a:re:[$^]+>-<b>", "/^$-1", Some(vec!["^$", "1"])),
        // Groups are the expression's own, also with one name in two of them.
        ("/<a:re:(?<x>a)(b)>-<b:re:(?P<x>c)+>", "/ab-cc", Some(vec!["ab", "cc"])),
        (r"/<a:re:\((a)\)[(]>-<b>", "/(a)(-b", Some(vec!["(a)(", "b"])),
        ("/<a:re:a|b>-<b:re:c|d>", "/b-c", Some(vec!["b", "c"])),
        ("/<a:re:(?i:a)b>-<b:re:c>", "/Ab-c", Some(vec!["Ab", "c"])),
        ("/<a:re:(?i:a)b>-<b:re:c>", "/Ab-C", None),
        // No value is empty.
        ("/<a:re:.*>-<b:re:[0-9]*>", "/-1-", None),
        ("/<a:re:.*>-<b:re:[0-9-]*>", "/x-1-", Some(vec!["x", "1-"])),
        ("/<a:re:[0-9]?>-<b>", "/1-x", Some(vec!["1", "x"])),
        ("/<a:re:[0-9]?>-<b>", "/12-x", None),
        (r"/<a:re:[\]a]+>-<b>", "/]a-x", Some(vec!["]a", "x"])),
        ("/<a:re:.*?>-<b>", "/-x-y", Some(vec!["-x", "y"])),
        ("/<a:re:(a|b)*>-<b>", "/-x", None),
        ("/<a:re:(a|b)*>-<b>", "/ab-x", Some(vec!["ab", "x"])),
        // A `%2F` is a slash to an expression, and none between segments.
        ("/<a:re:[a-z/]+>-<b>", "/a%2Fb/c-d", Some(vec!["a/b/c", "d"])),
        ("/<a:re:[^/]+>-<b>", "/a%2Fb-c", None),
        ("/<n:int>~<a:re:[^]/-]>", "/7~x", Some(vec!["7", "x"])),
        ("/<n:int>~<a:re:[^]/-]>", "/7~x/-]", None),
        ("/<n:int>~<a:re:[^]/-]>", "/7~]", None),
        ("/<n:int>~<a:re:[^]a/-]>", "/7~xa/-]", None),
        (r"/<n:int>~<a:re:[^\x2f-]>", "/7~x/-]", None),
        (r"/<n:int>~<a:re:[^-/]>", "/7~x", Some(vec!["7", "x"])),
        (r"/<n:int>~<a:re:[^-/]>", "/7~-", None),
        (r"/<n:int>~<a:re:[^/\-]>", "/7~-", None),
        (r"/<n:int>~<a:re:[^/\-]>", "/7~%2F", None),
        (r"/<n:int>~<a:re:[^/\\-]>", r"/7~\", None),
        ("/<a:re:[^/]+>/<b>", "/a/b%2Fc", Some(vec!["a", "b/c"])),
        ("/<a:re:[^]/]+>/<b>", "/a/b%2Fc", Some(vec!["a", "b/c"])),
        ("/<a:re:[^]/]+>/<b>", "/a%2fd/b%2Fc", None),
        ("/<a:re:[^b]+>/<b>", "/a%2Fd/c", Some(vec!["a/d", "c"])),
        ("/<a:re:[^b-]+>/<b>", "/a%2Fd/c", Some(vec!["a/d", "c"])),
        ("/<a:re:[^/-]+>/<b>", "/a%2Fd/c", None),
        (
            r"/<a:re:a\x2Fb\x{2F}c\u002Fd\U0000002Fe\/f/g>-<b>",
            "/a%2Fb%2Fc%2Fd%2Fe%2Ff%2Fg-x",
            Some(vec!["a/b/c/d/e/f/g", "x"]),
        ),
        (
            r"/<a:re:a\x2Fb\x{2F}c\u002Fd\U0000002Fe\/f/g>-<b>",
            "/a/b/c/d/e/f/g-x",
            Some(vec!["a/b/c/d/e/f/g", "x"]),
        ),
        (r"/<a:re:[!-\x7E]+>/<b>", "/a%2Fd/c", Some(vec!["a/d", "c"])),
        ("/<a:re:[[:punct:]]+>/<b>", "/%2F!/c", Some(vec!["/!", "c"])),
        (r"/<a:re:[\W]+\D>/<b>", "/%2F%2F/c", Some(vec!["//", "c"])),
        (r"/<a:re:[^\x00]+>/<b>", "/a%2Fd/c", Some(vec!["a/d", "c"])),
        (r"/<a:re:[\x00-\x20]+>/<b>", "/%2F/c", None),
        ("/<a:re:a>/<b:re:b>", "/a%2Fb", None),
        ("/<a:path>/<b:re:b>", "/a%2Fb", None),
        ("/<a:path>/<b:re:b>", "/a%2Fb/b", Some(vec!["a/b", "b"])),
        ("/<a:re:[a/]+>-<b>", "/a%00-x", None),
        ("/<a:re:[a-z/]+>/<b:re:.+>", "/a/b%00/%2F", Some(vec!["a", "b\0//"])),
        ("/<a:re:.+>-<b:re:é+>-<c:path>", "/è-é-%C3%A9", Some(vec!["è", "é", "é"])),
        ("/<a:re:.+>-<b:path>-<c:float>", "/x-y-z-1.5", Some(vec!["x-y", "z", "1.5"])),
        ("/<a:re:[a-z]+>-<b:float>5", "/x-1.55", Some(vec!["x", "1.5"])),
        ("/<a:re:[a-z]+>-<b:float>", "/x--.5", Some(vec!["x", "-.5"])),
        ("/<a:re:[a-z]+>-<b:float>", "/x-.", None),
    ] {
        let expected = expected.map(|values| values.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(caught(pattern, path), expected, "{pattern} {path}");
    }
}

/// What is wrong with a pattern: the text, what is said about it, and what to write instead.
fn wrong(pattern: &str) -> Vec<(String, String)> {
    let Err(errors) = Pattern::parse(pattern) else { return Vec::new() };
    errors.iter().map(|error| (pattern[error.at.clone()].to_owned(), error.to_string())).collect()
}

#[test]
fn what_cannot_be_a_part_of_one_expression_is_refused() {
    let ends = "; leave it out: an expression is matched from the first to the last character of its value";
    let inside = |sign: &str| {
        format!("`{sign}` stands inside an expression that has other parameters beside it{ends}")
    };
    let around = |sign: &str| {
        format!("`{sign}` looks around, and the expression has other parameters beside it{ends}")
    };
    let empty = "the expression may be empty, and has other parameters beside it; let it take at least one \
                 character, as no value is empty: write `+` for `*`";
    let spaced = "the expression has the flag `x`, and other parameters beside it; write it without the flag, \
                  spaces and comments";
    for (regex, expected) in [
        ("b^a", inside("^")),
        ("a$b", inside("$")),
        (r"a\Ab", inside(r"\A")),
        (r"a\zb", inside(r"\z")),
        ("(a|b^)c", inside("^")),
        ("(a$|b)c", inside("$")),
        ("(^a)+", inside("^")),
        ("(a$)+", inside("$")),
        ("(a$){2}", inside("$")),
        ("(^a){2}", inside("^")),
        ("^*a", inside("^")),
        ("a$?", inside("$")),
        (r"\bab", around(r"\b")),
        (r"a\Bb", around(r"\B")),
        (r"(?:x|ab\b)", around(r"\b")),
        (r"ab\b{end}", around(r"\b")),
        ("(?x) a b", spaced.to_owned()),
        ("(?i-x:a b)", spaced.to_owned()),
        ("(ab)*c?", empty.to_owned()),
        ("(a*)*", empty.to_owned()),
        ("a|", empty.to_owned()),
        ("a{0,3}", empty.to_owned()),
        // A repeat of a repeat is none of the whole expression.
        ("a?*", empty.to_owned()),
        ("[0-9]?+", empty.to_owned()),
        ("a?{2,3}", empty.to_owned()),
        ("a*{3}", empty.to_owned()),
        ("(ab)?{2}", empty.to_owned()),
        ("^$", empty.to_owned()),
    ] {
        // Alone it is what it always was.
        for alone in ["/x/<a:re:_>", "/<b>/<a:re:_>", "/<b:int>/<a:re:_>x"] {
            assert_eq!(wrong(&alone.replace('_', regex)), [], "{alone} {regex}");
        }
        let refused = [(regex.to_owned(), expected)];
        for beside in ["/<a:re:_>-<b>", "/<b>-<a:re:_>", "/<a:re:_>/<b:int>", "/<b:path>/<a:re:_>x?<c>"] {
            assert_eq!(wrong(&beside.replace('_', regex)), refused, "{beside} {regex}");
        }
        let twice = format!("/<a:re:{regex}>/<b:re:[a-z]+>/<c:re:{regex}>");
        assert_eq!(wrong(&twice), [refused.clone(), refused].concat(), "{twice}");
    }
    let large = "the expressions of this pattern are too large together; make repetitions such as `{1000}` \
                 smaller, or check the length of the value in the handler";
    let each = r"\w{50000}";
    let all = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| format!("/<{name}:re:{each}>")).concat();
    assert_eq!(wrong(&format!("/<a:re:{each}>-<b>")), []);
    assert_eq!(wrong(&format!("{all}?<q>")), [(all, large.to_owned())]);
    // A prefix can bring an expression of its own.
    let mounted = Pattern::parse("/<a:re:\\bab>").expect("alone it is right").mounted("/<p:path>");
    assert!(mounted.is_err_and(|errors| errors.to_string().contains(&around(r"\b"))));
}

/// A letter of a path, and whether it is a slash that separates segments.
type Letter = (char, bool);

/// Returns whether there is a way to divide the letters among the tokens: the definition, tried out.
fn has_reading(tokens: &[Token], path: &[Letter], regexes: &[(String, regex_lite::Regex)]) -> bool {
    let Some((token, rest)) = tokens.split_first() else { return path.is_empty() };
    let param = match token {
        Token::Text(text) => {
            let len = text.chars().count();
            let begins = path.len() >= len
                && text
                    .chars()
                    .zip(path)
                    .all(|(own, (letter, is_slash))| (own, own == '/') == (*letter, *is_slash));
            return begins && has_reading(rest, &path[len..], regexes);
        }
        Token::Param(param) => param,
        other => panic!("{other:?}"),
    };
    (1..=path.len()).any(|len| {
        let value: String = path[..len].iter().map(|(letter, _)| letter).collect();
        let crosses = path[..len].iter().any(|(_, is_slash)| *is_slash);
        let takes = match &param.filter {
            Filter::Re(regex) => {
                let known = regexes.iter().find(|(text, _)| text == regex.as_str());
                known.expect("one of those below").1.is_match(&value)
            }
            Filter::Path => true,
            Filter::None => !crosses,
            Filter::Int => value.parse::<i32>().is_ok(),
            other => panic!("{other:?}"),
        };
        takes && has_reading(rest, &path[len..], regexes)
    })
}

#[test]
fn a_path_that_can_be_read_is_matched() {
    const BESIDE: &str = "[a1-]+";
    const REGEXES: [&str; 6] = ["[a/]+", "[^/]+?", "(?:a1)+|1", ".*", "^(?:[^a]*1|a)$", r"[\W\d]+"];
    let alone = |text: &&str| {
        ((*text).to_owned(), regex_lite::Regex::new(&format!("^(?:{text})$")).expect("it is right"))
    };
    let regexes: Vec<_> = REGEXES.iter().chain([&BESIDE]).map(alone).collect();
    let units: [(&str, Letter); 5] = [
        ("a", ('a', false)),
        ("1", ('1', false)),
        ("-", ('-', false)),
        ("/", ('/', true)),
        ("%2F", ('/', false)),
    ];
    let mut paths = vec![("/".to_owned(), vec![('/', true)])];
    let mut at = 0;
    while at < paths.len() {
        let (path, letters) = paths[at].clone();
        at += 1;
        if letters.len() < 6 {
            let longer = |(text, letter): (&str, Letter)| {
                (format!("{path}{text}"), [letters.clone(), vec![letter]].concat())
            };
            paths.extend(units.map(longer));
        }
    }
    let mut counts = [0, 0];
    for regex in REGEXES {
        for pattern in ["/<a:re:_>-<b>", "/<a:path>/<b:re:_>", "/<a>1<b:re:_>", "/<a:re:_>/<b:re:[a1-]+>"] {
            let pattern = Pattern::parse(&pattern.replace('_', regex)).expect("it is right");
            let mut builder = carafe_router::RouterBuilder::new();
            builder.insert("GET", pattern.clone(), ());
            let router = builder.build().expect("there is one");
            for (path, letters) in &paths {
                let matched = router.allowed_methods(path, |(), _, _| true).contains(&"GET");
                let expected = has_reading(pattern.tokens(), letters, &regexes);
                assert_eq!(matched, expected, "{} {path}", pattern.as_str());
                counts[usize::from(matched)] += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 10_000), "{counts:?}");
}
