//! Rules 1 to 7 of the way back: what a load balancer takes from a function, and what it makes of it.

use super::client::http2;
use super::local::Local;

/// A 502: its page, and words of the sentence in the terminal.
fn refused(local: &Local, answer: &str, words: &str) {
    let reply = local.answer(answer);
    assert_eq!(reply.status, 502, "{answer}: {reply:?}");
    assert!(reply.is_page(), "{reply:?}");
    local.shows(words);
}

#[test]
fn reply_rule_1_no_answer() {
    let local = Local::with(&["--timeout", "2"]);
    for (target, words) in [
        ("/error", "LambdaUnhandled: the function failed: Oh: no"),
        ("/exit", "LambdaUnhandled: the function exited with code 3 in the middle"),
        ("/slow?ms=5000", "LambdaUnhandled: the function took longer than its timeout of 2 s"),
        ("/next", "LambdaUnhandled: the function asked for the next event without answering"),
        ("/large?bytes=6291656", "LambdaResponseTooLarge: the answer has 6291656 bytes"),
    ] {
        let reply = local.get(target);
        assert!(reply.status == 502 && reply.is_page(), "{target}: {reply:?}");
        local.shows(words);
        assert_eq!(local.get("/").status, 200, "after {target}");
    }
    refused(&local, "[]", "the answer is an array");
    refused(&local, "\"text\"", "the answer is a string");
    refused(&local, "null", "the answer is null");
    refused(&local, "{}", "`statusCode` is missing");
    refused(&local, "", "the answer is not JSON");
    refused(&local, "{\"statusCode\":200}\0\0\0\0\0\0\0\0body", "a streamed one");
}

#[test]
fn reply_rule_1_init() {
    for (mood, words) in [
        ("exit", "did not get ready: it exited with code 7 before it asked for an event"),
        ("init error", "did not get ready: Config: no table"),
    ] {
        let local = Local::of(&[], &super::puppet::command(), &[("PUPPET", mood)]);
        let reply = local.get("/");
        assert!(reply.status == 502 && reply.is_page(), "{reply:?}");
        local.shows(words);
    }
    let local = Local::of(&[], &["/no/such/program".to_owned()], &[]);
    assert_eq!(local.get("/").status, 502);
    local.shows("the function cannot be started: /no/such/program");
}

#[test]
fn reply_rule_2_types() {
    let local = Local::with(&[]);
    for (answer, words) in [
        (r#"{"statusCode":"200"}"#, "`statusCode` is a string"),
        (r#"{"statusCode":null}"#, "`statusCode` is null"),
        (r#"{"statusCode":200.5}"#, "`statusCode` is 200.5"),
        (r#"{"statusCode":99}"#, "`statusCode` is 99"),
        (r#"{"statusCode":101}"#, "`statusCode` is 101"),
        (r#"{"statusCode":200,"statusDescription":null}"#, "`statusDescription` is null"),
        (r#"{"statusCode":200,"headers":null}"#, "`headers` is null"),
        (r#"{"statusCode":200,"headers":[]}"#, "`headers` is an array"),
        (r#"{"statusCode":200,"headers":{"a":1}}"#, r#"`headers["a"]` is a number; it has to be a string"#),
        (r#"{"statusCode":200,"headers":{"a":["x"]}}"#, r#"`headers["a"]` is an array"#),
        (
            r#"{"statusCode":200,"headers":{"a":"x\r\ny"}}"#,
            r#"`headers["a"]` is "x\r\ny", which cannot be the value of a header"#,
        ),
        (r#"{"statusCode":200,"headers":{"a b":"x"}}"#, r#""a b" in `headers` is not the name"#),
        (r#"{"statusCode":200,"body":null}"#, "`body` is null"),
        (r#"{"statusCode":200,"body":{}}"#, "`body` is an object"),
        (r#"{"statusCode":200,"isBase64Encoded":"true"}"#, "`isBase64Encoded` is a string"),
        (r#"{"statusCode":200,"isBase64Encoded":null}"#, "`isBase64Encoded` is null"),
        (r#"{"statusCode":200,"isBase64Encoded":true,"body":"a\nb="}"#, "`body` is not base64"),
        (r#"{"statusCode":200,"isBase64Encoded":true,"body":"YQ"}"#, "`body` is not base64"),
    ] {
        refused(
            &local,
            answer,
            &format!("LambdaInvalidResponse: {words}")
                .replace(": `body` is not base64", ": `isBase64Encoded` is true and `body` is not base64"),
        );
    }
    let long = format!(r#"{{"statusCode":200,"headers":{{"a":"{}"}}}}"#, "x".repeat(33_000));
    refused(&local, &long, "32768 is the most");
    // What the other family has in it is nobody's business.
    for answer in [r#"{"statusCode":200}"#, r#"{"statusCode":200,"multiValueHeaders":null,"more":[1]}"#] {
        assert_eq!(local.answer(answer).status, 200, "{answer}");
    }
    let local = Local::with(&["--multi-value-headers"]);
    refused(&local, r#"{"statusCode":200,"multiValueHeaders":null}"#, "`multiValueHeaders` is null");
    refused(
        &local,
        r#"{"statusCode":200,"multiValueHeaders":{"a":"x"}}"#,
        "it has to be an array of strings",
    );
    refused(&local, r#"{"statusCode":200,"multiValueHeaders":{"a":["x",1]}}"#, "has a number in it");
}

#[test]
fn reply_rule_3_size() {
    let local = Local::with(&[]);
    let envelope = r#"{"statusCode":200,"headers":{"content-type":"text/plain"},"body":""}"#.len();
    let answer = |total: usize| {
        let body = "x".repeat(total - envelope);
        // Large ones cannot be told in a request of the same limit; the function makes them out of its own.
        let answer =
            format!(r#"{{"statusCode":200,"headers":{{"content-type":"text/plain"}},"body":"{body}"}}"#);
        local.answer(answer)
    };
    assert_eq!(answer(1_000_000).status, 200);
    assert!(!local.lines().iter().any(|line| line.contains("warning")), "{:?}", local.lines());
    assert_eq!(answer(1_000_001).status, 200);
    local.shows("warning: the answer has 1000001 bytes of JSON; the limit may be 1000000");
    let reply = answer(1_048_576);
    assert_eq!((reply.status, reply.body.len()), (200, 1_048_576 - envelope));
    local.shows("warning: the answer has 1048576 bytes of JSON; the limit may be 1000000");
    // One more byte than a request can carry is needed for one more byte of answer: the event is longer than that.
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 1048576\r\n\r\n";
    let reply = local.raw(head.to_owned() + &"x".repeat(1_048_576));
    assert!(reply.status == 502 && reply.is_page(), "{reply:?}");
    local.shows("LambdaResponseTooLarge: the answer has 104");
    // Lambda's own limit is 6 MB and a little; below it the load balancer's counts.
    assert_eq!(local.get("/large?bytes=6291556").status, 502);
    local.shows("LambdaResponseTooLarge: the answer has 6291556 bytes of JSON; 1 MiB");
    assert_eq!(local.get("/large?bytes=6291557").status, 502);
    local.shows("LambdaResponseTooLarge: the answer has 6291557 bytes, more than Lambda itself takes");
}

#[test]
fn reply_rule_4_family() {
    let multi =
        r#"{"statusCode":201,"multiValueHeaders":{"content-type":["text/html"],"x":["1"]},"body":"<p>"}"#;
    let local = Local::with(&[]);
    let reply = local.answer(multi);
    assert_eq!((reply.status, reply.text()), (201, "<p>"));
    assert_eq!((reply.values("content-type"), reply.values("x")), (vec!["application/octet-stream"], vec![]));
    local.shows("warning: the answer has `multiValueHeaders`, and with multi-value headers off");
    local.answer(r#"{"statusCode":200,"headers":{},"body":"x"}"#);
    local.shows("warning: the answer has a body and no content type");
    let single = r#"{"statusCode":201,"headers":{"content-type":"text/html","x":"1"},"body":"<p>"}"#;
    let local = Local::with(&["--multi-value-headers"]);
    let reply = local.answer(single);
    assert_eq!((reply.values("content-type"), reply.values("x")), (vec!["application/octet-stream"], vec![]));
    local.shows("warning: the answer has `headers`, and with multi-value headers on");
}

#[test]
fn reply_rule_5_repeats() {
    let multi = r#"{"statusCode":200,"multiValueHeaders":{"content-type":["text/html"],"set-cookie":["a=1","b=2","c=3"]}}"#;
    let reply = Local::with(&["--multi-value-headers"]).answer(multi);
    assert_eq!(reply.values("set-cookie"), ["c=3", "b=2", "a=1"]);
    let reply = Local::with(&["--multi-value-headers", "--reverse-headers", "off"]).answer(multi);
    assert_eq!(reply.values("set-cookie"), ["a=1", "b=2", "c=3"]);
    let spelled = r#"{"statusCode":200,"headers":{"content-type":"text/html","Set-Cookie":"a=1","set-cookie":"b=2","SET-COOKIE":"c=3"}}"#;
    let reply = Local::with(&[]).answer(spelled);
    let mut cookies = reply.values("set-cookie");
    cookies.sort_unstable();
    assert_eq!(cookies, ["a=1", "b=2", "c=3"]);
}

const HOP: &str = r#"{"statusCode":200,"headers":{"content-type":"text/html","content-length":"99","transfer-encoding":"chunked","keep-alive":"timeout=72","server":"mine"},"body":"abc"}"#;

#[test]
fn reply_rule_6_own_headers() {
    let local = Local::with(&[]);
    let reply = local.answer(HOP);
    assert_eq!(reply.text(), "abc");
    assert_eq!(reply.values("content-length"), ["3"]);
    assert!(
        reply.values("transfer-encoding").is_empty() && reply.values("keep-alive").is_empty(),
        "{reply:?}"
    );
    assert_eq!(reply.values("server"), ["mine"]);
    assert_eq!(reply.values("date").len(), 1);
    assert_eq!(reply.values("connection"), ["keep-alive"]);
    local.shows("warning: the answer has the header `keep-alive`");
    let closed = local.raw("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert_eq!(closed.values("connection"), ["close"]);
    assert_eq!(local.get("/").values("server"), ["awselb/2.0"]);
    // The breakage that was seen, if it is asked for.
    let request = || {
        http::Request::post(format!("http://{}/answer", local.address))
            .header("content-type", "text/plain")
            .body(HOP)
    };
    let reply = http2(local.address, request().expect("a request")).expect("a reply");
    assert_eq!((reply.status, reply.values("keep-alive")), (200, vec![]));
    let mimic = Local::with(&["--hop-by-hop"]);
    assert_eq!(mimic.answer(HOP).values("keep-alive"), ["timeout=72"]);
    // A `connection` that does not hold is replaced.
    let stays = r#"{"statusCode":200,"headers":{"connection":"keep-alive"},"body":""}"#;
    let head = "POST /answer HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
    let closed = mimic.raw(format!("{head}content-length: {}\r\n\r\n{stays}", stays.len()));
    assert_eq!(closed.values("connection"), ["close"]);
    let request =
        http::Request::post(format!("http://{}/answer", mimic.address)).header("content-type", "text/plain");
    let error = http2(mimic.address, request.body(HOP).expect("a request")).expect_err("the stream is reset");
    assert!(error.contains("PROTOCOL_ERROR"), "{error}");
}

#[test]
fn reply_rule_6_status_description() {
    let local = Local::with(&[]);
    let reply = local.answer(r#"{"statusCode":404,"statusDescription":"404 No such post"}"#);
    assert_eq!(reply.line, "HTTP/1.1 404 No such post");
    let reply = local.answer(r#"{"statusCode":404,"statusDescription":"not here"}"#);
    assert_eq!(reply.line, "HTTP/1.1 404 Not Found");
    local.shows("warning: `statusDescription` is \"not here\"; it should read like \"404 Not Found\"");
}

#[test]
fn reply_rule_7_without_body() {
    let local = Local::with(&[]);
    let reply = local.answer_to(
        "HEAD",
        r#"{"statusCode":200,"headers":{"content-type":"text/html","x":"1"},"body":"abc"}"#,
    );
    assert_eq!((reply.status, reply.values("x"), reply.body.len()), (200, vec!["1"], 0));
    local.shows("warning: the answer to HEAD has a body of 3 bytes");
    for status in [204, 304] {
        let reply = local.answer(format!(r#"{{"statusCode":{status},"headers":{{"x":"1"}},"body":"abc"}}"#));
        assert_eq!((reply.status, reply.values("x"), reply.body.len()), (status, vec!["1"], 0));
        local.shows(&format!("warning: the answer has a body of 3 bytes, and a {status} has none"));
    }
    // Without a body the length is what the function says of GET's.
    let head = r#"{"statusCode":200,"headers":{"content-type":"text/html","content-length":"1234"}}"#;
    let request = format!(
        "HEAD /answer HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n{head}",
        head.len()
    );
    let reply = local.raw(request.repeat(2));
    assert_eq!((reply.status, reply.values("content-length"), reply.body.len()), (200, vec!["1234"], 0));
    let reply = local.answer(r#"{"statusCode":200,"isBase64Encoded":true,"body":"/wA="}"#);
    assert_eq!(reply.body, [0xff, 0]);
}

#[test]
fn reply_rule_7_head_over_http2() {
    let local = Local::with(&[]);
    for (method, body) in [("GET", "local"), ("HEAD", "")] {
        let uri = format!("http://{}/environment?name=AWS_LAMBDA_FUNCTION_NAME", local.address);
        let request = http::Request::builder().method(method).uri(uri).body("").expect("a request");
        let reply = http2(local.address, request).expect("a reply");
        assert_eq!((reply.status, reply.text()), (200, body), "{method}");
        assert_eq!(reply.values("content-length"), ["5"], "{method}");
        assert_eq!((reply.values("date").len(), reply.values("connection").len()), (1, 0), "{method}");
    }
}
