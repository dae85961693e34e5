//! Events that are no HTTP requests, through the run loop.

use std::time::Duration;

use bytes::Bytes;
use carafe_lambda::{Failure, FailureKind, OtherEvents};
use serde_json::{Value, json};

use crate::support::Function;
use crate::support::events::{Event, Mode};
use crate::support::rows::{Row, differs};

/// Answers with the event, or does what it asks for.
pub(crate) fn function() -> OtherEvents {
    OtherEvents::new(|event| {
        Box::pin(async move {
            let asked: Value = serde_json::from_slice(event.body()).unwrap_or_default();
            match asked.get("do").and_then(Value::as_str) {
                Some("fail") => Err(Failure::new(FailureKind::Error, "no queue")),
                Some("panic") => Ok(sunk()),
                Some("wait") => std::future::pending().await,
                Some("after") => {
                    event.after().spawn(async { Err(Failure::new(FailureKind::After, "no mail")) });
                    Ok(event.body().clone())
                }
                _ => Ok(event.body().clone()),
            }
        })
    })
}

#[expect(clippy::panic, reason = "what happens then is what the tests look at")]
fn sunk() -> Bytes {
    panic!("sunk")
}

#[test]
fn what_the_function_returns_is_posted_as_it_is() {
    let function = Function::with(&[("MIRROR_EVENTS", "1")]);
    for event in [
        json!({"Records": [{"eventSource": "aws:sqs", "body": "a\"\\\n\u{1}"}]}),
        json!({"detail-type": "Scheduled Event"}),
        json!([1, 2]),
        json!("text"),
        json!({}),
    ] {
        let text = event.to_string();
        let posted = function.invoke(text.clone());
        assert!(posted.path.ends_with("/response"), "{}", posted.path);
        assert_eq!(String::from_utf8_lossy(&posted.body), text);
    }
    assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
    let lines = function.log_lines();
    let names = |line: &Value| line.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&lines[0]),
        [
            "bytes_in",
            "bytes_out",
            "cold_start",
            "level",
            "message",
            "ms",
            "request_id",
            "timestamp",
            "xray_trace_id"
        ]
    );
    assert_eq!((&lines[0]["message"], &lines[0]["cold_start"]), (&json!("event"), &json!(true)));
    assert_eq!((&lines[5]["message"], &lines[5]["cold_start"]), (&json!("request"), &json!(false)));
}

#[test]
fn a_failure_is_posted_as_an_error_whatever_the_settings() {
    let function = Function::with(&[("MIRROR_EVENTS", "1")]);
    for (what, kind, message) in [
        ("fail", "Handler.Error", "no queue"),
        ("panic", "Handler.Panic", "sunk"),
        ("wait", "Handler.Deadline", "not done 100 ms before the deadline"),
    ] {
        let posted = function.invoke_within(json!({"do": what}).to_string(), Duration::from_millis(400));
        assert!(posted.path.ends_with("/error"), "{}", posted.path);
        let header = if differs(Row::ErrorHeader) { "unhandled" } else { kind };
        assert_eq!(posted.header("lambda-runtime-function-error-type"), Some(header));
        assert_eq!(
            (&posted.json()["errorType"], &posted.json()["errorMessage"]),
            (&json!(kind), &json!(message))
        );
    }
    assert!(function.invoke(json!({"do": "after"}).to_string()).path.ends_with("/response"));
    assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
    let lines = function.log_lines();
    let kinds: Vec<&Value> = lines.iter().map(|line| &line["error_type"]).collect();
    let after = json!("After.Failed");
    let expected = ["Handler.Error", "Handler.Panic", "Handler.Deadline"].map(|kind| json!(kind));
    assert_eq!(kinds[..3], expected.iter().collect::<Vec<_>>());
    assert_eq!(kinds[3..], [&Value::Null, &after, &Value::Null]);
}

#[test]
fn a_broken_request_is_not_for_the_function() {
    let function = Function::with(&[("MIRROR_EVENTS", "1")]);
    let mut broken = Event::get("/a").value(Mode::Single);
    broken["httpMethod"] = Value::Null;
    assert_eq!(function.invoke(broken.to_string()).answer()["statusCode"], 400);
    assert_eq!(function.invoke("{").answer()["statusCode"], 400);
}

#[test]
fn without_a_function_the_invocation_fails() {
    let posted = Function::start().invoke(json!({"Records": [{"eventSource": "aws:sqs"}]}).to_string());
    assert!(posted.path.ends_with("/error"));
    let message = posted.json()["errorMessage"].as_str().expect("text").to_owned();
    assert!(message.starts_with("this looks like an SQS event; carafe answers HTTP requests"), "{message}");
}
