//! Replies that see the request, and what the `Err` of a handler answers.

use std::error::Error as StdError;
use std::fmt;

use serde::Serialize;
use web::http::HeaderValue;
use web::{App, Error, Html, Mime, Request, Responder, Response, Result, StatusCode, abort, get, routes};

use crate::support::{logged, told};

/// Text that the client may have already.
struct Tagged(&'static str);

impl Responder for Tagged {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let tag = HeaderValue::from_static("\"1\"");
        let mut response = if request.header("If-None-Match") == Some("\"1\"") {
            StatusCode::NOT_MODIFIED.respond_to(request)?
        } else {
            self.0.respond_to(request)?
        };
        response.headers_mut().insert("etag", tag);
        Ok(response)
    }
}

#[get("/tagged", crate = web)]
fn tagged() -> Tagged {
    Tagged("all of it")
}

#[get("/tagged/found", crate = web)]
fn tagged_found() -> Result<Option<(Mime, Tagged)>> {
    Ok(Some((web::mime::TEXT_CSS, Tagged("all of it"))))
}

#[test]
fn a_reply_sees_the_request() {
    let client = App::new().routes(routes![tagged, tagged_found]).test();
    for target in ["/tagged", "/tagged/found"] {
        let reply = client.get(target).send();
        assert_eq!((told(&reply), reply.header("etag")), ((200, "all of it"), Some("\"1\"")));
        let reply = client.get(target).header("if-none-match", "\"1\"").send();
        assert_eq!((told(&reply), reply.header("etag")), ((304, ""), Some("\"1\"")));
        let reply = client.get(target).header("if-none-match", "\"2\"").send();
        assert_eq!(told(&reply), (200, "all of it"));
    }
    assert_eq!(client.get("/tagged/found").send().header("content-type"), Some("text/css"));
}

// --- the ladder -------------------------------------------------------------------------------------------------

#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hunter2 is wrong")
    }
}

impl StdError for Broken {}

/// An error that is also a reply, with the status that it says.
#[derive(Debug)]
struct Own(u16);

impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("never seen")
    }
}

impl StdError for Own {}

impl Responder for Own {
    fn respond_to(self, request: &Request) -> Result<Response> {
        let mut response = Html("<b>mine</b>").respond_to(request)?;
        *response.status_mut() = self.0.try_into()?;
        Ok(response)
    }
}

#[derive(Serialize)]
struct Data {
    code: u8,
}

type Local = Box<dyn StdError>;
type Boxed = Box<dyn StdError + Send + Sync>;

#[get("/ours", crate = web)]
fn ours() -> Result<String> {
    Err(abort(409, "Taken"))
}

#[get("/status-text", crate = web)]
fn status_text() -> Result<String, (StatusCode, &'static str)> {
    Err((StatusCode::NOT_FOUND, "No such post"))
}

#[get("/status-string", crate = web)]
fn status_string() -> Result<String, (StatusCode, String)> {
    Err((StatusCode::PAYMENT_REQUIRED, "Pay".to_owned()))
}

#[get("/text", crate = web)]
fn text() -> Result<String, &'static str> {
    Err("hunter2 is wrong")
}

#[get("/string", crate = web)]
async fn string() -> Result<String, String> {
    Err("hunter2 is wrong".to_owned())
}

#[get("/own/<status>", crate = web)]
fn own(status: u16) -> Result<String, Own> {
    Err(Own(status))
}

#[get("/own-status", crate = web)]
fn own_status() -> Result<String, (StatusCode, Own)> {
    Err((StatusCode::CONFLICT, Own(200)))
}

#[get("/html", crate = web)]
fn html() -> Result<String, Html<&'static str>> {
    Err(Html("<b>mine</b>"))
}

#[get("/error", crate = web)]
fn error() -> Result<String, Broken> {
    Err(Broken)
}

#[get("/error-status", crate = web)]
fn error_status() -> Result<String, (StatusCode, Broken)> {
    Err((StatusCode::BAD_GATEWAY, Broken))
}

#[get("/anyhow", crate = web)]
fn anyhow_error() -> anyhow::Result<String> {
    use anyhow::Context as _;
    Err(Broken).context("while signing in")
}

#[get("/boxed", crate = web)]
async fn boxed() -> Result<String, Boxed> {
    Err(Broken.into())
}

#[get("/local", crate = web)]
fn local() -> Result<String, Local> {
    Err(Broken.into())
}

#[get("/data", crate = web)]
fn data() -> Result<String, (StatusCode, Data)> {
    Err((StatusCode::UNPROCESSABLE_ENTITY, Data { code: 7 }))
}

#[get("/data-200", crate = web)]
fn data_200() -> Result<String, (StatusCode, Data)> {
    Err((StatusCode::OK, Data { code: 7 }))
}

fn app() -> App {
    App::new()
        .routes(routes![ours, status_text, status_string, text, string, own, own_status, html, error])
        .routes(routes![error_status, anyhow_error, boxed, local, data, data_200, nested])
}

type Told = (StatusCode, &'static str);

/// A `Result` inside of others.
#[get("/nested", crate = web)]
fn nested() -> Option<(StatusCode, Result<String, Told>)> {
    Some((StatusCode::CREATED, Err((StatusCode::GONE, "Gone for good"))))
}

#[test]
fn what_is_meant_for_the_client_is_sent() {
    let client = app().test();
    for (target, status, message) in [
        ("/ours", 409, "Taken"),
        ("/status-text", 404, "No such post"),
        ("/status-string", 402, "Pay"),
        ("/nested", 410, "Gone for good"),
    ] {
        let reply = client.get(target).send();
        let document: serde_json::Value = reply.json();
        assert_eq!((reply.status().as_u16(), &document["error"]), (status, &message.into()), "{target}");
    }
    let reply = client.get("/data").send();
    assert_eq!(
        (told(&reply), reply.header("content-type")),
        ((422, "{\"code\":7}"), Some("application/json"))
    );
    for (target, status) in [("/own/409", 409), ("/own/503", 503), ("/own-status", 409)] {
        let reply = client.get(target).send();
        assert_eq!(told(&reply), (status, "<b>mine</b>"), "{target}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=UTF-8"));
    }
}

#[test]
fn an_err_never_leaves_as_a_success() {
    let client = app().test();
    for target in ["/own/200", "/own/201", "/html"] {
        assert_eq!(told(&client.get(target).send()), (500, "<b>mine</b>"), "{target}");
    }
    assert_eq!(told(&client.get("/data-200").send()), (500, "{\"code\":7}"));
}

#[test]
fn what_is_meant_for_the_log_is_logged_and_never_sent() {
    let client = app().test();
    for (target, status, words) in [
        ("/text", 500, "hunter2 is wrong"),
        ("/string", 500, "hunter2 is wrong"),
        ("/error", 500, "hunter2 is wrong"),
        ("/error-status", 502, "hunter2 is wrong"),
        ("/anyhow", 500, "while signing in: hunter2 is wrong"),
        ("/boxed", 500, "hunter2 is wrong"),
        ("/local", 500, "hunter2 is wrong"),
    ] {
        let reply = client.get(target).send();
        assert_eq!(reply.status(), status, "{target}");
        let document: serde_json::Value = reply.json();
        let reason = StatusCode::from_u16(status).unwrap().canonical_reason().unwrap();
        assert_eq!(document["error"], reason, "{target}");
        assert!(!reply.text().contains("hunter2"), "{target}: {}", reply.text());
        let log = logged(app(), target);
        assert!(log.ends_with(words), "{target}: {log}");
    }
}

// --- ? and back -------------------------------------------------------------------------------------------------

fn by_question_mark(boxed: Boxed) -> Error {
    let pass = || -> Result { Err(boxed)? };
    pass().unwrap_err()
}

#[test]
fn any_error_goes_through_the_question_mark() {
    fn from_anyhow() -> Result {
        Err(anyhow::Error::new(Broken).context("while signing in"))?
    }
    fn from_boxed() -> Result {
        Err(Boxed::from(Broken))?
    }
    fn from_own() -> Result {
        Err(Broken)?
    }
    fn from_number() -> Result<u8> {
        Ok("x".parse::<u8>()?)
    }
    let told = |error: Error| (error.status().as_u16(), error.message().to_owned(), error.to_string());
    let of =
        |words: &str| (500, "Internal Server Error".to_owned(), format!("Internal Server Error: {words}"));
    assert_eq!(told(from_anyhow().unwrap_err()), of("while signing in: hunter2 is wrong"));
    assert_eq!(told(from_boxed().unwrap_err()), of("hunter2 is wrong"));
    assert_eq!(told(from_own().unwrap_err()), of("hunter2 is wrong"));
    assert_eq!(told(from_number().unwrap_err()), of("invalid digit found in string"));
}

#[test]
fn functions_for_events_may_fail_with_anyhow() {
    async fn doubled(number: u8) -> anyhow::Result<u8> {
        number.checked_mul(2).ok_or_else(|| anyhow::Error::new(Broken).context("while doubling"))
    }
    let client = App::new().on_event(doubled).test();
    assert_eq!(client.event(&4.into()), 8);
    let failed = std::panic::AssertUnwindSafe(|| client.event(&200.into()));
    let panic = std::panic::catch_unwind(failed).unwrap_err();
    let told = panic.downcast_ref::<String>().unwrap();
    assert!(told.ends_with("Handler.Error: while doubling: hunter2 is wrong"), "{told}");
}

#[test]
fn an_error_that_went_through_a_box_is_what_it_was() {
    let made = || {
        let error = abort(409, "Taken").with_source("the row is there");
        error.with_header(web::http::header::RETRY_AFTER, HeaderValue::from_static("1"))
    };
    let boxed = made().into_boxed();
    assert_eq!(boxed.to_string(), "Taken");
    assert_eq!(boxed.source().unwrap().to_string(), "the row is there");
    for back in [Error::from(boxed), by_question_mark(made().into_boxed())] {
        assert_eq!((back.status().as_u16(), back.message()), (409, "Taken"));
        assert_eq!(back.headers().unwrap()["retry-after"], "1");
        assert_eq!(back.to_string(), "Taken: the row is there");
    }
    let in_anyhow = anyhow::Error::from_boxed(made().into_boxed());
    assert_eq!(format!("{in_anyhow:#}"), "Taken: the row is there");
}

/// Only has to compile: a function that `run` takes may fail with any error.
#[test]
fn run_takes_functions_that_fail_in_any_way() {
    async fn with_anyhow() -> anyhow::Result<App> {
        Ok(App::new())
    }
    async fn with_a_box() -> Result<App, Boxed> {
        Ok(App::new())
    }
    async fn with_a_local_runtime() -> Result<App> {
        tokio::task::yield_now().await;
        Ok(App::new())
    }
    let _: [fn() -> Result; 4] = [
        || web::run(with_anyhow),
        || web::run(with_a_box),
        || web::run(with_a_local_runtime),
        || web::run(async || anyhow::Ok(App::new())),
    ];
}

/// `anyhow` wraps what it is given, and nobody sees inside: the text reaches the log alone.
#[test]
fn an_error_that_went_through_anyhow_is_for_the_log() {
    let through =
        || -> anyhow::Result<()> { Err(anyhow::Error::from_boxed(abort(409, "Taken").into_boxed())) };
    let back = || -> Result { Ok(through()?) };
    let error = back().unwrap_err();
    assert_eq!((error.status().as_u16(), error.to_string().as_str()), (500, "Internal Server Error: Taken"));
}
