//! The start of a process: its registration as an extension, and its snapshot.

use std::time::Duration;

use carafe_lambda::{Failure, FailureKind};
use serde_json::{Value, json};

use crate::after::{note, posted};
use crate::support::Function;
use crate::support::events::{Event, Mode};
use crate::support::rows::{Row, differs};

/// Runs a hook: notes that it has run, or fails as it was asked to.
pub(crate) async fn hook(which: &str) -> Result<(), Failure> {
    tokio::task::yield_now().await;
    match std::env::var("MIRROR_HOOKS").as_deref() {
        Ok(failing) if failing.starts_with(which) => {
            if failing.ends_with("panics") {
                sunk();
            }
            Err(Failure::new(FailureKind::Error, "no pool"))
        }
        Ok(_) => {
            note(which);
            Ok(())
        }
        Err(_) => Ok(()),
    }
}

#[expect(clippy::panic, reason = "what happens then is what the tests look at")]
fn sunk() {
    panic!("sunk")
}

fn event() -> Vec<u8> {
    Event::get("/a").bytes(Mode::Single)
}

const SNAPSHOT: (&str, &str) = ("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");

#[test]
fn an_extension_without_events_is_registered_before_the_first_event() {
    for form in [|address| address, |address| format!("http://{address}/.rt/fn")] {
        let function = Function::at(form, &[("MIRROR_REGISTER", "1"), SNAPSHOT, ("MIRROR_HOOKS", "1")]);
        let registered = function.posted();
        assert!(registered.path.ends_with("/2020-01-01/extension/register"), "{}", registered.path);
        assert_eq!(registered.path.starts_with("/.rt/fn/"), registered.path.contains(".rt"));
        assert_eq!(registered.json(), json!({"events": []}));
        assert_eq!(registered.header("lambda-extension-name"), Some("carafe-shutdown"));
        // It waits for events, as Lambda wants it, beside everything else.
        let mut others = [function.posted(), function.posted(), function.posted()];
        others.sort_by(|one, other| one.path.cmp(&other.path));
        let [waits, after, before] = &others;
        assert!(waits.path.ends_with("/2020-01-01/extension/event/next"), "{}", waits.path);
        assert_eq!(waits.header("lambda-extension-identifier"), Some("extension-7"));
        assert_eq!((&*after.path, &*before.path), ("/note/after", "/note/before"));
        assert_eq!(function.invoke(event()).seen()["raw_path"], "/a");
        assert_eq!(function.invoke(event()).seen()["raw_path"], "/a");
        function.terminate();
        let (status, log) = function.end();
        assert!(status.success() && !log.contains("WARN") && !log.contains("ERROR"), "{log}");
    }
}

#[test]
fn a_refused_registration_is_logged_and_no_more() {
    let function = Function::at(|address| format!("http://{address}/refuse"), &[("MIRROR_REGISTER", "1")]);
    assert!(function.posted().path.ends_with("/extension/register"));
    assert_eq!(function.invoke(event()).seen()["raw_path"], "/a");
    let lines = function.log_lines();
    assert_eq!((&lines[0]["level"], &lines[0]["error_type"]), (&json!("WARN"), &json!("Runtime.Error")));
    let message = "the registration as an extension failed: 403 none of ours; Lambda will not send SIGTERM";
    assert_eq!(lines[0]["error"], message);
}

#[test]
fn a_registration_without_a_reply_holds_nothing_up_and_is_logged() {
    let function = Function::at(|address| format!("http://{address}/mute"), &[("MIRROR_REGISTER", "1")]);
    assert!(function.posted().path.ends_with("/extension/register"));
    assert_eq!(function.invoke(event()).seen()["raw_path"], "/a");
    let lines = function.log_lines();
    let message =
        "the registration as an extension failed: no reply within 2 s; Lambda will not send SIGTERM";
    assert_eq!((&lines[0]["level"], &lines[0]["error"]), (&json!("WARN"), &json!(message)));
}

#[test]
fn an_extension_that_cannot_wait_for_events_says_so() {
    let function = Function::at(|address| format!("http://{address}/gone"), &[("MIRROR_REGISTER", "1")]);
    assert!(function.posted().path.ends_with("/extension/register"));
    for _ in 0..2 {
        assert!(function.posted().path.ends_with("/extension/event/next"));
    }
    // It waits for 2 s, in case the process is about to end.
    std::thread::sleep(Duration::from_secs(3));
    let lines = function.log_lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let message = lines[0]["error"].as_str().expect("text");
    assert!(message.starts_with("the registration as an extension failed: "), "{message}");
    assert_eq!(lines[0]["level"], "WARN");
}

#[test]
fn nobody_registers_unasked() {
    let function = Function::start();
    assert!(function.invoke(event()).path.ends_with("/response"), "that is the first post");
    assert_eq!(function.connections(), 1);
}

#[test]
fn hooks_run_around_the_snapshot() {
    let function = Function::with(&[SNAPSHOT, ("MIRROR_HOOKS", "1")]);
    function.send_within(event(), Duration::from_secs(30));
    assert_eq!(posted(&function, 3), ["before", "after", "response"]);
    assert_eq!(function.restored(), 1);
    // Without a snapshot they do not run.
    let function = Function::with(&[("MIRROR_HOOKS", "1")]);
    assert!(function.invoke(event()).path.ends_with("/response"));
}

#[test]
fn a_hook_that_fails_ends_the_process() {
    for (hooks, path, kind, message, restored) in [
        ("before", "/runtime/init/error", "Init.Error", "no pool", 0),
        ("before panics", "/runtime/init/error", "Init.Error", "sunk", 0),
        ("after", "/runtime/restore/error", "Runtime.AfterRestoreError", "no pool", 1),
        ("after panics", "/runtime/restore/error", "Runtime.AfterRestoreError", "sunk", 1),
    ] {
        let function = Function::with(&[SNAPSHOT, ("MIRROR_HOOKS", hooks)]);
        let mut failed = function.posted();
        if restored == 1 {
            assert_eq!(failed.path, "/note/before");
            failed = function.posted();
        }
        assert!(failed.path.ends_with(path), "{hooks}: {}", failed.path);
        let header = if restored == 0 && differs(Row::HookFails) { "Runtime.InitError" } else { kind };
        assert_eq!(failed.header("lambda-runtime-function-error-type"), Some(header));
        let own = failed.json()["errorType"] == kind;
        assert_eq!(own, !differs(Row::HookFails), "{}", failed.json()["errorType"]);
        assert_eq!(failed.json()["errorMessage"], message);
        assert_eq!(function.restored(), restored);
        let (status, log) = function.end();
        assert!(!status.success(), "{hooks}");
        let line: Value = serde_json::from_str(log.lines().next().expect("a line")).expect("JSON");
        assert_eq!((&line["error_type"], &line["error"]), (&json!(kind), &json!(message)), "{log}");
        assert_eq!(log.lines().count(), 1, "{log}");
    }
}

#[test]
fn the_context_knows_the_function() {
    let variables =
        [("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/mirror"), ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/[7]")];
    let seen = Function::with(&variables).invoke(event()).seen();
    let expected = r#"Function { name: "mirror", version: "$LATEST", memory: Some(128), log_group: "/aws/lambda/mirror", log_stream: "2026/[7]" }"#;
    assert_eq!(seen["function"], expected);
}
