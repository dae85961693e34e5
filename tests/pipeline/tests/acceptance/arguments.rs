//! Plain arguments: all faults at once, and only of what is read.

use std::sync::atomic::{AtomicU32, Ordering};

use web::http::Method;
use web::{
    App, Error, FromRequest, Json, Request, Result, State, abort, catch, catchers, get, post, put, routes,
};

use crate::support::{faults, faulty, told};

#[post("/posts/<id>", crate = web)]
fn create(id: u32, title: String, stars: u8, draft: bool, tag: Vec<u8>) -> String {
    format!("{id} {title} {stars} {draft} {tag:?}")
}

#[get("/search", crate = web)]
fn search(page: u32, q: String, sort: Option<char>) -> String {
    format!("{page} {q} {sort:?}")
}

#[put("/both/<id>?<dry>", crate = web)]
fn both(stars: u8, id: i8, dry: bool) -> String {
    format!("{stars} {id} {dry}")
}

fn app() -> App {
    App::new().routes(routes![create, search, both])
}

#[test]
fn all_faults_are_told_in_the_order_of_the_arguments() {
    let client = app().test();
    let reply = client.get("/search?page=two&sort=down").send();
    assert_eq!(reply.status(), 400);
    assert_eq!(
        faults(&reply),
        [
            ["page", "query parameter", "a whole number from 0 to 4294967295", "two"],
            ["q", "query parameter", "text", "-"],
            ["sort", "query parameter", "one character", "down"],
        ]
    );
    let document: serde_json::Value = reply.json();
    let sentence = document["error"].as_str().unwrap();
    for words in ["query parameter `page`: expected a whole number", "got `two`", "`q` is missing", "`sort`"]
    {
        assert!(sentence.contains(words), "{sentence}");
    }
    assert_eq!(document["status"], 400);
    assert!(document["errors"][1].get("got").is_none(), "{document}");

    let reply = client.put("/both/7?dry=perhaps").form(&[("stars", "many")]).send();
    let places: Vec<_> = faults(&reply).into_iter().map(|[name, place, ..]| (name, place)).collect();
    let of = |name: &str, place: &str| (name.to_owned(), place.to_owned());
    assert_eq!(places, [of("stars", "form field"), of("dry", "query parameter")]);
    let reply = client.put("/both/7?dry=perhaps").json(&serde_json::json!({"stars": "many"})).send();
    assert_eq!(faults(&reply)[0][1..], ["JSON field", "u8", "many"]);
}

#[test]
fn values_that_came_are_cut() {
    let reply = app().test().get("/search").query("page", "é".repeat(500)).query("q", "x").send();
    let [_, _, _, got] = faults(&reply).remove(0);
    assert!(got.starts_with(&"é".repeat(80)) && got.chars().count() <= 81, "{got}");
    assert!(reply.text().len() < 1000);
}

#[test]
fn an_unticked_checkbox_is_false_in_a_form_only() {
    let client = app().test();
    let form = |pairs: &[(&str, &str)]| client.post("/posts/7").form(pairs).send().text().to_owned();
    assert_eq!(form(&[("title", "t"), ("stars", "3")]), "7 t 3 false []");
    assert_eq!(form(&[("title", "t"), ("stars", "3"), ("draft", "on"), ("tag", "1")]), "7 t 3 true [1]");
    let reply = client.post("/posts/7").field("title", "t").field("stars", "3").send();
    assert_eq!(told(&reply), (200, "7 t 3 false []"));
    let reply = client.post("/posts/7").json(&serde_json::json!({"title": "t", "stars": 3})).send();
    assert_eq!(faulty(&reply), ["draft"]);
    let reply = client.put("/both/7").form(&[("stars", "3")]).send();
    assert_eq!(faulty(&reply), ["dry"]);
}

#[test]
fn a_broken_parameter_that_nobody_reads_is_ignored() {
    let client = app().test();
    for broken in ["utm=%%aff_id%%", "utm=caf%E9", "caf%E9=1", "%FF", "page=%FF&page=1", "=", "&&"] {
        let reply = client.get(&format!("/search?{broken}&page=1&q=a%20b")).send();
        assert_eq!(told(&reply), (200, "1 a b None"), "{broken}");
    }
    // The same of one that is read is a fault, and of no other.
    let reply = client.get("/search?page=1&q=caf%E9&utm=caf%E9").send();
    assert_eq!(faulty(&reply), ["q"]);
    assert_eq!(faults(&reply)[0][2], "UTF-8 text");

    let form = |body: &'static str| {
        let call = client.post("/posts/7").header("content-type", "application/x-www-form-urlencoded");
        call.body(body).send()
    };
    for broken in ["other=caf%E9", "caf%E9=1", "utm=%%aff_id%%", "x=\u{e9}"] {
        let body = format!("{broken}&title=t&stars=3");
        let call = client.post("/posts/7").header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(told(&call.body(body).send()), (200, "7 t 3 false []"), "{broken}");
    }
    assert_eq!(faulty(&form("title=caf%E9&stars=3&other=%FF")), ["title"]);
}

// --- extractors among them ------------------------------------------------------------------------------------

struct Calls(AtomicU32);

/// Refuses, and counts how often it was asked.
#[derive(Debug)]
struct Guard;

impl FromRequest<'_> for Guard {
    async fn from_request(request: &Request) -> Result<Self> {
        State::<Calls>::from_request(request).await?.0.fetch_add(1, Ordering::Relaxed);
        if request.method() == Method::GET { Err(abort(401, "Sign in")) } else { Ok(Guard) }
    }
}

struct Later;

impl FromRequest<'_> for Later {
    async fn from_request(_: &Request) -> Result<Self> {
        Err(abort(403, "Too late"))
    }
}

#[get("/guarded", crate = web)]
fn guarded(page: u32, _guard: Guard, q: String, _later: Later) -> String {
    format!("{page} {q}")
}

#[get("/calls", crate = web)]
fn calls(calls: State<Calls>) -> u32 {
    calls.0.load(Ordering::Relaxed)
}

#[post("/json", crate = web)]
fn json(page: u32, body: Json<Vec<u8>>) -> String {
    format!("{page} {:?}", body.0)
}

#[test]
fn the_first_refusal_of_an_extractor_wins() {
    let client = App::new().state(Calls(AtomicU32::new(0))).routes(routes![guarded, calls, json]).test();
    for target in ["/guarded", "/guarded?page=x", "/guarded?page=1&q=2"] {
        let reply = client.get(target).send();
        let document: serde_json::Value = reply.json();
        assert_eq!((reply.status().as_u16(), &document["error"]), (401, &"Sign in".into()), "{target}");
        assert!(document.get("errors").is_none(), "{document}");
    }
    assert_eq!(client.get("/calls").send().text(), "3");
    let reply = client.post("/json").header("content-type", "text/plain").body("[1]").send();
    assert_eq!(reply.status(), 415);
}

// --- how faults are told --------------------------------------------------------------------------------------

#[catch(400, crate = web)]
fn told_by_hand(error: &Error) -> String {
    let of = |fault: &web::Fault| format!("{} in {}, got {:?}", fault.name(), fault.place(), fault.got());
    error.faults().iter().map(of).collect::<Vec<_>>().join("; ")
}

#[test]
fn catchers_see_the_faults() {
    let client = app().catch(catchers![told_by_hand]).test();
    let text = "page in query parameter, got Some(\"x\"); q in query parameter, got None";
    assert_eq!(told(&client.get("/search?page=x").send()), (400, text));
}

#[test]
fn problem_documents_list_them_too() {
    let client = app().problem_details(true).test();
    let reply = client.get("/search?page=x").send();
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    let document: serde_json::Value = reply.json();
    assert_eq!((&document["type"], &document["title"]), (&"about:blank".into(), &"Bad Request".into()));
    assert_eq!(document["status"], 400);
    assert!(document["detail"].as_str().unwrap().contains("`page`"), "{document}");
    assert_eq!(faulty(&reply), ["page", "q"]);
    let reply = client.get("/search?page=x").header("accept", "text/html").send();
    assert_eq!(reply.header("content-type"), Some("text/html; charset=UTF-8"));
    let reply = client.get("/nothing").send();
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    assert_eq!(reply.json::<serde_json::Value>()["title"], "Not Found");
}
