//! Request headers, and what is read out of them.

use crate::support::Function;
use crate::support::events::{Event, MODES, Mode, all};
use serde_json::{Value, json};

fn seen(event: &Event) -> [Value; 2] {
    let function = Function::start();
    MODES.map(|mode| function.invoke(event.bytes(mode)).seen())
}

#[test]
fn t15_a_health_check_needs_no_host_and_leaves_no_line() {
    let function = Function::start();
    for mode in MODES {
        let check = Event::get("/health").bare().header("user-agent", "ELB-HealthChecker/2.0");
        assert_eq!(function.invoke(check.bytes(mode)).text(), "ok");
        let described = Event::get("/x").bare().header("user-agent", "ELB-HealthChecker/2.0");
        let seen = function.invoke(described.bytes(mode)).seen();
        assert_eq!(
            (&seen["host"], &seen["client_ip"], &seen["scheme"]),
            (&json!(null), &json!(null), &json!(null))
        );
    }
    assert_eq!(function.log(), "");
}

#[test]
fn t16_neither_scheme_nor_host() {
    for seen in seen(&Event::get("/a%20b").bare().query(&[("q", "1")])) {
        assert_eq!(seen["uri"], "/a%20b?q=1");
    }
}

#[test]
fn t17_the_host_is_found_in_either_family() {
    for seen in seen(&Event::get("/path")) {
        assert_eq!(seen["host"], "app.example.com");
        assert_eq!(seen["uri"], "/path");
    }
    let [_, multi] = seen(&Event::get("/path").only("host", &["first.example", "second.example"]));
    assert_eq!(multi["host"], "first.example");
}

#[test]
fn t18_each_family_alone_shows_its_headers() {
    let [single, multi] = seen(&Event::get("/h").header("x-one", "1"));
    assert_eq!(all(&single["headers"], "x-one"), ["1"]);
    assert_eq!(single["headers"], multi["headers"]);
    assert_eq!(single["header_map"], multi["header_map"]);
}

#[test]
fn t19_multi_mode_has_no_single_headers() {
    let function = Function::start();
    let event = Event::get("/h").value(Mode::Multi);
    assert!(event.get("headers").is_none() && event.get("queryStringParameters").is_none());
    assert_eq!(function.invoke(event.to_string()).seen()["source"], "Alb(Multi)");
}

#[test]
fn t20_single_mode_has_no_multi_headers() {
    let function = Function::start();
    let event = Event::get("/h").value(Mode::Single);
    assert!(
        event.get("multiValueHeaders").is_none() && event.get("multiValueQueryStringParameters").is_none()
    );
    assert_eq!(function.invoke(event.to_string()).seen()["source"], "Alb(Single)");
}

#[test]
fn t29_cookie_lines_are_joined() {
    let [single, multi] = seen(&Event::get("/c").header("cookie", "a=1").header("cookie", "b=2; c=3"));
    assert_eq!(single["cookie"], "b=2; c=3", "only the last line arrives");
    assert_eq!(multi["cookie"], "a=1; b=2; c=3");
    assert_eq!(all(&multi["header_map"], "cookie"), ["a=1; b=2; c=3"]);
}

#[test]
fn t30_planted_forwarded_headers_do_not_count() {
    let planted = Event::get("/ip")
        .only("x-forwarded-for", &["8.8.8.8", "8.8.8.8, 1.1.1.1"])
        .only("x-forwarded-proto", &["http", "https"])
        .only("x-forwarded-port", &["69", "443"])
        .only("x-amzn-trace-id", &["Root=planted", "Self=1-a;Root=planted"]);
    for seen in seen(&planted) {
        assert_eq!(seen["client_ip"], "1.1.1.1");
        assert_eq!(seen["behind_one_proxy"], "8.8.8.8");
        assert_eq!(seen["scheme"], "https");
        assert_eq!(seen["trace"], "Self=1-a;Root=planted");
        assert_eq!(all(&seen["header_map"], "x-forwarded-port"), ["443"]);
    }
}

#[test]
fn t31_the_address_comes_from_the_forwarded_header() {
    for (header, address) in [
        ("203.0.113.7", json!("203.0.113.7")),
        ("203.0.113.7:4711", json!("203.0.113.7")),
        ("10.0.0.1, [2001:db8::7]:4711", json!("2001:db8::7")),
        ("2001:db8::7", json!("2001:db8::7")),
        ("garbage", json!(null)),
    ] {
        for seen in seen(&Event::get("/ip").only("x-forwarded-for", &[header])) {
            assert_eq!(seen["client_ip"], address, "{header}");
        }
    }
}

#[test]
fn t32_header_values_in_utf_8() {
    for seen in seen(&Event::get("/h").header("cloudfront-viewer-city", "Zürich")) {
        assert_eq!(all(&seen["headers"], "cloudfront-viewer-city"), ["Zürich"]);
        assert_eq!(all(&seen["header_map"], "cloudfront-viewer-city"), ["Zürich"]);
    }
}

#[test]
fn t43_bytes_that_are_no_text_and_half_surrogates() {
    let function = Function::start();
    for mode in MODES {
        let event = Event::get("/h").only("user-agent", &["curl/@@ \"x\""]).bytes(mode);
        let place = event.windows(2).position(|pair| pair == b"@@").expect("the mark");
        let mut raw = event.clone();
        raw.splice(place..place + 2, [0xee]);
        let seen = function.invoke(raw).seen();
        assert_eq!(seen["agent"], "curl/\u{fffd} \"x\"");
        let bytes: Vec<u8> = serde_json::from_value(seen["agent_bytes"].clone()).expect("bytes");
        assert_eq!(bytes, b"curl/\xee \"x\"");
        let mut half = event.clone();
        half.splice(place..place + 2, *b"\\ud800");
        assert_eq!(function.invoke(half).seen()["agent"], "curl/\u{fffd} \"x\"");
    }
}

#[test]
fn t46_an_empty_header_is_no_more_than_that() {
    // A load balancer drops it; whoever sends it all the same gets it back as it is.
    for seen in seen(&Event::get("/h").header("x-empty", "")) {
        assert_eq!(all(&seen["headers"], "x-empty"), [""]);
    }
    for seen in seen(&Event::get("/h")) {
        assert!(all(&seen["headers"], "x-empty").is_empty());
    }
}

#[test]
fn t50_any_host_is_served_and_returned_as_it_came() {
    let function = Function::start();
    for host in [
        "a_b.example",
        "1.2.3.4.5",
        "xn--a",
        "x:99999",
        "example.com:99999",
        "999.1.1.1",
        "a b",
        "exa<mple.com",
        "[::1",
        "%zz",
        "",
        "evil.com/x",
        "evil.com#",
        "evil.com?x=",
        "user@evil.com",
        "0x7f.1",
        "EXAMPLE.com:443",
    ] {
        for mode in MODES {
            let event = Event::get("/p/q").only("host", &[host]).query(&[("a", "1")]);
            let seen = function.invoke(event.bytes(mode)).seen();
            assert_eq!(seen["host"], host);
            assert_eq!(seen["raw_path"], "/p/q");
            assert_eq!(seen["uri"], "/p/q?a=1");
        }
    }
}

#[test]
fn both_trace_ids_are_kept_apart() {
    for seen in seen(&Event::get("/t")) {
        assert_eq!(seen["trace"], "Root=1-6a5145a7-5c3686ff7df3149177a89157");
        assert_eq!(seen["xray"], "Root=1-lambda-own;Parent=0123;Sampled=0");
        assert_eq!(seen["arn"], "arn:aws:lambda:eu-west-1:123456789012:function:mirror");
    }
}

#[test]
fn odd_header_values_and_names_do_not_cost_the_request() {
    let function = Function::start();
    for mode in MODES {
        let family = if mode == Mode::Single { "headers" } else { "multiValueHeaders" };
        let mut event = Event::get("/h").header("x-good", "1").value(mode);
        let headers = event[family].as_object_mut().expect("headers");
        headers.extend([
            ("x-null".to_owned(), json!(null)),
            ("x-number".to_owned(), json!(7)),
            ("x-object".to_owned(), json!({"a": [1]})),
            ("x y".to_owned(), json!("1")),
            ("x@y".to_owned(), json!("1")),
            (String::new(), json!("1")),
            ("x-control".to_owned(), json!("a\nb")),
        ]);
        let seen = function.invoke(event.to_string()).seen();
        assert_eq!(all(&seen["header_map"], "x-good"), ["1"]);
        assert_eq!(all(&seen["headers"], "x-number"), ["7"]);
        for name in ["x-null", "x-object", "x y", "x@y", "", "x-control"] {
            assert!(all(&seen["header_map"], name).is_empty(), "{name}");
        }
    }
}
