//! Both header modes for each request.

use super::local::Local;

#[test]
fn both_modes_agree() {
    let local = Local::with(&["--mode", "both"]);
    let answer = r#"{"statusCode":200,"headers":{"content-type":"text/html","set-cookie":"a=1","Set-cookie":"b=2"},"multiValueHeaders":{"content-type":["text/html"],"set-cookie":["a=1","b=2"]},"body":"x"}"#;
    assert_eq!(local.answer(answer).status, 200);
    local.shows("200  POST /answer");
    let lists = r#"{"statusCode":201,"headers":{"content-type":"text/html","vary":"Accept, cookie","allow":"GET,HEAD"},"multiValueHeaders":{"content-type":["text/html"],"vary":["Cookie","accept","accept"],"allow":["HEAD, GET"]}}"#;
    assert_eq!(local.answer(lists).status, 201);
    local.shows("201  POST /answer");
    assert!(!local.lines().iter().any(|line| line.contains("warning")), "{:?}", local.lines());
}

#[test]
fn both_modes_differ() {
    let local = Local::with(&["--mode", "both"]);
    // The event itself is what the puppet answers, and the two are different.
    assert_eq!(local.get("/").status, 200);
    local.shows("warning: the body has");
    let answer = r#"{"statusCode":200,"headers":{"content-type":"text/html","x":"1"},"multiValueHeaders":{"content-type":["text/html"]}}"#;
    local.answer(answer);
    local.shows("warning: the header `x` is [\"1\"] with single values and missing with multiple");
    let answer = r#"{"statusCode":200,"headers":{"content-type":"text/html","vary":"a","allow":"get"},"multiValueHeaders":{"content-type":["text/html"],"vary":["a, B"],"allow":["GET"]}}"#;
    local.answer(answer);
    local.shows("warning: the header `vary` is [\"a\"] with single values and [\"a\", \"b\"] with multiple");
    local.shows("warning: the header `allow` is [\"get\"] with single values and [\"GET\"] with multiple");
    let answer = r#"{"statusCode":200,"headers":{"content-type":"text/html"},"multiValueHeaders":null}"#;
    assert_eq!(local.answer(answer).status, 200);
    local.shows("warning: the outcome is 200 with single values and 502 (LambdaInvalidResponse: ");
}
