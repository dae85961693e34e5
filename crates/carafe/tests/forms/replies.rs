//! The table of replies, row by row.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;

use carafe::{
    App, Bytes, Html, Json, Mime, Plain, Redirect, Response, Result, StatusCode, abort, get, routes,
};
use http::HeaderMap;
use serde::Serialize;

use crate::seen;

const HTML: &str = "text/html; charset=UTF-8";
const JSON: &str = "application/json";

#[derive(Serialize)]
struct Todo {
    id: u32,
    title: &'static str,
}

const TODO: Todo = Todo { id: 1, title: "milk" };

#[derive(Serialize)]
struct Borrowed<'a> {
    name: &'a str,
}

/// An error like those of other crates.
#[derive(Debug)]
struct DbError;

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the password is hunter2")
    }
}

impl StdError for DbError {}

/// An alias hides the `Result` from the attribute.
type Answer<T> = std::result::Result<T, DbError>;
type Deep = Answer<Option<(StatusCode, Todo)>>;
type Text = String;
type Refused = (StatusCode, &'static str);

// --- text ----------------------------------------------------------------------------------------------------

#[get("/own")]
fn own() -> &'static str {
    "own"
}

#[get("/own/async")]
async fn own_async() -> &'static str {
    "own"
}

#[get("/string")]
fn string() -> Text {
    "text".to_owned()
}

#[get("/echo/<name>")]
fn echo(name: &str) -> &str {
    name
}

#[get("/cow/<name>")]
async fn cow(name: Cow<'_, str>) -> Cow<'_, str> {
    name
}

#[get("/nested")]
fn nested_own() -> Option<&'static str> {
    Some("own")
}

#[get("/html")]
fn html() -> Html<String> {
    Html("<p>".to_owned())
}

#[get("/plain")]
fn plain() -> Plain<&'static str> {
    Plain("plain")
}

// --- data ----------------------------------------------------------------------------------------------------

#[get("/struct")]
fn structure() -> Todo {
    TODO
}

#[get("/borrowed/<name>")]
fn borrowed<'a>(name: &'a str) -> Borrowed<'a> {
    Borrowed { name }
}

#[get("/list")]
async fn list() -> Vec<Todo> {
    vec![TODO, TODO]
}

#[get("/map")]
fn map() -> BTreeMap<&'static str, u32> {
    [("a", 1)].into()
}

#[get("/number")]
fn number() -> u32 {
    7
}

#[get("/bool")]
fn boolean() -> bool {
    true
}

#[get("/opaque")]
fn opaque() -> impl Serialize {
    TODO
}

#[get("/json")]
fn json() -> Json<&'static str> {
    Json("text")
}

#[get("/bytes")]
fn bytes() -> Vec<u8> {
    vec![0, 255]
}

#[get("/slice")]
fn slice() -> &'static [u8] {
    b"slice"
}

#[get("/shared")]
fn shared() -> Bytes {
    Bytes::from_static(b"shared")
}

// --- nothing, status, and whole responses --------------------------------------------------------------------

#[get("/unit")]
fn unit() {}

#[get("/status")]
fn status() -> StatusCode {
    StatusCode::ACCEPTED
}

#[get("/teapot")]
fn teapot() -> StatusCode {
    StatusCode::IM_A_TEAPOT
}

#[get("/response")]
fn response() -> Response {
    let mut response = Response::new(Bytes::from_static(b"raw"));
    *response.status_mut() = StatusCode::CREATED;
    response
}

#[get("/redirect")]
fn redirect() -> Redirect {
    Redirect::to("/own")
}

// --- Option, Result, tuples ----------------------------------------------------------------------------------

#[get("/option/<n>")]
fn option(n: u32) -> Option<Todo> {
    (n == 1).then_some(TODO)
}

#[get("/result/<n>")]
fn result(n: u32) -> Answer<Todo> {
    if n == 1 { Ok(TODO) } else { Err(DbError) }
}

#[get("/ours/<n>")]
async fn ours(n: u32) -> Result<Todo> {
    match n {
        1 => Ok(TODO),
        2 => Err(abort(404, "No such todo")),
        _ => Err(DbError)?,
    }
}

#[get("/deep/<n>")]
fn deep(n: u32) -> Deep {
    match n {
        0 => Err(DbError),
        1 => Ok(Some((StatusCode::CREATED, TODO))),
        _ => Ok(None),
    }
}

#[get("/inside/<n>")]
fn inside(n: u32) -> Option<Answer<String>> {
    match n {
        0 => Some(Err(DbError)),
        1 => Some(Ok("in".to_owned())),
        _ => None,
    }
}

#[get("/tuple/<n>")]
fn tuple(n: u32) -> (StatusCode, Option<Todo>) {
    (StatusCode::CREATED, (n == 1).then_some(TODO))
}

#[get("/tuple/result/<n>")]
fn tuple_result(n: u32) -> (StatusCode, Mime, std::result::Result<Option<Todo>, Refused>) {
    let inner = match n {
        1 => Ok(Some(TODO)),
        2 => Ok(None),
        _ => Err((StatusCode::CONFLICT, "taken")),
    };
    (StatusCode::CREATED, mime::TEXT_XML, inner)
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-one", http::HeaderValue::from_static("1"));
    headers.append("x-one", http::HeaderValue::from_static("2"));
    headers
}

#[get("/mime")]
fn with_mime() -> (Mime, String) {
    (mime::TEXT_CSV, "a,b".to_owned())
}

#[get("/headers")]
fn with_headers() -> (HeaderMap, String) {
    (headers(), "text".to_owned())
}

#[get("/status-mime")]
fn status_mime() -> (StatusCode, Mime, Vec<u8>) {
    (StatusCode::CREATED, mime::IMAGE_PNG, vec![1])
}

#[get("/status-headers")]
fn status_headers() -> (StatusCode, HeaderMap, Todo) {
    (StatusCode::CREATED, headers(), TODO)
}

#[get("/mime-headers")]
fn mime_headers() -> (Mime, HeaderMap, String) {
    (mime::TEXT_CSV, headers(), "a,b".to_owned())
}

#[get("/all")]
fn all() -> (StatusCode, Mime, HeaderMap, String) {
    (StatusCode::CREATED, mime::TEXT_CSV, headers(), "a,b".to_owned())
}

// --- errors of every kind ------------------------------------------------------------------------------------

#[derive(Serialize)]
struct Problem {
    why: &'static str,
}

/// Both data and an error: without a status it is an error, with one it is the reply.
#[derive(Debug, Serialize)]
struct Both {
    secret: u32,
}

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "secret {}", self.secret)
    }
}

impl StdError for Both {}

#[get("/err/string")]
fn err_string() -> std::result::Result<&'static str, String> {
    Err("hunter2".to_owned())
}

#[get("/err/str")]
fn err_str() -> std::result::Result<(), &'static str> {
    Err("hunter2")
}

#[get("/err/status")]
fn err_status() -> std::result::Result<String, StatusCode> {
    Err(StatusCode::CONFLICT)
}

#[get("/err/fine")]
fn err_fine() -> std::result::Result<String, Html<&'static str>> {
    Err(Html("sorry"))
}

#[get("/err/tuple")]
fn err_tuple() -> std::result::Result<String, (StatusCode, Problem)> {
    Err((StatusCode::CONFLICT, Problem { why: "taken" }))
}

#[get("/err/text")]
fn err_text() -> std::result::Result<String, (StatusCode, String)> {
    Err((StatusCode::CONFLICT, "taken".to_owned()))
}

#[get("/err/json")]
fn err_json() -> std::result::Result<String, Problem> {
    Err(Problem { why: "taken" })
}

#[get("/err/both")]
fn err_both() -> std::result::Result<String, Both> {
    Err(Both { secret: 42 })
}

#[get("/err/both/meant")]
fn err_both_meant() -> std::result::Result<String, (StatusCode, Both)> {
    Err((StatusCode::CONFLICT, Both { secret: 42 }))
}

#[get("/err/boxed")]
async fn err_boxed() -> std::result::Result<(), Box<dyn StdError + Send + Sync>> {
    let number: i32 = "hunter2".parse()?;
    Err(number.to_string().into())
}

#[get("/err/local")]
async fn err_local() -> std::result::Result<(), Box<dyn StdError>> {
    Err(DbError.into())
}

#[get("/err/never")]
fn err_never() -> std::result::Result<&'static str, std::convert::Infallible> {
    Ok("fine")
}

pub(crate) fn app() -> App {
    App::new().routes(routes![
        own,
        own_async,
        string,
        echo,
        cow,
        nested_own,
        html,
        plain,
        structure,
        borrowed,
        list,
        map,
        number,
        boolean,
        opaque,
        json,
        bytes,
        slice,
        shared,
        unit,
        status,
        teapot,
        response,
        redirect,
        option,
        result,
        ours,
        deep,
        inside,
        tuple,
        tuple_result,
        with_mime,
        with_headers,
        status_mime,
        status_headers,
        mime_headers,
        all,
        err_string,
        err_str,
        err_status,
        err_fine,
        err_tuple,
        err_text,
        err_json,
        err_both,
        err_both_meant,
        err_boxed,
        err_local,
        err_never
    ])
}

#[track_caller]
fn answers(path: &str, status: u16, kind: &str, body: &str) {
    let reply = app().get(path).send();
    assert_eq!(seen(&reply), (status, kind.to_owned(), body.to_owned()), "{path}");
}

/// A failure whose words must not reach the client.
#[track_caller]
fn hides(path: &str) {
    let reply = app().get(path).send();
    assert_eq!(reply.status(), 500, "{path}");
    for secret in ["hunter2", "42", "invalid digit"] {
        assert!(!reply.text().contains(secret), "{path} says {}", reply.text());
    }
}

const TODO_JSON: &str = r#"{"id":1,"title":"milk"}"#;

#[test]
fn text() {
    answers("/own", 200, HTML, "own");
    answers("/own/async", 200, HTML, "own");
    answers("/string", 200, HTML, "text");
    answers("/echo/Ann", 200, HTML, "Ann");
    answers("/cow/Ann", 200, HTML, "Ann");
    answers("/nested", 200, HTML, "own");
    answers("/html", 200, HTML, "<p>");
    answers("/plain", 200, "text/plain; charset=UTF-8", "plain");
}

#[test]
fn only_the_authors_own_text_and_pages_go_without_a_policy() {
    let policy = |path: &str| app().get(path).send().header("content-security-policy").map(ToOwned::to_owned);
    for path in ["/own", "/own/async", "/html", "/plain", "/struct"] {
        assert_eq!(policy(path), None, "{path}");
    }
    for path in ["/string", "/echo/Ann", "/cow/Ann", "/nested"] {
        assert_eq!(policy(path).as_deref(), Some("script-src 'none'"), "{path}");
    }
}

#[test]
fn data() {
    answers("/struct", 200, JSON, TODO_JSON);
    answers("/borrowed/Ann", 200, JSON, r#"{"name":"Ann"}"#);
    answers("/list", 200, JSON, &format!("[{TODO_JSON},{TODO_JSON}]"));
    answers("/map", 200, JSON, r#"{"a":1}"#);
    answers("/number", 200, JSON, "7");
    answers("/bool", 200, JSON, "true");
    answers("/opaque", 200, JSON, TODO_JSON);
    answers("/json", 200, JSON, r#""text""#);
    answers("/slice", 200, "application/octet-stream", "slice");
    answers("/shared", 200, "application/octet-stream", "shared");
    assert_eq!(app().get("/bytes").send().bytes()[..], [0, 255]);
}

#[test]
fn nothing_and_whole_responses() {
    assert_eq!(app().get("/unit").send().status(), 204);
    assert_eq!(app().get("/status").send().status(), 202);
    assert_eq!(app().get("/teapot").send().status(), 418);
    let response = app().get("/response").send();
    assert_eq!((response.status().as_u16(), response.text()), (201, "raw"));
    let redirect = app().get("/redirect").send();
    assert!(redirect.status().is_redirection());
    assert_eq!(redirect.header("location"), Some("/own"));
}

#[test]
fn layers_in_any_nesting() {
    answers("/option/1", 200, JSON, TODO_JSON);
    assert_eq!(app().get("/option/2").send().status(), 404);
    answers("/result/1", 200, JSON, TODO_JSON);
    hides("/result/2");
    answers("/ours/1", 200, JSON, TODO_JSON);
    let missing = app().get("/ours/2").send();
    assert_eq!(missing.status(), 404);
    assert!(missing.text().contains("No such todo"));
    hides("/ours/3");
    hides("/deep/0");
    answers("/deep/1", 201, JSON, TODO_JSON);
    assert_eq!(app().get("/deep/2").send().status(), 404);
    hides("/inside/0");
    answers("/inside/1", 200, HTML, "in");
    assert_eq!(app().get("/inside/2").send().status(), 404);
    answers("/tuple/1", 201, JSON, TODO_JSON);
    assert_eq!(app().get("/tuple/2").send().status(), 404);
    answers("/tuple/result/1", 201, "text/xml", TODO_JSON);
    assert_eq!(app().get("/tuple/result/2").send().status(), 404);
    assert_eq!(app().get("/tuple/result/3").send().status(), 409);
}

#[test]
fn status_media_type_and_headers_beside_a_reply() {
    answers("/mime", 200, "text/csv", "a,b");
    answers("/headers", 200, HTML, "text");
    answers("/status-mime", 201, "image/png", "\u{1}");
    answers("/status-headers", 201, JSON, TODO_JSON);
    answers("/mime-headers", 200, "text/csv", "a,b");
    answers("/all", 201, "text/csv", "a,b");
    for path in ["/headers", "/status-headers", "/mime-headers", "/all"] {
        let reply = app().get(path).send();
        let values: Vec<_> = reply.headers().get_all("x-one").iter().collect();
        assert_eq!(values, ["1", "2"], "{path}");
    }
}

#[test]
fn an_error_never_leaves_as_a_success_and_never_says_too_much() {
    for path in ["/err/string", "/err/str", "/err/both", "/err/boxed", "/err/local"] {
        hides(path);
    }
    assert_eq!(app().get("/err/status").send().status(), 409);
    answers("/err/fine", 500, HTML, "sorry");
    answers("/err/tuple", 409, JSON, r#"{"why":"taken"}"#);
    let text = app().get("/err/text").send();
    assert_eq!(text.status(), 409);
    assert!(text.text().contains("taken"));
    answers("/err/json", 500, JSON, r#"{"why":"taken"}"#);
    answers("/err/both/meant", 409, JSON, r#"{"secret":42}"#);
    assert_eq!(app().get("/err/never").send().text(), "fine");
}
