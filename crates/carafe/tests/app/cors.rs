//! Pages of other origins that call.

use std::time::Duration;

use carafe::http::header::{self, HeaderName};
use carafe::testing::{Client, Reply};
use carafe::{
    App, Cookies, Cors, Request, RequestId, Result, Routes, SecurityHeaders, abort, any, delete, get,
    options, post, put, routes,
};
use serde_json::json;

#[get("/posts")]
fn list(request: &Request) -> String {
    request.header("x-mine").unwrap_or("none").to_owned()
}

#[post("/posts")]
fn create() -> &'static str {
    "created"
}

#[delete("/posts/<id>")]
fn remove(id: u32) -> Result<String> {
    Err(abort(409, format!("{id} stays")))
}

#[put("/posts/<id>")]
fn replace(id: u32) -> String {
    id.to_string()
}

#[any("/any")]
fn all(request: &Request) -> String {
    request.method().to_string()
}

#[options("/own")]
fn own() -> &'static str {
    "own"
}

#[post("/own")]
fn own_post() {}

#[get("/panics")]
fn panics() -> String {
    panic!("as it is meant")
}

const SHOP: &str = "https://shop.example.com";
const EVIL: &str = "https://evil.example";

fn app(cors: Cors) -> App {
    App::new().around(cors).routes(routes![list, create, remove, replace, all, own, own_post, panics])
}

fn shop() -> Cors {
    Cors::origins([SHOP, "http://localhost:5173"])
}

fn preflight(client: &Client, target: &str, origin: &str, method: &str, headers: &[&str]) -> Reply {
    let mut call = client.request("OPTIONS", target).header("origin", origin);
    call = call.header("access-control-request-method", method);
    for value in headers {
        call = call.header("access-control-request-headers", value);
    }
    call.send()
}

/// The values of a header, put together.
fn all_of(reply: &Reply, name: &str) -> String {
    let all: Vec<_> = reply.headers().get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    all.join(", ")
}

/// What the CORS headers say: origin, methods, headers, credentials.
fn told(reply: &Reply) -> [Option<&str>; 4] {
    ["origin", "methods", "headers", "credentials"]
        .map(|name| reply.header(&format!("access-control-allow-{name}")))
}

#[test]
fn preflights_are_answered_from_the_route_table() {
    for client in [app(shop()).test(), app(shop()).test().multi_value_headers()] {
        for (target, method, asked, status, methods, headers) in [
            ("/posts", "POST", "content-type", 204, Some("POST"), Some("content-type")),
            ("/posts", "GET", "x-mine,authorization", 204, Some("GET"), Some("x-mine, authorization")),
            ("/posts", "HEAD", "x-mine", 204, Some("HEAD"), Some("x-mine")),
            ("/posts/7", "DELETE", "", 204, Some("DELETE"), None),
            ("/posts/7", "PUT", "", 204, Some("PUT"), None),
            // A method that is not there: the browser tells the page's author which are.
            ("/posts/7", "PATCH", "", 204, Some("DELETE, OPTIONS, PUT"), None),
            ("/posts/7", "delete", "", 204, Some("DELETE, OPTIONS, PUT"), None),
            // Nothing there: that is what the browser tells.
            ("/lost", "POST", "", 404, None, None),
            ("/posts/seven", "PUT", "", 404, None, None),
        ] {
            let asked: &[&str] = if asked.is_empty() { &[] } else { &[asked] };
            let reply = preflight(&client, target, SHOP, method, asked);
            let what = format!("{method} {target}");
            assert_eq!(reply.status(), status, "{what}");
            assert_eq!(told(&reply), [Some(SHOP), methods, headers, None], "{what}");
            let vary = all_of(&reply, "vary");
            assert!(vary.contains("origin"), "{what}: {vary}");
            assert!(reply.text().is_empty() || status == 404, "{what}");
            if status == 204 {
                assert!(vary.contains("access-control-request-method"), "{what}: {vary}");
                assert!(vary.contains("access-control-request-headers"), "{what}: {vary}");
                assert_eq!(reply.header("access-control-max-age"), Some("7200"), "{what}");
            }
        }
        let refused = preflight(&client, "/posts", EVIL, "POST", &["content-type"]);
        assert_eq!((refused.status().as_u16(), told(&refused)), (204, [None; 4]));
        assert_eq!(refused.header("access-control-max-age"), None);
        assert!(all_of(&refused, "vary").contains("origin"));
        // Names that are none are left out, and so is what is no pre-flight.
        let odd = preflight(&client, "/posts", SHOP, "POST", &["a b, x-ok, \u{e9}"]);
        assert_eq!(told(&odd)[2], Some("x-ok"));
        let plain = client.request("OPTIONS", "/posts").header("origin", SHOP).send();
        assert_eq!(
            (plain.header("allow"), told(&plain)),
            (Some("GET, HEAD, OPTIONS, POST"), [Some(SHOP), None, None, None])
        );
        // A route of one's own answers, with the headers; one for all methods does not.
        let own = preflight(&client, "/own", SHOP, "POST", &[]);
        assert_eq!((own.text(), told(&own)[0]), ("own", Some(SHOP)));
        let any = preflight(&client, "/any", SHOP, "PROPFIND", &[]);
        assert_eq!((any.status().as_u16(), told(&any)[0]), (204, Some(SHOP)));
    }
}

#[test]
fn answers_and_errors_have_the_headers() {
    let client = app(shop().expose([header::LOCATION, HeaderName::from_static("x-total")])).test();
    for (method, target, status) in [
        ("GET", "/posts", 200),
        ("HEAD", "/posts", 200),
        ("POST", "/posts", 200),
        ("DELETE", "/posts/7", 409),
        ("PATCH", "/posts/7", 405),
        ("GET", "/lost", 404),
        ("GET", "/panics", 500),
        ("GET", "/any", 200),
    ] {
        for (origin, expected) in [
            (SHOP, Some(SHOP)),
            ("http://localhost:5173", Some("http://localhost:5173")),
            (EVIL, None),
            ("null", None),
            ("http://localhost:5174", None),
            ("https://shop.example.com.evil.example", None),
            ("*", None),
        ] {
            let reply = client.request(method, target).header("origin", origin).send();
            let what = format!("{method} {target} from {origin}");
            assert_eq!(reply.status(), status, "{what}");
            assert_eq!(told(&reply), [expected, None, None, None], "{what}");
            assert_eq!(reply.header("vary"), Some("origin"), "{what}");
            let exposed = reply.header("access-control-expose-headers");
            assert_eq!(exposed, expected.map(|_| "location, x-total"), "{what}");
        }
        let reply = client.request(method, target).send();
        assert_eq!((told(&reply), reply.header("vary")), ([None; 4], Some("origin")), "{method} {target}");
    }
}

#[test]
fn several_origins_are_none() {
    let client = app(shop()).test().multi_value_headers();
    let reply = client.get("/posts").header("origin", SHOP).header("origin", EVIL).send();
    assert_eq!(told(&reply)[0], None);
}

#[test]
fn all_sites_without_credentials_or_named_ones_with() {
    let reply =
        app(Cors::any().max_age(Duration::from_secs(60))).test().get("/posts").header("origin", EVIL).send();
    assert_eq!((told(&reply), reply.header("vary")), ([Some("*"), None, None, None], None));
    // What a cache keeps of a request without an origin is given to pages, too (Fetch standard §3.2.5).
    let client = app(Cors::any().expose([header::LOCATION])).test();
    for target in ["/posts", "/lost", "/panics"] {
        let reply = client.get(target).send();
        assert_eq!((told(&reply)[0], reply.header("vary")), (Some("*"), None), "{target}");
        assert_eq!(reply.header("access-control-expose-headers"), Some("location"), "{target}");
    }
    // It is about actual answers (§3.2.3).
    let reply = preflight(&client, "/posts", EVIL, "POST", &[]);
    assert_eq!(
        (reply.status().as_u16(), told(&reply)[0], reply.header("access-control-expose-headers")),
        (204, Some("*"), None)
    );
    let client = app(Cors::any().max_age(Duration::from_secs(60))).test();
    let reply = preflight(&client, "/posts", "null", "POST", &["content-type"]);
    assert_eq!(told(&reply), [Some("*"), Some("POST"), Some("content-type"), None]);
    assert_eq!(reply.header("access-control-max-age"), Some("60"));
    let client = app(shop().credentials()).test();
    let reply = client.get("/posts").header("origin", SHOP).send();
    assert_eq!(told(&reply), [Some(SHOP), None, None, Some("true")]);
    assert_eq!(told(&client.get("/posts").header("origin", EVIL).send()), [None; 4]);
    assert_eq!(told(&preflight(&client, "/posts", SHOP, "POST", &[]))[3], Some("true"));
    let problems = |cors| app(cors).check().unwrap_err().to_string();
    assert!(problems(Cors::any().credentials()).contains("name the origins"));
    for wrong in ["shop.example.com", "https://shop.example.com/", "*", "null", ""] {
        let told = problems(Cors::origins([SHOP, wrong]));
        assert!(told.contains(&format!("`Cors::origins({wrong:?})`")), "{told}");
    }
}

#[test]
fn a_group_shares_its_own_routes() {
    fn guard(request: &Request) -> Result {
        match request.header("authorization") {
            Some(_) => Ok(()),
            None => Err(abort(401, "Who are you?")),
        }
    }

    let shared = routes![list, remove].around(shop()).before(guard);
    let client = App::new().routes(Routes::default().routes(shared)).routes(routes![create, replace]).test();
    // Of one path, the routes of the group only, and before its guard.
    assert_eq!(
        told(&preflight(&client, "/posts", SHOP, "GET", &["authorization"])),
        [Some(SHOP), Some("GET"), Some("authorization"), None]
    );
    assert_eq!(told(&preflight(&client, "/posts", SHOP, "HEAD", &[]))[1], Some("HEAD"));
    assert_eq!(told(&preflight(&client, "/posts/7", SHOP, "DELETE", &[]))[1], Some("DELETE"));
    for (target, method) in [("/posts", "POST"), ("/posts/7", "PUT"), ("/posts/7", "PATCH")] {
        assert_eq!(told(&preflight(&client, target, SHOP, method, &[])), [None; 4], "{method} {target}");
    }
    let refused = client.get("/posts").header("origin", SHOP).send();
    assert_eq!(
        (refused.status().as_u16(), told(&refused)[0]),
        (401, Some(SHOP)),
        "the guard's error can be read"
    );
    assert_eq!(told(&client.post("/posts").header("origin", SHOP).send())[0], None);
}

#[test]
fn the_innermost_decides() {
    let inner = routes![list].around(Cors::origins([EVIL]));
    let client = App::new().around(Cors::any()).mount("/in", inner).routes(routes![create]).test();
    assert_eq!(told(&client.get("/in/posts").header("origin", EVIL).send())[0], Some(EVIL));
    assert_eq!(told(&client.get("/in/posts").header("origin", SHOP).send())[0], None);
    assert_eq!(told(&client.post("/posts").header("origin", SHOP).send())[0], Some("*"));
    assert_eq!(told(&preflight(&client, "/in/posts", EVIL, "GET", &[]))[0], Some(EVIL));
    assert_eq!(told(&preflight(&client, "/in/posts", SHOP, "GET", &[]))[0], None);
}

#[get("/large")]
fn large() -> String {
    "x".repeat(1_000_001)
}

#[test]
fn errors_outside_of_all_middleware_have_the_headers() {
    let inner = routes![large].around(Cors::origins([EVIL])).after(RequestId);
    let app = App::new().around(Cors::any()).after(SecurityHeaders::new()).mount("/in", inner);
    let client = app.routes(routes![large]).test();
    let answer = |path: &str, origin: &str| {
        client.event(&json!({"requestContext": {"elb": {}}, "httpMethod": "GET", "path": path,
            "headers": {"origin": origin}, "body": "", "isBase64Encoded": false}))
    };
    for (path, origin, allowed, has_id) in [
        ("/large", SHOP, json!("*"), false),
        ("/in/large", EVIL, json!(EVIL), true),
        ("/in/large", SHOP, json!(null), true),
    ] {
        let answer = answer(path, origin);
        assert_eq!(answer["statusCode"], 500, "{path}");
        let headers = &answer["headers"];
        assert_eq!(headers["access-control-allow-origin"], allowed, "{path} {origin}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["x-request-id"].is_string(), has_id, "{path}");
    }
    // The path of an event that is no request is not known.
    let answer =
        client.event(&json!({"requestContext": {"elb": {}}, "httpMethod": "GE T", "path": "/in/large"}));
    assert_eq!(
        (&answer["statusCode"], &answer["headers"]["x-content-type-options"]),
        (&json!(400), &json!("nosniff"))
    );
}

#[test]
fn who_may_call_may_send() {
    #[get("/who")]
    fn who(cookies: Cookies) -> String {
        cookies.get("a").unwrap_or("nobody").to_owned()
    }

    let status = |client: &Client, target, origin: &str, extra: Option<(&str, &str)>| {
        let mut call = client.post(target).header("sec-fetch-site", "cross-site").header("origin", origin);
        if let Some((name, value)) = extra {
            call = call.header(name, value);
        }
        if !matches!(extra, Some(("sec-fetch-mode" | "content-type", _))) {
            call = call.header("sec-fetch-mode", "cors");
        }
        call.send().status().as_u16()
    };
    let public = routes![create].around(Cors::any());
    let named = routes![create].around(shop().credentials());
    let app = App::new().routes(routes![who, create]).mount("/public", public).mount("/named", named);
    let client = app.test();
    let cookie = Some(("cookie", "a=1"));
    for (target, origin, extra, expected) in [
        ("/posts", SHOP, None, 403),
        ("/named/posts", SHOP, None, 200),
        ("/named/posts", SHOP, cookie, 200),
        ("/named/posts", EVIL, None, 403),
        ("/public/posts", EVIL, None, 200),
        ("/public/posts", "null", None, 200),
        // A form of another site has no cookies, but the browser goes to its answer and keeps the cookies of that: a login
        // as somebody else. A browser that does not say the mode cannot be asked.
        ("/public/posts", EVIL, Some(("sec-fetch-mode", "navigate")), 403),
        ("/public/posts", EVIL, Some(("sec-fetch-mode", "no-cors")), 200),
        ("/named/posts", SHOP, Some(("sec-fetch-mode", "navigate")), 200),
        ("/public/posts", EVIL, Some(("content-type", "application/json")), 200),
        ("/public/posts", EVIL, Some(("content-type", "Text/Plain; charset=utf-8")), 403),
        ("/public/posts", EVIL, Some(("content-type", "application/x-www-form-urlencoded")), 403),
        ("/public/posts", EVIL, Some(("content-type", "multipart/form-data; boundary=x")), 403),
        ("/public/posts", EVIL, cookie, 403),
        ("/public/posts", EVIL, Some(("authorization", "Basic YTpi")), 403),
        ("/public/posts", EVIL, Some(("x-amzn-oidc-data", "x")), 403),
        ("/public/posts", EVIL, Some(("x-amzn-mtls-clientcert-leaf", "x")), 403),
        ("/public/lost", EVIL, None, 403),
        ("/named/lost", SHOP, None, 403),
    ] {
        assert_eq!(status(&client, target, origin, extra), expected, "{target} {origin} {extra:?}");
    }
}
