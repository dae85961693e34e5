//! A Runtime API that refuses answers, fails, or is gone.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use crate::support::Function;
use crate::support::events::{Event, Mode};
use crate::support::rows::{Row, differs};
use serde_json::{Value, json};

/// What AWS's loop writes about an answer that was refused, before the status.
const AWS_REFUSED: &str = "Lambda Runtime API returned non-200 response: status=";

#[test]
fn one_slot_that_cannot_go_on_lets_the_others_finish() {
    let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "4")]);
    function.invoke(Event::get("/fine").bytes(Mode::Single));
    // Three slots are at work, one of them with an event that is not there yet, when the fourth breaks.
    for path in ["/nap", "/block"] {
        function.send_within(Event::get(path).bytes(Mode::Single), Duration::from_secs(30));
    }
    let go_on = function.send_half(Event::get("/half").bytes(Mode::Multi));
    function.wait_for_handed_out(4);
    function.send_within(
        Event::get("/refuse-me").header("x-refuse", "500").bytes(Mode::Single),
        Duration::from_secs(30),
    );
    function.wait_for_handed_out(5);
    let mut texts = Vec::new();
    while !texts.iter().any(|text: &String| text.contains("/refuse-me")) {
        texts.push(function.posted().text());
    }
    // The slot breaks when it reads the 500: it answers nothing then, so time is all there is to wait for.
    std::thread::sleep(Duration::from_millis(200));
    go_on.send(()).expect("the stand-in waits");
    while texts.len() < 4 {
        texts.push(function.posted().text());
    }
    assert!(texts.iter().any(|text| text.contains("/half")), "{texts:?}");
    if differs(Row::ServerError) {
        // The slot goes on, and so does the process.
        assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
        assert!(function.log().contains(AWS_REFUSED), "a line");
        return;
    }
    let (status, log) = function.end();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    assert_eq!(lines.filter(|line| line["message"] == "request").count(), 5, "{log}");
    assert!(!status.success() && log.contains("Runtime.Error") && log.contains("answered 500"), "{log}");
}

#[test]
fn what_lambda_refuses_is_logged() {
    let function = Function::start();
    let event = Event::get("/refuse-me").header("x-refuse", "413").bytes(Mode::Single);
    function.invoke(event);
    assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
    if differs(Row::Refused) {
        let log = function.log();
        assert!(log.contains(&format!("{AWS_REFUSED}413")), "{log}");
    } else {
        let lines = function.log_lines();
        let line = lines.iter().find(|line| line["error_type"] == "Lambda.Refused").expect("a line");
        let message = line["error"].as_str().expect("text");
        assert!(message.contains("413") && message.contains("/invocation/request-0/response"), "{message}");
    }
    // 500 says that Lambda cannot go on with this process.
    let function = Function::start();
    function.invoke(Event::get("/refuse-me").header("x-refuse", "500").bytes(Mode::Single));
    if differs(Row::ServerError) {
        assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
        let log = function.log();
        assert!(log.contains(&format!("{AWS_REFUSED}500")), "{log}");
        return;
    }
    let (status, log) = function.end();
    assert!(!status.success() && log.contains("answered 500"), "{log}");
}

#[test]
fn what_lambda_refuses_before_all_of_it_was_sent_is_logged() {
    for slots in ["1", "2"] {
        let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        let wanted = json!({"body": "x", "repeat": 5_900_000});
        let event = Event::reply(&wanted).header("x-refuse", "early").function_url();
        function.send_within(event.to_string(), Duration::from_secs(30));
        let refused = function.posted();
        assert!(refused.path.ends_with("/invocation/request-0/response"), "{}", refused.path);
        assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
        if differs(Row::Refused) {
            let log = function.log();
            assert_eq!(log.matches(&format!("{AWS_REFUSED}413")).count(), 1, "it is not sent twice: {log}");
            continue;
        }
        let lines = function.log_lines();
        let refusals: Vec<_> = lines.iter().filter(|line| line["error_type"] == "Lambda.Refused").collect();
        assert_eq!(refusals.len(), 1, "it is not sent twice: {lines:?}");
        assert!(refusals[0]["error"].as_str().is_some_and(|error| error.contains("413")), "{lines:?}");
    }
}

#[test]
fn a_runtime_api_that_is_gone_ends_it() {
    for slots in ["1", "2"] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let function =
            Function::with(&[("AWS_LAMBDA_RUNTIME_API", &address), ("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        if slots != "1" && differs(Row::Gone) {
            // More often than both slots would try.
            for _ in 0..20 {
                drop(listener.accept().expect("another connection"));
            }
            continue;
        }
        std::thread::spawn(move || listener.incoming().for_each(drop));
        let (status, log) = function.end();
        assert!(!status.success() && log.contains("Runtime.Error") && log.contains(&address), "{log}");
    }
}

#[test]
fn an_error_in_place_of_an_event_ends_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let function = Function::with(&[("AWS_LAMBDA_RUNTIME_API", &address)]);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let (status, log) = function.end();
    assert!(!status.success() && log.contains("Runtime.Error"), "{log}");
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line));
    assert!(lines.collect::<Result<Vec<_>, _>>().is_ok(), "no panic is shown: {log}");
}
