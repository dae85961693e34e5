//! The two conversions without a server: what a test client builds on.
#![expect(clippy::expect_used, reason = "in a test that is how a failure shows, in its helpers too")]

use std::net::SocketAddr;

use bytes::Bytes;
use carafe_alb::{Exchange, Refusal};
use http::{Method, Request, Version};
use serde_json::{Value, json};

fn client() -> SocketAddr {
    SocketAddr::from(([203, 0, 113, 7], 4711))
}

fn get(target: &str) -> http::request::Builder {
    Request::get(target).header("host", "example.com")
}

fn event(exchange: &Exchange, request: &Request<Bytes>) -> Value {
    let event = exchange.event(request, client()).expect("it is not refused");
    serde_json::from_slice(&event).expect("an event is JSON")
}

fn refused(request: http::request::Builder, body: impl Into<Bytes>) -> (u16, Option<&'static str>, String) {
    let request = request.body(body.into()).expect("a request");
    let refusal = Exchange::https().event(&request, client()).expect_err("it is refused");
    (refusal.status().as_u16(), refusal.reason(), refusal.to_string())
}

#[test]
fn the_event_of_each_scheme() {
    let request = get("/a?b=1&b=2").body(Bytes::new()).unwrap();
    for (exchange, scheme, port, host) in [
        (Exchange::default(), "https", "443", "example.com"),
        (Exchange::http(), "http", "80", "example.com"),
        (Exchange::http().port(8080), "http", "8080", "example.com:8080"),
    ] {
        let event = event(&exchange, &request);
        let headers = &event["headers"];
        assert_eq!(headers["x-forwarded-proto"], scheme);
        assert_eq!(headers["x-forwarded-port"], port);
        assert_eq!(headers["x-forwarded-for"], "203.0.113.7");
        assert_eq!(headers["host"], host);
        assert!(headers["x-amzn-trace-id"].as_str().is_some_and(|trace| trace.starts_with("Root=1-")));
        assert_eq!(event["queryStringParameters"], json!({"b": "2"}));
    }
    let event = event(&Exchange::https().multi_value_headers(true), &request);
    assert_eq!(event["multiValueQueryStringParameters"], json!({"b": ["1", "2"]}));
    assert_eq!(event["multiValueHeaders"]["host"], json!(["example.com"]));
    assert!(event.get("headers").is_none());
}

#[test]
fn requests_at_their_limits() {
    let text = || get("/").method(Method::POST).header("content-type", "text/plain");
    let most = vec![b'a'; 1024 * 1024];
    let taken = event(&Exchange::https(), &text().body(most.clone().into()).unwrap());
    assert_eq!(taken["body"].as_str().map(str::len), Some(most.len()));
    let (status, reason, why) = refused(text(), [&most[..], b"a"].concat());
    assert_eq!((status, reason), (413, Some("LambdaRequestTooLarge")));
    assert!(why.contains("has 1048577 bytes"), "{why}");

    let hops = |number: usize| get("/").header("x-forwarded-for", vec!["10.0.0.1"; number].join(", "));
    let taken = event(&Exchange::https(), &hops(30).body(Bytes::new()).unwrap());
    assert!(taken["headers"]["x-forwarded-for"].as_str().is_some_and(|all| all.ends_with(", 203.0.113.7")));
    assert_eq!(refused(hops(31), ""), (463, None, "x-forwarded-for has 31 addresses; 30 is the most".into()));

    let line = |length: usize| get(&format!("/{}", "a".repeat(length - "GET / HTTP/1.1 ".len() + 1)));
    let fits = Exchange::https().event(&line(16 * 1024 - 1).body(Bytes::new()).unwrap(), client());
    assert!(fits.is_ok(), "{fits:?}");
    assert_eq!(refused(line(16 * 1024 + 1), "").0, 414);
    assert_eq!(refused(get("/").header("x", "a".repeat(16 * 1024)), "").0, 400);
    assert_eq!(refused(get("/").method(Method::TRACE), "").0, 405);
    assert_eq!(refused(Request::get("/"), "").0, 400);
    assert!(
        Exchange::https()
            .event(&Request::get("/").version(Version::HTTP_10).body(Bytes::new()).unwrap(), client())
            .is_ok()
    );
    let (status, reason, _) = refused(text(), &b"\xff"[..]);
    assert_eq!((status, reason), (502, Some("LambdaBadRequest")));
}

#[test]
fn replies() {
    let request = get("/").body(Bytes::new()).unwrap();
    let exchange = Exchange::https();
    let answer =
        br#"{"statusCode":200,"headers":{"content-type":"text/plain","connection":"close"},"body":"abc"}"#;
    let reply = exchange.reply(answer, &request).unwrap();
    assert_eq!((reply.status().as_u16(), &reply.body()[..]), (200, &b"abc"[..]));
    assert_eq!(reply.headers()["content-length"], "3");
    assert_eq!(reply.headers()["server"], "awselb/2.0");
    assert!(reply.headers().contains_key("date") && !reply.headers().contains_key("connection"));
    let head = get("/").method(Method::HEAD).body(Bytes::new()).unwrap();
    let reply = exchange.reply(answer, &head).unwrap();
    assert_eq!(reply.headers()["content-length"], "3");
    assert!(reply.body().is_empty());
    let reply = exchange.reply(br#"{"statusCode":204,"body":"abc"}"#, &request).unwrap();
    assert!(!reply.headers().contains_key("content-length") && reply.body().is_empty());

    let cookies = br#"{"statusCode":200,"multiValueHeaders":{"set-cookie":["a=1","b=2"]}}"#;
    let reply = exchange.clone().multi_value_headers(true).reply(cookies, &request).unwrap();
    assert_eq!(reply.headers().get_all("set-cookie").iter().collect::<Vec<_>>(), ["b=2", "a=1"]);
    assert!(!exchange.reply(cookies, &request).unwrap().headers().contains_key("set-cookie"));
}

#[test]
fn refused_answers() {
    let request = get("/").body(Bytes::new()).unwrap();
    let large = format!(r#"{{"statusCode":200,"body":"{}"}}"#, "a".repeat(1024 * 1024));
    for (answer, reason, words) in [
        ("{}", "LambdaInvalidResponse", "`statusCode` is missing"),
        (r#"{"statusCode":200,"headers":{"a":1}}"#, "LambdaInvalidResponse", "is a number"),
        (&large, "LambdaResponseTooLarge", "1 MiB"),
    ] {
        let refusal = Exchange::https().reply(answer.as_bytes(), &request).unwrap_err();
        assert_eq!((refusal.status().as_u16(), refusal.reason()), (502, Some(reason)));
        assert!(refusal.to_string().contains(words), "{refusal}");
        let page = refusal.to_response(&Method::GET);
        assert_eq!(page.status().as_u16(), 502);
        assert_eq!(page.headers()["content-type"], "text/html");
        assert!(page.body().starts_with(b"<html>"));
        assert_eq!(page.headers()["content-length"], page.body().len().to_string());
    }
    let refusal = Refusal::function_error("Oh", "no");
    assert_eq!(
        (refusal.reason(), refusal.to_string().as_str()),
        (Some("LambdaUnhandled"), "the function failed: Oh: no")
    );
}
