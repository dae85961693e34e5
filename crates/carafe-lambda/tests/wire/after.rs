//! Work after the answer: when it runs, what cuts it, and what the log says.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use carafe_lambda::{Event, Failure, FailureKind};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::support::Function;
use crate::support::events::{self, Mode};
use crate::support::rows::{Row, differs};

/// What `wait` waits for.
static RELEASED: Semaphore = Semaphore::const_new(0);

/// Spawns what the path asks for: `/after/note/wait` is two pieces of work.
pub(crate) fn spawn(request: &Event) {
    for work in request.raw_path().split('/').skip(2).map(str::to_owned) {
        let again = request.after();
        request.after().spawn(async move {
            match work.as_str() {
                "error" => return Err(Failure::new(FailureKind::After, "no mail\n\u{1b}[31m")),
                "panic" => return Err(sunk()),
                "forever" => std::future::pending().await,
                "wait" => RELEASED.acquire().await.map(tokio::sync::SemaphorePermit::forget).expect("open"),
                "release" => RELEASED.add_permits(1),
                "more" => again.spawn(async {
                    note("more");
                    Ok(())
                }),
                "slow" => tokio::time::sleep(Duration::from_millis(50)).await,
                _ => {}
            }
            note(&work);
            Ok(())
        });
    }
}

#[expect(clippy::panic, reason = "what happens then is what the tests look at")]
fn sunk() -> Failure {
    panic!("sunk")
}

/// Posts to the stand-in, at once, that something has happened.
pub(crate) fn note(what: &str) {
    let address = std::env::var("AWS_LAMBDA_RUNTIME_API").expect("an address");
    let address = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address.split('/').next().unwrap_or_default()).expect("a stand-in");
    let request = format!("POST /note/{what} HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a stand-in");
    let _ = stream.read(&mut [0; 16]);
}

fn event(path: &str) -> Vec<u8> {
    events::Event::get(path).bytes(Mode::Single)
}

/// Returns the last pieces of the paths of the next posts.
pub(crate) fn posted(function: &Function, number: usize) -> Vec<String> {
    let last = |path: String| path.rsplit('/').next().unwrap_or_default().to_owned();
    (0..number).map(|_| last(function.posted().path)).collect()
}

/// Returns request id and message of all work that failed.
fn failed(lines: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let failed = lines.iter().filter(|line| line["error_type"] == "After.Failed");
    failed.map(|line| (text(&line["request_id"]), text(&line["error"]))).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, message)| ((*id).to_owned(), (*message).to_owned())).collect()
}

#[test]
fn work_begins_when_the_answer_is_accepted_and_the_next_event_waits() {
    let function = Function::start();
    let first = events::Event::get("/after/slow").header("x-accept", "late").bytes(Mode::Single);
    function.send_within(first, Duration::from_secs(30));
    function.send_within(event("/after/note"), Duration::from_secs(30));
    assert_eq!(posted(&function, 5), ["response", "accepted", "slow", "response", "note"]);
    assert_eq!(failed(&function.log_lines()), []);
}

#[test]
fn work_runs_side_by_side_in_its_own_slot() {
    let function = Function::start();
    function.send_within(event("/after/wait/release"), Duration::from_secs(30));
    assert_eq!(posted(&function, 3), ["response", "release", "wait"]);

    let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "2")]);
    function.send_within(event("/after/wait"), Duration::from_secs(30));
    assert_eq!(posted(&function, 1), ["response"]);
    for number in 0..3 {
        assert_eq!(function.invoke(event("/a")).seen()["request_id"], format!("request-{}", number + 1));
    }
    function.send_within(event("/after/release"), Duration::from_secs(30));
    let mut rest = posted(&function, 3);
    rest.sort();
    assert_eq!(rest, ["release", "response", "wait"]);
}

#[test]
fn work_may_spawn_more() {
    let function = Function::start();
    function.send_within(event("/after/more"), Duration::from_secs(30));
    // The first of them notes as well.
    assert_eq!(posted(&function, 3), ["response", "more", "more"]);
    assert_eq!(function.invoke(event("/a")).seen()["raw_path"], "/a");
}

#[test]
fn a_failure_is_logged_with_the_request_id() {
    let function = Function::start();
    function.invoke(event("/a"));
    function.send_within(event("/after/error/panic/note"), Duration::from_secs(30));
    assert_eq!(posted(&function, 2), ["response", "note"], "the others go on");
    assert_eq!(function.invoke(event("/a")).seen()["raw_path"], "/a");
    let lines = function.log_lines();
    let expected = [
        ("request-1", "a task after the answer failed: no mail\n\u{1b}[31m"),
        ("request-1", "a task after the answer panicked: sunk"),
    ];
    assert_eq!(failed(&lines), owned(&expected));
    let panic = lines.iter().find(|line| line["error"].as_str().is_some_and(|text| text.ends_with("sunk")));
    assert!(panic.expect("a line")["location"].as_str().is_some_and(|place| place.contains("after.rs")));
    assert!(lines.iter().filter(|line| line["message"] == "request").all(|line| line["level"] == "INFO"));
}

#[test]
fn the_request_id_is_in_a_log_of_text_as_well() {
    let function = Function::with(&[("AWS_LAMBDA_LOG_FORMAT", "Text"), ("MIRROR_EVENTS", "1")]);
    for path in ["/error", "/panic", "/after/error"] {
        function.invoke(event(path));
    }
    function.invoke(json!({"do": "fail"}).to_string());
    let log = function.log();
    let ids = |kind: &str| {
        let lines = log.lines().filter(|line| line.contains(kind));
        lines.map(|line| line.rsplit(' ').next().unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(ids(" Handler.Error: "), ["request_id=request-0", "request_id=request-3"], "{log}");
    assert_eq!(ids(" Handler.Panic: "), ["request_id=request-1"], "{log}");
    assert_eq!(ids(" After.Failed: "), ["request_id=request-2"], "{log}");
}

#[test]
fn the_deadline_cuts_work() {
    let function = Function::start();
    function.send_within(event("/after/forever/forever/note"), Duration::from_millis(600));
    assert_eq!(posted(&function, 2), ["response", "note"]);
    assert_eq!(function.invoke(event("/a")).seen()["raw_path"], "/a");
    let expected = [("request-0", "2 tasks after the answer were cut 100 ms before the deadline")];
    assert_eq!(failed(&function.log_lines()), owned(&expected));
}

#[test]
fn sigterm_cuts_work() {
    for slots in ["1", "2"] {
        let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        function.send_within(event("/after/forever/note"), Duration::from_secs(30));
        assert_eq!(posted(&function, 2), ["response", "note"]);
        function.terminate();
        let (status, log) = function.end();
        assert!(status.success(), "{status:?}");
        let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(failed(&lines), owned(&[("request-0", "a task after the answer was cut by SIGTERM")]));
    }
}

#[test]
fn the_trouble_of_another_slot_does_not_cut_work() {
    let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", "2")]);
    function.send_within(event("/after/forever/note"), Duration::from_secs(2));
    assert_eq!(posted(&function, 2), ["response", "note"]);
    let refused = events::Event::get("/a").header("x-refuse", "500").bytes(Mode::Single);
    assert!(function.invoke(refused).path.ends_with("/response"));
    if differs(Row::ServerError) {
        return;
    }
    let (status, log) = function.end();
    assert!(!status.success(), "{status:?}");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let expected = [("request-0", "a task after the answer was cut 100 ms before the deadline")];
    assert_eq!(failed(&lines), owned(&expected));
}

#[test]
fn sigterm_leaves_work_a_little_time() {
    let function = Function::start();
    function.send_within(event("/after/note/slow"), Duration::from_secs(30));
    assert_eq!(posted(&function, 2), ["response", "note"]);
    function.terminate();
    assert_eq!(posted(&function, 1), ["slow"]);
    let (status, log) = function.end();
    assert!(status.success() && !log.contains("After.Failed"), "{log}");
}

#[test]
fn the_time_after_sigterm_counts_from_the_signal() {
    for slots in ["1", "2"] {
        let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        // The signal comes a second before the answer.
        let late = events::Event::get("/after/slow").header("x-then", "sigterm").bytes(Mode::Single);
        assert!(function.invoke(late).path.ends_with("/response"));
        let (status, log) = function.end();
        assert!(status.success(), "{status:?}");
        let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(failed(&lines), owned(&[("request-0", "a task after the answer was cut by SIGTERM")]));
    }
}

#[test]
fn work_is_not_started_when_the_answer_is_not_accepted() {
    for (refusal, ends, why) in [
        ("413", false, "Lambda did not accept the answer"),
        ("500", true, "the answer could not be posted"),
        ("early", false, "Lambda did not accept the answer"),
    ] {
        let function = Function::start();
        let refused = events::Event::get("/after/note").header("x-refuse", refusal).bytes(Mode::Single);
        assert!(function.invoke(refused).path.ends_with("/response"), "{refusal}");
        if differs(if refusal == "500" { Row::ServerError } else { Row::Refused }) {
            assert_eq!(posted(&function, 1), ["note"], "{refusal}");
            continue;
        }
        let log = if ends {
            let (status, log) = function.end();
            assert!(!status.success(), "{refusal}");
            log
        } else {
            assert_eq!(function.invoke(event("/a")).seen()["raw_path"], "/a", "{refusal}: no note");
            function.log()
        };
        let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let message = format!("a task after the answer was not started: {why}");
        assert_eq!(failed(&lines), owned(&[("request-0", &message)]), "{refusal}");
    }
}

#[test]
fn work_runs_after_any_answer() {
    // A failure, which fails the invocation where that was asked for. A handler that is cut itself leaves no time.
    for (variables, last) in [(&[][..], "response"), (&[("MIRROR_FAIL", "1")][..], "error")] {
        let function = Function::with(variables);
        let broken = events::Event::get("/after/note").header("x-then", "panic").bytes(Mode::Single);
        function.send_within(broken, Duration::from_secs(30));
        assert_eq!(posted(&function, 2), [last, "note"]);
    }
    let function = Function::start();
    let slow = events::Event::get("/after/note").header("x-then", "wait").bytes(Mode::Single);
    assert_eq!(function.invoke_within(slow, Duration::from_millis(400)).answer()["statusCode"], 504);
    assert_eq!(function.invoke(event("/a")).seen()["raw_path"], "/a");
    let lines = function.log_lines();
    assert_eq!(lines[0]["status"], json!(504));
    let message = "a task after the answer was not started: no time is left before the deadline";
    assert_eq!(failed(&lines), owned(&[("request-0", message)]));
}
