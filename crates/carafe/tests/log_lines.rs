//! The place that the log line of a request names: its route, or the path that no route took.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests may")]

mod loops;

use std::time::Duration;

use carafe::{App, get, routes};
use loops::LOOPS;
use serde_json::{Value, json};

#[get("/")]
fn index() -> &'static str {
    "index"
}

#[get("/posts/<id>")]
fn post(id: u32) -> String {
    format!("post {id}")
}

/// Not a test, and passed at once as one; with a Runtime API it is the function.
#[test]
fn function() {
    loops::run(App::new().routes(routes![index, post]));
}

/// Returns status, route and path of the line for an event.
fn line(run_loop: &str, event: &Value) -> (u64, Value, Value) {
    let json = [("AWS_LAMBDA_LOG_LEVEL", "INFO"), ("AWS_LAMBDA_LOG_FORMAT", "JSON")];
    let (_, logged) = loops::answer(run_loop, &json, event, Duration::from_secs(60));
    let lines = logged.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.into_iter().find(|line| line["message"] == "request").unwrap();
    (line["status"].as_u64().unwrap(), line["route"].clone(), line["path"].clone())
}

#[test]
fn a_route_is_named_only_where_it_took_the_request() {
    let event = |method: &str, path: &str| {
        json!({"requestContext": {"elb": {}}, "httpMethod": method, "path": path, "headers": {}, "body": "",
            "isBase64Encoded": false})
    };
    let mut without_path = event("GET", "/");
    without_path.as_object_mut().unwrap().remove("path");
    let mut broken_body = event("GET", "/posts/7");
    broken_body["body"] = "???".into();
    broken_body["isBase64Encoded"] = true.into();
    for run_loop in LOOPS {
        for (event, expected) in [
            (event("GET", "/posts/7"), (200, json!("/posts/<id>"), Value::Null)),
            (event("GET", "/posts/x"), (404, Value::Null, json!("/posts/x"))),
            // These cannot be read, so no route took them, whatever has their path.
            (event("GE T", "/posts/7"), (400, Value::Null, json!("/posts/7"))),
            (broken_body.clone(), (400, Value::Null, json!("/posts/7"))),
            (without_path.clone(), (400, Value::Null, Value::Null)),
        ] {
            assert_eq!(line(run_loop, &event), expected, "{event} on {run_loop}");
        }
    }
}
