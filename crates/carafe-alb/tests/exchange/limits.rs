//! What a request and an answer may have of everything: exactly the limit is taken, one more is not.

use bytes::Bytes;
use carafe_alb::Exchange;
use http::request::Builder;
use http::{Method, Request, Version};

use super::{client, event, get};

const K: usize = 1024;

fn refused(request: Builder, body: impl Into<Bytes>) -> (u16, Option<&'static str>, String) {
    let request = request.body(body.into()).expect("a request");
    let refusal = Exchange::https().event(&request, client()).expect_err("it is refused");
    (refusal.status().as_u16(), refusal.reason(), refusal.to_string())
}

fn taken(request: Builder) -> serde_json::Value {
    event(&Exchange::https(), &request.body(Bytes::new()).expect("a request"))
}

#[test]
fn body_of_a_request() {
    let text = || get("/").method(Method::POST).header("content-type", "text/plain");
    let most = vec![b'a'; K * K];
    let taken = event(&Exchange::https(), &text().body(most.clone().into()).unwrap());
    assert_eq!(taken["body"].as_str().map(str::len), Some(most.len()));
    let (status, reason, why) = refused(text(), [&most[..], b"a"].concat());
    assert_eq!((status, reason), (413, Some("LambdaRequestTooLarge")));
    assert!(why.contains("has 1048577 bytes"), "{why}");
    // What the client announces counts, before a byte of it is there.
    let announced = |length: usize| get("/").header("content-length", length);
    self::taken(announced(K * K));
    assert_eq!(refused(announced(K * K + 1), "").0, 413);
}

#[test]
fn addresses() {
    let hops = |number: usize| get("/").header("x-forwarded-for", vec!["10.0.0.1"; number].join(", "));
    for number in [29, 30] {
        let all = taken(hops(number))["headers"]["x-forwarded-for"].to_string();
        assert_eq!(all.matches("10.0.0.1").count(), number);
        assert!(all.ends_with(", 203.0.113.7\""), "{all}");
    }
    assert_eq!(refused(hops(31), ""), (463, None, "x-forwarded-for has 31 addresses; 30 is the most".into()));
    // In several lines, too.
    let lines = |second: usize| hops(29).header("x-forwarded-for", vec!["10.0.0.2"; second].join(","));
    taken(lines(1));
    assert_eq!(refused(lines(2), "").0, 463);
}

#[test]
fn request_line() {
    let line = |length: usize| get(&format!("/{}", "a".repeat(length - "GET / HTTP/1.1".len())));
    taken(line(16 * K));
    let (status, _, why) = refused(line(16 * K + 1), "");
    assert_eq!((status, why.as_str()), (414, "the request line has 16385 bytes; 16384 is the most"));
    // The method and an absolute target are parts of it.
    let absolute = |length: usize| {
        let path = "a".repeat(length - "OPTIONS http://example.com/ HTTP/1.1".len());
        get(&format!("http://example.com/{path}")).method(Method::OPTIONS)
    };
    taken(absolute(16 * K));
    assert_eq!(refused(absolute(16 * K + 1), "").0, 414);
}

#[test]
fn headers() {
    let one = |length: usize| get("/").header("x", "a".repeat(length - "x: ".len()));
    taken(one(16 * K));
    let (status, _, why) = refused(one(16 * K + 1), "");
    assert_eq!((status, why.as_str()), (400, "the header `x` has 16385 bytes; 16384 is the most"));

    let host = "host: example.com\r\n".len();
    let all = |length: usize| {
        let mut request = get("/");
        for name in ["a", "b", "c"] {
            request = request.header(name, "a".repeat(16 * K - "x: ".len()));
        }
        let rest = length - host - 3 * (16 * K + "\r\n".len()) - "d: \r\n".len();
        request.header("d", "a".repeat(rest))
    };
    taken(all(64 * K));
    let (status, _, why) = refused(all(64 * K + 1), "");
    assert_eq!((status, why.as_str()), (400, "all headers together have 65537 bytes; 65536 is the most"));
}

#[test]
fn trace() {
    let trace = |length: usize| {
        let sent = format!("Root=1-2-3;{}", "a".repeat(length - "Root=1-2-3;".len()));
        taken(get("/").header("x-amzn-trace-id", sent))["headers"]["x-amzn-trace-id"].to_string()
    };
    for length in [7 * K - 1, 7 * K] {
        let kept = trace(length);
        assert!(kept.starts_with("\"Self=1-") && kept.len() > length, "{}", kept.len());
    }
    let replaced = trace(7 * K + 1);
    assert!(replaced.starts_with("\"Root=1-") && replaced.len() < 100, "{replaced}");
}

#[test]
fn methods_and_hosts() {
    assert_eq!(refused(get("/").method(Method::TRACE), "").0, 405);
    assert_eq!(refused(Request::get("/"), "").0, 400);
    assert_eq!(refused(get("/").header("host", "b"), "").0, 400);
    taken(Request::get("/").version(Version::HTTP_10));
    assert_eq!(refused(get("/").header("host", "b").version(Version::HTTP_10), "").0, 400);
    let (status, reason, _) =
        refused(get("/").method(Method::POST).header("content-type", "text/plain"), &b"\xff"[..]);
    assert_eq!((status, reason), (502, Some("LambdaBadRequest")));
}

#[test]
fn connect() {
    let request = Request::connect("example.com:443").header("host", "example.com");
    assert_eq!(refused(request, "").0, 400);
}

#[test]
fn transfer_codings() {
    let coded = |lines: &[&str]| {
        lines.iter().fold(get("/"), |request, &line| request.header("transfer-encoding", line))
    };
    taken(coded(&["chunked"]));
    taken(coded(&["Chunked"]));
    for lines in [&["gzip"][..], &["gzip, chunked"], &["chunked, chunked"], &["chunked", "chunked"], &[""]] {
        let (status, _, why) = refused(coded(lines), "");
        assert!(status == 501 && why.contains("transfer-encoding"), "{lines:?}: {status} {why}");
    }
}

#[test]
fn websocket() {
    let reason = |version, upgrade: &str| {
        let request = get("/").version(version).header("connection", "upgrade").header("upgrade", upgrade);
        let request = request.body(Bytes::new()).expect("a request");
        Exchange::https().event(&request, client()).err().and_then(|refusal| refusal.reason())
    };
    for upgrade in ["websocket", "WebSocket", "h2c, websocket"] {
        assert_eq!(reason(Version::HTTP_11, upgrade), Some("LambdaWebsocketNotSupported"), "{upgrade}");
        assert_eq!(reason(Version::HTTP_10, upgrade), None, "{upgrade}");
    }
    for upgrade in ["h2c", "websocket-2", "web socket"] {
        assert_eq!(reason(Version::HTTP_11, upgrade), None, "{upgrade}");
    }
}

/// An answer with so many bytes of JSON.
fn answer(length: usize) -> String {
    let answer = |body: &str| {
        format!(r#"{{"statusCode":200,"headers":{{"content-type":"text/plain"}},"body":"{body}"}}"#)
    };
    let rest = length - answer("").len();
    answer(&"x".repeat(rest))
}

#[test]
fn answers() {
    let request = get("/").body(Bytes::new()).unwrap();
    let reply = |answer: &str| Exchange::https().reply(answer.as_bytes(), &request);
    assert!(reply(&answer(K * K)).is_ok());
    let refusal = reply(&answer(K * K + 1)).unwrap_err();
    assert_eq!(refusal.reason(), Some("LambdaResponseTooLarge"));
    assert_eq!(
        refusal.to_string(),
        "the answer has 1048577 bytes of JSON; 1 MiB (1048576 bytes) is the most"
    );

    let headers = |length: usize| {
        let rest = length - "a: x\r\n".len() - "b: \r\n".len();
        format!(r#"{{"statusCode":200,"headers":{{"a":"x","b":"{}"}}}}"#, "y".repeat(rest))
    };
    assert!(reply(&headers(32 * K)).is_ok());
    let refusal = reply(&headers(32 * K + 1)).unwrap_err();
    assert_eq!(refusal.to_string(), "the headers of the answer have 32769 bytes; 32768 is the most");
    let statuses = |status: u16| reply(&format!(r#"{{"statusCode":{status}}}"#)).is_ok();
    assert_eq!([199, 200, 999, 1000].map(statuses), [false, true, true, false]);
}
