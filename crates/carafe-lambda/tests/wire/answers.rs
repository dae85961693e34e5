//! Answers: what leaves, in which shape, and what does not.

use crate::support::Function;
use crate::support::checker::check;
use crate::support::events::{Event, MODES, Mode, body, header, header_lines};
use serde_json::{Value, json};

/// The checked answers to the same wish in both modes.
fn replies(wanted: &Value) -> [(Mode, Value); 2] {
    let function = Function::start();
    MODES.map(|mode| (mode, check(&function.invoke(Event::reply(wanted).bytes(mode)).body, mode)))
}

#[test]
fn t21_the_answer_is_in_the_family_of_the_event() {
    // One function, both kinds of target group in front of it.
    let function = Function::start();
    for _ in 0..3 {
        for mode in MODES {
            let answer = check(&function.invoke(Event::reply(&json!({"body": "x"})).bytes(mode)).body, mode);
            assert_eq!(answer.get("headers").is_some(), mode == Mode::Single);
            assert_eq!(answer.get("multiValueHeaders").is_some(), mode == Mode::Multi);
        }
    }
}

#[test]
fn t22_no_headers_is_an_empty_object() {
    for (mode, answer) in replies(&json!({"status": 204})) {
        assert_eq!(header_lines(&answer, mode), []);
    }
}

#[test]
fn t23_no_body_is_an_empty_string() {
    for (_, answer) in replies(&json!({})) {
        assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!(""), &json!(false)));
    }
}

#[test]
fn t24_the_status_is_a_number_and_the_flag_a_boolean() {
    for (_, answer) in replies(&json!({"status": 418, "body": "x"})) {
        assert!(answer["statusCode"].is_u64() && answer["isBase64Encoded"].is_boolean());
    }
}

#[test]
fn t25_header_values_are_strings_and_the_length_is_counted() {
    let headers =
        json!([["content-length", "3"], ["access-control-allow-credentials", "true"], ["x-count", "7"]]);
    for (mode, answer) in replies(&json!({"headers": headers, "body": "abcdef"})) {
        assert_eq!(header(&answer, mode, "access-control-allow-credentials"), ["true"]);
        assert_eq!(header(&answer, mode, "x-count"), ["7"]);
        assert_eq!(header(&answer, mode, "content-length"), ["6"]);
    }
}

#[test]
fn t26_every_status_has_a_description() {
    for (status, description) in [(301, "301 Moved Permanently"), (200, "200 OK"), (299, "299 Success")] {
        for (_, answer) in replies(&json!({"status": status})) {
            assert_eq!(answer["statusDescription"], description);
        }
    }
}

#[test]
fn t27_three_cookies() {
    let cookies = json!([["set-cookie", "a=1"], ["set-cookie", "b=2"], ["set-cookie", "c=3; Path=/"]]);
    for (mode, answer) in replies(&json!({"headers": cookies})) {
        assert_eq!(header(&answer, mode, "set-cookie").len(), 3, "{answer}");
        let mut values = header(&answer, mode, "set-cookie");
        values.sort_unstable();
        assert_eq!(values, ["a=1", "b=2", "c=3; Path=/"]);
    }
}

#[test]
fn t28_only_the_last_cookie_of_a_name() {
    let cookies = json!([
        ["set-cookie", "s=; Max-Age=0; Path=/"],
        ["set-cookie", "t=1"],
        ["set-cookie", "s=new; path=/; HttpOnly"],
        ["set-cookie", "s=other; Path=/admin"]
    ]);
    for (mode, answer) in replies(&json!({"headers": cookies})) {
        let mut values = header(&answer, mode, "set-cookie");
        values.sort_unstable();
        assert_eq!(values, ["s=new; path=/; HttpOnly", "s=other; Path=/admin", "t=1"]);
    }
}

#[test]
fn t37_a_compressed_body_is_base64() {
    let gzip: Vec<u8> = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0];
    for (_, answer) in replies(&json!({"headers": [["content-encoding", "gzip"]], "bytes": gzip})) {
        assert_eq!(answer["isBase64Encoded"], true);
        assert_eq!(body(&answer), gzip);
    }
    // Even where its bytes happen to be text.
    for (_, answer) in replies(&json!({"headers": [["content-encoding", "br"]], "body": "text"})) {
        assert_eq!(answer["isBase64Encoded"], true);
    }
}

#[test]
fn t38_base64_is_one_line() {
    let bytes: Vec<u8> = (0..100_u8).map(|n| n.wrapping_mul(7)).collect();
    for (_, answer) in replies(&json!({"bytes": bytes})) {
        assert_eq!(body(&answer), bytes);
        assert!(!answer["body"].as_str().expect("text").contains(['\r', '\n']));
    }
}

#[test]
fn t39_the_size_is_counted_on_the_json() {
    let function = Function::start();
    for mode in MODES {
        let large = Event::reply(&json!({"body": "\"", "repeat": 900_000}));
        let answer = check(&function.invoke(large.bytes(mode)).body, mode);
        assert_eq!(answer["statusCode"], 500);
        let fits = Event::reply(&json!({"body": "a", "repeat": 900_000}));
        let answer = check(&function.invoke(fits.bytes(mode)).body, mode);
        assert_eq!((&answer["statusCode"], body(&answer).len()), (&json!(200), 900_000));
        let binary =
            Event::reply(&json!({"headers": [["content-encoding", "br"]], "body": "a", "repeat": 760_000}));
        assert_eq!(check(&function.invoke(binary.bytes(mode)).body, mode)["statusCode"], 500);
    }
    let lines = function.log_lines();
    let line = lines.iter().find(|line| line["error_type"] == "Answer.Refused").expect("a line");
    assert_eq!((&line["route"], &line["level"]), (&json!("/reply"), &json!("ERROR")));
    let error = line["error"].as_str().expect("text");
    assert!(error.contains("1200") && error.contains("1000000"), "{error}");
}

#[test]
fn a_value_that_cannot_be_sent_is_in_the_log() {
    let function = Function::start();
    for mode in MODES {
        for names in [["x-one", "x-one"], ["x-one", "x-two"], ["vary", "vary"], ["set-cookie", "set-cookie"]]
        {
            let headers = [[names[0], "a=1"], [names[1], "b=2"]];
            let reply = Event::reply(&json!({"headers": headers, "body": "a"}));
            assert_eq!(check(&function.invoke(reply.bytes(mode)).body, mode)["statusCode"], 200);
        }
    }
    let lines = function.log_lines();
    let lines: Vec<&Value> = lines.iter().filter(|line| line["error_type"].is_string()).collect();
    let [line] = lines[..] else { panic!("{lines:?}") };
    assert_eq!((&line["error_type"], &line["level"]), (&json!("Answer.Refused"), &json!("WARN")));
    // The first of them, in single-value mode.
    assert_eq!(line["request_id"], "request-0");
    let error = line["error"].as_str().expect("text");
    assert!(error.contains("only the last value of [\"x-one\"] was sent"), "{error}");
}

#[test]
fn a_text_of_escapes_goes_as_base64_where_that_fits() {
    let function = Function::start();
    for mode in MODES {
        for (repeat, base64) in [(499_000, false), (510_000, true), (740_000, true)] {
            let event = Event::reply(&json!({"body": "\"", "repeat": repeat}));
            let answer = check(&function.invoke(event.bytes(mode)).body, mode);
            assert_eq!((&answer["statusCode"], &answer["isBase64Encoded"]), (&json!(200), &json!(base64)));
            assert_eq!(body(&answer), vec![b'"'; repeat]);
        }
    }
}

#[test]
fn the_limit_is_exact() {
    let function = Function::start();
    for mode in MODES {
        let len = |repeat: usize| {
            let event = Event::reply(&json!({"body": "a", "repeat": repeat})).bytes(mode);
            let posted = function.invoke(event);
            (posted.body.len(), posted.answer()["statusCode"].clone())
        };
        let (frame, _) = len(0);
        let (_, typed) = len(1);
        assert_eq!(typed, 200);
        let overhead = len(200_000).0 - 200_000;
        assert!(overhead > frame);
        assert_eq!(len(1_000_000 - overhead), (1_000_000, json!(200)));
        assert_eq!(len(1_000_001 - overhead).1, 500);
    }
}

#[test]
fn t40_hop_by_hop_headers_stay_behind() {
    let headers = json!([
        ["connection", "keep-alive, X-Private"],
        ["keep-alive", "timeout=72"],
        ["transfer-encoding", "chunked"],
        ["te", "trailers"],
        ["trailer", "x"],
        ["upgrade", "h2c"],
        ["proxy-connection", "close"],
        ["x-private", "1"],
        ["x-public", "1"]
    ]);
    for (mode, answer) in replies(&json!({"headers": headers, "body": "x"})) {
        let names: Vec<String> = header_lines(&answer, mode).into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"x-public".to_owned()), "{names:?}");
        assert_eq!(names.len(), 3, "with type and length: {names:?}");
    }
}

#[test]
fn t41_a_content_type_is_always_sent() {
    for (mode, answer) in replies(&json!({"body": "<p>ü"})) {
        assert_eq!(header(&answer, mode, "content-type"), ["text/html; charset=utf-8"]);
    }
    for (mode, answer) in replies(&json!({"bytes": [255, 254, 0, 128]})) {
        assert_eq!(header(&answer, mode, "content-type"), ["application/octet-stream"]);
        assert_eq!(answer["isBase64Encoded"], true);
    }
}

#[test]
fn t42_a_panic_is_a_500() {
    let function = Function::start();
    for mode in MODES {
        for path in ["/panic", "/panic-later"] {
            let answer = check(&function.invoke(Event::get(path).bytes(mode)).body, mode);
            assert_eq!(answer["statusCode"], 500);
            assert!(!answer["body"].as_str().expect("text").contains("no idea"), "nothing inside leaks");
        }
        assert_eq!(function.invoke(Event::get("/after").bytes(mode)).seen()["raw_path"], "/after");
    }
    let lines = function.log_lines();
    let panics: Vec<&Value> = lines.iter().filter(|line| line["error_type"] == "Handler.Panic").collect();
    assert_eq!(panics.len(), 4);
    for line in panics {
        assert_eq!(line["error"], "no idea what to do with GET\n\u{1b}[2Jcleared");
        assert!(line["location"].as_str().expect("a place").contains("mirror.rs:"), "{line}");
        assert!(line["request_id"].as_str().expect("an id").starts_with("request-"));
    }
}

#[test]
fn bodies_that_must_not_be() {
    let function = Function::start();
    for mode in MODES {
        for status in [204, 304] {
            let event = Event::reply(&json!({"status": status, "body": "x"}));
            assert_eq!(check(&function.invoke(event.bytes(mode)).body, mode)["body"], "");
        }
        let head =
            Event::reply(&json!({"body": "x", "headers": [["content-type", "text/plain"]]})).method("HEAD");
        let answer = check(&function.invoke(head.bytes(mode)).body, mode);
        assert_eq!(
            (&answer["body"], header(&answer, mode, "content-type")),
            (&json!(""), vec!["text/plain".to_owned()])
        );
    }
}

#[test]
fn lists_are_joined_and_the_rest_keeps_its_last() {
    let headers =
        json!([["vary", "accept"], ["vary", "cookie"], ["x-one", "1"], ["x-one", "2"], ["link", "<a>"]]);
    let function = Function::start();
    let answer =
        |mode| check(&function.invoke(Event::reply(&json!({"headers": headers})).bytes(mode)).body, mode);
    let (single, multi) = (answer(Mode::Single), answer(Mode::Multi));
    assert_eq!(header(&single, Mode::Single, "vary"), ["accept, cookie"]);
    assert_eq!(header(&single, Mode::Single, "x-one"), ["2"]);
    assert_eq!(header(&multi, Mode::Multi, "vary"), ["accept", "cookie"]);
    assert_eq!(header(&multi, Mode::Multi, "x-one"), ["1", "2"]);
    let lines = function.log_lines();
    assert!(
        lines.iter().any(|line| line["level"] == "WARN" && line.to_string().contains("x-one")),
        "{lines:?}"
    );
}

#[test]
fn what_would_be_refused_becomes_a_small_500() {
    let many: Vec<Value> = (0..2000).map(|n| json!([format!("x-{n}"), "a".repeat(20)])).collect();
    let cookies: Vec<Value> = (0..600).map(|n| json!(["set-cookie", format!("{n}=1")])).collect();
    let function = Function::start();
    for mode in MODES {
        for (wanted, rule) in [
            (json!({"headers": many}), "bytes of headers"),
            (json!({"headers": [["x-latin", "caf\u{e9}"]]}), "not UTF-8"),
            (json!({"status": 101}), "status 101"),
            (json!({"status": 999}), "status 999"),
        ] {
            let answer = check(&function.invoke(Event::reply(&wanted).bytes(mode)).body, mode);
            assert_eq!(answer["statusCode"], 500, "{rule}");
        }
        let answer =
            check(&function.invoke(Event::reply(&json!({"headers": cookies})).bytes(mode)).body, mode);
        assert_eq!(answer["statusCode"], if mode == Mode::Single { 500 } else { 200 }, "512 spellings");
    }
    let lines = function.log_lines();
    for rule in ["bytes of headers", "not UTF-8", "status 101", "status 999", "600 cookies"] {
        assert!(
            lines.iter().any(|line| line["error"].as_str().is_some_and(|error| error.contains(rule))),
            "{rule}"
        );
    }
}

#[test]
fn text_in_utf_8_headers_leaves_as_it_is() {
    // The mirror takes header values as Latin-1, so this is "ü" in UTF-8.
    for (mode, answer) in replies(&json!({"headers": [["x-city", "Z\u{c3}\u{bc}rich"]]})) {
        assert_eq!(header(&answer, mode, "x-city"), ["Zürich"]);
    }
}
