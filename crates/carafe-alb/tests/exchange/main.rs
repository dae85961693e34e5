//! The two conversions without a server: what a test client builds on.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "in a test that is how a failure shows, in its helpers too"
)]

mod answers;
mod headers;
mod limits;

use std::net::SocketAddr;

use bytes::Bytes;
use carafe_alb::{Exchange, Refusal};
use http::{Method, Request};
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
        ("{\"statusCode\":200}\0\0\0\0\0\0\0\0body", "LambdaInvalidResponse", "a streamed one"),
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
