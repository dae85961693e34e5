//! A missed deadline, as the real run loops answer it: what a catcher says, else the default page.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may")]

mod loops;

use std::time::Duration;

use carafe::{App, Cors, Error, Request, SecurityHeaders, catch, catchers, get, routes};
use loops::LOOPS;
use serde_json::{Value, json};

#[get("/endless")]
async fn endless() -> &'static str {
    std::future::pending().await
}

#[catch(504)]
fn late(error: &Error, request: &Request) -> String {
    format!("{} at {}", error.message(), request.raw_path())
}

#[catch(504)]
async fn late_itself() -> &'static str {
    std::future::pending().await
}

const CATCHER: &str = "CARAFE_TEST_CATCHER";

/// Not a test, and passed at once as one; with a Runtime API it is the function.
#[test]
fn function() {
    let Ok(catcher) = std::env::var(CATCHER) else { return };
    let app = App::new().routes(routes![endless].around(Cors::any())).after(SecurityHeaders::new());
    loops::run(match catcher.as_str() {
        "late" => app.catch(catchers![late]),
        "late_itself" => app.catch(catchers![late_itself]),
        _ => app,
    });
}

/// Returns the answer to one event that there is half a second for.
fn answer(run_loop: &str, catcher: &str, accept: &str) -> Value {
    let event = json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/endless",
        "headers": {"accept": accept}, "body": "", "isBase64Encoded": false});
    loops::answer(run_loop, &[(CATCHER, catcher)], &event, Duration::from_millis(500)).0
}

#[test]
fn a_missed_deadline_is_answered_by_a_catcher() {
    let page = r#"{"error":"Gateway Timeout","status":504,"request_id":"test"}"#;
    for run_loop in LOOPS {
        for (catcher, body) in [("late", "Gateway Timeout at /endless"), ("late_itself", page), ("", page)] {
            let answer = answer(run_loop, catcher, "*/*");
            let told = (&answer["statusCode"], &answer["body"]);
            assert_eq!(told, (&json!(504), &json!(body)), "{catcher} on {run_loop}");
            let headers = &answer["headers"];
            assert_eq!(headers["cache-control"], "no-store");
            // A catcher that does not end leaves a page that the app has no part in.
            let is_marked = catcher != "late_itself";
            assert_eq!(headers["access-control-allow-origin"] == "*", is_marked, "{catcher} on {run_loop}");
            assert_eq!(headers["x-frame-options"] == "SAMEORIGIN", is_marked, "{catcher} on {run_loop}");
        }
        let page = answer(run_loop, "", "text/html");
        assert_eq!(page["headers"]["content-type"], "text/html; charset=UTF-8", "{run_loop}");
    }
}
