//! The run loop around the conversion: addresses, deadlines, failures, concurrency, log, start and end.

use std::time::Duration;

use super::mirror::{BEGUN, GO_ON};
use crate::support::Function;
use crate::support::events::{Event, MODES, Mode};
use crate::support::rows::{Row, differs};
use serde_json::{Value, json};

#[test]
fn every_form_of_the_runtime_api_address() {
    type Write = fn(String) -> String;
    let forms: [Write; 4] = [
        |address| address,
        |address| format!("http://{address}"),
        |address| format!("{address}/.rt/fn"),
        |address| format!("http://{address}/.rt/fn"),
    ];
    for (number, form) in forms.into_iter().enumerate() {
        let function = Function::at(form, &[]);
        if number == 2 && differs(Row::Address) {
            let (status, log) = function.end();
            assert!(!status.success() && log.contains("AWS_LAMBDA_RUNTIME_API"), "{log}");
            assert!(log.contains("http://") && !log.contains("panicked"), "{log}");
            continue;
        }
        for _ in 0..3 {
            let posted = function.invoke(Event::get("/a").bytes(Mode::Single));
            assert_eq!(posted.seen()["raw_path"], "/a");
            assert_eq!(posted.path.starts_with("/.rt/fn/2018-06-01/"), number >= 2, "{}", posted.path);
            let id = posted.seen()["request_id"].as_str().expect("an id").replace("request", "invocation");
            assert_eq!(posted.header("lambda-runtime-invocation-id"), Some(id.as_str()), "echoed");
        }
        assert_eq!(function.connections(), 1, "one connection for the whole run");
        let failed = function.invoke("{}");
        assert!(
            failed.path.ends_with("/error") && failed.json()["errorType"] == "Event.Unreadable",
            "{number}"
        );
    }
}

#[test]
fn one_variable_is_enough() {
    let others =
        ["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"];
    if differs(Row::Variables) {
        for name in others {
            let (status, log) = Function::with(&[(name, "")]).end();
            assert!(!status.success() && log.contains(name) && log.contains("Runtime.Error"), "{log}");
        }
        return;
    }
    let function = Function::with(&others.map(|name| (name, "")));
    assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
}

#[test]
fn an_address_where_nobody_is_is_named() {
    for (address, problem) in [
        ("not an address", "AWS_LAMBDA_RUNTIME_API"),
        ("127.0.0.1:1", "refused"),
        ("http://carafe.invalid:9001/.rt", "lookup"),
    ] {
        let (status, log) = Function::with(&[("AWS_LAMBDA_RUNTIME_API", address)]).end();
        let address = address.trim_start_matches("http://").trim_end_matches("/.rt");
        assert!(!status.success() && log.contains(address) && log.contains(problem), "{log}");
        let line: Value = serde_json::from_str(log.lines().next().expect("a line")).expect("JSON");
        assert_eq!((&line["level"], &line["error_type"]), (&json!("ERROR"), &json!("Runtime.Error")));
    }
}

#[test]
fn a_loop_inside_a_runtime_is_named() {
    let (status, log) = Function::with(&[("MIRROR_INSIDE", "1")]).end();
    assert!(!status.success() && !log.contains("Cannot start a runtime"), "{log}");
    assert!(log.contains("Runtime.Error") && log.contains("`#[tokio::main]`"), "{log}");
}

#[test]
fn a_failed_start_is_reported() {
    for (how, message) in [("no bucket", "no configuration: no bucket"), ("panic", "at start")] {
        for form in [|address| address, |address| format!("http://{address}/.rt/fn")] {
            let function = Function::at(form, &[("MIRROR_BROKEN", how)]);
            let posted = function.posted();
            assert!(posted.path.ends_with("/2018-06-01/runtime/init/error"), "{}", posted.path);
            assert_eq!(posted.json()["errorMessage"], message);
            let kind = posted.json()["errorType"].clone();
            assert_eq!(posted.header("lambda-runtime-function-error-type"), kind.as_str());
            let (status, log) = function.end();
            assert!(!status.success() && log.contains(message), "{log}");
        }
    }
}

#[test]
fn a_504_shortly_before_the_deadline() {
    let function = Function::start();
    for mode in MODES {
        let posted = function.invoke_within(Event::get("/slow").bytes(mode), Duration::from_millis(600));
        assert_eq!(posted.answer()["statusCode"], 504);
    }
    assert_eq!(function.invoke(Event::get("/after").bytes(Mode::Single)).seen()["raw_path"], "/after");
    let lines = function.log_lines();
    let line = &lines[0];
    assert_eq!((&line["error_type"], &line["route"]), (&json!("Handler.Deadline"), &json!("/slow")));
    assert_eq!(line["status"], 504);
}

#[test]
fn unhandled_errors_fail_the_invocation_only_when_asked() {
    let calm = Function::start();
    assert_eq!(calm.invoke(Event::get("/error").bytes(Mode::Single)).answer()["statusCode"], 500);
    let strict = Function::with(&[("MIRROR_FAIL", "1")]);
    for (path, kind) in
        [("/error", "Handler.Error"), ("/panic", "Handler.Panic"), ("/slow", "Handler.Deadline")]
    {
        let posted = strict.invoke_within(Event::get(path).bytes(Mode::Single), Duration::from_millis(400));
        assert!(posted.path.ends_with("/error"), "{path}");
        assert_eq!(posted.json()["errorType"], kind);
        let header = if differs(Row::ErrorHeader) { "unhandled" } else { kind };
        assert_eq!(posted.header("lambda-runtime-function-error-type"), Some(header));
    }
    let refused = Event::reply(&json!({"body": "\"", "repeat": 900_000})).bytes(Mode::Multi);
    assert_eq!(strict.invoke(refused).json()["errorType"], "Answer.Refused");
    assert_eq!(strict.invoke(Event::get("/fine").bytes(Mode::Single)).answer()["statusCode"], 200);
}

#[test]
fn as_many_at_a_time_as_lambda_says() {
    let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "4")]);
    for number in 0..4 {
        let event = Event::get(if number == 3 { "/fast" } else { "/slow" }).bytes(MODES[number % 2]);
        function.send_within(event, Duration::from_millis(1500));
    }
    // The fast one was sent last and answered first: each of the slow ones had a worker of its own.
    let statuses: Vec<Value> = (0..4).map(|_| function.posted().answer()["statusCode"].clone()).collect();
    assert_eq!(statuses[0], 200);
    assert_eq!(statuses[1..], [504, 504, 504].map(|status| json!(status)));
    let mut ids: Vec<Value> = (0..40)
        .inspect(|&number| {
            let event =
                Event::get(&format!("/{number}")).body(&"x\"".repeat(number * 100)).bytes(Mode::Single);
            function.send_within(event, Duration::from_secs(30));
        })
        .collect::<Vec<_>>()
        .into_iter()
        .map(|_| {
            let posted = function.posted();
            let seen = posted.seen();
            // Nobody got another one's event.
            let number: usize = seen["raw_path"].as_str().expect("text")[1..].parse().expect("a number");
            assert_eq!(seen["body_len"], number * 200);
            assert!(posted.path.contains(&format!("/{}/", seen["request_id"].as_str().expect("an id"))));
            seen["raw_path"].clone()
        })
        .collect();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 40);
}

#[test]
fn the_id_of_a_trace_is_in_the_context_and_not_in_the_environment() {
    for trace in ["Root=1-lambda-own;Parent=0123;Sampled=1", "Root=1-lambda-own;Parent=0123;Sampled=0"] {
        let function = Function::start();
        let event = Event::get("/a").header("x-recorded", &trace[trace.len() - 1..]);
        let seen = function.invoke(event.bytes(Mode::Single)).seen();
        let variable = if differs(Row::TraceVariable) { json!(trace) } else { json!(null) };
        assert_eq!((&seen["xray"], &seen["xray_variable"]), (&json!(trace), &variable));
        assert_eq!(function.log_lines()[0]["xray_trace_id"], trace);
    }
}

#[test]
fn headers_of_an_event_that_are_not_as_lambda_writes_them() {
    for slots in ["1", "2"] {
        for (name, value) in [
            ("x-with", "Lambda-Runtime-Client-Context: {"),
            ("x-with", "Lambda-Runtime-Cognito-Identity: []"),
            ("x-without", "deadline"),
        ] {
            let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
            let event = Event::get("/a").header(name, value).bytes(Mode::Single);
            if differs(Row::EventHeaders) {
                function.send_within(event, Duration::from_secs(30));
                let (status, log) = function.end();
                assert!(!status.success() && log.contains("Runtime.Error"), "{value}: {log}");
                continue;
            }
            assert_eq!(function.invoke(event).seen()["raw_path"], "/a", "{value}");
        }
        let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        let event = Event::get("/a").header("x-without", "arn").bytes(Mode::Single);
        assert_eq!(function.invoke(event).seen()["arn"], "");
    }
}

#[test]
fn a_destructor_that_panics_at_the_deadline_is_a_504() {
    let function = Function::start();
    let event = Event::get("/drop").bytes(Mode::Single);
    let posted = function.invoke_within(event, Duration::from_millis(400));
    assert_eq!(posted.answer()["statusCode"], 504);
    assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
    let lines = function.log_lines();
    let (panic, request) = (&lines[0], &lines[1]);
    assert_eq!((&panic["error_type"], &panic["error"]), (&json!("Handler.Panic"), &json!(PUT_AWAY)));
    assert_eq!(panic["request_id"], request["request_id"]);
    assert_eq!((&request["error_type"], &request["status"]), (&json!("Handler.Deadline"), &json!(504)));
}

/// Returns the path of a file for a handler and its test.
fn file(name: &str) -> String {
    format!("{}/wire-{name}-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id())
}

/// What the mirror's destructors panic with.
const PUT_AWAY: &str = "no idea what to do with putting it away\n\u{1b}[2Jcleared";

#[test]
fn a_handler_that_blocks_holds_up_nobody() {
    let go_on = file("go-on");
    let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "4"), (GO_ON, &go_on)]);
    function.invoke(Event::get("/warm").bytes(Mode::Single));
    for path in ["/held", "/held", "/held", "/nap"] {
        function.send_within(Event::get(path).bytes(Mode::Multi), Duration::from_secs(30));
    }
    // Three others block a thread each until the one that waits for a timer is back.
    assert_eq!(function.posted().text(), "napped");
    std::fs::write(&go_on, "").expect("a file");
    for _ in 0..3 {
        assert_eq!(function.posted().text(), "held");
    }
    std::fs::remove_file(go_on).expect("it was made");
}

#[test]
fn a_snapshot_is_taken_before_the_first_invocation() {
    let function = Function::with(&[("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")]);
    assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
    assert_eq!(function.restored(), 1);
    // The connection of before the snapshot is not used after it.
    assert_eq!(function.connections(), 2);
    assert_eq!(Function::start().restored(), 0);
}

#[test]
fn sigterm_waits_for_an_event_that_has_begun_to_arrive() {
    for slots in ["1", "3"] {
        let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        function.invoke(Event::get("/a").bytes(Mode::Single));
        let go_on = function.send_half(Event::get("/half").bytes(Mode::Single));
        function.wait_for_handed_out(2);
        // Its first half has to be in the process: it answers nothing before that, so time is all there is to wait for.
        std::thread::sleep(Duration::from_millis(200));
        function.terminate();
        if differs(Row::HalfArrived) {
            let (status, log) = function.end();
            assert!(status.success() && !log.contains("/half"), "{status:?} {log}");
            continue;
        }
        std::thread::sleep(Duration::from_millis(200));
        go_on.send(()).expect("the stand-in waits");
        assert_eq!(function.posted().seen()["raw_path"], "/half");
        let (status, _) = function.end();
        assert!(status.success(), "{status:?}");
    }
}

#[test]
fn sigterm_ends_it_well() {
    for form in [|address| address, |address| format!("http://{address}/.rt/fn")] {
        let function = Function::at(form, &[]);
        function.invoke(Event::get("/a").bytes(Mode::Single));
        function.terminate();
        let (status, _) = function.end();
        assert!(status.success(), "{status:?}");
    }
}

#[test]
fn sigterm_waits_for_what_is_being_answered() {
    for slots in ["1", "3"] {
        let begun = file("begun");
        let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots), (BEGUN, &begun)]);
        function.invoke(Event::get("/a").bytes(Mode::Single));
        function.send_within(Event::get("/nap").bytes(Mode::Multi), Duration::from_secs(30));
        function.wait_for("the handler begins", || std::fs::remove_file(&begun).is_ok());
        function.terminate();
        assert_eq!(function.posted().text(), "napped");
        let (status, _) = function.end();
        assert!(status.success(), "{status:?}");
    }
}

#[test]
fn one_line_for_each_request() {
    let function = Function::start();
    for path in ["/a", "/reply", "/error"] {
        function.invoke(Event::get(path).body("{}").bytes(Mode::Multi));
    }
    let lines = function.log_lines();
    assert_eq!(lines.len(), 3, "{lines:?}");
    let first = lines[0].as_object().expect("an object");
    for name in ["timestamp", "level", "message", "method", "route", "status", "ms", "bytes_in", "bytes_out"]
    {
        assert!(first.contains_key(name), "{name}");
    }
    assert_eq!(first["request_id"], "request-0");
    assert_eq!(first["trace_id"], "Root=1-6a5145a7-5c3686ff7df3149177a89157");
    assert_eq!(first["xray_trace_id"], "Root=1-lambda-own;Parent=0123;Sampled=0");
    let cold: Vec<&Value> = lines.iter().map(|line| &line["cold_start"]).collect();
    assert_eq!(cold, [&json!(true), &json!(false), &json!(false)]);
    assert_eq!((&lines[2]["level"], &lines[2]["error_type"]), (&json!("ERROR"), &json!("Handler.Error")));
}

#[test]
fn log_level_and_format_are_honored() {
    let log = |variables: &[(&str, &str)]| {
        let function = Function::with(variables);
        for path in ["/a", "/error"] {
            function.invoke(Event::get(path).bytes(Mode::Single));
        }
        let check = Event::get("/health").bare().header("user-agent", "ELB-HealthChecker/2.0");
        function.invoke(check.bytes(Mode::Single));
        function.log()
    };
    assert_eq!(log(&[]).lines().count(), 2);
    assert_eq!(log(&[("AWS_LAMBDA_LOG_LEVEL", "ERROR")]).lines().count(), 1);
    assert_eq!(log(&[("AWS_LAMBDA_LOG_LEVEL", "DEBUG")]).lines().count(), 3, "with the health check");
    assert_eq!(log(&[("RUST_LOG", "off")]).lines().count(), 0);
    let text = log(&[("AWS_LAMBDA_LOG_FORMAT", "Text")]);
    let first = text.lines().next().expect("a line");
    assert!(first.starts_with("INFO GET /<path:path> 200 ") && !first.contains('{'), "{first}");
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
}

#[test]
fn a_line_of_the_log_has_an_end() {
    let function = Function::start();
    let long = |character: &str| format!("/{}", character.repeat(150_000));
    for (path, trace) in [(long("\u{1}"), "x"), (long("ü"), "x"), (long("a"), &long("\u{7f}"))] {
        let event = Event::get(&path).header("x-long", &path).only("x-amzn-trace-id", &[trace]);
        // Without a route, and one that cannot be read, of which the path is told.
        function.invoke(event.clone().method("FOO BAR").bytes(Mode::Single));
        function.invoke(event.method("B").bytes(Mode::Multi));
    }
    let log = function.log();
    assert_eq!(log.lines().count(), 6, "{}", log.len());
    for line in log.lines() {
        assert!(line.len() < 256 * 1024, "{}", line.len());
        let value: Value = serde_json::from_str(line).expect("JSON");
        assert!(value["path"].is_null() || value["path"].as_str().is_some_and(|path| path.ends_with('…')));
    }
}

#[test]
fn more_slots_than_there_can_be() {
    let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "18446744073709551615")]);
    assert_eq!(function.invoke(Event::get("/a").bytes(Mode::Single)).seen()["raw_path"], "/a");
    if differs(Row::MostAtATime) {
        let (status, log) = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "1025")]).end();
        assert!(!status.success() && log.contains("AWS_LAMBDA_MAX_CONCURRENCY"), "{log}");
    }
}
