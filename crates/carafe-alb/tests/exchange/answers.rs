//! Headers and lengths of replies.

use bytes::Bytes;
use carafe_alb::Exchange;
use http::{Method, Response, Version};
use serde_json::{Value, json};

use super::get;

fn reply(exchange: &Exchange, method: &Method, answer: &Value) -> Response<Bytes> {
    let request = get("/").method(method).version(Version::HTTP_11).body(Bytes::new()).expect("a request");
    exchange.reply(answer.to_string().as_bytes(), &request).expect("it is taken")
}

fn values<'r>(reply: &'r Response<Bytes>, name: &str) -> Vec<&'r str> {
    reply.headers().get_all(name).iter().map(|value| value.to_str().expect("text")).collect()
}

#[test]
fn repeats_are_reversed_whatever_the_name() {
    let answer = json!({"statusCode": 200, "multiValueHeaders": {
        "content-type": ["text/plain"], "set-cookie": ["a=1", "b=2", "c=3"], "vary": ["a", "b", "c"], "x-one": ["1", "2"],
    }});
    let reply = reply(&Exchange::https().multi_value_headers(true), &Method::GET, &answer);
    assert_eq!(values(&reply, "set-cookie"), ["c=3", "b=2", "a=1"]);
    assert_eq!(values(&reply, "vary"), ["c", "b", "a"]);
    assert_eq!(values(&reply, "x-one"), ["2", "1"]);
}

#[test]
fn headers_of_one_connection_are_dropped() {
    for multi in [false, true] {
        for name in [
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "upgrade",
            "transfer-encoding",
            "Keep-Alive",
        ] {
            let answer = json!({
                "statusCode": 200, "body": "x",
                "headers": {(name): "x", "content-type": "text/plain"},
                "multiValueHeaders": {(name): ["x", "y"], "content-type": ["text/plain"]},
            });
            let reply = reply(&Exchange::https().multi_value_headers(multi), &Method::GET, &answer);
            assert!(!reply.headers().contains_key(name), "{name}");
            assert_eq!(values(&reply, "content-type"), ["text/plain"], "{name}");
        }
    }
}

#[test]
fn the_length_after_head() {
    let length = |method: &Method, status: u16, stated: &[&str], body: &str| {
        let answer = json!({
            "statusCode": status, "body": body,
            "multiValueHeaders": {"content-type": ["text/plain"], "Content-Length": stated},
        });
        let reply = reply(&Exchange::https().multi_value_headers(true), method, &answer);
        let lengths = values(&reply, "content-length");
        assert!(lengths.len() < 2, "{lengths:?}");
        lengths.first().map(|length| (*length).to_owned())
    };
    let some = |length: &str| Some(length.to_owned());
    // The body counts where there is one; else what the function says of GET's.
    assert_eq!(length(&Method::HEAD, 200, &["99"], "abc"), some("3"));
    assert_eq!(length(&Method::HEAD, 200, &["99"], ""), some("99"));
    assert_eq!(length(&Method::HEAD, 404, &["99", "99"], ""), some("99"));
    for stated in [&["99", "98"][..], &["x"], &["+9"], &["-1"], &["99, 99"], &[""], &[]] {
        assert_eq!(length(&Method::HEAD, 200, stated, ""), None, "{stated:?}");
    }
    assert_eq!(length(&Method::HEAD, 204, &["99"], ""), None);
    assert_eq!(length(&Method::GET, 200, &["99"], "abc"), some("3"));
    assert_eq!(length(&Method::GET, 200, &["99"], ""), some("0"));
    assert_eq!(length(&Method::GET, 304, &["99"], ""), None);
}
