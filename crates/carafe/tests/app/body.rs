//! Forms, JSON and uploads as whole values.

use std::collections::HashMap;

use carafe::testing::Client;
use carafe::{App, Bytes, Form, Headers, Json, Query, Upload, post, put, routes};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Post {
    title: String,
    stars: Option<u8>,
    #[serde(default)]
    tag: Vec<String>,
}

#[post("/form")]
fn form(post: Form<Post>) -> String {
    format!("{} {:?} {:?}", post.title, post.stars, post.tag)
}

#[post("/json")]
fn json(Json(post): Json<Post>) -> String {
    format!("{} {:?} {:?}", post.title, post.stars, post.tag)
}

#[put("/any")]
fn any(query: Query<HashMap<String, String>>, body: Bytes, headers: Headers) -> String {
    format!("{} {} {:?}", query.len(), body.len(), headers.get("x-a"))
}

#[post("/upload")]
fn upload(title: String, one: Upload, other: Option<Upload>, many: Vec<Upload>) -> String {
    let kind = one.content_type().map(|kind| kind.to_string());
    format!("{title} {} {:?} {kind:?} {} {}", one.file_name(), one.text(), other.is_some(), many.len())
}

#[post("/avatar")]
fn avatar(name: String, picture: Option<Upload>, others: Vec<Upload>) -> String {
    format!("{name} {} {}", picture.is_some(), others.len())
}

fn app() -> App {
    App::new().routes(routes![form, json, any, upload, avatar])
}

fn client() -> Client {
    app().test()
}

#[test]
fn a_form_without_files_has_no_optional_ones() {
    assert_eq!(client().post("/avatar").form(&[("name", "Ann")]).send().text(), "Ann false 0");
    assert_eq!(
        client().post("/avatar").json(&serde_json::json!({"name": "Ann"})).send().text(),
        "Ann false 0"
    );
    let reply =
        client().post("/avatar").field("name", "Ann").file("picture", "a.png", "image/png", b"x").send();
    assert_eq!(reply.text(), "Ann true 0");
    assert_eq!(client().post("/upload").form(&[("title", "x")]).send().status(), 415);
}

#[test]
fn a_form_as_a_struct() {
    let pairs = [("title", "a b&c"), ("tag", "x"), ("stars", "3"), ("tag", "y")];
    assert_eq!(client().post("/form").form(&pairs).send().text(), r#"a b&c Some(3) ["x", "y"]"#);
    let value = serde_json::json!({"title": "t", "tag": ["x"]});
    assert_eq!(client().post("/form").json(&value).send().text(), r#"t None ["x"]"#);
    assert_eq!(client().post("/form").field("title", "t").field("stars", "1").send().text(), "t Some(1) []");
    for (pairs, words) in [
        (vec![("title", "t"), ("stars", "many")], "form field `stars`"),
        (vec![("stars", "1")], "form field `title` is missing"),
    ] {
        let reply = client().post("/form").form(&pairs).send();
        assert_eq!(reply.status(), 400);
        assert!(reply.text().contains(words), "{}", reply.text());
    }
    let reply = client().post("/form").json(&serde_json::json!({"title": "t", "stars": "x"})).send();
    assert_eq!(reply.status(), 400);
    assert!(reply.text().contains("`stars`"), "{}", reply.text());
}

#[test]
fn json_says_where_it_is_wrong() {
    let send = |kind: &str, body: &'static str| {
        client().post("/json").header("content-type", kind).body(body).send()
    };
    assert_eq!(send("application/json; charset=utf-8", r#"{"title":"t"}"#).text(), "t None []");
    for kind in ["application/vnd.api+json", "application/json-rpc", "text/json"] {
        assert_eq!(send(kind, r#"{"title":"t"}"#).status(), 200, "{kind}");
    }
    let broken = send("application/json", "{\"title\":\n oops}");
    assert_eq!(broken.status(), 400);
    assert!(broken.text().contains("line 2 column 2"), "{}", broken.text());
    let misfit = send("application/json", r#"{"title":"t","tag":[1]}"#);
    assert_eq!(misfit.status(), 400);
    assert!(misfit.text().contains("`tag[0]`"), "{}", misfit.text());
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        assert_eq!(send(kind, "{}").status(), 415, "{kind}");
    }
    assert_eq!(client().post("/json").body("{}").send().status(), 415);
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let send = |path: &str, kind: &str, body: &'static str| {
        client().post(path).header("content-type", kind).body(body).send()
    };
    let json = "\u{feff}{\"title\": \"Hi\", \"name\": \"Ann\"}";
    assert_eq!(send("/json", "application/json", json).text(), "Hi None []");
    assert_eq!(send("/form", "application/json", json).text(), "Hi None []");
    assert_eq!(send("/avatar", "application/json", json).text(), "Ann false 0");
    let urlencoded = "application/x-www-form-urlencoded";
    assert_eq!(send("/form", urlencoded, "\u{feff}title=Hi&tag=a").text(), "Hi None [\"a\"]");
    assert_eq!(send("/avatar", urlencoded, "\u{feff}name=Ann").text(), "Ann false 0");
    let parts = "\u{feff}--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHi\r\n--b--";
    assert_eq!(send("/form", "multipart/form-data; boundary=b", parts).text(), "Hi None []");
    // One is enough, and elsewhere it is a character like others.
    assert_eq!(send("/json", "application/json", "\u{feff}\u{feff}{}").status(), 400);
    assert_eq!(send("/form", urlencoded, "tag=a&title=\u{feff}Hi").text(), "\u{feff}Hi None [\"a\"]");
    let nothing = send("/json", "application/json", "\u{feff}");
    assert!(nothing.text().contains("the body is empty"), "{}", nothing.text());
    // The body itself is what came.
    assert_eq!(client().put("/any").body("\u{feff}x").send().text(), "0 4 None");
}

#[test]
fn uploads_go_by_the_name_of_their_field() {
    let reply = client()
        .post("/upload")
        .field("title", "t")
        .file("many", "1.txt", "text/plain", b"1")
        .file("one", "C:\\x\\..name.txt", "text/plain", b"content")
        .file("many", "2.bin", "application/octet-stream", &[0xff, 0xfe])
        .send();
    assert_eq!(reply.text(), r#"t name.txt Some("content") Some("text/plain") false 2"#);
    let missing = client().post("/upload").field("title", "t").send();
    assert_eq!(missing.status(), 400);
    assert!(missing.text().contains("`one` is missing"), "{}", missing.text());
    let wrong = client().post("/upload").form(&[("title", "t"), ("one", "x")]).send();
    assert_eq!(wrong.status(), 415);
}

#[test]
fn the_raw_request() {
    let reply = client().put("/any?a=1&b=2").header("x-a", "v").body(vec![0xff; 10]).send();
    assert_eq!(reply.text(), r#"2 10 Some("v")"#);
}
