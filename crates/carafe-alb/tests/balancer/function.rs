//! The function as Lambda runs it: environment, Runtime API, copies.

use std::collections::BTreeSet;

use nix::sys::signal::Signal;

use super::local::{Local, Work, reaped, send};
use super::puppet;

#[test]
fn environment() {
    let local = Local::of(&["--memory", "512"], &puppet::command(), &[("AWS_REGION", "us-west-2")]);
    for (name, value) in [
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_FUNCTION_NAME", "local"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_REGION", "us-west-2"),
        ("AWS_DEFAULT_REGION", "us-west-2"),
        ("_HANDLER", "--test-threads=1"),
        ("LAMBDA_TASK_ROOT", env!("CARGO_MANIFEST_DIR")),
    ] {
        assert_eq!(local.get(&format!("/environment?name={name}")).text(), value, "{name}");
    }
    let api = local.get("/environment?name=AWS_LAMBDA_RUNTIME_API");
    let (host, port) = api.text().split_once(':').expect("host:port");
    assert!(host == "127.0.0.1" && port.parse::<u16>().is_ok(), "{}", api.text());
}

#[test]
fn runtime_api() {
    let local = Local::with(&["--timeout", "5"]);
    let head = local.get("/head");
    let value = |name: &str| {
        let lines = head.text().lines().filter_map(|line| line.split_once(": "));
        let values: Vec<_> =
            lines.filter(|(own, _)| *own == name).map(|(_, value)| value.to_owned()).collect();
        values.into_iter().next().unwrap_or_else(|| panic!("no {name}: {}", head.text()))
    };
    assert_eq!(value("content-type"), "application/json");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is later");
    let deadline: u128 = value("lambda-runtime-deadline-ms").parse().expect("a number");
    assert!((now.as_millis()..now.as_millis() + 5_100).contains(&deadline), "{deadline}");
    assert!(value("lambda-runtime-invoked-function-arn").ends_with(":function:local"));
    assert!(value("lambda-runtime-trace-id").starts_with("Root=1-"));
    let id = value("lambda-runtime-aws-request-id");
    let lengths: Vec<_> = id.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
    let stranger = local.get("/stranger");
    assert!(stranger.text().starts_with("HTTP/1.1 400 Bad Request {\"errorMessage\""), "{stranger:?}");
    let nowhere = local.get("/nowhere");
    assert!(nowhere.text().starts_with("HTTP/1.1 404 Not Found"), "{nowhere:?}");
}

#[test]
fn one_request_at_a_time_and_more_copies() {
    let local = Local::with(&["--max-concurrency", "3"]);
    let works = ["1", "2", "3", "4"].map(|number| Work::new(&format!("copies-{number}")));
    let ask = |work: &Work| local.get(&work.target()).text().to_owned();
    let ask = &ask;
    let pids: BTreeSet<String> = std::thread::scope(|scope| {
        let ask = |work| scope.spawn(move || ask(work));
        let [first @ .., last] = &works;
        let mut asked: Vec<_> = first.iter().map(ask).collect();
        first.iter().for_each(Work::has_begun);
        // All are at work: one more waits for one of them.
        asked.push(ask(last));
        first.iter().for_each(Work::go_on);
        last.has_begun();
        last.go_on();
        asked.into_iter().map(|one| one.join().expect("a reply")).collect()
    });
    assert_eq!(pids.len(), 3, "{pids:?}");
    assert!(pids.contains(local.get("/pid").text()));
    let starts = || local.lines().iter().filter(|line| line.contains("cold start")).count();
    local.shows("200  GET /pid");
    assert_eq!(starts(), 3, "{:#?}", local.lines());
}

#[test]
fn a_function_that_was_killed() {
    let local = Local::with(&[]);
    let pid: u32 = local.get("/pid").text().parse().expect("a number");
    // Idle, it costs nobody anything.
    send(pid, Signal::SIGKILL);
    reaped(pid);
    let next: u32 = local.get("/pid").text().parse().expect("a number");
    assert_ne!(pid, next);
    // At work, it costs that request.
    let work = Work::new("killed");
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| local.get(&work.target()));
        work.has_begun();
        send(next, Signal::SIGKILL);
        assert_eq!(slow.join().expect("a reply").status, 502);
    });
    local.shows("the function was killed by signal 9 in the middle of the request");
    assert_eq!(local.get("/").status, 200);
}

#[test]
fn a_timeout_ends_the_function() {
    let local = Local::with(&["--timeout", "2"]);
    let pid: u32 = local.get("/pid").text().parse().expect("a number");
    let work = Work::new("timeout");
    assert_eq!(local.get(&work.target()).status, 502);
    reaped(pid);
    assert_eq!(local.get("/").status, 200);
}

#[test]
fn a_rebuilt_function() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join(format!("function-{}", std::process::id()));
    let build = |word: &str| {
        let command = puppet::command().join("' '");
        let script = format!("#!/bin/sh\nWORD={word} exec '{command}'\n");
        let new = program.with_extension("new");
        std::fs::write(&new, script).expect("it can be written");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&new, mode).expect("it can be made executable");
        std::fs::rename(&new, &program).expect("it can be put in place");
    };
    build("first");
    let local = Local::of(&[], &[program.display().to_string()], &[]);
    let word = || local.get("/environment?name=WORD").text().to_owned();
    assert_eq!(word(), "first");
    let pid: u32 = local.get("/pid").text().parse().expect("a number");
    build("second");
    assert_eq!(word(), "second");
    reaped(pid);
    // In the middle of a build there is no program; the one that runs goes on.
    std::fs::remove_file(&program).expect("it is there");
    assert_eq!(word(), "second");
}
