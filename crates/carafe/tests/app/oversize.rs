//! Answers that are longer than a load balancer takes.

use std::sync::{Arc, Mutex};

use carafe::http::header::{CACHE_CONTROL, CONTENT_RANGE, ETAG, HeaderValue};
use carafe::testing::Client;
use carafe::{
    App, Bytes, Cookie, Cors, File, Headers, Link, Plain, Request, Response, Result, SecurityHeaders,
    StatusCode, abort, get, routes,
};

/// What was stored: the type, the length and the path that asked for it.
type Stored = Arc<Mutex<Vec<(String, usize, String)>>>;

#[get("/bytes")]
fn bytes(cookies: &Request) -> Result<(Headers, Bytes)> {
    cookies.cookies().set(Cookie::new("seen", "1"))?;
    let mut headers = Headers::new();
    headers.insert(ETAG, HeaderValue::from_static("\"a\""));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
    headers.insert("x-own", HeaderValue::from_static("1"));
    Ok((headers, Bytes::from(vec![0xff; 800_000])))
}

#[get("/text")]
fn text() -> Plain<String> {
    Plain("a".repeat(1_000_001))
}

#[get("/escaped")]
fn escaped() -> Plain<String> {
    Plain("\u{1}".repeat(800_000))
}

#[get("/small")]
fn small() -> Plain<String> {
    Plain("a".repeat(900_000))
}

#[get("/file")]
fn file() -> File {
    File::new("a.bin", vec![0xff_u8; 900_000]).gzip(b"\x1f\x8b")
}

#[get("/long")]
fn long() -> File {
    File::new("a.bin", vec![0xff_u8; 1_600_000])
}

#[get("/part")]
fn part() -> (StatusCode, Headers, Bytes) {
    let mut headers = Headers::new();
    headers.insert(CONTENT_RANGE, HeaderValue::from_static("bytes 0-799999/900000"));
    (StatusCode::PARTIAL_CONTENT, headers, Bytes::from(vec![0xff; 800_000]))
}

#[get("/stored/<number>")]
fn stored(number: usize) -> String {
    number.to_string()
}

async fn store(request: &Request, answer: &Response) -> Result<Link> {
    let kept = request.state::<Mutex<Vec<(String, usize, String)>>>().unwrap();
    let mut kept = kept.lock().unwrap();
    let kind = answer.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
    kept.push((kind, answer.body().len(), request.path().to_owned()));
    Ok(stored::url(kept.len()))
}

fn client() -> (Client, Stored) {
    let kept = Stored::default();
    let routes = routes![bytes, text, escaped, small, file, long, part, stored];
    let own = |_: &Request, response: &mut Response| {
        response.headers_mut().insert("x-after", HeaderValue::from_static("1"));
    };
    let app = App::new().state_arc(Arc::clone(&kept)).mount("/v1", routes).after(own).oversize(store);
    (app.test(), kept)
}

#[test]
fn what_does_not_fit_is_stored() {
    let (client, kept) = client();
    for (path, kind, len) in [
        ("/v1/bytes", "application/octet-stream", 800_000),
        ("/v1/text", "text/plain; charset=UTF-8", 1_000_001),
        ("/v1/escaped", "text/plain; charset=UTF-8", 800_000),
        ("/v1/file", "application/octet-stream", 900_000),
    ] {
        for method in ["GET", "HEAD"] {
            let reply = client.request(method, path).send();
            let last = kept.lock().unwrap().last().cloned();
            assert_eq!(last, Some((kind.to_owned(), len, path.to_owned())), "{method} {path}");
            let number = kept.lock().unwrap().len();
            assert_eq!((reply.status().as_u16(), reply.text()), (303, ""), "{method} {path}");
            assert_eq!(reply.header("location"), Some(&*format!("/v1/stored/{number}")), "{method} {path}");
            assert_eq!(reply.header("cache-control"), Some("no-store"), "{method} {path}");
            assert_eq!((reply.header("etag"), reply.header("vary").is_some()), (None, path == "/v1/file"));
            assert_eq!(reply.header("x-after"), Some("1"), "{method} {path}");
        }
    }
    let before = kept.lock().unwrap().len();
    assert_eq!(client.get("/v1/small").send().status(), 200);
    assert_eq!(client.get("/v1/file").header("accept-encoding", "gzip").send().status(), 200);
    assert_eq!(kept.lock().unwrap().len(), before);
}

#[test]
fn cookies_and_headers_of_ones_own_go_with_it() {
    let reply = client().0.get("/v1/bytes").send();
    assert_eq!(reply.header("x-own"), Some("1"));
    assert!(reply.header("set-cookie").is_some_and(|cookie| cookie.starts_with("seen=1")));
}

#[test]
fn without_a_store_it_is_a_500() {
    let app = || App::new().routes(routes![text]);
    assert_eq!(app().test().get("/text").send().status(), 500);
    async fn failing(_: &Request, _: &Response) -> Result<String> {
        Err(abort(503, "The bucket is away"))
    }
    let reply = app().oversize(failing).test().get("/text").send();
    assert_eq!((reply.status().as_u16(), reply.text().contains("The bucket is away")), (503, true));
    async fn panicking(_: &Request, answer: &Response) -> Result<String> {
        panic!("{} bytes", answer.body().len())
    }
    assert_eq!(app().oversize(panicking).test().get("/text").send().status(), 500);
}

/// The client sends its `Range` to what is stored as well, so that has to be the whole.
#[test]
fn a_piece_is_never_stored() {
    let (client, kept) = client();
    let ask = |method, path, range: &str, accepted| {
        let call = client.request(method, path).header("range", range).header("accept-encoding", accepted);
        let reply = call.send();
        let stored = kept.lock().unwrap().drain(..).map(|(_, len, _)| len).collect::<Vec<_>>();
        (reply.status().as_u16(), reply.bytes().len(), stored)
    };
    for (range, status, len, stored) in [
        ("bytes=0-", 303, 0, vec![1_600_000]),
        ("bytes=500000-", 303, 0, vec![1_600_000]),
        ("bytes=-900000", 303, 0, vec![1_600_000]),
        ("bytes=0-800000", 303, 0, vec![1_600_000]),
        ("bytes=0-9", 206, 10, vec![]),
        ("bytes=1500000-", 206, 100_000, vec![]),
        ("bytes=0-719999", 206, 720_000, vec![]),
    ] {
        assert_eq!(ask("GET", "/v1/long", range, "br"), (status, len, stored), "{range}");
        assert_eq!(ask("HEAD", "/v1/long", range, "br"), (303, 0, vec![1_600_000]), "HEAD {range}");
    }
    assert_eq!(ask("GET", "/v1/long", "bytes=1600000-", "br").0, 416);
    // The form that fits is better than what is elsewhere.
    assert_eq!(ask("GET", "/v1/file", "bytes=0-", "gzip"), (200, 2, vec![]));
    assert_eq!(ask("GET", "/v1/file", "bytes=0-", "br"), (303, 0, vec![900_000]));
    let (status, _, stored) = ask("GET", "/v1/part", "bytes=0-", "br");
    assert_eq!((status, stored), (500, vec![]), "one that the handler made");
}

#[test]
fn the_error_of_a_store_has_the_headers_of_the_answer() {
    async fn failing(_: &Request, _: &Response) -> Result<String> {
        Err(abort(503, "The bucket is away"))
    }
    let app = App::new().around(Cors::origins(["https://a.example"])).after(SecurityHeaders::new());
    let client = app.routes(routes![bytes, file]).oversize(failing).test();
    let reply = client.get("/bytes").header("origin", "https://a.example").send();
    assert_eq!(reply.status(), 503);
    for (name, value) in [
        ("access-control-allow-origin", Some("https://a.example")),
        ("vary", Some("origin")),
        ("x-content-type-options", Some("nosniff")),
        ("x-own", Some("1")),
        ("cache-control", Some("no-store")),
        ("content-type", Some("application/json")),
        ("etag", None),
    ] {
        assert_eq!(reply.header(name), value, "{name}");
    }
    assert!(reply.header("set-cookie").is_some_and(|cookie| cookie.starts_with("seen=1")));
    assert_eq!(client.get("/file").send().header("accept-ranges"), None);
}

#[test]
fn what_the_answer_says_of_its_body_is_gone_with_it() {
    #[get("/told")]
    fn told() -> (Headers, Bytes) {
        let mut headers = Headers::new();
        for name in ["repr-digest", "content-digest", "digest", "content-language"] {
            headers.insert(name, HeaderValue::from_static("x"));
        }
        for name in ["content-security-policy", "content-security-policy-report-only"] {
            headers.insert(name, HeaderValue::from_static("default-src 'none'"));
        }
        (headers, Bytes::from(vec![0xff; 800_000]))
    }
    async fn elsewhere(_: &Request, _: &Response) -> Result<String> {
        Ok("https://b.example/1".to_owned())
    }
    let reply = App::new().routes(routes![told]).oversize(elsewhere).test().get("/told").send();
    assert_eq!((reply.status().as_u16(), reply.header("location")), (303, Some("https://b.example/1")));
    for name in ["repr-digest", "content-digest", "digest", "content-language"] {
        assert_eq!(reply.header(name), None, "{name}");
    }
    for name in ["content-security-policy", "content-security-policy-report-only"] {
        assert_eq!(reply.header(name), Some("default-src 'none'"), "{name}");
    }
}

#[test]
fn a_store_that_leads_back_is_a_mistake() {
    async fn back(request: &Request, _: &Response) -> Result<String> {
        let query = request.query("to").unwrap_or_default();
        Ok(if query.is_empty() { request.path().to_owned() } else { format!("/text?to={query}") })
    }
    let client = App::new().routes(routes![text]).oversize(back).test();
    for (target, status) in [("/text", 500), ("/text?to=a", 500), ("/text?to=a&b=1", 303)] {
        assert_eq!(client.get(target).send().status(), status, "{target}");
    }
}
