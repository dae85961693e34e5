//! Structs and enums in a query, a form and a JSON body: what serde can read, and where a struct has no place.

use serde::Deserialize;
use web::testing::Client;
use web::{
    App, Error, Form, FromRequest, Json, Query, Request, Requirements, Result, get, post, route, routes,
};

use crate::support::{faults, told};

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "shown only")]
struct Paging {
    page: u32,
    #[serde(default)]
    all: bool,
    tag: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "shown only")]
struct Flat {
    q: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[allow(dead_code, reason = "shown only")]
enum Shape {
    Circle { radius: f64 },
    Square { side: u8, filled: bool },
    Dot,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "shown only")]
enum Key {
    Id { id: u32 },
    Name { name: String },
}

macro_rules! both_ways {
    ($($query:ident $form:ident $path:literal $ty:ty;)*) => {
        $(
            #[get($path, crate = web)]
            fn $query(value: Query<$ty>) -> String {
                format!("{:?}", value.0)
            }

            #[post($path, crate = web)]
            fn $form(value: Form<$ty>) -> String {
                format!("{:?}", value.0)
            }
        )*

        fn structs() -> Client {
            App::new().routes(routes![$($query, $form),*]).test().multi_value_headers()
        }
    };
}

both_ways! {
    flat_query flat_form "/flat" Flat;
    shape_query shape_form "/shape" Shape;
    key_query key_form "/key" Key;
}

#[test]
fn what_serde_buffers_is_read() {
    let client = structs();
    for (target, pairs, shown) in [
        (
            "/flat",
            "q=x&page=2&tag=a",
            "Flat { q: Some(\"x\"), paging: Paging { page: 2, all: false, tag: [\"a\"] } }",
        ),
        (
            "/flat",
            "page=2&all=true&tag=1&tag=2",
            "Flat { q: None, paging: Paging { page: 2, all: true, tag: [\"1\", \"2\"] } }",
        ),
        ("/shape", "kind=circle&radius=1.5", "Circle { radius: 1.5 }"),
        ("/shape", "radius=2&kind=circle", "Circle { radius: 2.0 }"),
        ("/shape", "kind=square&side=3&filled=true", "Square { side: 3, filled: true }"),
        ("/shape", "kind=dot", "Dot"),
        ("/key", "id=7", "Id { id: 7 }"),
        ("/key", "name=ann", "Name { name: \"ann\" }"),
        ("/key", "name=7", "Name { name: \"7\" }"),
    ] {
        assert_eq!(told(&client.get(&format!("{target}?{pairs}")).send()), (200, shown), "{target}?{pairs}");
        let call = client.post(target).header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(told(&call.body(pairs).send()), (200, shown), "{target} {pairs}");
    }
    let (boundary, mut body) = ("xyz", String::new());
    for (name, value) in [("kind", "square"), ("side", "3"), ("filled", "true")] {
        body +=
            &format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!("--{boundary}--\r\n");
    let call = client.post("/shape").header("content-type", "multipart/form-data; boundary=xyz");
    assert_eq!(told(&call.body(body).send()), (200, "Square { side: 3, filled: true }"));
}

#[test]
fn what_does_not_fit_is_named() {
    let client = structs();
    for target in
        ["/flat?page=two&tag=a", "/shape?kind=square&side=300&filled=true", "/shape?kind=star", "/key?x=1"]
    {
        assert_eq!(client.get(target).send().status(), 400, "{target}");
    }
    let reply = client.get("/flat?page=two&tag=a").send();
    assert!(reply.text().contains("`page`") && reply.text().contains("two"), "{}", reply.text());
}

// --- a struct as one argument -----------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
struct Search {
    q: String,
}

#[get("/search", crate = web)]
fn in_query(search: Search) -> String {
    search.q
}

#[get("/maybe", crate = web)]
fn maybe_in_query(search: Option<Search>) -> String {
    search.map(|search| search.q).unwrap_or_default()
}

#[post("/forced?<search>", crate = web)]
fn forced(search: Vec<Search>) -> usize {
    search.len()
}

#[post("/body", crate = web)]
fn in_body(search: Search, page: u8) -> String {
    format!("{} {page}", search.q)
}

#[get("/in-path/<search>", crate = web)]
fn in_path(search: Search) -> String {
    search.q
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    New,
    Old,
}

#[derive(Deserialize)]
struct Id(u32);

#[get("/in-path/<kind>/<id>/<size>", crate = web)]
fn values_in_path(kind: Kind, id: Id, size: Option<u8>) -> String {
    let kind = if matches!(kind, Kind::New) { "new" } else { "old" };
    format!("{kind} {} {}", id.0, size.unwrap_or_default())
}

/// A value in a path, and an extractor elsewhere.
struct Account(u32);

impl std::str::FromStr for Account {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Account, Self::Err> {
        text.parse().map(Account)
    }
}

struct Accounts;

impl FromRequest<'_> for Account {
    async fn from_request(_: &Request) -> Result<Self> {
        Ok(Account(0))
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.state::<Accounts>();
    }
}

#[get("/accounts/<account>", crate = web)]
fn named(account: Account) -> String {
    account.0.to_string()
}

#[get("/account", crate = web)]
fn own(account: Account) -> String {
    account.0.to_string()
}

#[test]
fn a_value_in_the_path_requires_nothing_of_the_app_even_if_its_type_can_be_extracted() {
    assert_eq!(App::new().routes(routes![named]).check(), Ok(()));
    assert!(App::new().routes(routes![own]).check().is_err());
    let client = App::new().routes(routes![named, own]).state(Accounts).test();
    assert_eq!(told(&client.get("/accounts/7").send()), (200, "7"));
    assert_eq!(told(&client.get("/account").send()), (200, "0"));
}

#[test]
fn check_refuses_a_struct_where_only_text_can_be() {
    let query = "take `Query<Search>`";
    for (routes, name, remedy) in [
        (routes![in_query], "in_query", query),
        (routes![maybe_in_query], "maybe_in_query", query),
        (routes![forced], "forced", query),
        (routes![in_path], "in_path", "name a parameter in the path for each field"),
    ] {
        let problems = App::new().routes(routes).check().unwrap_err();
        assert_eq!(problems.iter().count(), 1, "{problems}");
        let told = problems.to_string();
        for words in [name, "structs.rs:", "`search`", remedy] {
            assert!(told.contains(words), "{words}: {told}");
        }
    }
    assert_eq!(App::new().routes(routes![in_body, values_in_path]).check(), Ok(()));
    let client = App::new().routes(routes![values_in_path]).test();
    assert_eq!(told(&client.get("/in-path/old/7/3").send()), (200, "old 7 3"));
}

#[test]
fn a_struct_is_a_key_of_a_json_body_and_no_field_of_a_form() {
    let client = App::new().routes(routes![in_body]).test();
    let json = serde_json::json!({"search": {"q": "x"}, "page": 2});
    assert_eq!(told(&client.post("/body").json(&json).send()), (200, "x 2"));
    let reply = client.post("/body").json(&serde_json::json!({"search": {"q": 1}, "page": 2})).send();
    assert_eq!((reply.status().as_u16(), faults(&reply)[0][0].as_str()), (400, "search"));
    for pairs in [&[("search", "x"), ("page", "2")][..], &[("q", "x"), ("page", "2")]] {
        let reply = client.post("/body").form(pairs).send();
        assert_eq!(reply.status(), 400);
        assert!(reply.text().contains("take `Form<Search>`"), "{}", reply.text());
    }
}

#[route(GET, PUT, "/either", crate = web)]
fn either(search: Search) -> String {
    search.q
}

#[test]
fn the_extractor_is_named_that_fits_the_request() {
    let client = App::new().routes(routes![in_body, either]).test();
    let whole = serde_json::json!({"q": "x", "page": 2});
    for (call, words) in [
        (
            client.post("/body").json(&whole),
            "is missing: `Search` is looked for under this key; for the whole body take `Json<Search>`",
        ),
        (client.put("/either").json(&whole), "for the whole body take `Json<Search>`"),
        (client.post("/body"), "take `Form<Search>` or `Json<Search>`"),
        (client.put("/either").form(&[("q", "x")]), "one form field holds text: take `Form<Search>`"),
        (client.get("/either?q=x"), "one query parameter holds text: take `Query<Search>`"),
    ] {
        let reply = call.send();
        let text = reply.text();
        assert!(reply.status() == 400 && text.contains(words), "{words}: {text}");
        assert_eq!(text.contains("Query<"), words.contains("Query<"), "{text}");
    }
}

#[derive(Debug, Deserialize)]
struct Outer {
    search: Search,
    rest: std::collections::HashMap<String, String>,
}

#[route(GET, POST, "/outer", crate = web)]
fn outer(query: Result<Query<Outer>>, form: Result<Form<Outer>>) -> String {
    let told = |error: Error| error.to_string();
    let (query, form) = (query.map_err(told), form.map_err(told));
    format!(
        "{} {}",
        query.map_or_else(|told| told, |q| q.0.search.q),
        form.map_or_else(|told| told, |f| f.0.rest.len().to_string())
    )
}

#[test]
fn a_struct_that_is_a_field_is_told_to_be_flattened() {
    let client = App::new().routes(routes![outer]).test();
    let reply = client.post("/outer?search=x&rest=y").form(&[("search", "x"), ("rest", "y")]).send();
    let text = reply.text();
    for place in ["query parameter", "form field"] {
        for what in ["`search`: `Search`", "`rest`: a map"] {
            let words = format!(
                "{place} {what} has fields, and one {place} holds text: add `#[serde(flatten)]` to it"
            );
            assert!(text.contains(&words), "{words}: {text}");
        }
    }
}

#[post("/list", crate = web)]
fn list(items: Vec<Search>) -> String {
    items.into_iter().map(|item| item.q).collect()
}

#[test]
fn a_struct_in_a_list_is_told_what_holds_the_list() {
    let client = App::new().routes(routes![list]).test();
    let reply = client.post("/list").form(&[("items", "a"), ("items", "b")]).send();
    let words = "form field `items`: `Search` has fields, and one form field holds text";
    assert!(reply.text().contains(words), "{}", reply.text());
}

#[post("/whole", crate = web)]
fn whole(search: Json<Search>) -> String {
    search.0.q
}

#[test]
fn a_body_is_told_where_it_does_not_parse() {
    let client = App::new().routes(routes![whole]).test();
    let call = || client.post("/whole").header("content-type", "application/json");
    let reply = call().body("{\"q\":\n  x}").send();
    assert_eq!(reply.status(), 400);
    assert!(reply.text().contains("line 2 column 3"), "{}", reply.text());
    let reply = call().body("{\"q\": 7}").send();
    assert!(reply.status() == 400 && reply.text().contains("q"), "{}", reply.text());
    assert_eq!(told(&call().body("{\"q\":\"x\"}").send()), (200, "x"));
}
