//! Error answers: the default ones, a catcher's, a panic's.

use bytes::Bytes;
use carafe::testing::Client;
use carafe::{App, Error, Request, Result, StatusCode, abort, catch, catchers, get, post, routes};
use serde_json::{Value, json};

#[get("/posts/<id>")]
fn show(id: u32) -> Result<String> {
    Err(abort(404, format!("No <post> {id}")))
}

#[post("/posts")]
fn create() -> &'static str {
    "made"
}

#[get("/panics")]
fn panics() -> String {
    panic!("the secret is 42")
}

#[get("/panics/later")]
async fn panics_later() -> String {
    std::future::ready(()).await;
    panic!("the secret is 42")
}

#[get("/picky/<n>")]
fn picky(n: Picky) -> String {
    format!("{}", n.0)
}

struct Picky(u8);

impl std::str::FromStr for Picky {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Picky, Self::Err> {
        assert_ne!(text, "panic");
        text.parse().map(Picky)
    }
}

fn app() -> App {
    App::new().routes(routes![show, create, panics, panics_later, picky])
}

fn client() -> Client {
    app().test()
}

#[test]
fn programs_get_json_and_browsers_a_page() {
    let reply = client().get("/posts/7").send();
    assert_eq!(reply.status(), 404);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.json::<Value>(), json!({"error": "No <post> 7", "status": 404, "request_id": "test"}));
    let page = client().get("/posts/7").header("accept", "text/html,*/*;q=0.8").send();
    assert_eq!(page.header("content-type"), Some("text/html; charset=UTF-8"));
    assert!(page.text().contains("No &lt;post&gt; 7"), "{}", page.text());
}

#[test]
fn known_path_and_unknown_method() {
    let reply = client().delete("/posts").send();
    assert_eq!((reply.status().as_u16(), reply.header("allow")), (405, Some("OPTIONS, POST")));
    let reply = client().options("/posts/7").send();
    assert_eq!((reply.status().as_u16(), reply.header("allow")), (204, Some("GET, HEAD, OPTIONS")));
    assert_eq!(reply.text(), "");
    assert_eq!(client().options("/nowhere").send().status(), 404);
    let head = client().head("/posts/7").send();
    assert_eq!((head.status().as_u16(), head.text()), (404, ""));
}

#[test]
fn a_panic_is_a_500_and_the_next_request_works() {
    let client = client();
    for path in ["/panics", "/panics/later", "/picky/panic"] {
        let reply = client.get(path).send();
        assert_eq!(reply.status(), 500, "{path}");
        assert_eq!(reply.json::<Value>()["error"], "Internal Server Error");
        assert!(!reply.text().contains("secret"));
    }
    assert_eq!(client.get("/picky/5").send().text(), "5");
}

#[catch(404)]
fn lost(request: &Request, error: &Error) -> String {
    format!("{} at {}", error.message(), request.raw_path())
}

#[catch(default)]
async fn anything(status: StatusCode) -> carafe::Json<u16> {
    carafe::Json(status.as_u16())
}

#[catch(405)]
fn broken() -> Result<String> {
    panic!("in a catcher")
}

#[test]
fn catchers_answer_with_the_status_of_the_error() {
    let client = app().catch(catchers![lost, anything]).test();
    let reply = client.get("/posts/7").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (404, "No <post> 7 at /posts/7"));
    let reply = client.delete("/posts").send();
    assert_eq!(
        (reply.status().as_u16(), reply.text(), reply.header("allow")),
        (405, "405", Some("OPTIONS, POST"))
    );
    let reply = client.get("/panics").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (500, "500"));
}

#[test]
fn a_catcher_that_fails_leaves_the_default_answer() {
    let reply = app().catch(catchers![broken]).test().delete("/posts").send();
    assert_eq!(reply.status(), 500);
    assert_eq!(reply.json::<Value>()["status"], 500);
}

/// Returns an event that cannot be read, or whose answer cannot be sent, with its status.
fn refused_events(accept: &str) -> [(Value, u16); 5] {
    let event = |method: &str, path: Option<&str>, body: &str| {
        json!({"requestContext": {"elb": {}}, "httpMethod": method, "path": path, "headers": {"accept": accept},
            "body": body, "isBase64Encoded": true})
    };
    [
        (event("POST", Some("/posts"), "???"), 400),
        (event("GE T", Some("/posts/7"), ""), 400),
        (event("GET", None, ""), 400),
        (event("GET", Some("/large"), ""), 500),
        (event("GET", Some("/fragile"), ""), 500),
    ]
}

#[get("/large")]
fn large() -> String {
    "x".repeat(1_000_001)
}

/// A body that panics when it is dropped, long after the handler.
struct Fragile;

impl AsRef<[u8]> for Fragile {
    fn as_ref(&self) -> &[u8] {
        b"fine"
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        panic!("put away")
    }
}

#[get("/fragile")]
fn fragile() -> Bytes {
    Bytes::from_owner(Fragile)
}

#[test]
fn errors_outside_the_pipeline_look_like_those_inside() {
    let app = || app().routes(routes![large, fragile]);
    let problems = app().problem_details(true).test();
    for (accept, kind) in [("*/*", "application/json"), ("text/html", "text/html; charset=UTF-8")] {
        for (event, status) in refused_events(accept) {
            let answer = app().test().event(&event);
            assert_eq!(answer["statusCode"], status, "{event}");
            assert_eq!(answer["headers"]["content-type"], kind, "{event}");
            assert_eq!(answer["headers"]["cache-control"], "no-store", "{event}");
            let kind = if accept == "*/*" { "application/problem+json" } else { kind };
            assert_eq!(problems.event(&event)["headers"]["content-type"], kind, "{event}");
        }
    }
}

#[catch(400)]
fn unreadable(error: &Error, request: &Request) -> carafe::Json<Vec<String>> {
    let accept = request.header("accept").unwrap_or_default();
    carafe::Json(vec![error.message().to_owned(), request.raw_path().to_owned(), accept.to_owned()])
}

#[catch(500)]
fn too_much() -> Result<String> {
    Ok("x".repeat(1_000_001))
}

#[test]
fn catchers_answer_errors_outside_the_pipeline() {
    let app = || app().routes(routes![large, fragile]);
    for (event, status) in refused_events("a/b") {
        let answer = app().catch(catchers![anything]).test().event(&event);
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(status), &json!(status.to_string())));
        assert_eq!(answer["headers"]["cache-control"], "no-store", "{event}");
        let answer = app().catch(catchers![unreadable, too_much]).test().event(&event);
        assert_eq!(answer["statusCode"], status);
        let body = answer["body"].as_str().unwrap();
        if status == 400 {
            let path = event["path"].as_str().unwrap_or("/");
            assert_eq!(body, json!(["Bad Request", path, "a/b"]).to_string());
        } else {
            // What the catcher says cannot be sent either.
            assert!(body.starts_with(r#"{"error":"Internal Server Error""#), "{body}");
        }
    }
}

#[test]
fn an_abort_is_never_a_success() {
    assert_eq!(abort(200, "fine").status(), 500);
    assert_eq!(abort(1000, "no status").status(), 500);
    assert_eq!(abort(StatusCode::CONFLICT, "taken").status(), 409);
}

#[test]
fn an_error_of_the_client_fails_no_invocation() {
    let with_cause =
        |status: u16| move |_: &Request| -> Result<String> { Err(abort(status, "No").with_source("why")) };
    let app = App::new().route("GET", "/400", with_cause(400)).route("GET", "/500", with_cause(500));
    let client = app.fail_invocation(true).test();
    assert_eq!(client.get("/400").send().status(), 400);
    let failing =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| client.get("/500").send().status()));
    assert!(failing.is_err(), "the client has no answer to a failed invocation");
}
