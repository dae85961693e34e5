//! Panics at odd places: each is a 500, and the process goes on.

use serde_json::Value;

use crate::support::Function;
use crate::support::events::{Event, MODES, Mode};

/// Asks for something that panics, and for something else afterwards. Returns the lines of the log.
fn after(event: &Event, variables: &[(&str, &str)]) -> Vec<Value> {
    let function = Function::with(variables);
    for mode in MODES {
        let posted = function.invoke(event.bytes(mode));
        assert!(posted.path.ends_with("/response"), "{}", posted.path);
        assert_eq!(posted.json()["statusCode"], 500, "{event:?}");
        assert_eq!(function.invoke(Event::get("/health").bytes(mode)).text(), "ok", "{event:?}");
    }
    function.log_lines()
}

#[test]
fn what_a_response_holds_may_panic_when_it_is_dropped() {
    for path in ["/fragile-body", "/fragile-extension"] {
        for variables in [&[][..], &[("AWS_LAMBDA_MAX_CONCURRENCY", "4")]] {
            let lines = after(&Event::get(path), variables);
            let panics: Vec<&Value> =
                lines.iter().filter(|line| line["error_type"] == "Handler.Panic").collect();
            assert_eq!(panics.len(), 2, "{lines:?}");
            for line in panics {
                assert_eq!((&line["status"], &line["message"]), (&500.into(), &"request".into()));
                assert!(line["location"].as_str().is_some_and(|place| place.contains("mirror.rs")), "{line}");
            }
        }
    }
}

#[test]
fn a_body_that_is_not_sent_may_panic_when_it_is_dropped() {
    let function = Function::start();
    let posted = function.invoke(Event::get("/fragile-body").method("HEAD").bytes(Mode::Single));
    assert_eq!(posted.json()["statusCode"], 500);
    assert_eq!(function.invoke(Event::get("/health").bytes(Mode::Single)).text(), "ok");
}

#[test]
fn what_a_panic_carries_may_panic_when_it_is_dropped() {
    for times in 0..4 {
        let event = Event::get("/fragile-payload").body(&"x".repeat(times));
        let lines = after(&event, &[]);
        let panics = lines.iter().filter(|line| line["error"] == "a value that is not text").count();
        assert_eq!(panics, 2, "{times}: {lines:?}");
    }
}
