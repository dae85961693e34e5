//! Files as fields of a form's struct.

use std::collections::BTreeMap;

use carafe::testing::Reply;
use carafe::{App, Form, KB, Result, Upload, post, routes};
use serde::Deserialize;

#[derive(Deserialize)]
struct NewPhoto {
    title: String,
    photo: Upload,
    extra: Vec<Upload>,
    maybe: Option<Upload>,
}

fn shown(upload: &Upload) -> String {
    format!("{}:{}", upload.file_name(), upload.bytes().escape_ascii())
}

fn list(uploads: &[Upload]) -> String {
    uploads.iter().map(shown).collect::<Vec<_>>().join(",")
}

#[post("/photos")]
fn photos(form: Form<NewPhoto>) -> String {
    let maybe = form.maybe.as_ref().map(shown);
    format!("{} {} [{}] {maybe:?}", form.title, shown(&form.photo), list(&form.extra))
}

#[derive(Deserialize)]
struct Common {
    photo: Upload,
    more: Vec<Upload>,
    maybe: Option<Upload>,
    stars: u8,
}

#[derive(Deserialize)]
struct Flat {
    title: String,
    #[serde(flatten)]
    common: Common,
}

#[post("/flat")]
fn flat(form: Form<Flat>) -> String {
    let common = &form.common;
    let maybe = common.maybe.as_ref().map(shown);
    format!("{} {} [{}] {maybe:?} {}", form.title, shown(&common.photo), list(&common.more), common.stars)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    Photo { photo: Upload },
    Link { link: String },
}

#[post("/either")]
fn either(form: Form<Either>) -> String {
    match form.0 {
        Either::Photo { photo } => shown(&photo),
        Either::Link { link } => link,
    }
}

#[derive(Deserialize)]
struct Mixed {
    a: Option<String>,
    b: Option<Upload>,
    c: Vec<Option<Upload>>,
}

#[post("/mixed")]
fn mixed(form: Form<Mixed>) -> String {
    let each: Vec<Option<String>> = form.c.iter().map(|file| file.as_ref().map(shown)).collect();
    format!("{:?} {:?} {each:?}", form.a, form.b.as_ref().map(shown))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    title: String,
    note: Option<String>,
    tags: Vec<String>,
}

#[post("/texts")]
fn texts(form: Form<Texts>) -> String {
    format!("{} {:?} {:?}", form.title, form.note, form.tags)
}

#[post("/map")]
fn map(form: Form<BTreeMap<String, String>>) -> String {
    format!("{:?}", form.0)
}

#[derive(Deserialize)]
struct Rest {
    photo: Upload,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[post("/rest")]
fn rest(form: Form<Rest>) -> String {
    format!("{} {:?}", shown(&form.photo), form.rest)
}

#[post("/files")]
fn files(form: Form<BTreeMap<String, Upload>>) -> String {
    form.iter().map(|(name, file)| format!("{name}={}", shown(file))).collect::<Vec<_>>().join(" ")
}

/// A type of the user's own around a file.
#[derive(Deserialize)]
struct Photo(Upload);

#[post("/argument")]
fn argument(photo: Photo, other: Option<Photo>) -> String {
    format!("{} {:?}", shown(&photo.0), other.map(|other| shown(&other.0)))
}

#[post("/nested")]
fn nested(form: Form<BTreeMap<String, String>>) -> String {
    // JSON inside a form cannot reach the files beside it.
    let inner = form.values().next().map(|text| serde_json::from_str::<Upload>(text).unwrap_err());
    inner.map(|error| error.to_string()).unwrap_or_default()
}

fn app() -> App {
    App::new().routes(routes![photos, flat, mixed, either, texts, map, rest, files, argument, nested])
}

/// A field of a form: its name, its content, whether it is a file.
type Sent<'a> = (&'a str, &'a str, bool);

fn text<'a>(name: &'a str, content: &'a str) -> Sent<'a> {
    (name, content, false)
}

fn file<'a>(name: &'a str, content: &'a str) -> Sent<'a> {
    (name, content, true)
}

/// Sends a form of these fields.
fn send(path: &str, sent: &[Sent<'_>]) -> Reply {
    let client = app().test();
    let call = sent.iter().fold(client.post(path), |call, (name, content, is_file)| match is_file {
        true => call.file(name, &format!("{content}.png"), "image/png", content.as_bytes()),
        false => call.field(name, content),
    });
    call.send()
}

/// Sends a form of these parts, each a head and a content.
fn raw(path: &str, parts: &[(&str, &str)]) -> Reply {
    let parts = parts
        .iter()
        .map(|(head, content)| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n"));
    let body = parts.collect::<String>() + "--x--\r\n";
    app().test().post(path).header("content-type", "multipart/form-data; boundary=x").body(body).send()
}

#[test]
fn a_struct_holds_files() {
    let (title, photo) = (text("title", "Hi"), file("photo", "a"));
    assert_eq!(send("/photos", &[title, photo]).text(), "Hi a.png:a [] None");
    let more = [
        file("photo", "b"),
        file("extra", "c"),
        file("extra", "d"),
        file("maybe", "e"),
        file("unknown", "f"),
    ];
    let all = [&[title, photo], &more[..]].concat();
    assert_eq!(send("/photos", &all).text(), "Hi b.png:b [c.png:c,d.png:d] Some(\"e.png:e\")");
    // A text of the same name is none.
    let mixed = [title, photo, file("extra", "c"), text("extra", "text")];
    assert_eq!(send("/photos", &mixed).text(), "Hi a.png:a [c.png:c] None");
}

#[test]
fn an_input_that_was_left_empty_sends_no_file() {
    let title = ("name=\"title\"", "Hi");
    let photo = ("name=\"photo\"; filename=\"a.png\"", "a");
    let empty =
        |name: &str| format!("name=\"{name}\"; filename=\"\"\r\nContent-Type: application/octet-stream");
    let (extra, maybe, none) = (empty("extra"), empty("maybe"), empty("photo"));
    let reply = raw("/photos", &[title, photo, (&extra, ""), (&maybe, "")]);
    assert_eq!(reply.text(), "Hi a.png:a [] None");
    let reply = raw("/photos", &[title, (&none, "")]);
    assert_eq!(
        (reply.status().as_u16(), message(&reply)),
        (400, "form field `photo` is missing: expected a file".into())
    );
    // With a name it is a file without content, without a name it is one with content.
    let reply = raw("/photos", &[title, ("name=\"photo\"; filename=\"a.png\"", ""), (&maybe, "x")]);
    assert_eq!(reply.text(), "Hi a.png: [] Some(\"maybe:x\")");
}

fn message(reply: &Reply) -> String {
    let mut json: BTreeMap<String, serde_json::Value> = reply.json();
    json.remove("error").and_then(|error| error.as_str().map(str::to_owned)).unwrap_or_default()
}

#[test]
fn what_is_no_file_says_what_to_do() {
    let expected = "expected a file, which only a form with `enctype=\"multipart/form-data\"` sends";
    let client = app().test();
    let reply = client.post("/photos").form(&[("title", "Hi"), ("photo", "cat.png")]).send();
    assert_eq!(
        (reply.status().as_u16(), message(&reply)),
        (400, format!("form field `photo`: {expected}, got `cat.png`"))
    );
    let reply = client.post("/photos").form(&[("title", "Hi")]).send();
    assert_eq!(message(&reply), "form field `photo` is missing: expected a file");
    let reply = client.post("/photos").json(&serde_json::json!({"title": "Hi", "photo": "cat.png"})).send();
    assert_eq!(reply.status(), 400);
    assert!(message(&reply).contains(expected), "{}", message(&reply));
    let reply = send("/photos", &[text("title", "Hi"), text("photo", "x"), text("more", "y")]);
    assert_eq!(message(&reply), "form field `photo`: expected a file, got `x`");
    let reply = send("/photos", &[file("title", "a"), file("photo", "b")]);
    assert_eq!(message(&reply), "form field `title`: expected text, got a file");
    for json in ["\"cat.png\"", "0", "[0]", "[[0],[]]", "[]", "null", "{\"a\":1}"] {
        let error = serde_json::from_str::<Upload>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
        let reply = send("/nested", &[text("json", json), file("photo", "a")]);
        assert!(reply.text().contains(expected), "{json}: {}", reply.text());
    }
    let error = serde_urlencoded::from_str::<NewPhoto>("title=Hi&photo=cat.png&extra=x");
    assert!(error.err().unwrap().to_string().contains(expected));
}

#[test]
fn files_reach_flattened_structs_and_enums() {
    let common = [text("title", "Hi"), text("stars", "3"), file("photo", "a")];
    let flat = |more: &[Sent<'_>]| send("/flat", &[&common, more].concat()).text().to_owned();
    assert_eq!(
        flat(&[file("more", "b"), file("more", "c"), file("maybe", "d")]),
        "Hi a.png:a [b.png:b,c.png:c] Some(\"d.png:d\") 3"
    );
    assert_eq!(flat(&[file("more", "b")]), "Hi a.png:a [b.png:b] None 3");
    assert_eq!(send("/either", &[file("photo", "a")]).text(), "a.png:a");
    assert_eq!(send("/either", &[text("link", "x")]).text(), "x");
    assert_eq!(send("/argument", &[file("photo", "a")]).text(), "a.png:a None");
    let reply = send("/argument", &[file("photo", "a"), file("other", "b")]);
    assert_eq!(reply.text(), "a.png:a Some(\"b.png:b\")");
    assert_eq!(send("/files", &[file("b", "1"), file("a", "2")]).text(), "a=2.png:2 b=1.png:1");
}

#[test]
fn files_that_nobody_asks_for_are_left_out() {
    let texts = [text("title", "Hi"), text("tags", "a")];
    let names: Vec<String> = (0..20).map(|number| format!("f{number}")).collect();
    let many: Vec<Sent<'_>> = names.iter().map(|name| file(name, "x")).collect();
    let with = |more: &[Sent<'static>]| [&texts, &*many, more].concat();
    assert_eq!(send("/map", &with(&[])).text(), r#"{"tags": "a", "title": "Hi"}"#);
    assert_eq!(send("/map", &many).text(), "{}");
    assert_eq!(send("/texts", &with(&[file("note", "x"), file("tags", "y")])).text(), r#"Hi None ["a"]"#);
    let reply = send("/mixed", &[file("a", "x"), file("b", "y"), file("c", "1"), file("c", "2")]);
    assert_eq!(reply.text(), r#"None Some("y.png:y") [Some("1.png:1"), Some("2.png:2")]"#);
    let reply = send("/rest", &with(&[file("photo", "a")]));
    assert_eq!(reply.text(), r#"a.png:a {"tags": "a", "title": "Hi"}"#);
}

#[test]
fn the_content_is_a_slice_of_the_body() {
    #[derive(Deserialize)]
    struct Two {
        one: Upload,
        same: Vec<Upload>,
    }
    #[post("/")]
    fn two(request: &carafe::Request, form: Form<Two>) -> String {
        let body = request.body().as_ptr_range();
        let inside = |file: &Upload| body.contains(&file.bytes().as_ptr());
        format!("{} {}", inside(&form.one), form.same.iter().all(inside))
    }
    let client = App::new().routes(routes![two]).test();
    let call = client.post("/").file("one", "a", "", b"content").file("same", "b", "", b"other");
    assert_eq!(call.send().text(), "true true");
}

#[test]
fn limits_hold_for_the_file_and_for_the_route() {
    #[post("/file")]
    fn limited(form: Form<NewPhoto>) -> Result<String> {
        for extra in &form.extra {
            extra.at_most(2 * KB)?;
        }
        Ok(form.photo.at_most(KB)?.file_name().to_owned())
    }
    #[post("/route")]
    fn route(form: Form<NewPhoto>) -> String {
        form.0.title
    }
    let client = App::new().routes(routes![limited]).routes(routes![route].body_limit(3 * KB)).test();
    let send = |path: &str, photo: usize, extra: usize| {
        let call = client.post(path).field("title", "Hi").file(
            "photo",
            "a\u{7}.png",
            "image/png",
            &vec![b'a'; photo],
        );
        call.file("extra", "b.png", "image/png", &vec![b'b'; extra]).send()
    };
    assert_eq!(send("/file", 1_000, 2_000).text(), "a.png");
    let reply = send("/file", 1_001, 2_000);
    assert_eq!(reply.status(), 413);
    assert_eq!(
        message(&reply),
        "form field `photo`: the file `a.png` has 1001 bytes, and at most 1000 are taken"
    );
    let reply = send("/file", 1_000, 2_001);
    assert_eq!(
        message(&reply),
        "form field `extra`: the file `b.png` has 2001 bytes, and at most 2000 are taken"
    );
    assert_eq!(send("/route", 1_000, 1_000).text(), "Hi");
    assert_eq!(send("/route", 2_000, 1_000).status(), 413);
    assert_eq!(send("/file", 900, 0).status(), 200);
}
