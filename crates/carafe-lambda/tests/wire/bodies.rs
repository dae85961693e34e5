//! Request bodies.

use crate::support::Function;
use crate::support::events::{Event, MODES, Mode};
use serde_json::json;

#[test]
fn t34_base64_without_a_content_type() {
    let function = Function::start();
    for mode in MODES {
        let seen = function.invoke(Event::get("/b").binary("hello wörld".as_bytes()).bytes(mode)).seen();
        assert_eq!(seen["body"], "hello wörld");
    }
}

#[test]
fn t35_empty_and_said_to_be_base64() {
    let function = Function::start();
    for mode in MODES {
        assert_eq!(function.invoke(Event::get("/b").base64("").bytes(mode)).seen()["body_len"], 0);
    }
}

#[test]
fn t36_base64_that_is_none() {
    let function = Function::start();
    for mode in MODES {
        for (body, decoded) in [("YQ", "a"), ("YQ==", "a"), ("YR", "a"), ("YQ=", "a")] {
            let seen = function.invoke(Event::get("/b").base64(body).bytes(mode)).seen();
            assert_eq!(seen["body"], decoded, "{body}");
        }
        for body in ["!!", "Y", "YQ==YQ==", "aGk=\n"] {
            let answer = function.invoke(Event::get("/b").base64(body).bytes(mode)).answer();
            assert_eq!(answer["statusCode"], 400, "{body}");
        }
    }
    let lines = function.log_lines();
    let reasons: Vec<&str> = lines.iter().filter_map(|line| line["error"].as_str()).collect();
    assert_eq!(reasons.len(), 8);
    assert!(reasons.iter().all(|reason| reason.contains("body") && reason.contains("base64")), "{reasons:?}");
}

#[test]
fn bodies_missing_or_null() {
    let function = Function::start();
    for mode in MODES {
        for (body, flag) in [(json!(null), json!(null)), (json!(null), json!(true)), (json!(""), json!(null))]
        {
            let mut event = Event::get("/b").value(mode);
            event["body"] = body;
            event["isBase64Encoded"] = flag;
            assert_eq!(function.invoke(event.to_string()).seen()["body_len"], 0);
        }
        let mut event = Event::get("/b").value(mode);
        let fields = event.as_object_mut().expect("an object");
        fields.remove("body");
        fields.remove("isBase64Encoded");
        assert_eq!(function.invoke(event.to_string()).seen()["body_len"], 0);
    }
}

#[test]
fn escapes_in_a_body_become_what_they_stand_for() {
    let function = Function::start();
    let text = "{\"a\":\"\\\\ \u{1}\u{7f} ü 世 😀\r\n\t\"}".repeat(40);
    for mode in MODES {
        assert_eq!(function.invoke(Event::get("/b").body(&text).bytes(mode)).seen()["body"], text);
    }
    // Every character escaped, as some serializers do it.
    let escaped: String = "grün 😀".encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let event = Event::get("/b").body("@@").value(Mode::Single).to_string().replace("@@", &escaped);
    assert_eq!(function.invoke(event).seen()["body"], "grün 😀");
}

#[test]
fn bodies_of_a_megabyte() {
    let function = Function::start();
    for mode in MODES {
        let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| ((n * 31) >> 3) as u8).collect();
        assert_eq!(function.invoke(Event::get("/length").binary(&bytes).bytes(mode)).text(), "1000000");
        let text = "\"quoted\"".repeat(60_000);
        assert_eq!(function.invoke(Event::get("/length").body(&text).bytes(mode)).text(), "480000");
    }
}
