//! Middleware that is there to be used: security headers, the request's id, timeouts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use carafe::http::header::{self, HeaderName, HeaderValue};
use carafe::{App, Headers, RequestId, SecurityHeaders, State, Timeout, catch, catchers, get, post, routes};

const HSTS: &str = "strict-transport-security";

/// What is set, by name.
const USUAL: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    (HSTS, "max-age=31536000"),
];

#[get("/page")]
fn page() -> &'static str {
    "page"
}

#[get("/framed")]
fn framed() -> (Headers, &'static str) {
    let mut headers = Headers::new();
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("ALLOWALL"));
    headers.insert("x-request-id", HeaderValue::from_static("my own"));
    (headers, "framed")
}

#[post("/send")]
fn send() {}

#[test]
fn security_headers_are_on_every_answer() {
    let app = App::new().csrf(true).after(SecurityHeaders::new()).routes(routes![page, framed, send]);
    let client = app.test();
    for (method, target, status) in [
        ("GET", "/page", 200),
        ("HEAD", "/page", 200),
        ("GET", "/lost", 404),
        ("PUT", "/page", 405),
        ("OPTIONS", "/page", 204),
    ] {
        let reply = client.request(method, target).send();
        assert_eq!(reply.status(), status, "{method} {target}");
        for (name, value) in USUAL {
            assert_eq!(reply.header(name), Some(value), "{name} of {method} {target}");
        }
    }
    let refused = client.post("/send").header("sec-fetch-site", "cross-site").send();
    assert_eq!((refused.status().as_u16(), refused.header("x-frame-options")), (403, Some("SAMEORIGIN")));
    let own = client.get("/framed").send();
    assert_eq!(
        (own.header("x-frame-options"), own.header("referrer-policy")),
        (Some("ALLOWALL"), Some("same-origin"))
    );
    // A browser ignores it over HTTP, and so it is not sent there.
    let plain = app.test().plain_http().get("/page").send();
    assert_eq!((plain.header(HSTS), plain.header("x-frame-options")), (None, Some("SAMEORIGIN")));
}

#[test]
fn security_headers_can_be_others() {
    let policy = HeaderName::from_static("permissions-policy");
    let headers = SecurityHeaders::new()
        .with(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"))
        .with(policy, HeaderValue::from_static("camera=()"))
        .without(&header::STRICT_TRANSPORT_SECURITY);
    let group = routes![page].after(SecurityHeaders::new().without(&header::REFERRER_POLICY));
    let client = App::new().after(headers).routes(routes![framed]).mount("/group", group).test();
    let lost = client.get("/lost").send();
    let told = ["x-frame-options", "permissions-policy", HSTS, "x-content-type-options"]
        .map(|name| lost.header(name));
    assert_eq!(told, [Some("DENY"), Some("camera=()"), None, Some("nosniff")]);
    assert_eq!(lost.headers().get_all("x-frame-options").iter().count(), 1);
    // A group's own come first.
    assert_eq!(client.get("/group/page").send().header("x-frame-options"), Some("SAMEORIGIN"));
}

#[test]
fn the_id_of_a_request_is_told() {
    let client = App::new().after(RequestId).routes(routes![page, framed]).test();
    for target in ["/page", "/lost"] {
        let reply = client.get(target).header("x-request-id", "forged").send();
        assert_eq!(reply.header("x-request-id"), Some("test"), "{target}");
    }
    assert_eq!(client.get("/framed").send().header("x-request-id"), Some("my own"));
    // In another server than Lambda there is none.
    let mut service = App::new().after(RequestId).routes(routes![page]).into_service().unwrap();
    let request = http::Request::get("/page").body(carafe::Body::empty()).unwrap();
    let work = tower_service::Service::call(&mut service, request);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(work).unwrap().headers().get("x-request-id"), None);
}

/// Tells when it is dropped.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[get("/slow")]
async fn slow(ended: State<AtomicBool>) -> &'static str {
    let _ended = Ended(&ended);
    std::future::pending::<()>().await;
    "never"
}

#[get("/quick")]
async fn quick() -> &'static str {
    tokio::task::yield_now().await;
    "quick"
}

#[test]
fn what_takes_too_long_is_ended() {
    #[catch(504)]
    fn late() -> &'static str {
        "too late"
    }

    let ended = std::sync::Arc::new(AtomicBool::new(false));
    let (soon, later) = (Duration::from_millis(1), Duration::from_secs(600));
    let slow_ones = || routes![slow, quick].around(Timeout::after(later)).around(Timeout::after(soon));
    let app = App::new().state_arc(ended.clone()).routes(routes![quick]).mount("/a", slow_ones());
    let reply = app.test().get("/a/slow").send();
    assert_eq!(reply.status(), 504);
    assert!(ended.load(Ordering::SeqCst), "the handler goes on");
    let error: serde_json::Value = reply.json();
    assert_eq!(error.get("error"), Some(&"This took too long".into()));
    let client = app.mount("/b", slow_ones().catch(catchers![late])).test();
    assert_eq!(client.get("/b/slow").send().text(), "too late");
    assert_eq!(client.get("/b/quick").send().text(), "quick");
    let problems = App::new().around(Timeout::after(Duration::ZERO)).check().unwrap_err().to_string();
    assert!(problems.contains("`Timeout::after`"), "{problems}");
}

#[test]
fn what_panics_when_it_is_ended_does_not_change_the_answer() {
    struct Fragile;

    impl Drop for Fragile {
        fn drop(&mut self) {
            panic!("as it is meant");
        }
    }

    #[get("/fragile")]
    async fn fragile() -> &'static str {
        let _fragile = Fragile;
        std::future::pending::<()>().await;
        "never"
    }

    let app = App::new().routes(routes![fragile].around(Timeout::after(Duration::from_millis(1))));
    let reply = app.test().get("/fragile").send();
    let error: serde_json::Value = reply.json();
    assert_eq!((reply.status().as_u16(), error.get("error")), (504, Some(&"This took too long".into())));
}
