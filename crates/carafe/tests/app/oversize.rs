//! Answers that are longer than a load balancer takes.

use std::sync::{Arc, Mutex};

use carafe::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
use carafe::testing::Client;
use carafe::{App, Bytes, Cookie, File, Headers, Link, Plain, Request, Response, Result, abort, get, routes};

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
    let routes = routes![bytes, text, escaped, small, file, stored];
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
