//! Input nobody should send: a clear answer, and no panic.

use carafe::testing::Client;
use carafe::{App, Bytes, Cookies, Form, Query, Request, get, post, routes};
use std::collections::HashMap;

#[get("/path/<name>")]
fn path(name: &str) -> String {
    name.to_owned()
}

#[get("/query")]
fn query(q: String) -> String {
    q
}

#[get("/unread")]
fn unread() -> &'static str {
    "fine"
}

#[get("/many")]
fn many(all: Query<HashMap<String, String>>, x1: String) -> String {
    format!("{} {x1}", all.len())
}

#[post("/form")]
fn form(title: String) -> String {
    title
}

#[post("/fields")]
fn fields(all: Form<HashMap<String, String>>) -> String {
    all.len().to_string()
}

#[derive(serde::Deserialize)]
struct OnlyOne {
    #[serde(alias = "title")]
    q: String,
}

#[get("/struct")]
fn query_struct(query: Query<OnlyOne>) -> String {
    query.0.q
}

#[post("/struct")]
fn form_struct(form: Form<OnlyOne>) -> String {
    form.0.q
}

#[post("/size")]
fn size(body: Bytes) -> String {
    body.len().to_string()
}

#[get("/header")]
fn header(request: &Request, cookies: Cookies) -> String {
    format!("{:?} {:?}", request.header("x-odd"), cookies.get("a"))
}

fn app() -> App {
    App::new().routes(routes![
        path,
        query,
        unread,
        many,
        form,
        fields,
        query_struct,
        form_struct,
        size,
        header
    ])
}

fn client() -> Client {
    app().test()
}

#[test]
fn text_that_is_not_utf8() {
    assert_eq!(client().get("/path/%FF").send().status(), 400);
    let reply = client().get("/query?q=%FF").send();
    assert_eq!(reply.status(), 400);
    assert!(reply.text().contains("query parameter `q`: expected UTF-8 text"), "{}", reply.text());
    assert_eq!(client().get("/unread?utm=%FF").send().text(), "fine");
    let urlencoded = "application/x-www-form-urlencoded";
    let send = |body: Vec<u8>| client().post("/form").header("content-type", urlencoded).body(body).send();
    for body in [b"title=%FF".to_vec(), b"title=\xff".to_vec()] {
        let reply = send(body);
        assert_eq!(reply.status(), 400);
        assert!(reply.text().contains("form field `title`: expected UTF-8 text"), "{}", reply.text());
    }
    assert_eq!(send(b"title=%EF%BF%BD".to_vec()).text(), "\u{fffd}");
    // What nobody reads cannot fail, whatever is in it.
    for other in ["utm_source=%%aff_id%%", "utm=caf%E9", "%FF=1", "%", "%%%", "=&=", "a=%FF&a=%FE"] {
        assert_eq!(client().get(&format!("/query?q=ok&{other}")).send().text(), "ok", "{other}");
        assert_eq!(client().get(&format!("/struct?{other}&q=ok")).send().text(), "ok", "{other}");
        assert_eq!(send(format!("{other}&title=ok").into()).text(), "ok", "{other}");
        let body = format!("title=ok&{other}");
        let whole = client().post("/struct").header("content-type", urlencoded).body(body).send();
        assert_eq!(whole.text(), "ok", "{other}");
    }
    assert_eq!(send(b"other=caf\xe9&title=ok&\xff=1".to_vec()).text(), "ok");
    // No load balancer lets the first one through; so it comes as an event.
    let odd = client().event(&serde_json::json!({
        "requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/header", "queryStringParameters": {},
        "headers": {"host": "localhost", "x-odd": "a\u{0}\u{ff}", "cookie": "a=\u{ff}; =; ;;"},
        "body": "", "isBase64Encoded": false,
    }));
    assert_eq!(odd["statusCode"], 200);
}

#[test]
fn bodies_of_the_wrong_kind() {
    for (kind, body, status) in [
        ("text/plain", "title=x", 415),
        ("application/json", "{", 400),
        ("application/json", "[1]", 400),
        ("multipart/form-data", "x", 400),
        ("multipart/form-data; boundary=b", "no parts", 400),
        (
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--\r\n",
            400,
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data; name=title\r\n\r\nx",
            400,
        ),
        (";;;", "x", 415),
    ] {
        let reply = client().post("/form").header("content-type", kind).body(body).send();
        assert_eq!(reply.status(), status, "{kind} {body}: {}", reply.text());
    }
    assert_eq!(client().post("/form").body("title=x").send().status(), 415);
}

#[test]
fn large_input_is_answered() {
    let body = vec![b'x'; 1_000_000];
    assert_eq!(client().post("/size").body(body).send().text(), "1000000");
    // More than a URL can hold; so nothing but an event has as many.
    let pairs: serde_json::Map<_, _> = (0..10_000).map(|n| (format!("x{n}"), n.to_string().into())).collect();
    let answer = client().event(&serde_json::json!({
        "requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/many", "queryStringParameters": pairs,
        "headers": {"host": "localhost"}, "body": "", "isBase64Encoded": false,
    }));
    assert_eq!(answer["body"], "10000 1");
    let form: Vec<(String, u32)> = (0..10_000).map(|n| (format!("x{n}"), n)).collect();
    assert_eq!(client().post("/fields").form(&form).send().text(), "10000");
    let deep = "[".repeat(500_000);
    assert_eq!(
        client().post("/form").header("content-type", "application/json").body(deep).send().status(),
        400
    );
}

#[get("/headers")]
fn headers(all: carafe::Headers) -> String {
    all.len().to_string()
}

#[get("/optional")]
fn optional(all: carafe::Result<carafe::Headers>) -> String {
    all.map_or_else(|error| error.status().as_u16().to_string(), |all| all.len().to_string())
}

/// More than any front door lets through, and than the `http` crate has room for.
#[test]
fn more_headers_than_a_map_holds_are_a_431() {
    let app = || App::new().routes(routes![headers, optional, unread]);
    let event = |path: &str, count: usize| {
        let headers: serde_json::Map<_, _> = (0..count).map(|n| (format!("x-{n}"), "1".into())).collect();
        serde_json::json!({
            "requestContext": {"elb": {}}, "httpMethod": "GET", "path": path, "headers": headers,
            "body": "", "isBase64Encoded": false,
        })
    };
    let answer = |app: App, path: &str, count: usize| {
        let answer = app.test().event(&event(path, count));
        (answer["statusCode"].as_u64(), answer["body"].as_str().map(str::to_owned))
    };
    assert_eq!(answer(app(), "/headers", 20_000), (Some(200), Some("20000".to_owned())));
    assert_eq!(answer(app(), "/headers", 30_000).0, Some(431));
    assert_eq!(answer(app(), "/optional", 30_000), (Some(200), Some("431".to_owned())));
    assert_eq!(
        answer(app(), "/unread", 30_000),
        (Some(200), Some("fine".to_owned())),
        "nobody asked for them"
    );
    // A layer asks for all of them.
    let layered = || app().layer(tower_layer::layer_fn(|service: carafe::Service| service));
    assert_eq!(answer(layered(), "/unread", 20_000).0, Some(200));
    assert_eq!(answer(layered(), "/unread", 30_000).0, Some(431));
}
