//! Answers that no service made: for an event that cannot be read, a panic, a missed deadline, a refused answer.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use carafe_lambda::{Answer, Context, ErrorSettings, Event, Options, Service, respond};
use http::Response;
use serde_json::{Value, json};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Fails in the way its path says.
struct Broken;

impl Service for Broken {
    async fn call(&self, event: Event) -> Answer {
        match event.raw_path() {
            "/panic" => panic!("as asked"),
            "/late" => std::future::pending().await,
            "/large" => Answer::new(Response::new(Bytes::from(vec![b'x'; 2_000_000]))),
            path => panic!("{path} should not have been asked for"),
        }
    }
}

fn answer(event: &Value, options: Options) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut context = Context::new("id-7");
    context.deadline = Some(SystemTime::now() + Duration::from_millis(100));
    let document = runtime.block_on(respond(&Broken, Bytes::from(event.to_string()), context, &options));
    serde_json::from_slice(&document.expect("an answer")).expect("JSON")
}

fn event(method: &str, path: &str, accept: &str) -> Value {
    json!({"requestContext": {"elb": {}}, "httpMethod": method, "path": path, "headers": {"Accept": accept}})
}

/// Returns each event that is not answered by the service, and its status.
fn events(accept: &str) -> Vec<(Value, u64)> {
    let mut bad_body = event("POST", "/x", accept);
    bad_body["body"] = json!("???");
    bad_body["isBase64Encoded"] = json!(true);
    let mut no_path = event("GET", "/x", accept);
    no_path["path"] = json!(null);
    vec![
        (event("GET", "/panic", accept), 500),
        (event("GET", "/late", accept), 504),
        (event("GET", "/large", accept), 500),
        (bad_body, 400),
        (event("GE T", "/x", accept), 400),
        (no_path, 400),
    ]
}

fn reason(status: u64) -> &'static str {
    match status {
        400 => "Bad Request",
        500 => "Internal Server Error",
        _ => "Gateway Timeout",
    }
}

#[test]
fn programs_get_json() {
    for accept in ["*/*", "application/json", "application/json, text/html", ""] {
        for (event, status) in events(accept) {
            let answer = answer(&event, Options::default());
            assert_eq!(answer["statusCode"], status, "{event}");
            assert_eq!(answer["headers"]["content-type"], "application/json", "{event}");
            let body: Value = serde_json::from_str(answer["body"].as_str().expect("text")).expect("JSON");
            let expected = json!({"error": reason(status), "status": status, "request_id": "id-7"});
            assert_eq!(body, expected, "{event}");
        }
    }
}

#[test]
fn browsers_get_a_page() {
    for (event, status) in events(BROWSER) {
        let answer = answer(&event, Options::default());
        assert_eq!(answer["statusCode"], status, "{event}");
        assert_eq!(answer["headers"]["content-type"], "text/html; charset=UTF-8", "{event}");
        let title = format!("<h1>{status} {}</h1>", reason(status));
        let body = answer["body"].as_str().expect("text");
        assert!(body.contains(&title) && body.contains("Request id-7"), "{body}");
    }
}

#[test]
fn problem_details_are_there_for_those_who_chose_them() {
    let options = Options::default().errors(ErrorSettings::default().problem_details(true));
    for (event, status) in events("*/*") {
        let answer = answer(&event, options);
        assert_eq!(answer["headers"]["content-type"], "application/problem+json", "{event}");
        let body: Value = serde_json::from_str(answer["body"].as_str().expect("text")).expect("JSON");
        let expected = json!({"type": "about:blank", "title": reason(status), "status": status,
            "detail": reason(status), "request_id": "id-7"});
        assert_eq!(body, expected, "{event}");
    }
}

#[test]
fn what_the_server_did_wrong_is_not_stored() {
    for accept in ["*/*", BROWSER] {
        for (event, status) in events(accept) {
            let answer = answer(&event, Options::default());
            let expected = if status >= 500 { json!("no-store") } else { json!(null) };
            assert_eq!(answer["headers"]["cache-control"], expected, "{event}");
        }
    }
}

#[test]
fn head_gets_no_body() {
    let mut bad = event("HEAD", "/x", BROWSER);
    bad["body"] = json!("???");
    bad["isBase64Encoded"] = json!(true);
    for (event, status) in [(bad, 400), (event("HEAD", "/panic", "*/*"), 500)] {
        let answer = answer(&event, Options::default());
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(status), &json!("")), "{event}");
    }
}
