//! What `serde_json` reads from an object, `Query<T>` and `Form<T>` read from text: one table of shapes, each read from
//! JSON, a query, an urlencoded form and a multipart form.
#![allow(clippy::unwrap_used, reason = "helpers of tests may")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use carafe::{App, Form, Query, Request, Result, get, post, routes};
use serde::de::DeserializeOwned;

#[path = "shapes/types.rs"]
mod types;

use types::*;

async fn query<T: DeserializeOwned + Debug + Send + 'static>(request: &Request) -> Result<String> {
    let Query(value) = request.extract::<Query<T>>().await?;
    Ok(format!("{value:?}"))
}

async fn form<T: DeserializeOwned + Debug + Send + 'static>(request: &Request) -> Result<String> {
    let Form(value) = request.extract::<Form<T>>().await?;
    Ok(format!("{value:?}"))
}

/// Returns what is read from JSON, or that nothing is, and the same from a query and both kinds of form.
fn readings<T: DeserializeOwned + Debug + Send + 'static>(json: &str, pairs: &[(&str, &str)]) -> [String; 4] {
    let app = App::new().route("GET", "/", query::<T>).route("POST", "/", form::<T>);
    let client = app.test().multi_value_headers();
    let call = pairs.iter().fold(client.get("/"), |call, (name, value)| call.query(name, value));
    // An empty field, which nobody asks for, so that there is a multipart body.
    let parts = pairs.iter().fold(client.post("/"), |call, (name, value)| call.field(name, value));
    let expected =
        serde_json::from_str::<T>(json).map_or_else(|_| "refused".to_owned(), |value| format!("{value:?}"));
    let [query, urlencoded, multipart] = [call.send(), client.post("/").form(pairs).send(), parts.send()]
        .map(|reply| match reply.status().as_u16() {
            200 => reply.text().to_owned(),
            400 => "refused".to_owned(),
            other => format!("{other}: {}", reply.text()),
        });
    [expected, query, urlencoded, multipart]
}

/// Returns the lines of the table in which something is read otherwise than by `serde_json`.
macro_rules! table {
    ($($shape:ty: $json:literal, $($name:literal = $value:literal)*;)*) => {{
        let mut wrong = Vec::new();
        let mut count = 0;
        $({
            let [json, query, urlencoded, multipart] = readings::<$shape>($json, &[$(($name, $value)),*]);
            count += 1;
            for (place, seen) in [("query", query), ("urlencoded", urlencoded), ("multipart", multipart)] {
                if seen != json {
                    wrong.push(format!("{} {} {}: {seen}, not {json}", stringify!($shape), $json, place));
                }
            }
        })*
        (count, wrong)
    }};
}

#[test]
fn text_is_read_as_json_is() {
    let (count, wrong): (usize, Vec<String>) = table! {
        // Scalars.
        Texts: r#"{"a": "x y", "b": "", "c": "é"}"#, "a" = "x y" "b" = "" "c" = "é";
        Numbers: r#"{"a": 255, "b": -128, "c": 65535, "d": -5, "e": 4294967295, "f": 7, "g": 18446744073709551615, "h": -9}"#,
            "a" = "255" "b" = "-128" "c" = "65535" "d" = "-5" "e" = "4294967295" "f" = "7" "g" = "18446744073709551615" "h" = "-9";
        Numbers: r#"{"a": 256, "b": 0, "c": 0, "d": 0, "e": 0, "f": 0, "g": 0, "h": 0}"#,
            "a" = "256" "b" = "0" "c" = "0" "d" = "0" "e" = "0" "f" = "0" "g" = "0" "h" = "0";
        Wide: r#"{"a": 340282366920938463463374607431768211455, "b": -5}"#,
            "a" = "340282366920938463463374607431768211455" "b" = "-5";
        Floats: r#"{"a": 1.5, "b": 1000.0}"#, "a" = "1.5" "b" = "1e3";
        Floats: r#"{"a": 2, "b": -0.25}"#, "a" = "2" "b" = "-0.25";
        Odd: r#"{"on": true, "letter": "é", "unit": "Two"}"#, "on" = "true" "letter" = "é" "unit" = "Two";
        Odd: r#"{"on": true, "letter": "éé", "unit": "Two"}"#, "on" = "true" "letter" = "éé" "unit" = "Two";
        Odd: r#"{"on": true, "letter": "x", "unit": "Four"}"#, "on" = "true" "letter" = "x" "unit" = "Four";
        Parsed: r#"{"ip": "::1", "count": 5, "path": "/a", "id": "u-7", "half": 8}"#,
            "ip" = "::1" "count" = "5" "path" = "/a" "id" = "u-7" "half" = "8";
        Parsed: r#"{"ip": "::1", "count": 0, "path": "/a", "id": "u-7", "half": 8}"#,
            "ip" = "::1" "count" = "0" "path" = "/a" "id" = "u-7" "half" = "8";
        Parsed: r#"{"ip": "::1", "count": 5, "path": "/a", "id": "7", "half": 8}"#,
            "ip" = "::1" "count" = "5" "path" = "/a" "id" = "7" "half" = "8";
        // Options, defaults, names.
        Options: r#"{"a": 1, "b": "x", "c": 3}"#, "a" = "1" "b" = "x" "c" = "3";
        Options: r#"{"c": 3, "zzz": "unread"}"#, "c" = "3" "zzz" = "unread";
        Defaults: r#"{"unread": "1"}"#, "unread" = "1";
        Defaults: r#"{"a": 7, "tags": ["x"], "size": 9}"#, "a" = "7" "tags" = "x" "size" = "9";
        Named: r#"{"perPage": 10, "oldName": "x", "type": 5}"#, "perPage" = "10" "oldName" = "x" "type" = "5";
        Named: r#"{"perPage": 10, "newName": "x", "type": 5}"#, "perPage" = "10" "newName" = "x" "type" = "5";
        Strict: r#"{"a": 1}"#, "a" = "1";
        Strict: r#"{"a": 1, "b": "2"}"#, "a" = "1" "b" = "2";
        Ignored: r#"{"a": "1", "b": "2"}"#, "a" = "1" "b" = "2";
        // Newtypes and other wrappers.
        Wrapped: r#"{"a": 1, "b": "x", "c": [1, 2], "d": 4, "e": 5}"#, "a" = "1" "b" = "x" "c" = "1" "c" = "2" "d" = "4" "e" = "5";
        Newtype<Texts>: r#"{"a": "x", "b": "y", "c": "z"}"#, "a" = "x" "b" = "y" "c" = "z";
        Option<Texts>: r#"{"a": "x", "b": "y", "c": "z"}"#, "a" = "x" "b" = "y" "c" = "z";
        Box<Texts>: r#"{"a": "x", "b": "y", "c": "z"}"#, "a" = "x" "b" = "y" "c" = "z";
        Generic<u8>: r#"{"value": 7, "rest": [8, 9]}"#, "value" = "7" "rest" = "8" "rest" = "9";
        // Lists.
        Lists: r#"{"texts": ["a", "1"], "numbers": [1, 2], "pair": [3, 4], "set": [5, 5], "kinds": ["One", "Two"]}"#,
            "texts" = "a" "numbers" = "1" "texts" = "1" "numbers" = "2" "pair" = "3" "pair" = "4" "set" = "5" "set" = "5"
            "kinds" = "One" "kinds" = "Two";
        Lists: r#"{"texts": [""], "numbers": [1, "x"], "pair": [3, 4], "set": [5], "kinds": []}"#,
            "texts" = "" "numbers" = "1" "numbers" = "x" "pair" = "3" "pair" = "4" "set" = "5";
        // Maps.
        BTreeMap<String, String>: r#"{"a": "1", "b": "true", "": "x"}"#, "a" = "1" "b" = "true" "" = "x";
        BTreeMap<String, u32>: r#"{"a": 1, "b": 2}"#, "a" = "1" "b" = "2";
        BTreeMap<String, u32>: r#"{"a": 1, "b": "x"}"#, "a" = "1" "b" = "x";
        BTreeMap<String, Vec<u8>>: r#"{"a": [1, 2], "b": [3]}"#, "a" = "1" "a" = "2" "b" = "3";
        BTreeMap<u32, String>: r#"{"1": "a", "22": "b"}"#, "1" = "a" "22" = "b";
        BTreeMap<u32, String>: r#"{"1": "a", "x": "b"}"#, "1" = "a" "x" = "b";
        BTreeMap<Newtype<i8>, bool>: r#"{"-1": true}"#, "-1" = "true";
        BTreeMap<bool, String>: r#"{"true": "a", "false": "b"}"#, "true" = "a" "false" = "b";
        BTreeMap<char, f64>: r#"{"x": 1.5, "y": 2}"#, "x" = "1.5" "y" = "2";
        BTreeMap<Unit, Option<u8>>: r#"{"One": 1, "Two": 2}"#, "One" = "1" "Two" = "2";
        BTreeMap<Unit, Option<u8>>: r#"{"Nine": 1}"#, "Nine" = "1";
        // Flattened.
        Flat<Page>: r#"{"q": "x", "page": 2, "open": true, "ratio": 2, "tags": ["a", "b"], "ids": [1]}"#,
            "q" = "x" "page" = "2" "open" = "true" "ratio" = "2" "tags" = "a" "tags" = "b" "ids" = "1";
        Flat<Page>: r#"{"q": "2", "page": 2, "open": false, "ratio": 0.5, "tags": ["7"], "ids": [1, 2], "unit": "One"}"#,
            "q" = "2" "page" = "2" "open" = "false" "ratio" = "0.5" "tags" = "7" "ids" = "1" "ids" = "2" "unit" = "One";
        Flat<Page>: r#"{"q": "x", "page": "two", "open": true, "ratio": 2}"#, "q" = "x" "page" = "two" "open" = "true" "ratio" = "2";
        Flat<Option<Page>>: r#"{"page": 2, "open": true, "ratio": 2}"#, "page" = "2" "open" = "true" "ratio" = "2";
        Flat<Flat<Paging>>: r#"{"q": "x", "page": 2}"#, "q" = "x" "page" = "2";
        Flat<Newtype<Paging>>: r#"{"q": "x", "page": 2}"#, "q" = "x" "page" = "2";
        Flat<BTreeMap<String, String>>: r#"{"q": "1", "a": "2", "b": "true"}"#, "q" = "1" "a" = "2" "b" = "true";
        Flat<BTreeMap<String, u8>>: r#"{"q": "1", "a": 2, "b": 3}"#, "q" = "1" "a" = "2" "b" = "3";
        Flat<BTreeMap<String, Vec<u8>>>: r#"{"q": "1", "a": [2, 3], "b": [4]}"#, "q" = "1" "a" = "2" "a" = "3" "b" = "4";
        Flat<BTreeMap<String, bool>>: r#"{"q": "1", "a": true, "b": false}"#, "q" = "1" "a" = "true" "b" = "false";
        Flat<Alike<u64>>: r#"{"a_text": "5", "value": 5}"#, "a_text" = "5" "value" = "5";
        Flat<Alike<i64>>: r#"{"a_text": "-5", "value": -5}"#, "a_text" = "-5" "value" = "-5";
        Flat<Alike<Halves>>: r#"{"a_text": "1.5", "value": 1.5}"#, "a_text" = "1.5" "value" = "1.5";
        Flat<Alike<bool>>: r#"{"a_text": "true", "value": true}"#, "a_text" = "true" "value" = "true";
        Two: r#"{"page": 2, "size": 3, "name": "4"}"#, "page" = "2" "size" = "3" "name" = "4";
        Two: r#"{"page": 2, "name": "4"}"#, "page" = "2" "name" = "4";
        // Enums with tags.
        Tagged: r#"{"kind": "circle", "radius": 2}"#, "kind" = "circle" "radius" = "2";
        Tagged: r#"{"kind": "label", "text": "7", "bold": true, "sizes": [1, 2], "extra": 5}"#,
            "kind" = "label" "text" = "7" "bold" = "true" "sizes" = "1" "sizes" = "2" "extra" = "5";
        Tagged: r#"{"kind": "page", "page": 3}"#, "kind" = "page" "page" = "3";
        Tagged: r#"{"kind": "nothing", "more": "x"}"#, "kind" = "nothing" "more" = "x";
        Tagged: r#"{"kind": "square"}"#, "kind" = "square";
        Tagged: r#"{"radius": 2}"#, "radius" = "2";
        Flat<Tagged>: r#"{"q": "5", "kind": "circle", "radius": 2}"#, "q" = "5" "kind" = "circle" "radius" = "2";
        Adjacent: r#"{"kind": "number", "value": 5}"#, "kind" = "number" "value" = "5";
        Adjacent: r#"{"kind": "text", "value": "5"}"#, "kind" = "text" "value" = "5";
        Adjacent: r#"{"kind": "list", "value": [5, 6]}"#, "kind" = "list" "value" = "5" "value" = "6";
        Adjacent: r#"{"kind": "list", "value": [5]}"#, "kind" = "list" "value" = "5";
        Adjacent: r#"{"kind": "nothing"}"#, "kind" = "nothing";
        Adjacent: r#"{"value": 5, "kind": "switch"}"#, "value" = "5" "kind" = "switch";
        AdjacentFirst: r#"{"a_value": true, "kind": "switch"}"#, "a_value" = "true" "kind" = "switch";
        AdjacentFirst: r#"{"a_value": 5, "kind": "number"}"#, "a_value" = "5" "kind" = "number";
        AdjacentFirst: r#"{"a_value": [5, 6], "kind": "list"}"#, "a_value" = "5" "a_value" = "6" "kind" = "list";
        Flat<Adjacent>: r#"{"q": "5", "kind": "number", "value": 5}"#, "q" = "5" "kind" = "number" "value" = "5";
        External: r#"{"say": "5"}"#, "say" = "5";
        External: r#"{"count": 5}"#, "count" = "5";
        External: r#"{"both": [1, 2]}"#, "both" = "1" "both" = "2";
        External: r#"{"all": null}"#, "all" = "";
        External: r#"{"all": "x"}"#, "all" = "x";
        External: r#"{"count": "x"}"#, "count" = "x";
        External: r#"{"count": 5, "say": "x"}"#, "count" = "5" "say" = "x";
        External: r#"{"other": 5}"#, "other" = "5";
        External: r#"{}"#, ;
        Flat<External>: r#"{"q": "1", "count": 5}"#, "q" = "1" "count" = "5";
        Flat<External>: r#"{"q": "1", "say": "5"}"#, "q" = "1" "say" = "5";
        // Enums without tags.
        Untagged: r#"{"id": 1, "zip": "007"}"#, "id" = "1" "zip" = "007";
        Untagged: r#"{"name": "5"}"#, "name" = "5";
        Untagged: r#"{"flags": [true, false]}"#, "flags" = "true" "flags" = "false";
        Untagged: r#"{"other": "5"}"#, "other" = "5";
        Flat<Untagged>: r#"{"q": "1", "id": 1, "zip": "1"}"#, "q" = "1" "id" = "1" "zip" = "1";
        Inner<IdOrName>: r#"{"value": 5}"#, "value" = "5";
        Inner<IdOrName>: r#"{"value": "x5"}"#, "value" = "x5";
        Inner<Option<IdOrName>>: r#"{"value": 5}"#, "value" = "5";
        Inner<Option<IdOrName>>: r#"{}"#, ;
        Inner<Vec<IdOrName>>: r#"{"value": [5, "x"]}"#, "value" = "5" "value" = "x";
        Inner<OneOrMany>: r#"{"value": ["a", "b"]}"#, "value" = "a" "value" = "b";
        Inner<BTreeSet<Unit>>: r#"{"value": ["Two", "One"]}"#, "value" = "Two" "value" = "One";
        Inner<WithOther>: r#"{"value": "new"}"#, "value" = "new";
        Flat<Inner<IdOrName>>: r#"{"q": "1", "value": 5}"#, "q" = "1" "value" = "5";
    };
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 40, "{count}");
}

#[get("/borrowed")]
fn borrowed(query: Query<Borrowed<'_>>) -> String {
    format!("{:?}", query.0)
}

#[post("/borrowed")]
fn borrowed_form(form: Form<Borrowed<'_>>) -> String {
    format!("{:?}", form.0)
}

#[get("/arguments")]
fn arguments(id: IdOrName, many: OneOrMany, maybe: Option<OneOrMany>, other: Option<WithOther>) -> String {
    format!("{id:?} {many:?} {maybe:?} {other:?}")
}

#[get("/switch")]
fn switch(on: OnOrName) -> String {
    format!("{on:?}")
}

#[post("/arguments")]
fn fields(id: IdOrName, many: OneOrMany, maybe: Option<OneOrMany>, other: Option<WithOther>) -> String {
    arguments(id, many, maybe, other)
}

#[test]
fn text_is_borrowed_and_arguments_are_read_alike() {
    let app = App::new().routes(routes![borrowed, borrowed_form, arguments, switch, fields]);
    let client = app.test().multi_value_headers();
    let expected = r#"Borrowed { a: "x y", b: Some("z"), c: "1", list: ["p", "q"] }"#;
    let pairs = [("a", "x y"), ("b", "z"), ("c", "1"), ("list", "p"), ("list", "q")];
    let query = pairs.iter().fold(client.get("/borrowed"), |call, (name, value)| call.query(name, value));
    assert_eq!(query.send().text(), expected);
    assert_eq!(client.post("/borrowed").form(&pairs).send().text(), expected);
    let parts = pairs.iter().fold(client.post("/borrowed"), |call, (name, value)| call.field(name, value));
    assert_eq!(parts.send().text(), expected);
    for (pairs, expected) in [
        (&[("id", "5"), ("many", "a")][..], r#"Id(5) One("a") None None"#),
        (
            &[("id", "x"), ("many", "a"), ("many", "b"), ("maybe", "1"), ("maybe", "2"), ("other", "new")],
            r#"Name("x") Many(["a", "b"]) Some(Many(["1", "2"])) Some(Other)"#,
        ),
        // A single value takes the last of several.
        (&[("id", "x"), ("id", "5"), ("many", "a")], r#"Id(5) One("a") None None"#),
    ] {
        let query =
            pairs.iter().fold(client.get("/arguments"), |call, (name, value)| call.query(name, value));
        assert_eq!(query.send().text(), expected);
        assert_eq!(client.post("/arguments").form(pairs).send().text(), expected);
        let parts =
            pairs.iter().fold(client.post("/arguments"), |call, (name, value)| call.field(name, value));
        assert_eq!(parts.send().text(), expected);
    }
    for (target, expected) in [("/switch?on=true", "On(true)"), ("/switch?on=x", "Name(\"x\")")] {
        assert_eq!(client.get(target).send().text(), expected);
    }
}

#[test]
fn so_many_buffered_numbers_are_told_from_text() {
    let client = App::new().route("POST", "/", form::<Flat<BTreeMap<String, u8>>>).test();
    for (count, status) in [(1, 200), (64, 200), (65, 400), (200, 400)] {
        let names: Vec<String> = (0..count).map(|number| format!("n{number:03}")).collect();
        let pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "7")).collect();
        assert_eq!(client.post("/").form(&pairs).send().status().as_u16(), status, "{count}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let app = App::new().route("GET", "/map", query::<BTreeMap<u8, String>>);
    let app = app.route("GET", "/enum", query::<External>).route("GET", "/inner", query::<Inner<IdOrName>>);
    let app = app.route("GET", "/number", query::<Flat<Alike<u8>>>).route(
        "GET",
        "/letter",
        query::<Flat<Alike<char>>>,
    );
    let app = app.route("GET", "/half", query::<Flat<Alike<Halves>>>);
    let client = app.test().multi_value_headers();
    for (target, words) in [
        ("/map?1=a&x=b", "query parameters: the name `x`: expected a whole number from 0 to 255"),
        ("/enum?other=1", "query parameters: the name `other`: expected `say`, `count`, `both` or `all`"),
        ("/enum?count=x", "query parameter `count`: expected a whole number from 0 to 4294967295, got `x`"),
        ("/enum?count=1&say=x", "query parameters: expected exactly one"),
        ("/enum", "query parameters: expected exactly one"),
        ("/inner", "query parameter `value` is missing"),
        // Where serde buffers the values, the one that was refused tells whose it is.
        ("/number?a_text=x&value=300", "query parameter `value`: expected u8, got `300`"),
        ("/number?a_text=x&value=-5", "query parameter `value`: expected u8, got `-5`"),
        ("/letter?a_text=x&value=xy", "query parameter `value`: expected a character, got `xy`"),
        ("/half?a_text=x&value=0.25", "query parameter `value`: expected a half, got `0.25`"),
    ] {
        let reply = client.get(target).send();
        assert_eq!(reply.status(), 400, "{target}");
        assert!(reply.text().contains(words), "{target}: {}", reply.text());
    }
    // The last of several values, where a list of them does not fit.
    assert_eq!(client.get("/inner?value=x&value=5").send().text(), "Inner { value: Id(5) }");
}
