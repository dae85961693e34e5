//! Copies of the function that are stopped between invocations.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::sys::signal::Signal;

use super::local::{Local, Work, is_alive, is_frozen, reaped, send, until};
use super::puppet;

fn pid(local: &Local, target: &str) -> u32 {
    local.get(target).text().parse().expect("a number")
}

#[test]
fn work_that_is_left_behind_waits_for_the_next_event() {
    let local = Local::with(&["--max-concurrency", "1"]);
    let later = Work::new("freeze-later");
    let function = pid(&local, &later.later());
    let child = pid(&local, "/child");
    // All of its processes are.
    until("it is frozen", || is_frozen(function) && is_frozen(child));
    later.begin();
    assert!(!later.is_done());
    assert!(is_frozen(function) && is_frozen(child));
    let work = Work::new("freeze-work");
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| pid(&local, &work.target()));
        work.has_begun();
        until("what was left behind is done", || later.is_done());
        assert!(!is_frozen(function) && !is_frozen(child));
        work.go_on();
        assert_eq!(asked.join().expect("a reply"), function);
    });
    until("it is frozen again", || is_frozen(function) && is_frozen(child));
    // A frozen one is not lost.
    assert_eq!(pid(&local, "/pid"), function);
}

#[test]
fn without_freezing() {
    let local = Local::with(&["--no-freeze"]);
    let later = Work::new("no-freeze");
    let function = pid(&local, &later.later());
    later.begin();
    until("it goes on", || later.is_done());
    assert!(!is_frozen(function));
}

#[test]
fn every_end_is_an_end() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT] {
        let mut local = Local::with(&[]);
        let (function, child) = (pid(&local, "/pid"), pid(&local, "/child"));
        until("it is frozen", || is_frozen(function) && is_frozen(child));
        assert_eq!(local.end(signal), Some(0), "{signal}");
        until("no orphan is left", || !is_alive(function) && !is_alive(child));
    }
}

#[test]
fn a_frozen_copy_gets_sigterm() {
    // A shell around the function shows that the signal arrives: it is not killed before it could act.
    let done = Work::new("sigterm");
    let file = done.path();
    let script = format!("trap 'echo > {file}; exit 0' TERM; '{}' & wait $!", puppet::command().join("' '"));
    let mut local = Local::of(&[], &["sh".to_owned(), "-c".to_owned(), script], &[]);
    let function = pid(&local, "/pid");
    until("it is frozen", || is_frozen(function));
    assert_eq!(local.end(Signal::SIGTERM), Some(0));
    assert!(std::fs::exists(file).expect("a folder"));
    until("no orphan is left", || !is_alive(function));
}

#[test]
fn a_frozen_copy_that_was_killed_or_replaced() {
    let local = Local::with(&["--max-concurrency", "1"]);
    let first = pid(&local, "/pid");
    until("it is frozen", || is_frozen(first));
    send(first, Signal::SIGKILL);
    reaped(first);
    let second = pid(&local, "/pid");
    assert_ne!(first, second);
    // Somebody else lets it go on: it waits for its event as before.
    until("it is frozen", || is_frozen(second));
    send(second, Signal::SIGCONT);
    assert_eq!(pid(&local, "/pid"), second);
    until("it is frozen again", || is_frozen(second));
}

#[test]
fn the_time_of_an_invocation_begins_when_the_function_goes_on() {
    let local = Local::with(&["--timeout", "2", "--max-concurrency", "1"]);
    let function = pid(&local, "/pid");
    until("it is frozen", || is_frozen(function));
    std::thread::sleep(Duration::from_millis(2500));
    // It was frozen for longer than its timeout, and that does not count.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later");
    let head = local.get("/head");
    let deadline = head.text().lines().find_map(|line| line.strip_prefix("lambda-runtime-deadline-ms: "));
    let deadline: u128 = deadline.expect("a deadline").parse().expect("a number");
    assert!(deadline >= (now + Duration::from_secs(2)).as_millis(), "{deadline} {now:?}");
    assert_eq!(pid(&local, "/pid"), function);
}

/// How often the terminal tells of a second copy.
fn told(local: &Local) -> usize {
    local.lines().iter().filter(|line| line.starts_with("A second copy of the function")).count()
}

#[test]
fn a_second_copy_is_told_once() {
    let local = Local::with(&["--max-concurrency", "3"]);
    let works = ["1", "2", "3"].map(|number| Work::new(&format!("second-{number}")));
    local.get("/");
    local.shows("200  GET /");
    assert_eq!(told(&local), 0);
    std::thread::scope(|scope| {
        for (work, wanted) in works.iter().zip([0, 1, 1]) {
            scope.spawn(|| local.get(&work.target()));
            work.has_begun();
            until("the terminal tells", || told(&local) == wanted);
        }
        works.iter().for_each(Work::go_on);
    });
    local.shows("--max-concurrency 1");
    until("all are told of", || local.lines().iter().filter(|line| line.contains("GET /work")).count() == 3);
    assert_eq!(told(&local), 1);
}
