//! Where arguments come from and what they can be.

use std::borrow::Cow;
use std::net::IpAddr;
use std::num::ParseIntError;
use std::str::FromStr;

use carafe::testing::Client;
use carafe::{App, Json, Request, State, any, delete, get, patch, post, put, route, routes};
use serde::Deserialize;

use crate::seen;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    Desc,
}

/// A type that only knows `FromStr`.
#[derive(Debug, PartialEq)]
struct Hex(u64);

impl FromStr for Hex {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Hex, ParseIntError> {
        u64::from_str_radix(text, 16).map(Hex)
    }
}

#[derive(Debug, Deserialize)]
struct Post {
    title: String,
}

#[derive(Debug, Deserialize)]
struct Wrapped(u32);

struct Db {
    name: &'static str,
}

// --- path ----------------------------------------------------------------------------------------------------

#[get("/path/text/<a>/<b>/<c>")]
async fn path_text(a: &str, b: String, c: Cow<'_, str>) -> String {
    std::future::ready(()).await;
    format!("{a} {b} {c}")
}

#[get("/path/typed/<id>/<ip>/<hex>/<order>/<wrapped>")]
fn path_typed(id: u32, ip: IpAddr, hex: Hex, order: Order, wrapped: Wrapped) -> String {
    format!("{id} {ip} {hex:?} {order:?} {}", wrapped.0)
}

#[get("/raw/<type>")]
fn raw(r#type: &str, r#match: Option<u8>) -> String {
    format!("{type} {match:?}")
}

#[get("/mutable/<name>")]
fn mutable(mut name: String) -> String {
    name.push('!');
    name
}

// --- query ---------------------------------------------------------------------------------------------------

#[get("/search")]
fn search(q: &str, page: Option<u32>, tag: Vec<String>, order: Option<Order>) -> String {
    format!("{q} {page:?} {tag:?} {order:?}")
}

#[get("/flags")]
fn flags(a: bool, b: Option<bool>, c: f64, d: Cow<'_, str>, e: char) -> String {
    format!("{a} {b:?} {c} {d} {e}")
}

#[get("/hex")]
fn hex(one: Hex, maybe: Option<Hex>, many: Vec<Hex>) -> String {
    format!("{one:?} {maybe:?} {many:?}")
}

#[get("/numbers")]
fn numbers(n: Vec<u32>) -> String {
    format!("{n:?}")
}

#[get("/text")]
fn text(q: Option<String>) -> String {
    format!("{q:?}")
}

#[delete("/things")]
fn delete_things(id: u32) -> String {
    id.to_string()
}

#[post("/forced?<draft>")]
fn forced(draft: Option<bool>, title: String) -> String {
    format!("{draft:?} {title}")
}

// --- form ----------------------------------------------------------------------------------------------------

#[post("/posts")]
async fn create(title: String, tag: Vec<String>, stars: Option<u8>, db: State<Db>) -> String {
    format!("{title} {tag:?} {stars:?} {}", db.name)
}

#[put("/posts")]
fn replace(title: &str) -> String {
    title.to_owned()
}

#[patch("/posts")]
fn change(stars: Hex) -> String {
    format!("{stars:?}")
}

#[any("/any")]
fn any_method(q: String) -> String {
    q
}

#[route(GET, POST, "/both")]
fn both(q: String) -> String {
    q
}

// --- the whole request ---------------------------------------------------------------------------------------

#[post("/json")]
fn json(Json(post): Json<Post>, db: State<Db>, _: &Request, request: &Request) -> String {
    format!("{} {} {}", post.title, db.name, request.method())
}

pub(crate) fn app() -> App {
    App::new().state(Db { name: "db" }).routes(routes![
        path_text,
        path_typed,
        raw,
        mutable,
        search,
        flags,
        hex,
        numbers,
        text,
        delete_things,
        forced,
        create,
        replace,
        change,
        any_method,
        both,
        json
    ])
}

/// With multi-value headers, so that repeated parameters arrive.
fn client() -> Client {
    app().test().multi_value_headers()
}

#[track_caller]
fn says(path: &str, body: &str) {
    let reply = client().get(path).send();
    let (status, _, text) = seen(&reply);
    assert_eq!((status, text.as_str()), (200, body), "{path}");
}

#[track_caller]
fn refuses(path: &str, words: &[&str]) {
    let reply = client().get(path).send();
    let (status, _, text) = seen(&reply);
    assert_eq!(status, 400, "{path}: {text}");
    for word in words {
        assert!(text.contains(word), "{path} says {text}, not {word}");
    }
}

#[test]
fn pieces_of_the_path() {
    says("/path/text/Ann/x%2Fy/%C3%A9", "Ann x/y é");
    says("/path/typed/7/::1/ff/desc/9", "7 ::1 Hex(255) Desc 9");
    says("/raw/k?match=3", "k Some(3)");
    says("/mutable/Ann", "Ann!");
}

#[test]
fn a_typed_piece_that_does_not_fit_is_another_path() {
    for path in [
        "/path/typed/x/::1/ff/desc/9",
        "/path/typed/7/nowhere/ff/desc/9",
        "/path/typed/7/::1/zz/desc/9",
        "/path/typed/7/::1/ff/up/9",
        "/path/typed/7/::1/ff/desc/-1",
        "/path/typed/4294967296/::1/ff/desc/9",
    ] {
        assert_eq!(client().get(path).send().status(), 404, "{path}");
    }
}

#[test]
fn query_parameters() {
    says("/search?q=rust", "rust None [] None");
    says("/search?q=a+b%20c&page=2&tag=x&tag=y&order=asc", r#"a b c Some(2) ["x", "y"] Some(Asc)"#);
    says("/search?q=first&q=last", "last None [] None");
    says("/flags?a&c=1.5&d=%C3%A9&e=x", "true None 1.5 é x");
    says("/flags?a=off&b=yes&c=-1&d=&e=%C3%A9", "false Some(true) -1  é");
    says("/hex?one=ff", "Hex(255) None []");
    says("/hex?one=1&maybe=2&many=3&many=4", "Hex(1) Some(Hex(2)) [Hex(3), Hex(4)]");
    let deleted = client().delete("/things?id=3").send();
    assert_eq!(deleted.text(), "3");
}

#[test]
fn an_empty_value_is_nothing_to_types_that_cannot_read_it() {
    says("/search?q=&page=&order=", " None [] None");
    says("/hex?one=1&maybe=&many=", "Hex(1) None []");
    says("/numbers?n=", "[]");
    says("/text?q=", r#"Some("")"#);
    says("/text", "None");
    refuses("/hex?one=", &["`one`", "an empty value"]);
    refuses("/numbers?n=1&n=", &["`n`", "an empty value"]);
}

#[test]
fn what_is_missing_or_unreadable_is_named() {
    refuses("/search", &["query parameter `q` is missing", "text"]);
    refuses(
        "/search?q=x&page=two",
        &["query parameter `page`", "whole number from 0 to 4294967295", "`two`"],
    );
    refuses("/search?q=x&page=-1", &["`-1`"]);
    refuses("/search?q=x&order=up", &["query parameter `order`", "`asc` or `desc`", "`up`"]);
    refuses("/flags?a=perhaps&c=1&d=x&e=x", &["`a`", "true or false", "`perhaps`"]);
    refuses("/flags?a=1&c=1&d=x&e=xy", &["`e`", "one character", "`xy`"]);
    refuses("/hex?one=xyz", &["`one`", "Hex", "`xyz`"]);
    refuses("/hex?one=1&many=2&many=no&many=3", &["`many`", "`no`"]);
    refuses("/numbers?n=1&n=no&n=3", &["`n`", "`no`"]);
}

#[test]
fn a_value_is_shown_cut_to_80_characters() {
    let long = "x".repeat(1000);
    let reply = client().get(&format!("/search?q=x&page={long}")).send();
    assert_eq!(reply.status(), 400);
    let cut = format!("`{}…`", "x".repeat(80));
    assert!(reply.text().contains(&cut), "{}", reply.text());
}

#[test]
fn form_fields() {
    let made =
        client().post("/posts").form(&[("title", "a b"), ("tag", "x"), ("tag", "y"), ("stars", "3")]).send();
    assert_eq!(made.text(), r#"a b ["x", "y"] Some(3) db"#);
    let bare = client().post("/posts").form(&[("title", "t"), ("stars", "")]).send();
    assert_eq!(bare.text(), "t [] None db");
    assert_eq!(client().put("/posts").form(&[("title", "t")]).send().text(), "t");
    assert_eq!(client().patch("/posts").form(&[("stars", "ff")]).send().text(), "Hex(255)");
    let missing = client().post("/posts").form(&[("tag", "x")]).send();
    assert_eq!(missing.status(), 400);
    assert!(missing.text().contains("form field `title` is missing"), "{}", missing.text());
    let nothing = client().post("/posts").send();
    assert_eq!(nothing.status(), 400);
}

#[test]
fn keys_of_a_json_object() {
    let send = |body: serde_json::Value| client().post("/posts").json(&body).send();
    let made = send(serde_json::json!({"title": "t", "tag": ["x", "y"], "stars": 3}));
    assert_eq!(made.text(), r#"t ["x", "y"] Some(3) db"#);
    let null = send(serde_json::json!({"title": "t", "stars": null}));
    assert_eq!(null.text(), "t [] None db");
    let blank = send(serde_json::json!({"title": "t", "stars": ""}));
    assert_eq!(blank.text(), "t [] None db");
    let null = send(serde_json::json!({"title": "t", "tag": null}));
    assert_eq!(null.text(), "t [] None db");
    let null = send(serde_json::json!({"title": null}));
    assert_eq!(null.status(), 400);
    assert!(null.text().contains("JSON field `title`"), "{}", null.text());
    let wrong = send(serde_json::json!({"title": 5}));
    assert_eq!(wrong.status(), 400);
    assert!(wrong.text().contains("JSON field `title`"), "{}", wrong.text());
    let pointer =
        |reply: carafe::testing::Reply| reply.json::<serde_json::Value>()["errors"][0]["pointer"].clone();
    assert_eq!(pointer(wrong), "/title");
    assert_eq!(pointer(client().get("/search?q=x&page=two").send()), serde_json::Value::Null);
    let missing = send(serde_json::json!({}));
    assert!(missing.text().contains("`title` is missing"), "{}", missing.text());
    // A type that only knows `FromStr` reads the text of a number, too.
    let number = client().patch("/posts").json(&serde_json::json!({"stars": 10})).send();
    assert_eq!(number.text(), "Hex(16)");
}

#[test]
fn the_route_can_force_the_query() {
    let made = client().post("/forced?draft").form(&[("title", "t"), ("draft", "off")]).send();
    assert_eq!(made.text(), "Some(true) t");
}

#[test]
fn routes_for_both_kinds_of_method_look_where_the_request_has_it() {
    for path in ["/any", "/both"] {
        assert_eq!(client().get(&format!("{path}?q=query")).send().text(), "query");
        assert_eq!(client().post(&format!("{path}?q=query")).form(&[("q", "form")]).send().text(), "form");
    }
    refuses("/any", &["query parameter `q` is missing"]);
    let missing = client().post("/any?q=query").form(&[("other", "form")]).send();
    assert!(missing.text().contains("form field `q` is missing"), "{}", missing.text());
    assert_eq!(client().delete("/any?q=query").send().text(), "query");
    assert_eq!(client().put("/any").form(&[("q", "form")]).send().text(), "form");
}

#[test]
fn the_whole_request() {
    let reply = client().post("/json").json(&serde_json::json!({"title": "t"})).send();
    assert_eq!(reply.text(), "t db POST");
}
