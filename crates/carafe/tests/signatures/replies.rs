//! The table of replies, row by row: what answers. What it has to answer is in `replies_table`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;

use carafe::{
    App, Body, Bytes, Html, Json, Mime, Plain, Redirect, Response, Result, StatusCode, abort, get, routes,
};
use http::HeaderMap;
use serde::Serialize;

#[derive(Serialize)]
struct Todo {
    id: u32,
    title: &'static str,
}

const MILK: Todo = Todo { id: 1, title: "milk" };

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
    MILK
}

#[get("/borrowed/<name>")]
fn borrowed<'a>(name: &'a str) -> Borrowed<'a> {
    Borrowed { name }
}

#[get("/list")]
async fn list() -> Vec<Todo> {
    vec![MILK, MILK]
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
    MILK
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
    let mut response = Response::new(Body::from("raw"));
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
    (n == 1).then_some(MILK)
}

#[get("/result/<n>")]
fn result(n: u32) -> Answer<Todo> {
    if n == 1 { Ok(MILK) } else { Err(DbError) }
}

#[get("/ours/<n>")]
async fn ours(n: u32) -> Result<Todo> {
    match n {
        1 => Ok(MILK),
        2 => Err(abort(404, "No such todo")),
        _ => Err(DbError)?,
    }
}

#[get("/deep/<n>")]
fn deep(n: u32) -> Deep {
    match n {
        0 => Err(DbError),
        1 => Ok(Some((StatusCode::CREATED, MILK))),
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
    (StatusCode::CREATED, (n == 1).then_some(MILK))
}

#[get("/tuple/result/<n>")]
fn tuple_result(n: u32) -> (StatusCode, Mime, std::result::Result<Option<Todo>, Refused>) {
    let inner = match n {
        1 => Ok(Some(MILK)),
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
    (StatusCode::CREATED, headers(), MILK)
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

/// Both data and an error: it is an error, with a status too, because data has to be meant for the client.
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
        err_both,
        err_both_meant,
        err_boxed,
        err_local,
        err_never
    ])
}
