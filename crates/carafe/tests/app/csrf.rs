//! Requests that a page of another site sends in a browser's name.

use std::sync::{Arc, Mutex};

use carafe::testing::Client;
use carafe::{
    App, Cookies, Csrf, CsrfOff, FromRequest, Request, Requirements, Response, ResponseExt, Result,
};
use carafe::{Routes, any, catch, catchers, delete, get, patch, post, put, route, routes};
use serde_json::{Value, json};

#[get("/")]
fn page() -> &'static str {
    "page"
}

#[post("/")]
fn send() -> &'static str {
    "sent"
}

#[put("/")]
fn replace() -> &'static str {
    "sent"
}

#[patch("/")]
fn change() -> &'static str {
    "sent"
}

#[delete("/")]
fn remove() -> &'static str {
    "sent"
}

#[route(TRACE, "/")]
fn trace() -> &'static str {
    "sent"
}

#[post("/hook", csrf = off)]
fn hook() -> &'static str {
    "hooked"
}

#[any("/any")]
fn all() -> &'static str {
    "any"
}

fn app() -> App {
    App::new().csrf(true).routes(routes![page, send, replace, change, remove, trace, hook, all])
}

/// Sends with these headers, in both header modes; `-` is none. As events, because the client's load balancer puts its own
/// port into `host`.
fn sent(client: &Client, method: &str, target: &str, host: &str, site: &str, origin: &str) -> u16 {
    let headers =
        [("host", host), ("sec-fetch-site", site), ("origin", origin), ("x-forwarded-proto", "https")];
    let headers = headers.into_iter().filter(|(_, value)| *value != "-");
    let (single, multi): (Vec<_>, Vec<_>) = headers
        .map(|(name, value)| ((name.to_owned(), json!(value)), (name.to_owned(), json!([value]))))
        .unzip();
    let answers = [("headers", single), ("multiValueHeaders", multi)].map(|(member, headers)| {
        let headers: serde_json::Map<String, Value> = headers.into_iter().collect();
        let query =
            if member == "headers" { "queryStringParameters" } else { "multiValueQueryStringParameters" };
        let answer = client.event(&json!({
            "requestContext": {"elb": {}}, "httpMethod": method, "path": target, query: {}, member: headers,
            "body": "", "isBase64Encoded": false,
        }));
        answer
            .get("statusCode")
            .and_then(Value::as_u64)
            .and_then(|status| status.try_into().ok())
            .unwrap_or_default()
    });
    assert_eq!(answers[0], answers[1], "{method} {target}");
    answers[0]
}

/// Who may: the browser's own words come first, then the origin, then nothing at all.
const TABLE: &str = "
    # what it is                             method  host               sec-fetch-site  origin                        status
    same origin                            | POST    | example.com      | same-origin | https://example.com          | 200
    same origin, without an origin         | POST    | example.com      | same-origin | -                            | 200
    typed in, or from an app               | POST    | example.com      | none        | -                            | 200
    another site                           | POST    | example.com      | cross-site  | https://evil.example         | 403
    another site, without an origin        | POST    | example.com      | cross-site  | -                            | 403
    another site that hides its origin     | POST    | example.com      | cross-site  | null                         | 403
    another host of the site               | POST    | example.com      | same-site   | https://app.example.com      | 403
    a word that no browser says            | POST    | example.com      | same        | https://example.com          | 403
    the word in capitals                   | POST    | example.com      | Same-Origin | https://example.com          | 403
    another site, its origin forged        | POST    | example.com      | cross-site  | https://example.com          | 403
    no browser                             | POST    | example.com      | -           | -                            | 200
    older browser, own origin              | POST    | example.com      | -           | https://example.com          | 200
    older browser, another origin          | POST    | example.com      | -           | https://evil.example         | 403
    older browser, hidden origin           | POST    | example.com      | -           | null                         | 403
    older browser, no origin at all        | POST    | example.com      | -           | evil                         | 403
    an origin that begins like the host    | POST    | example.com      | -           | https://example.com.evil.org | 403
    an origin that ends like the host      | POST    | example.com      | -           | https://evil-example.com     | 403
    the host as user of another origin     | POST    | example.com      | -           | https://example.com@evil.org | 403
    two origins                            | POST    | example.com      | -           | https://example.com https://evil.org | 403
    own origin behind TLS that ended early | POST    | example.com      | -           | http://example.com           | 200
    own origin, the usual port written     | POST    | example.com:443  | -           | https://example.com          | 200
    own origin, capitals                   | POST    | Example.COM      | -           | https://example.com          | 200
    plain-HTTP name in the LAN             | POST    | box.local:3000   | -           | http://box.local:3000        | 200
    plain-HTTP name in the LAN, other port | POST    | box.local:3000   | -           | http://box.local:3001        | 403
    plain-HTTP name, another in the LAN    | POST    | box.local:3000   | -           | http://printer.local         | 403
    plain-HTTP address in the LAN          | POST    | 192.168.0.2:3000 | -           | http://192.168.0.2:3000      | 200
    localhost                              | POST    | localhost:3000   | same-origin | http://localhost:3000        | 200
    localhost, another port                | POST    | localhost:3000   | same-site   | http://localhost:5173        | 403
    localhost, another port, older browser | POST    | localhost:3000   | -           | http://localhost:5173        | 403
    localhost against 127.0.0.1            | POST    | 127.0.0.1:3000   | cross-site  | http://localhost:3000        | 403
    the same in an older browser           | POST    | 127.0.0.1:3000   | -           | http://localhost:3000        | 403
    IPv6                                   | POST    | [::1]:3000       | -           | http://[::1]:3000            | 200
    PUT                                    | PUT     | example.com      | cross-site  | https://evil.example         | 403
    PATCH                                  | PATCH   | example.com      | cross-site  | https://evil.example         | 403
    DELETE                                 | DELETE  | example.com      | cross-site  | https://evil.example         | 403
    TRACE                                  | TRACE   | example.com      | cross-site  | https://evil.example         | 403
    GET, as after the login of an ALB      | GET     | example.com      | cross-site  | -                            | 200
    GET from another site's script         | GET     | example.com      | cross-site  | https://evil.example         | 200
    HEAD                                   | HEAD    | example.com      | cross-site  | https://evil.example         | 200
    OPTIONS, as of a pre-flight            | OPTIONS | example.com      | cross-site  | https://evil.example         | 204
";

#[test]
fn who_may_send() {
    let client = app().test();
    let mut count = 0;
    for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [what, method, host, site, origin, status] = cells[..] else { panic!("{line}") };
        let got = sent(&client, method, "/", host, site, origin);
        assert_eq!(got.to_string(), status, "{what}");
        count += 1;
    }
    assert_eq!(count, 40);
}

#[test]
fn a_route_that_says_so_takes_everything() {
    let client = app().test();
    let from =
        |method, target| sent(&client, method, target, "example.com", "cross-site", "https://evil.example");
    assert_eq!(from("POST", "/hook"), 200);
    assert_eq!(from("POST", "/%68ook"), 200);
    assert_eq!((from("GET", "/any"), from("HEAD", "/any")), (200, 200));
    // A method that only `any` answers is nobody's to call safe.
    assert_eq!((from("POST", "/any"), from("PROPFIND", "/any")), (403, 403));
    // What no route answers is refused as well, so that middleware may answer it.
    assert_eq!((from("PUT", "/hook"), from("POST", "/lost"), from("GET", "/lost")), (403, 403, 404));
}

#[test]
fn origins_that_the_app_trusts() {
    let app = app().trust_origin("https://App.example.com:443").trust_origin("http://localhost:5173");
    let client = app.test();
    for (site, origin, expected) in [
        ("same-site", "https://app.example.com", 200),
        ("cross-site", "https://app.example.com", 200),
        ("-", "https://app.example.com", 200),
        ("cross-site", "http://localhost:5173", 200),
        ("cross-site", "http://app.example.com", 403),
        ("cross-site", "https://app.example.com:8443", 403),
        ("cross-site", "https://b.app.example.com", 403),
        ("cross-site", "http://localhost:5174", 403),
        ("cross-site", "null", 403),
        ("cross-site", "-", 403),
    ] {
        assert_eq!(sent(&client, "POST", "/", "example.com", site, origin), expected, "{site} {origin}");
    }
    for wrong in [
        "",
        "app.example.com",
        "https://app.example.com/",
        "https://app.example.com/x",
        "null",
        "*",
        "https://*.example.com",
    ] {
        let problems = App::new().trust_origin(wrong).check().unwrap_err().to_string();
        assert!(
            problems.contains(&format!("`trust_origin({wrong:?})`"))
                && problems.contains("https://app.example.com"),
            "{problems}"
        );
    }
    // Trust alone protects nothing.
    assert_eq!(
        sent(
            &App::new().trust_origin("https://a.example").routes(routes![send]).test(),
            "POST",
            "/",
            "b.example",
            "cross-site",
            "-"
        ),
        200
    );
}

#[get("/count", crate = carafe)]
fn count(cookies: Cookies) -> String {
    cookies.iter().count().to_string()
}

#[get("/maybe")]
fn maybe(cookies: Result<Cookies>) -> String {
    cookies.is_ok().to_string()
}

#[test]
fn cookies_protect_the_whole_app() {
    let foreign = |app: App| sent(&app.test(), "POST", "/", "example.com", "cross-site", "-");
    let plain = || App::new().routes(routes![page, send]);
    assert_eq!(foreign(plain()), 200);
    assert_eq!(foreign(plain().routes(routes![count])), 403);
    assert_eq!(foreign(plain().mount("/a", Routes::default().mount("/b", routes![maybe]))), 403);
    assert_eq!(foreign(plain().routes(routes![count]).csrf(false)), 200);
    assert_eq!(foreign(plain().csrf(true)), 403);
    assert_eq!(foreign(plain().csrf(true).csrf(true).routes(routes![count])), 403);
    let problems = plain().csrf(true).csrf(false).check().unwrap_err().to_string();
    assert!(problems.contains("`csrf(true)` and `csrf(false)`"), "{problems}");
}

#[test]
fn an_extractor_of_ones_own_protects_as_well() {
    struct User;

    impl FromRequest<'_> for User {
        async fn from_request(_: &Request) -> Result<Self> {
            Ok(User)
        }

        fn requires(requirements: &mut Requirements<'_>) {
            requirements.extractor::<Cookies>();
        }
    }

    #[post("/me")]
    fn me(_user: User) -> &'static str {
        "me"
    }

    let client = App::new().routes(routes![me]).test();
    assert_eq!(sent(&client, "POST", "/me", "example.com", "cross-site", "-"), 403);
    let client = App::new().routes(routes![me]).attach(Csrf::default()).test();
    assert_eq!(sent(&client, "POST", "/me", "example.com", "cross-site", "-"), 403);
    assert_eq!(sent(&client, "POST", "/me", "example.com", "same-origin", "-"), 200);
}

#[test]
fn the_refusal_is_an_error_like_any_other() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let hook = move |_: &Request, response: &mut Response| {
        let cause = response.error().and_then(|error| Some(error.source()?.to_string()));
        log.lock().unwrap().extend(cause);
    };
    let client = app().after(hook).test();
    let call = |accept| {
        let call =
            client.post("/").header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
        call.header("accept", accept).send()
    };
    let json: Value = call("application/json").json();
    assert_eq!(
        (&json["status"], &json["error"]),
        (&403.into(), &"This was sent from a page of another origin".into())
    );
    let page = call("text/html");
    assert_eq!(page.header("content-type"), Some("text/html; charset=UTF-8"));
    assert!(!page.text().contains("trust_origin"), "what to do is the developer's to know: {}", page.text());
    let seen = seen.lock().unwrap().join("\n");
    for words in [
        "sec-fetch-site: cross-site",
        "origin: https://evil.example",
        "`App::trust_origin` for https://evil.example",
        "`csrf = off`",
        "fn send",
        "csrf.rs:",
    ] {
        assert!(seen.contains(words), "{words}: {seen}");
    }

    #[catch(403)]
    fn refused() -> &'static str {
        "not from there"
    }

    let client = app().catch(catchers![refused]).test();
    let reply = client.post("/").header("sec-fetch-site", "cross-site").send();
    assert_eq!((reply.status().as_u16(), reply.text()), (403, "not from there"));
}

/// Returns what the log has of a refusal.
fn told(app: App, target: &str, host: &str, origin: &str) -> String {
    let seen = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&seen);
    let hook = move |_: &Request, response: &mut Response| {
        let cause = response.error().and_then(|error| Some(error.source()?.to_string()));
        *log.lock().unwrap() = cause.unwrap_or_default();
    };
    assert_eq!(sent(&app.after(hook).test(), "POST", target, host, "cross-site", origin), 403);
    seen.lock().unwrap().clone()
}

#[test]
fn routes_of_run_time_have_a_way_of_their_own() {
    async fn later(_: &Request) -> &'static str {
        "later"
    }
    let now = |_: &Request| "now";
    let app = App::new().csrf(true).route("POST", "/on", now).route("POST", "/now", CsrfOff(now)).route(
        "POST",
        "/later",
        CsrfOff(later),
    );
    let told = told(app.clone(), "/on", "example.com", "https://other.example");
    assert!(
        told.contains("`CsrfOff(…)` around the handler of `fn closure") && !told.contains("attribute"),
        "{told}"
    );
    for (target, expected) in [("/on", 403), ("/now", 200), ("/later", 200)] {
        assert_eq!(sent(&app.test(), "POST", target, "example.com", "cross-site", "-"), expected, "{target}");
    }
    let problems = App::new().route("GET", "/now", CsrfOff(now)).check().unwrap_err().to_string();
    assert!(problems.contains("`CsrfOff` does nothing for `GET`"), "{problems}");
}

#[test]
fn two_names_of_one_machine_are_told() {
    let advice = "`localhost` and `127.0.0.1` are two origins: open the app under one of them";
    for (host, origin, is_one) in [
        ("127.0.0.1:3000", "http://localhost:3000", true),
        ("localhost:3000", "http://127.0.0.1:3000", true),
        ("localhost:3000", "http://[::1]:3000", true),
        ("localhost:3000", "http://127.0.0.1:5173", false),
        ("localhost:3000", "http://localhost:5173", false),
        ("example.com", "http://localhost:3000", false),
        ("localhost:3000", "-", false),
    ] {
        let told = told(app(), "/", host, origin);
        assert_eq!(told.contains(advice), is_one, "{told}");
        assert_eq!(told.contains("if it may, say"), !is_one, "{told}");
    }
}

#[test]
fn nothing_of_the_app_runs_before_it() {
    let ran = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&ran);
    let before = move |_: &Request| *counted.lock().unwrap() += 1;
    let client = App::new().before(before).routes(routes![page, send, count]).test();
    assert_eq!(sent(&client, "POST", "/", "example.com", "cross-site", "-"), 403);
    assert_eq!(*ran.lock().unwrap(), 0);
    assert_eq!(sent(&client, "POST", "/", "example.com", "same-origin", "-"), 200);
    assert_eq!(*ran.lock().unwrap(), 2, "once in each header mode");
}
