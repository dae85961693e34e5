//! What AWS's loop offers beside carafe's codec: layers and SnapStart resources.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "in a test that is how a failure shows, in its helpers too; the function's log is what the tests read"
)]

mod mirror;

#[path = "../../../carafe-lambda/tests/wire"]
mod suite {
    pub(crate) mod support;
}

use suite::support;
use support::Function;
use support::events::{Event, Mode};
use support::rows::RunLoop;

/// The loop under test.
const RUN_LOOP: RunLoop = RunLoop::Aws;

/// The defects that show.
const DEFECTS: &[u8] = &[];

fn event() -> Vec<u8> {
    Event::get("/a").bytes(Mode::Single)
}

/// Returns what the layers and hooks have said.
fn said(log: &str) -> Vec<&str> {
    log.lines().filter_map(|line| line.strip_prefix("said ")).collect()
}

#[test]
fn layers_are_around_each_invocation_and_the_work_after_it() {
    for slots in ["1", "2"] {
        let function = Function::with(&[("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        let (first, second) = (function.invoke(event()), function.invoke(event()));
        assert!(first.path.ends_with("request-0/response") && second.path.ends_with("request-1/response"));
        let log = function.log();
        let length = event().len();
        let [one, other] = ["request-0", "request-1"].map(|id| {
            [
                format!("outer {id} {length}"),
                format!("inner {id} {length}"),
                format!("work {id}"),
                format!("inner {id} done"),
                format!("outer {id} done"),
            ]
        });
        let lines = said(&log);
        let of = |id: &str| -> Vec<&str> { lines.iter().filter(|line| line.contains(id)).copied().collect() };
        assert_eq!(
            (of("request-0"), of("request-1")),
            (one.iter().map(|line| &**line).collect(), other.iter().map(|line| &**line).collect())
        );
    }
}

#[test]
fn an_error_of_a_layer_ends_the_process_and_is_logged() {
    for slots in ["1", "2"] {
        let function = Function::with(&[("MIRROR_LAYER", "fails"), ("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        function.send_within(event(), std::time::Duration::from_secs(30));
        let (status, log) = function.end();
        assert!(!status.success() && log.contains("Runtime.Error") && log.contains("no span"), "{log}");
    }
}

#[test]
fn a_panic_of_a_layer_ends_the_process_and_is_logged() {
    for slots in ["1", "2"] {
        let function = Function::with(&[("MIRROR_LAYER", "panics"), ("AWS_LAMBDA_MAX_CONCURRENCY", slots)]);
        function.send_within(event(), std::time::Duration::from_secs(30));
        let (status, log) = function.end();
        assert!(!status.success() && log.contains("Runtime.Error") && log.contains("sunk"), "{log}");
    }
}

const SNAPSHOT: (&str, &str) = ("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");

#[test]
fn resources_are_around_the_snapshot() {
    let function = Function::with(&[SNAPSHOT]);
    assert!(function.invoke(event()).path.ends_with("/response"));
    assert_eq!(function.restored(), 1);
    let log = function.log();
    let hooks = ["before second", "before first", "before app", "after app", "after first", "after second"];
    assert_eq!(said(&log).get(..6), Some(&hooks[..]));
}

#[test]
fn a_resource_that_fails_is_reported_and_ends_the_process() {
    for (failing, path) in [("before first", "/init/error"), ("after second", "/restore/error")] {
        let function = Function::with(&[SNAPSHOT, ("MIRROR_RESOURCE", failing)]);
        let posted = function.posted();
        assert!(posted.path.ends_with(path), "{}", posted.path);
        assert_eq!(posted.json()["errorMessage"], "no pool");
        let (status, log) = function.end();
        assert!(!status.success() && log.contains("Runtime.Error") && log.contains("no pool"), "{log}");
    }
}
