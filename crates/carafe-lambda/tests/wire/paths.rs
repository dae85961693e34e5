//! Paths and queries: kept as they came.

use crate::support::Function;
use crate::support::events::{Event, MODES, Mode};
use serde_json::json;

#[test]
fn queries_arrive_as_they_were_sent() {
    let function = Function::start();
    let query = [("a%5B0%5D", "a%20b%26c%3Dd"), ("b[1]", "100%2525"), ("c", "x+y"), ("flag", "")];
    for mode in MODES {
        let seen = function.invoke(Event::get("/q").query(&query).bytes(mode)).seen();
        assert_eq!(seen["query"], json!(query));
        assert_eq!(seen["raw_query"], "a%5B0%5D=a%20b%26c%3Dd&b[1]=100%2525&c=x+y&flag=");
        assert_eq!(
            seen["uri"].as_str().and_then(|uri| uri.split_once('?')).map(|(_, query)| query),
            seen["raw_query"].as_str()
        );
    }
}

#[test]
fn paths_arrive_as_they_were_sent() {
    let function = Function::start();
    for path in
        ["/x/slash%2Fvalue", "/x/literal%252Fvalue", "/orders:2024/a b/é", "/a//b", "//app/x", "/a/../b"]
    {
        for mode in MODES {
            assert_eq!(function.invoke(Event::get(path).bytes(mode)).seen()["raw_path"], path);
        }
    }
}

#[test]
fn t33_what_scanners_send() {
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
