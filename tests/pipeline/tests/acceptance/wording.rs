//! What a 400 says: short, printable, and about the right field. And a check that ends.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use web::{App, Form, Json, get, post, routes};

use crate::support::{faults, told};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    title: String,
}

#[post("/strict", crate = web)]
fn strict(form: Form<Strict>) -> String {
    form.0.title
}

#[post("/map", crate = web)]
fn map(form: Form<BTreeMap<String, u8>>) -> usize {
    form.0.len()
}

#[post("/json/map", crate = web)]
fn json_map(body: Json<BTreeMap<String, u8>>) -> usize {
    body.0.len()
}

#[test]
fn a_long_name_makes_no_long_answer() {
    let client = App::new().routes(routes![strict, map, json_map]).test();
    let name = "n".repeat(300_000);
    for reply in [
        client.post("/strict").form(&[("title", "t"), (&name, "1")]).send(),
        client.post("/strict").field("title", "t").field(&name, "1").send(),
        client.post("/strict").json(&json!({"title": "t", &name: 1})).send(),
        client.post("/map").form(&[(&name, "x")]).send(),
        client.post("/json/map").json(&json!({&name: "x"})).send(),
    ] {
        assert_eq!(reply.status(), 400);
        assert!(reply.text().contains("nnn") && reply.text().len() < 1500, "{}", reply.text().len());
    }
    assert_eq!(told(&client.post("/strict").form(&[("title", "t")]).send()), (200, "t"));
}

#[test]
fn names_are_printable() {
    let client = App::new().routes(routes![strict, map]).test();
    for (name, shown) in [("a\u{1b}[31mb", "a\\u{1b}[31mb"), ("a\nb", "a\\nb"), ("a\u{7f}b", "a\\u{7f}b")] {
        let reply = client.post("/map").form(&[(name, "x")]).send();
        assert_eq!((reply.status().as_u16(), faults(&reply)[0][0].as_str()), (400, shown));
        let sentence = reply.json::<Value>()["error"].as_str().unwrap().to_owned();
        assert!(sentence.starts_with(&format!("form field `{shown}`: expected")), "{sentence}");
        let reply = client.post("/strict").form(&[("title", "t"), (name, "x")]).send();
        let sentence = reply.json::<Value>()["error"].as_str().unwrap().to_owned();
        assert_eq!(reply.status(), 400);
        assert!(sentence.contains(shown) && !sentence.contains(char::is_control), "{sentence}");
    }
}

// --- what stands where --------------------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
struct Review {
    title: String,
    stars: Option<u8>,
}

#[post("/form", crate = web)]
fn form(review: Form<Review>) -> String {
    format!("{} {:?}", review.0.title, review.0.stars)
}

#[test]
fn an_input_that_was_left_empty_is_none() {
    let client = App::new().routes(routes![form]).test();
    for (stars, shown) in [("", "t None"), ("3", "t Some(3)")] {
        assert_eq!(
            told(&client.post("/form").form(&[("title", "t"), ("stars", stars)]).send()),
            (200, shown)
        );
        let reply = client.post("/form").field("title", "t").field("stars", stars).send();
        assert_eq!(told(&reply), (200, shown));
    }
    assert_eq!(told(&client.post("/form").form(&[("title", "t")]).send()), (200, "t None"));
    assert_eq!(told(&client.post("/form").form(&[("title", ""), ("stars", "")]).send()), (200, " None"));
    let reply = client.post("/form").form(&[("title", "t"), ("stars", "many")]).send();
    assert_eq!((reply.status().as_u16(), faults(&reply)[0][0].as_str()), (400, "stars"));
}

#[derive(Debug, Deserialize)]
struct Post {
    title: String,
    stars: u8,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    pages: Vec<u8>,
}

#[post("/json", crate = web)]
fn json(post: Json<Post>) -> String {
    let pages: usize = post.0.parts.iter().map(|part| part.pages.len()).sum();
    format!("{} {} {pages}", post.0.title, post.0.stars)
}

#[post("/json/form", crate = web)]
fn json_form(post: Form<Post>) -> String {
    json(Json(post.0))
}

#[test]
fn a_json_field_is_named_with_what_was_expected_of_it() {
    let client = App::new().routes(routes![json, json_form]).test();
    for target in ["/json", "/json/form"] {
        let sent = |body: Value| client.post(target).json(&body).send();
        let parts = json!([{"pages": [1]}, {"pages": [1, 2]}]);
        assert_eq!(told(&sent(json!({"title": "t", "stars": 3, "parts": parts}))), (200, "t 3 3"));
        let reply = sent(json!({"title": "t"}));
        let expected = ["stars", "JSON field", "a value", "-"].map(str::to_owned);
        assert_eq!((reply.status().as_u16(), faults(&reply)), (400, vec![expected]), "{target}");
        let sentence = &reply.json::<Value>()["error"];
        assert_eq!(sentence, "JSON field `stars` is missing: expected a value", "{target}");
        for (body, name) in [
            (json!({"title": "t", "stars": "many"}), "stars"),
            (
                json!({"title": "t", "stars": 3, "parts": [{"pages": [1]}, {"pages": [1, "many"]}]}),
                "parts[1].pages[1]",
            ),
        ] {
            let reply = sent(body);
            let [own, place, expected, got] = faults(&reply).remove(0);
            assert_eq!((reply.status().as_u16(), own.as_str(), place.as_str()), (400, name, "JSON field"));
            assert_eq!((expected.as_str(), got.contains("many")), ("u8", true), "{target}: {got}");
            let sentence = reply.json::<Value>()["error"].as_str().unwrap().to_owned();
            assert!(sentence.contains(name) && sentence.contains("expected u8"), "{sentence}");
        }
        let reply = sent(json!({"title": "t", "stars": 3, "parts": [{"pages": []}, {}]}));
        let [name, ..] = faults(&reply).remove(0);
        assert_eq!((reply.status().as_u16(), name.as_str()), (400, "parts[1].pages"), "{target}");
    }
}

// --- a type that takes whatever comes -----------------------------------------------------------------------------

/// Never fails.
struct Lenient(u32);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lenient, D::Error> {
        Ok(Lenient(u32::deserialize(deserializer).unwrap_or(7)))
    }
}

#[get("/lenient", crate = web)]
fn lenient(tag: Vec<Lenient>) -> String {
    tag.iter().map(|tag| tag.0.to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_check_of_a_lenient_type_ends() {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(App::new().routes(routes![lenient]).check()));
    assert_eq!(ended.recv_timeout(Duration::from_secs(10)), Ok(Ok(())));
    let client = App::new().routes(routes![lenient]).test().multi_value_headers();
    assert_eq!(told(&client.get("/lenient?tag=1&tag=x").send()), (200, "1 7"));
}
