//! Tuples around an error keep what they say; and bytes of every kind are bytes.

use std::borrow::Cow;
use std::error::Error as StdError;

use serde_json::Value;
use web::http::header::RETRY_AFTER;
use web::http::{HeaderMap, HeaderValue};
use web::{App, Error, Headers, Result, StatusCode, abort, get, routes};

use crate::support::logged;

type Boxed = Box<dyn StdError + Send + Sync>;

fn later() -> Headers {
    HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static("9"))])
}

fn broken() -> Boxed {
    "hunter2 is wrong".into()
}

#[get("/text", crate = web)]
fn text() -> Result<String, (StatusCode, Headers, &'static str)> {
    Err((StatusCode::TOO_MANY_REQUESTS, later(), "Slow down"))
}

#[get("/string", crate = web)]
async fn string() -> Result<String, (StatusCode, Headers, String)> {
    Err((StatusCode::TOO_MANY_REQUESTS, later(), "Slow down".to_owned()))
}

#[get("/ours", crate = web)]
fn ours() -> Result<String, (StatusCode, Error)> {
    Err((StatusCode::CONFLICT, abort(400, "x")))
}

#[get("/ours-later", crate = web)]
fn ours_later() -> Result<String, (StatusCode, Headers, Error)> {
    Err((StatusCode::CONFLICT, later(), abort(400, "x")))
}

#[get("/ours-headers", crate = web)]
fn ours_headers() -> Result<String, (Headers, Error)> {
    Err((later(), abort(400, "x")))
}

#[get("/boxed", crate = web)]
fn boxed() -> Result<String, (StatusCode, Headers, Boxed)> {
    Err((StatusCode::SERVICE_UNAVAILABLE, later(), broken()))
}

#[get("/anyhow", crate = web)]
fn with_anyhow() -> Result<String, (StatusCode, Headers, anyhow::Error)> {
    Err((StatusCode::SERVICE_UNAVAILABLE, later(), anyhow::anyhow!("hunter2 is wrong")))
}

#[get("/local", crate = web)]
fn local() -> Result<String, (StatusCode, Headers, Box<dyn StdError>)> {
    Err((StatusCode::SERVICE_UNAVAILABLE, later(), "hunter2 is wrong".into()))
}

#[get("/any", crate = web)]
fn any() -> Result<String, (StatusCode, Headers, std::io::Error)> {
    Err((StatusCode::SERVICE_UNAVAILABLE, later(), std::io::Error::other("hunter2 is wrong")))
}

#[get("/headers", crate = web)]
fn headers() -> Result<String, (Headers, Boxed)> {
    Err((later(), broken()))
}

fn app() -> App {
    let routes = routes![text, string, ours, ours_later, ours_headers, boxed, with_anyhow, local];
    App::new().routes(routes).routes(routes![any, headers])
}

#[test]
fn an_error_has_the_status_and_the_headers_of_its_tuple() {
    let client = app().test();
    let (unavailable, internal) = ("Service Unavailable", "Internal Server Error");
    for (target, status, retry, message) in [
        ("/text", 429, Some("9"), "Slow down"),
        ("/string", 429, Some("9"), "Slow down"),
        ("/ours", 409, None, "x"),
        ("/ours-later", 409, Some("9"), "x"),
        ("/ours-headers", 400, Some("9"), "x"),
        ("/boxed", 503, Some("9"), unavailable),
        ("/anyhow", 503, Some("9"), unavailable),
        ("/local", 503, Some("9"), unavailable),
        ("/any", 503, Some("9"), unavailable),
        ("/headers", 500, Some("9"), internal),
    ] {
        let reply = client.get(target).send();
        assert_eq!((reply.status().as_u16(), reply.header("retry-after")), (status, retry), "{target}");
        let document: Value = reply.json();
        assert_eq!((&document["error"], &document["status"]), (&message.into(), &status.into()), "{target}");
        if status >= 500 {
            let log = logged(app(), target);
            assert!(log.ends_with("hunter2 is wrong"), "{target}: {log}");
        }
    }
}

// --- bytes --------------------------------------------------------------------------------------------------------

#[get("/box", crate = web)]
fn boxed_bytes() -> Box<[u8]> {
    Box::from(*b"abc")
}

#[get("/cow", crate = web)]
fn borrowed_bytes() -> Cow<'static, [u8]> {
    Cow::Borrowed(b"abc")
}

#[get("/cow-owned", crate = web)]
fn owned_bytes() -> Cow<'static, [u8]> {
    Cow::Owned(b"abc".to_vec())
}

#[get("/array", crate = web)]
fn array() -> [u8; 3] {
    *b"abc"
}

#[get("/array-maybe", crate = web)]
fn maybe_array() -> Result<Option<(StatusCode, [u8; 3])>> {
    Ok(Some((StatusCode::OK, *b"abc")))
}

#[get("/numbers", crate = web)]
fn numbers() -> [u16; 3] {
    [1, 2, 3]
}

#[test]
fn bytes_are_bytes_and_other_lists_are_json() {
    let routes = routes![boxed_bytes, borrowed_bytes, owned_bytes, array, maybe_array, numbers];
    let client = App::new().routes(routes).test();
    for target in ["/box", "/cow", "/cow-owned", "/array", "/array-maybe"] {
        let reply = client.get(target).send();
        assert_eq!((reply.status().as_u16(), &reply.bytes()[..]), (200, b"abc".as_slice()), "{target}");
        assert_eq!(reply.header("content-type"), Some("application/octet-stream"), "{target}");
    }
    let reply = client.get("/numbers").send();
    assert_eq!((reply.text(), reply.header("content-type")), ("[1,2,3]", Some("application/json")));
}
