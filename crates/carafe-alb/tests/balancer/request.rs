//! Rules 1 to 7 of the way to the function: refusals and events.

use serde_json::{Value, json};

use super::client::http2;
use super::local::Local;

/// A refusal: status, reason in the access log, and words of the sentence in the terminal.
fn refused(local: &Local, request: impl AsRef<[u8]>, status: u16, words: &str) {
    let reply = local.raw(request);
    assert_eq!(reply.status, status, "{words}: {reply:?}");
    assert!(reply.is_page(), "{reply:?}");
    local.shows(words);
}

#[test]
fn request_rule_1_refusals() {
    let local = Local::with(&[]);
    refused(&local, "TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", 405, "answers TRACE by itself");
    refused(&local, "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n", 400, "not a forward proxy");
    refused(&local, "GET / HTTP/1.1\r\n\r\n", 400, "no `host` header");
    refused(&local, "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400, "2 `host` headers");
    let upgrade = "GET / HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: WebSocket\r\n\r\n";
    refused(&local, upgrade, 400, "LambdaWebsocketNotSupported: a Lambda function cannot have WebSocket");
    let alone = "GET /alone HTTP/1.1\r\nhost: a\r\nupgrade: h2c, websocket\r\n\r\n";
    refused(&local, alone, 400, "400  GET /alone");
    let other = "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n";
    assert_eq!(local.raw(other).status, 200);
    let old = "GET / HTTP/1.0\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    assert_eq!(local.raw(old).status, 200);
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(16 * 1024));
    refused(&local, long, 414, "the request line has 16");
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(16 * 1024));
    refused(&local, long, 400, "the header `x` has 16");
    let many =
        |number| -> String { (0..number).map(|at| format!("x-{at}: {}\r\n", "a".repeat(1000))).collect() };
    refused(&local, format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", many(70)), 400, "all headers together");
    // More than the parser takes at all.
    refused(&local, format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", many(200)), 400, "more than 64 K");
    refused(
        &local,
        format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "a: b\r\n".repeat(1100)),
        400,
        "cannot be read",
    );
    let hops = vec!["10.0.0.1"; 31].join(",");
    let hops = format!("GET / HTTP/1.1\r\nhost: a\r\nx-forwarded-for: {hops}\r\n\r\n");
    refused(&local, hops, 463, "31 addresses");
    for coding in ["gzip", "gzip, chunked", "identity, gzip", "chunked, chunked"] {
        let request = format!("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: {coding}\r\n\r\n");
        refused(&local, request, 501, &format!("not take the transfer-encoding \"{coding}\""));
    }
    let twice =
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: Chunked\r\n\r\n";
    refused(&local, twice, 501, "not take the transfer-encoding \"chunked, Chunked\"");
    for version in ["HTTP/3.0", "HTTP/1.2", "HTTP/1.10", "HTTP/0.9"] {
        let request = format!("GET / {version}\r\nhost: a\r\n\r\n");
        refused(&local, request, 505, &format!("the version {version} is not supported"));
    }
    for target in ["/<", "/>", "/`", "/?<", "/?>", "/?\""] {
        let request = format!("GET {target} HTTP/1.1\r\nhost: a\r\n\r\n");
        let raw = target.chars().last().expect("a character");
        refused(&local, request, 400, &format!("the request target has a raw `{raw}`; send it as %"));
    }
    for target in ["/\"", "/?`", "/{}|^\\[]", "/?{}|^\\[]"] {
        assert_eq!(local.get(target).status, 200, "{target}");
    }
    refused(&local, "nonsense\r\n\r\n", 400, "cannot be read as HTTP/1.1");
    refused(&local, "GET / HTTP/1.1\r\nhost: a\r\nbad name: x\r\n\r\n", 400, "cannot be read as HTTP/1.1");
    // Without any of it.
    assert_eq!(local.get("/").status, 200);
    assert_eq!(local.raw("GET / HTTP/1.0\r\n\r\n").status, 200);
}

#[test]
fn request_rule_1_bodies() {
    let local = Local::with(&[]);
    let post = |length: usize| {
        let head = format!(
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\n\r\n"
        );
        local.raw(head + &"a".repeat(length))
    };
    assert_eq!(post(1024 * 1024).status, 502); // the puppet answers with all of it, and more
    local.shows("LambdaResponseTooLarge: the answer has");
    let reply = post(1024 * 1024 + 1);
    assert!(reply.status == 413 && reply.is_page(), "{reply:?}");
    local.shows("LambdaRequestTooLarge: the body of the request has 1048577 bytes");
    let chunk = format!("20000\r\n{}\r\n", "a".repeat(0x20000));
    let chunked = format!(
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{}0\r\n\r\n",
        chunk.repeat(9)
    );
    let reply = local.raw(chunked);
    assert!(reply.status == 413 && reply.is_page(), "{reply:?}");
    let chunked = "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    assert_eq!(local.event(chunked)["body"], "abcde");
}

#[test]
fn the_connection_header() {
    let local = Local::with(&[]);
    let chunks = "\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (head, connection) in [
        ("host: a\r\ntransfer-encoding: chunked", "keep-alive"),
        ("host: a\r\ntransfer-encoding: chunked\r\ncontent-length: 3", "close"),
        ("host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked", "close"),
        ("host: a\r\nconnection: close\r\ntransfer-encoding: chunked", "close"),
        ("host: a\r\nconnection: x\r\nconnection: y, Close\r\ntransfer-encoding: chunked", "close"),
    ] {
        let reply = local.raw(format!("POST / HTTP/1.1\r\n{head}{chunks}"));
        assert_eq!((reply.status, reply.values("connection")), (200, vec![connection]), "{head}");
    }
}

#[test]
fn request_rule_2_path() {
    let local = Local::with(&[]);
    for (target, path) in [
        ("/a%20b/%2F", "/a%20b/%2F"),
        ("//a//b/", "//a//b/"),
        ("/a/../b/./%2e%2e", "/a/../b/./%2e%2e"),
        ("/%C2%A5;x=1?q", "/%C2%A5;x=1"),
        ("/100%", "/100%"),
        ("http://other.example/abs?x=1", "/abs"),
        ("http://other.example", "/"),
    ] {
        let event = local.event(&format!("GET {target} HTTP/1.1\r\nhost: a\r\n\r\n"));
        assert_eq!(event["path"], path, "{target}");
    }
    assert_eq!(local.event("OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n")["path"], "*");
    let event = local.event("PROPFIND /x HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(event["httpMethod"], "PROPFIND");
    let event = local.event("GET http://other.example/ HTTP/1.1\r\nhost: a\r\n\r\n");
    let port = local.address.port();
    assert_eq!(event["headers"]["host"], format!("other.example:{port}"));
}

#[test]
fn request_rule_3_query() {
    let request = "GET /?b=1&a=2&&a=x+y%2B&flag&op==&x[0]=1&?=v HTTP/1.1\r\nhost: a\r\n\r\n";
    let event = Local::with(&[]).event(request);
    let single = json!({"a": "x+y%2B", "b": "1", "flag": "", "op": "=", "x[0]": "1", "?": "v"});
    assert_eq!(event["queryStringParameters"], single);
    let event = Local::with(&["--multi-value-headers"]).event(request);
    let multi =
        json!({"a": ["2", "x+y%2B"], "b": ["1"], "flag": [""], "op": ["="], "x[0]": ["1"], "?": ["v"]});
    assert_eq!(event["multiValueQueryStringParameters"], multi);
}

const HEADERS: &str = "GET / HTTP/1.1\r\nHOST: app:99\r\nX-Two: 1\r\nx-two: 2,3\r\nX-Empty:\r\nx-two:\r\n\
    X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Proto: https\r\nX-Amzn-Trace-Id: Root=1-2-3;x=y\r\nName: \u{3bb}\r\n\r\n";

#[test]
fn request_rule_4_headers_single() {
    let local = Local::with(&[]);
    let event = local.event(HEADERS);
    let headers = event["headers"].as_object().expect("an object");
    let port = local.address.port().to_string();
    for (name, value) in [
        ("host", "app:99"),
        ("x-two", "2,3"),
        ("x-forwarded-for", "8.8.8.8, 127.0.0.1"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-port", &port),
        ("name", "\u{3bb}"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    let trace = headers["x-amzn-trace-id"].as_str().expect("a string");
    assert!(trace.starts_with("Self=1-") && trace.ends_with(";Root=1-2-3;x=y"), "{trace}");
    assert!(!headers.contains_key("x-empty"));
    let names: Vec<_> = headers.keys().collect();
    assert!(names.is_sorted(), "{names:?}");
    let event = local.event("GET / HTTP/1.1\r\nhost: app\r\n\r\n");
    assert_eq!(event["headers"]["host"], format!("app:{port}"));
    let trace = event["headers"]["x-amzn-trace-id"].as_str().expect("a string");
    let pieces: Vec<_> = trace.strip_prefix("Root=1-").expect("a root").split('-').map(str::len).collect();
    assert_eq!(pieces, [8, 24], "{trace}");
    let long =
        format!("GET / HTTP/1.1\r\nhost: a\r\nx-amzn-trace-id: Root=1;{}\r\n\r\n", "a".repeat(7 * 1024));
    let event = local.event(&long);
    assert!(
        event["headers"]["x-amzn-trace-id"].as_str().is_some_and(|trace| trace.len() < 100),
        "it is replaced"
    );
}

#[test]
fn request_rule_4_headers_multi() {
    let local = Local::with(&["--multi-value-headers"]);
    let event = local.event(HEADERS);
    let headers = &event["multiValueHeaders"];
    assert_eq!(headers["x-two"], json!(["1", "2,3"]));
    assert_eq!(headers["x-forwarded-for"], json!(["8.8.8.8", "8.8.8.8, 127.0.0.1"]));
    assert_eq!(headers["x-forwarded-proto"], json!(["https", "http"]));
    assert_eq!(headers["x-forwarded-port"], json!([local.address.port().to_string()]));
    assert_eq!(headers["host"], json!(["app:99"]));
    assert_eq!(headers["x-amzn-trace-id"].as_array().map(Vec::len), Some(2));
    assert_eq!(headers["x-empty"], Value::Null);
}

#[test]
fn request_rule_4_a_listener_that_is_to_pass_for_https() {
    for multi in [false, true] {
        let flags: &[&str] = if multi { &["--as-https", "--multi-value-headers"] } else { &["--as-https"] };
        let local = Local::with(flags);
        let port = local.address.port();
        let told = |event: &Value, name: &str| match multi {
            false => event["headers"][name].clone(),
            true => event["multiValueHeaders"][name]
                .as_array()
                .and_then(|all| all.last().cloned())
                .unwrap_or_default(),
        };
        for (request, host) in [
            (HEADERS.to_owned(), "app:99".to_owned()),
            ("GET / HTTP/1.1\r\nhost: app\r\n\r\n".to_owned(), format!("app:{port}")),
        ] {
            let event = local.event(&request);
            assert_eq!(told(&event, "x-forwarded-proto"), "https", "{event}");
            assert_eq!(told(&event, "x-forwarded-port"), "443", "{event}");
            // The browser's address, which links and origins are compared with.
            assert_eq!(told(&event, "host"), host, "{event}");
        }
        let request = http::Request::get(format!("http://{}/", local.address)).body("").expect("a request");
        let event: Value =
            serde_json::from_slice(&http2(local.address, request).expect("a reply").body).expect("JSON");
        assert_eq!(told(&event, "x-forwarded-proto"), "https", "{event}");
    }
}

#[test]
fn request_rule_4_cookies_over_http2() {
    let local = Local::with(&["--multi-value-headers"]);
    let request = http::Request::get(format!("http://{}/", local.address));
    let request = request.header("cookie", "a=1").header("cookie", "b=2").body("").expect("a request");
    let event: Value =
        serde_json::from_slice(&http2(local.address, request).expect("a reply").body).expect("JSON");
    assert_eq!(event["multiValueHeaders"]["cookie"], json!(["a=1; b=2"]));
    assert_eq!(event["multiValueHeaders"]["host"], json!([local.address.to_string()]));
}

#[test]
fn request_rule_5_no_utf8() {
    let header = b"GET / HTTP/1.1\r\nhost: a\r\nx: \xff\r\n\r\n";
    let body = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 1\r\n\r\n\xff";
    let local = Local::with(&[]);
    refused(&local, header, 502, "LambdaBadRequest: the value of the header `x` is not UTF-8");
    refused(&local, body, 502, "LambdaBadRequest: the body, of a type that travels as text, is not UTF-8");
    let local = Local::with(&["--invalid-utf8", "pass"]);
    let reply = local.raw(header);
    assert_eq!((reply.status, reply.text().contains("\u{fffd}")), (200, true), "{reply:?}");
}

#[test]
fn request_rule_6_body() {
    let local = Local::with(&[]);
    let event = |kind: &str, body: &str| {
        let length = body.len();
        local.event(&format!("POST / HTTP/1.1\r\nhost: a\r\n{kind}content-length: {length}\r\n\r\n{body}"))
    };
    for (kind, text) in [
        ("content-type: text/csv\r\n", true),
        ("content-type: Application/JSON; charset=utf-8\r\n", true),
        ("content-type: application/javascript\r\n", true),
        ("content-type: application/xml\r\n", true),
        ("content-type: application/vnd.api+json\r\n", false),
        ("content-type: application/x-www-form-urlencoded\r\n", false),
        ("content-type: multipart/form-data; boundary=x\r\n", false),
        ("content-type: text/csv\r\ncontent-encoding: gzip\r\n", false),
        ("", false),
    ] {
        let event = event(kind, "\u{3bb}\"");
        let body = if text { "\u{3bb}\"" } else { "zrsi" };
        assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!(body), &json!(!text)), "{kind}");
    }
    assert_eq!(event("", "")["isBase64Encoded"], false);
    let get = |local: &Local| {
        let request = http::Request::get(format!("http://{}/", local.address)).body("").expect("a request");
        let reply = http2(local.address, request).expect("a reply");
        let event: Value = serde_json::from_slice(&reply.body).expect("JSON");
        (event["body"].clone(), event["isBase64Encoded"].clone())
    };
    assert_eq!(get(&local), (json!(""), json!(true)));
    assert_eq!(get(&Local::with(&["--empty-body", "text"])), (json!(""), json!(false)));
    let local = Local::with(&["--empty-body", "base64"]);
    assert_eq!(local.event("GET / HTTP/1.1\r\nhost: a\r\n\r\n")["isBase64Encoded"], true);
}

#[test]
fn request_rule_7_one_family_in_order() {
    let request = "GET /?a=1 HTTP/1.1\r\nhost: a\r\n\r\n";
    for (options, query, headers) in [
        (&[][..], "queryStringParameters", "headers"),
        (&["--multi-value-headers"], "multiValueQueryStringParameters", "multiValueHeaders"),
    ] {
        let reply = Local::with(options).raw(request);
        let names = ["requestContext", "httpMethod", "path", query, headers, "body", "isBase64Encoded"];
        let places: Vec<_> = names.iter().map(|name| reply.text().find(&format!("\"{name}\":"))).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}", reply.text());
        let event: Value = serde_json::from_str(reply.text()).expect("JSON");
        assert_eq!(event.as_object().map(serde_json::Map::len), Some(7));
        assert!(event["requestContext"]["elb"]["targetGroupArn"].is_string());
    }
}
