//! Events that cannot be read: answered 400, and logged with what is known of them.

use serde_json::{Value, json};

use crate::support::Function;
use crate::support::events::{Event, MODES, Mode, header};

/// Invokes with one event, and returns the answer and the only line of the log.
fn line_of(event: Vec<u8>) -> (Value, Value) {
    let function = Function::start();
    let answer = function.invoke(event).json();
    let mut lines = function.log_lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    (answer, lines.remove(0))
}

#[test]
fn the_line_tells_what_is_known() {
    for mode in MODES {
        let event = Event::get("/a%20b").method("POST").only("accept", &["text/html"]).base64("???");
        let (answer, line) = line_of(event.bytes(mode));
        assert_eq!(answer["statusCode"], 400);
        assert_eq!(header(&answer, mode, "content-type"), ["text/html; charset=UTF-8"]);
        let told = ["level", "message", "method", "path", "status", "request_id", "trace_id", "error_type"];
        let expected = [
            "WARN",
            "request",
            "POST",
            "/a%20b",
            "400",
            "request-0",
            "Root=1-6a5145a7-5c3686ff7df3149177a89157",
            "Event.Unreadable",
        ];
        for (name, value) in told.into_iter().zip(expected) {
            let found = line[name].as_str().map_or_else(|| line[name].to_string(), str::to_owned);
            assert_eq!(found, value, "{line}");
        }
        assert!(line["ms"].is_f64() && line["bytes_in"].as_u64() > Some(100), "{line}");
        assert_eq!(line["error"], "event field body: not base64 though isBase64Encoded says so");
    }
}

#[test]
fn what_is_not_known_is_left_out() {
    let (answer, line) = line_of(b"{\"httpMethod\": ".to_vec());
    assert_eq!(answer["statusCode"], 400);
    assert_eq!((&line["status"], &line["method"], &line["path"]), (&json!(400), &json!(null), &json!(null)));

    let mut no_path = Event::get("/x").value(Mode::Single);
    no_path["path"] = json!(null);
    let (_, line) = line_of(no_path.to_string().into_bytes());
    assert_eq!((&line["method"], &line["path"]), (&json!("GET"), &json!(null)));

    let long = Event::get("/x").method(&"G E T".repeat(1000)).bytes(Mode::Single);
    let (_, line) = line_of(long);
    assert_eq!(line["method"].as_str().map(str::len), Some(40), "a part of it will do");
    assert_eq!(line["path"], "/x");
}

#[test]
fn what_is_not_http_has_no_status() {
    let function = Function::start();
    let posted = function.invoke(json!({"Records": [{"eventSource": "aws:sqs"}]}).to_string());
    assert!(posted.path.ends_with("/error"), "{}", posted.path);
    let lines = function.log_lines();
    assert_eq!((&lines[0]["level"], &lines[0]["message"]), (&json!("ERROR"), &json!("failure")));
}

#[test]
fn the_line_of_what_the_service_did_not_answer_is_whole_whatever_the_door() {
    let alb = |path: &str| Event::get(path).method("PUT");
    let rest = |path: &str| {
        let mut event = alb(path).value(Mode::Single);
        event["requestContext"] = json!({"stage": "prod"});
        event["resource"] = json!("/{proxy+}");
        event
    };
    let large = |mut event: Value| {
        event["body"] = json!(json!({"body": "x", "repeat": 6_100_000}).to_string());
        event
    };
    for make in [
        &(|path: &str| alb(path).value(Mode::Single)) as &dyn Fn(&str) -> Value,
        &|path| alb(path).value(Mode::Multi),
        &rest,
        &|path| alb(path).function_url(),
    ] {
        let mut bad_body = make("/a%20b");
        bad_body["body"] = json!("???");
        bad_body["isBase64Encoded"] = json!(true);
        let function = Function::start();
        let expected = [
            (bad_body, 400, "Event.Unreadable", ("path", "/a%20b")),
            (large(make("/reply")), 500, "Answer.Refused", ("route", "/reply")),
            (make("/panic"), 500, "Handler.Panic", ("path", "/panic")),
            (make("/slow"), 504, "Handler.Deadline", ("route", "/slow")),
        ];
        for (event, status, ..) in &expected {
            let posted = function.invoke_within(event.to_string(), std::time::Duration::from_millis(1000));
            assert_eq!(posted.json()["statusCode"], *status);
        }
        let lines = function.log_lines();
        assert_eq!(lines.len(), expected.len(), "{lines:?}");
        for (line, (_, status, kind, (place, name))) in lines.iter().zip(&expected) {
            assert_eq!((&line["status"], &line["error_type"]), (&json!(status), &json!(kind)), "{line}");
            assert_eq!((&line["method"], &line[place]), (&json!("PUT"), &json!(name)), "{line}");
            assert_eq!(line["trace_id"], "Root=1-6a5145a7-5c3686ff7df3149177a89157");
            assert!(line["ms"].is_f64() && line["bytes_in"].is_u64() && line["bytes_out"].is_u64(), "{line}");
            assert!(line["request_id"].is_string() && line["error"].is_string(), "{line}");
        }
    }
}
