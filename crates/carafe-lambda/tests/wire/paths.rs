//! Paths and queries: kept as they came, decoded once.

use crate::support::Function;
use crate::support::events::{Event, MODES, Mode, all};
use serde_json::json;

/// The decoded values of parameter `name` when the event's query is `query`, in each mode.
fn values(query: &[(&str, &str)], name: &str) -> [Vec<String>; 2] {
    let function = Function::start();
    MODES.map(|mode| all(&function.invoke(Event::get("/q").query(query).bytes(mode)).seen()["query"], name))
}

#[test]
fn t01_a_value_is_decoded_once() {
    assert_eq!(values(&[("q", "a%20b%26c%3Dd")], "q"), [["a b&c=d"], ["a b&c=d"]]);
    assert_eq!(values(&[("q", "100%2525")], "q"), [["100%25"], ["100%25"]]);
}

#[test]
fn t02_plus_is_a_space_and_an_escaped_colon_a_colon() {
    let expected = "2020-07-24 09:55:00";
    assert_eq!(values(&[("flt1_0", "2020-07-24+09%3A55%3A00")], "flt1_0"), [[expected], [expected]]);
}

#[test]
fn t03_a_query_inside_a_value() {
    let expected = "?showAll=true";
    let values = values(&[("originalQueryString", "%3FshowAll%3Dtrue")], "originalQueryString");
    assert_eq!(values, [[expected], [expected]]);
}

#[test]
fn t04_the_rebuilt_query_keeps_escapes() {
    let function = Function::start();
    for mode in MODES {
        let seen = function.invoke(Event::get("/q").query(&[("x", "foo%3Dbar")]).bytes(mode)).seen();
        assert_eq!(all(&seen["query"], "x"), ["foo=bar"]);
        assert_eq!(seen["raw_query"], "x=foo%3Dbar");
        assert_eq!(seen["uri"], "/q?x=foo%3Dbar");
    }
}

#[test]
fn t05_brackets_raw_and_escaped() {
    let query = [("conditions[survey][0]", "1"), ("date%5Bfrom%5D", "2")];
    assert_eq!(values(&query, "conditions[survey][0]"), [["1"], ["1"]]);
    assert_eq!(values(&query, "date[from]"), [["2"], ["2"]]);
}

#[test]
fn t06_a_value_that_is_an_equals_sign() {
    assert_eq!(values(&[("op", "=")], "op"), [["="], ["="]]);
}

#[test]
fn t07_repeats_keep_their_order() {
    let query = [("foo", "1"), ("foo", ""), ("foo", "2")];
    assert_eq!(values(&query, "foo"), [vec!["2"], vec!["1", "", "2"]]);
}

#[test]
fn t08_a_flag_is_there_and_empty() {
    assert_eq!(values(&[("flag", "")], "flag"), [[""], [""]]);
}

#[test]
fn t09_an_escaped_space() {
    assert_eq!(values(&[("foo", "hello%20world")], "foo"), [["hello world"], ["hello world"]]);
}

#[test]
fn t10_an_encoded_document_in_the_query() {
    let query = [("query", "%7Bhero%28id%3A%221%22%29%7Bname%7D%7D"), ("variables", "%7B%22a%22%3A1%7D")];
    let document = r#"{hero(id:"1"){name}}"#;
    assert_eq!(values(&query, "query"), [[document], [document]]);
    assert_eq!(values(&query, "variables"), [[r#"{"a":1}"#], [r#"{"a":1}"#]]);
}

/// The decoded pieces of a path, the same in both modes, and the raw path untouched.
fn pieces(path: &str) -> Vec<String> {
    let function = Function::start();
    let [single, multi] = MODES.map(|mode| {
        let seen = function.invoke(Event::get(path).bytes(mode)).seen();
        assert_eq!(seen["raw_path"], path, "{mode:?}");
        seen["path"]
            .as_array()
            .expect("pieces")
            .iter()
            .map(|piece| piece.as_str().expect("text").to_owned())
            .collect()
    });
    assert_eq!(single, multi);
    single
}

#[test]
fn t11_an_escaped_slash_stays_in_its_segment() {
    assert_eq!(pieces("/x/slash%2Fvalue"), ["", "x", "slash/value"]);
    assert_eq!(pieces("/x/slash/value"), ["", "x", "slash", "value"]);
}

#[test]
fn t12_a_doubly_escaped_slash_is_decoded_once() {
    assert_eq!(pieces("/x/literal%252Fvalue"), ["", "x", "literal%2Fvalue"]);
}

#[test]
fn t13_what_a_rewrite_has_decoded_routes_normally() {
    assert_eq!(pieces("/orders:2024/a b/é"), ["", "orders:2024", "a b", "é"]);
}

#[test]
fn t14_doubled_slashes_are_kept() {
    assert_eq!(pieces("/a//b"), ["", "a", "", "b"]);
    assert_eq!(pieces("//app/x"), ["", "", "app", "x"]);
}

#[test]
fn t33_what_scanners_send() {
    assert_eq!(pieces("/%04%7F%18;{curl,x};"), ["", "\u{4}\u{7f}\u{18};{curl,x};"]);
    let function = Function::start();
    for mode in MODES {
        let event = Event::get("/%04\u{4}\u{7f}\u{18}\u{1b}[2J").header("x-evil", "a\u{1b}b").bytes(mode);
        assert_eq!(function.invoke(event).seen()["raw_path"], "/%04\u{4}\u{7f}\u{18}\u{1b}[2J");
    }
    let log = function.log();
    assert!(log.lines().count() >= 2, "{log}");
    assert!(log.chars().all(|letter| letter == '\n' || !letter.is_control()), "{log:?}");
}

#[test]
fn t49_any_method_arrives() {
    let function = Function::start();
    for mode in MODES {
        for method in ["PROPFIND", "OPTIONS", "PURGE", "M-SEARCH", "GET"] {
            assert_eq!(function.invoke(Event::get("/m").method(method).bytes(mode)).seen()["method"], method);
        }
        let head = function.invoke(Event::get("/m").method("HEAD").bytes(mode)).answer();
        assert_eq!((&head["statusCode"], &head["body"]), (&json!(200), &json!("")));
        let bad = function.invoke(Event::get("/m").method("FOO BAR").bytes(mode)).answer();
        assert_eq!(bad["statusCode"], 400);
    }
    let lines = function.log_lines();
    let reason = lines.iter().find_map(|line| line["error"].as_str()).expect("a reason");
    assert!(reason.contains("httpMethod"), "{reason}");
}

#[test]
fn empty_query_families_and_odd_ones() {
    let function = Function::start();
    for query in [json!({}), json!(null), json!({"a": null}), json!({"a": []}), json!({"a": {}}), json!([])] {
        for (mode, family) in
            [(Mode::Single, "queryStringParameters"), (Mode::Multi, "multiValueQueryStringParameters")]
        {
            let mut event = Event::get("/q").value(mode);
            event[family] = query.clone();
            let seen = function.invoke(event.to_string()).seen();
            assert_eq!(seen["query"], json!([]), "{query}");
            assert_eq!(seen["raw_query"], "", "{query}");
        }
    }
}
