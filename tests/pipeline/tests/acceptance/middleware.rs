//! Middleware: its order, what it sees, early answers, and panics.

use std::sync::atomic::{AtomicU32, Ordering};

use web::http::HeaderValue;
use web::{
    App, Body, FromRequest, Middleware, Next, Request, Response, Result, State, StatusCode, abort, get, post,
    routes,
};

use crate::support::{Met, add_met, logged, met, note_error, told};

/// Who was met on the way in.
#[derive(Clone, Default)]
struct Trail(Vec<&'static str>);

fn went_by(request: &Request, name: &'static str) {
    let mut trail = request.get::<Trail>().unwrap_or_default();
    trail.0.push(name);
    request.insert(trail);
}

struct Around(&'static str);

impl Middleware for Around {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        went_by(request, self.0);
        tokio::task::yield_now().await;
        let mut response = next.run(request).await;
        add_met(&mut response, self.0);
        Ok(response)
    }
}

#[get("/trail", crate = web)]
fn trail(request: &Request) -> String {
    request.get::<Trail>().unwrap_or_default().0.join(" ")
}

#[test]
fn the_first_is_outermost_and_the_app_before_its_groups() {
    async fn before(request: &Request) {
        tokio::task::yield_now().await;
        went_by(request, "app-before");
    }
    let inner = routes![trail]
        .before(|request: &Request| went_by(request, "inner-before"))
        .around(Around("inner"))
        .after(|_: &Request, response: &mut Response| add_met(response, "inner-after"));
    let outer = routes![].around(Around("outer-1")).around(Around("outer-2")).mount("/inner", inner);
    let client = App::new()
        .mount("/outer", outer)
        .around(Around("app-1"))
        .before(before)
        .after(async |_: &Request, response: &mut Response| {
            tokio::task::yield_now().await;
            add_met(response, "app-after");
        })
        .around(Around("app-2"))
        .after(|_: &Request, response: &mut Response| add_met(response, "app-after-2"))
        .test();
    let reply = client.get("/outer/inner/trail").send();
    assert_eq!(reply.text(), "app-1 app-before app-2 outer-1 outer-2 inner-before inner");
    assert_eq!(met(&reply), "inner inner-after outer-2 outer-1 app-2 app-1 app-after-2 app-after");
}

#[test]
fn functions_and_closures_are_middleware() {
    async fn plain(request: &Request, next: Next<'_>) -> Response {
        let mut response = next.run(request).await;
        add_met(&mut response, "function");
        response
    }
    let client = App::new()
        .routes(routes![trail])
        .around(plain)
        .around(async |request: &Request, next: Next<'_>| -> Result<Response> {
            let mut response = next.run(request).await;
            add_met(&mut response, "closure");
            Ok(response)
        })
        .test();
    assert_eq!(met(&client.get("/trail").send()), "closure function");
}

// --- early answers ----------------------------------------------------------------------------------------------

struct Calls(AtomicU32);

#[get("/calls", crate = web)]
#[post("/calls", crate = web)]
fn calls(calls: State<Calls>) -> String {
    (calls.0.fetch_add(1, Ordering::Relaxed) + 1).to_string()
}

#[test]
fn middleware_answers_early() {
    async fn maintenance(request: &Request, next: Next<'_>) -> Response {
        if request.header("x-early").is_none() {
            return next.run(request).await;
        }
        let mut response = Response::new(Body::from("later"));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response
    }
    let before = |request: &Request| -> Option<Response> {
        (request.header("x-before").is_some()).then(|| Response::new(Body::from("before")))
    };
    let after = |_: &Request, response: &mut Response| add_met(response, "after");
    let group = routes![calls]
        .around(Met("outer"))
        .around(maintenance)
        .before(before)
        .around(Met("inner"))
        .after(after);
    let app = App::new().around(note_error).routes(group).state(Calls(AtomicU32::new(0)));
    let client = app.test();
    assert_eq!(client.get("/calls").send().text(), "1");
    let reply = client.get("/calls").header("x-early", "1").send();
    assert_eq!((told(&reply), met(&reply).as_str()), ((503, "later"), "outer after"));
    // An answer that somebody made is no error, whatever its status.
    assert_eq!(reply.header("x-error"), Some("none"));
    let reply = client.get("/calls").header("x-before", "1").send();
    assert_eq!((told(&reply), met(&reply).as_str()), ((200, "before"), "outer after"));
    let reply = client.get("/calls").send();
    assert_eq!((reply.text(), met(&reply).as_str()), ("2", "inner outer after"));
}

#[test]
fn middleware_may_ask_twice() {
    async fn again(request: &Request, next: Next<'_>) -> Response {
        let _first = next.run(request).await;
        next.run(request).await
    }
    let app = App::new().routes(routes![calls].around(again)).state(Calls(AtomicU32::new(0)));
    assert_eq!(app.test().get("/calls").send().text(), "2");
}

/// Counts how often it is read.
struct Read(u32);

impl FromRequest<'_> for Read {
    async fn from_request(request: &Request) -> Result<Self> {
        let calls = State::<Calls>::from_request(request).await?;
        Ok(Read(calls.0.fetch_add(1, Ordering::Relaxed) + 1))
    }
}

#[get("/read", crate = web)]
fn read(read: Read) -> String {
    read.0.to_string()
}

#[test]
fn head_reads_arguments_once() {
    let client = App::new().routes(routes![read]).state(Calls(AtomicU32::new(0))).test();
    assert_eq!(told(&client.head("/read").send()), (200, ""));
    assert_eq!(client.get("/read").send().text(), "2");
}

// --- panics -----------------------------------------------------------------------------------------------------

struct Falls;

impl FromRequest<'_> for Falls {
    async fn from_request(_: &Request) -> Result<Self> {
        tokio::task::yield_now().await;
        panic!("the extractor fell")
    }
}

#[get("/handler", crate = web)]
fn handler_falls() -> String {
    panic!("the handler fell")
}

#[get("/async", crate = web)]
async fn async_falls() -> String {
    tokio::task::yield_now().await;
    panic!("the async handler fell")
}

#[get("/extractor", crate = web)]
fn extractor_falls(_falls: Falls) -> String {
    "never".to_owned()
}

#[get("/middleware", crate = web)]
fn never() -> String {
    "never".to_owned()
}

async fn middleware_falls(_: &Request, _: Next<'_>) -> Response {
    panic!("the middleware fell")
}

fn falling() -> App {
    App::new()
        .around(note_error)
        .routes(routes![handler_falls, async_falls, extractor_falls, trail])
        .routes(routes![never].around(Met("outer")).around(middleware_falls))
        .route("GET", "/closure", |_: &Request| -> String { panic!("the closure fell") })
        .routes(routes![trail_after].after(hook_falls))
}

fn hook_falls(_: &Request, _: &mut Response) {
    panic!("the hook fell")
}

#[get("/hook", crate = web)]
fn trail_after() -> String {
    "before the hook".to_owned()
}

#[test]
fn a_panic_is_an_error_like_any_other() {
    let client = falling().test();
    for (target, words) in [
        ("/handler", "the handler fell"),
        ("/async", "the async handler fell"),
        ("/extractor", "the extractor fell"),
        ("/middleware", "the middleware fell"),
        ("/closure", "the closure fell"),
        ("/hook", "the hook fell"),
    ] {
        let reply = client.get(target).send();
        assert_eq!(reply.status(), 500, "{target}");
        let document: serde_json::Value = reply.json();
        assert_eq!(document["error"], "Internal Server Error", "{target}");
        let error = reply.header("x-error").unwrap();
        assert!(error.starts_with("500 ") && error.contains(words), "{error}");
        let log = logged(falling(), target);
        assert!(log.contains("Panic") && log.contains(words), "{log}");
        // It goes on.
        assert_eq!(client.get("/trail").send().status(), 200);
    }
    assert_eq!(met(&client.get("/middleware").send()), "outer");
}

#[test]
fn a_refusal_is_told_with_its_text() {
    async fn refuse(_: &Request, _: Next<'_>) -> Result<Response> {
        Err(abort(429, "Slowly").with_header(web::http::header::RETRY_AFTER, HeaderValue::from_static("9")))
    }
    let client = App::new().around(note_error).routes(routes![trail].around(refuse)).test();
    let reply = client.get("/trail").send();
    assert_eq!((reply.status().as_u16(), reply.header("retry-after")), (429, Some("9")));
    assert_eq!(reply.header("x-error"), Some("429 Slowly"));
    assert_eq!(client.get("/nothing").send().header("x-error"), Some("404 Not Found"));
    // A guard refuses whatever the method; without one it is a 405, and OPTIONS is no error.
    assert_eq!(client.post("/trail").send().header("x-error"), Some("429 Slowly"));
    let client = App::new().around(note_error).routes(routes![trail]).test();
    assert_eq!(client.post("/trail").send().header("x-error"), Some("405 Method Not Allowed"));
    assert_eq!(client.options("/trail").send().header("x-error"), Some("none"));
}
