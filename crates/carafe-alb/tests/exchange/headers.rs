//! Headers of a request and of an answer, with more than one member where there can be more.

use std::net::SocketAddr;

use bytes::Bytes;
use carafe_alb::Exchange;
use http::{Request, Version};
use serde_json::json;

use super::{client, event, get};

/// The host in the event of a listener on this port.
fn host(port: u16, sent: &str) -> String {
    let request = Request::get("/").header("host", sent).body(Bytes::new()).expect("a request");
    let host = event(&Exchange::http().port(port), &request)["headers"]["host"].clone();
    host.as_str().expect("a string").to_owned()
}

#[test]
fn the_port_of_host() {
    for port in [80, 443] {
        for (sent, kept) in [
            ("example.com", "example.com"),
            ("example.com:8443", "example.com"),
            ("example.com:", "example.com"),
            ("[2001:db8::1]", "[2001:db8::1]"),
            ("[2001:db8::1]:8443", "[2001:db8::1]"),
        ] {
            assert_eq!(host(port, sent), kept, "{port} {sent}");
        }
    }
    for (sent, kept) in [
        ("example.com", "example.com:8080"),
        ("example.com:99", "example.com:99"),
        ("[2001:db8::1]", "[2001:db8::1]:8080"),
        ("[2001:db8::1]:99", "[2001:db8::1]:99"),
    ] {
        assert_eq!(host(8080, sent), kept, "{sent}");
    }
}

#[test]
fn forwarded_headers_in_several_lines() {
    let request = get("/")
        .header("x-forwarded-for", "1.1.1.1, 2.2.2.2")
        .header("x-forwarded-for", "")
        .header("x-forwarded-for", "3.3.3.3")
        .header("x-forwarded-proto", "gopher")
        .header("x-forwarded-port", "70")
        .body(Bytes::new())
        .unwrap();
    let single = event(&Exchange::https(), &request);
    assert_eq!(single["headers"]["x-forwarded-for"], "1.1.1.1, 2.2.2.2, 3.3.3.3, 203.0.113.7");
    assert_eq!(single["headers"]["x-forwarded-proto"], "https");
    assert_eq!(single["headers"]["x-forwarded-port"], "443");
    let headers = event(&Exchange::https().multi_value_headers(true), &request)["multiValueHeaders"].clone();
    let all = json!(["1.1.1.1, 2.2.2.2", "3.3.3.3", "1.1.1.1, 2.2.2.2, 3.3.3.3, 203.0.113.7"]);
    assert_eq!(headers["x-forwarded-for"], all);
    assert_eq!(headers["x-forwarded-proto"], json!(["gopher", "https"]));
    assert_eq!(headers["x-forwarded-port"], json!(["70", "443"]));
    // An IPv4 client of a listener on both protocols.
    let mapped: SocketAddr = "[::ffff:203.0.113.8]:1".parse().unwrap();
    let event = Exchange::https().event(&get("/").body(Bytes::new()).unwrap(), mapped).unwrap();
    assert!(String::from_utf8_lossy(&event).contains(r#""x-forwarded-for":"203.0.113.8""#));
}

#[test]
fn the_last_trace_counts() {
    let request = get("/").header("x-amzn-trace-id", "Root=1-a-b").header("x-amzn-trace-id", "x=y");
    let event = event(&Exchange::https(), &request.body(Bytes::new()).unwrap());
    let trace = event["headers"]["x-amzn-trace-id"].as_str().expect("a string");
    assert!(trace.starts_with("Root=1-") && trace.ends_with(";x=y"), "{trace}");
}

#[test]
fn an_empty_trace_is_none() {
    let event =
        event(&Exchange::https(), &get("/").header("x-amzn-trace-id", "").body(Bytes::new()).unwrap());
    let trace = event["headers"]["x-amzn-trace-id"].as_str().expect("a string");
    assert!(trace.starts_with("Root=1-") && !trace.contains(';'), "{trace}");
}

#[test]
fn empty_values_are_dropped() {
    let request = get("/").header("x-a", "").header("x-b", "1").header("x-b", "").body(Bytes::new()).unwrap();
    let event = event(&Exchange::https().multi_value_headers(true), &request);
    assert_eq!(event["multiValueHeaders"]["x-a"], serde_json::Value::Null);
    assert_eq!(event["multiValueHeaders"]["x-b"], json!(["1"]));
}

#[test]
fn any_text_is_json() {
    let text: String = ('\0'..'\u{a0}').chain("\u{2028}ü\u{1f600}".chars()).collect();
    let request = get("/").header("content-type", "text/plain").body(text.clone().into()).unwrap();
    let json = Exchange::https().event(&request, client()).unwrap();
    let event: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(event["body"], text);
    // The short escapes, as JSON writers have them.
    let json = String::from_utf8(json).unwrap();
    assert!(json.contains(r#"\u0008\t\n\u000b\u000c\r\u000e"#) && json.contains("!\\\"#"), "{json}");
}

#[test]
fn an_empty_body() {
    let base64 = |version, kind: Option<&str>, coding: Option<&str>| {
        let mut request = get("/").version(version);
        for (name, value) in [("content-type", kind), ("content-encoding", coding)] {
            request = value.into_iter().fold(request, |request, value| request.header(name, value));
        }
        let event = event(&Exchange::https(), &request.body(Bytes::new()).expect("a request"));
        assert_eq!(event["body"], "");
        event["isBase64Encoded"].as_bool().expect("a boolean")
    };
    assert!(base64(Version::HTTP_2, None, None));
    assert!(base64(Version::HTTP_2, Some("image/png"), None));
    assert!(base64(Version::HTTP_2, Some("text/plain"), Some("gzip")));
    assert!(!base64(Version::HTTP_2, Some("text/plain"), None));
    assert!(!base64(Version::HTTP_2, Some("application/json"), None));
    assert!(!base64(Version::HTTP_11, None, None));
    assert!(!base64(Version::HTTP_11, Some("image/png"), None));
}

#[test]
fn cookies_over_http2() {
    let cookies = |version| {
        let request = get("/").version(version).header("cookie", "a=1").header("cookie", "b=2");
        let request = request.header("cookie", "c=3").body(Bytes::new()).expect("a request");
        event(&Exchange::https().multi_value_headers(true), &request)["multiValueHeaders"]["cookie"].clone()
    };
    assert_eq!(cookies(Version::HTTP_2), json!(["a=1; b=2; c=3"]));
    assert_eq!(cookies(Version::HTTP_11), json!(["a=1", "b=2", "c=3"]));
}

#[test]
fn the_user_part_of_an_authority() {
    let request = Request::get("http://me:secret@example.com:99/x").header("host", "other");
    let request = request.body(Bytes::new()).unwrap();
    assert_eq!(event(&Exchange::http().port(8080), &request)["headers"]["host"], "example.com:99");
    assert!(Exchange::https().event(&request, client()).is_ok());
}
