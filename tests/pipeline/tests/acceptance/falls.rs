//! Code of the author that falls while an error is answered, and failures that middleware recovers from.

use std::error::Error as StdError;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

use serde_json::{Value, json};
use web::{
    App, Error, Next, Request, Response, Result, State, StatusCode, abort, catch, catchers, get, routes,
};

use crate::support::{Met, add_met, asked, met, served, told};

#[catch(404, crate = web)]
fn falling() -> String {
    panic!("the catcher fell")
}

#[catch(404, crate = web)]
async fn falling_later() -> String {
    panic!("the catcher fell")
}

fn after(_: &Request, response: &mut Response) {
    add_met(response, "after");
}

#[tokio::test]
async fn a_catcher_that_falls_is_inside_of_the_apps_middleware() {
    for catchers in [catchers![falling], catchers![falling_later]] {
        let app = || App::new().around(Met("app")).after(after).catch(catchers);
        let reply = app().test().get("/nothing").send();
        assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (500, "app after"));
        assert_eq!(reply.json::<Value>()["error"], "Internal Server Error");
        let response = served(app(), asked("GET", "/nothing")).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["x-met"]),
            (500, &"app after".parse().unwrap())
        );
    }
}

// --- an error that cannot say what it is --------------------------------------------------------------------------

/// Falls when it is asked for its words.
#[derive(Debug)]
struct Evil;

impl fmt::Display for Evil {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("the error fell")
    }
}

impl StdError for Evil {}

#[get("/error", crate = web)]
fn evil() -> Result<String, Evil> {
    Err(Evil)
}

#[get("/async", crate = web)]
async fn evil_later() -> Result<String, Evil> {
    Err(Evil)
}

#[get("/local", crate = web)]
fn evil_local() -> Result<String, Box<dyn StdError>> {
    Err(Evil.into())
}

#[get("/status", crate = web)]
fn evil_with_status() -> Result<String, (StatusCode, Evil)> {
    Err((StatusCode::BAD_GATEWAY, Evil))
}

#[get("/taken", crate = web)]
fn taken() -> Result<String> {
    Err(abort(409, "Taken").with_source(Evil))
}

#[catch(default, crate = web)]
fn caught(error: &Error) -> String {
    format!("caught: {}", error.message())
}

fn evils() -> App {
    let routes = routes![evil, evil_later, evil_local, evil_with_status, taken];
    App::new().around(Met("app")).after(after).routes(routes)
}

#[tokio::test]
async fn an_error_whose_words_fall_is_answered() {
    for (target, status, message) in [
        ("/error", 500, "Internal Server Error"),
        ("/async", 500, "Internal Server Error"),
        ("/local", 500, "Internal Server Error"),
        ("/status", 502, "Bad Gateway"),
        ("/taken", 409, "Taken"),
    ] {
        let reply = evils().test().get(target).send();
        assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (status, "app after"), "{target}");
        assert_eq!(reply.json::<Value>()["error"], message, "{target}");
        let text = format!("caught: {message}");
        let reply = evils().catch(catchers![caught]).test().get(target).send();
        assert_eq!((told(&reply), met(&reply).as_str()), ((status, text.as_str()), "app after"), "{target}");
        for (app, is_caught) in [(evils(), false), (evils().catch(catchers![caught]), true)] {
            let response = served(app, asked("GET", target)).await;
            assert_eq!(response.status(), status, "{target}");
            assert_eq!(response.headers()["x-met"], "app after", "{target}");
            assert_eq!(response.body().bytes() == text.as_bytes(), is_caught, "{target}");
        }
    }
}

#[test]
fn middleware_may_fail_with_such_an_error() {
    async fn refuse(_: &Request, _: Next<'_>) -> Result<Response> {
        Err(abort(409, "Taken").with_source(Evil))
    }
    let client = App::new().around(Met("app")).routes(routes![evil].around(refuse)).test();
    let reply = client.get("/error").send();
    assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (409, "app"));
    assert_eq!(reply.json::<Value>()["error"], "Taken");
}

#[catch(404, crate = web)]
fn evil_catcher() -> Result<String, Evil> {
    Err(Evil)
}

#[tokio::test]
async fn a_catcher_may_fail_with_such_an_error() {
    let app = || App::new().around(Met("app")).after(after).catch(catchers![evil_catcher]);
    let reply = app().test().get("/nothing").send();
    assert_eq!((reply.status().as_u16(), met(&reply).as_str()), (500, "app after"));
    assert_eq!(reply.json::<Value>()["error"], "Internal Server Error");
    let response = served(app(), asked("GET", "/nothing")).await;
    assert_eq!(
        (response.status().as_u16(), response.headers()["x-met"].as_bytes()),
        (500, &b"app after"[..])
    );
}

/// A body that breaks off with such an error.
struct Cut;

impl futures_core::Stream for Cut {
    type Item = Result<hyper::body::Frame<web::Bytes>, Evil>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Err(Evil)))
    }
}

#[tokio::test]
async fn a_body_may_break_off_with_such_an_error() {
    let mut service = evils().catch(catchers![caught]).into_service().unwrap();
    let request = web::http::Request::post("/error").body(http_body_util::StreamBody::new(Cut)).unwrap();
    let response = tower_service::Service::call(&mut service, request).await.unwrap();
    assert_eq!((response.status().as_u16(), response.body().bytes().starts_with(b"caught: ")), (400, true));
}

// --- failures that are over ---------------------------------------------------------------------------------------

struct Calls(AtomicU32);

/// Fails each time but the second.
#[get("/second", crate = web)]
fn second(calls: State<Calls>) -> Result<String> {
    match calls.0.fetch_add(1, Ordering::Relaxed) {
        1 => Ok("fine".to_owned()),
        _ => Err(std::io::Error::other("no answer in time"))?,
    }
}

#[get("/panic", crate = web)]
fn second_or_panic(calls: State<Calls>) -> String {
    assert_eq!(calls.0.fetch_add(1, Ordering::Relaxed), 1, "no answer in time");
    "fine".to_owned()
}

async fn retry(request: &Request, next: Next<'_>) -> Response {
    let first = next.run(request).await;
    if first.status().is_server_error() { next.run(request).await } else { first }
}

fn counting() -> App {
    let app = App::new().state(Calls(AtomicU32::new(0))).routes(routes![second, second_or_panic]);
    app.fail_invocation(true)
}

fn event(target: &str) -> Value {
    json!({
        "requestContext": {"elb": {}}, "httpMethod": "GET", "path": target, "queryStringParameters": {},
        "headers": {"host": "localhost"}, "body": "", "isBase64Encoded": false,
    })
}

#[test]
fn a_failure_that_middleware_recovers_from_fails_no_invocation() {
    for target in ["/second", "/panic"] {
        let answer = counting().around(retry).test().event(&event(target));
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!("fine")), "{target}");
        // One that stays fails it.
        let client = counting().test();
        let failed = catch_unwind(AssertUnwindSafe(|| client.event(&event(target)))).unwrap_err();
        let words = failed.downcast::<String>().unwrap();
        assert!(words.contains("no answer in time"), "{words}");
        // So does the last of several.
        let client = counting().around(retry).test();
        assert_eq!(client.event(&event(target))["statusCode"], 200);
        let failed = catch_unwind(AssertUnwindSafe(|| client.event(&event(target)))).unwrap_err();
        let words = failed.downcast::<String>().unwrap();
        assert!(words.contains("no answer in time"), "{words}");
    }
}
