//! Work after the answer: delivered first, not frozen, and busy for everybody else.

use super::local::{Local, Work, is_alive, is_frozen, send, until};

fn pid(local: &Local, target: &str) -> u32 {
    local.get(target).text().parse().expect("a number")
}

#[test]
fn the_answer_is_delivered_and_the_function_goes_on() {
    let local = Local::with(&["--max-concurrency", "1"]);
    let work = Work::new("after");
    // There is an answer, although the work cannot end.
    let function = pid(&local, &work.after());
    work.has_begun();
    assert!(!is_frozen(function) && !work.is_done());
    std::thread::scope(|scope| {
        // The next request waits for the one copy.
        let next = scope.spawn(|| pid(&local, "/pid"));
        work.go_on();
        assert_eq!(next.join().expect("a reply"), function);
        assert!(work.is_done());
    });
    until("it is frozen", || is_frozen(function));
}

#[test]
fn another_copy_answers_meanwhile() {
    let local = Local::with(&[]);
    let work = Work::new("after-busy");
    let function = pid(&local, &work.after());
    work.has_begun();
    assert_ne!(pid(&local, "/pid"), function);
    assert!(!work.is_done());
    work.go_on();
    until("it is done", || work.is_done());
    until("it is frozen", || is_frozen(function));
}

#[test]
fn who_has_ended_is_not_late() {
    let local = Local::with(&["--max-concurrency", "1"]);
    let work = Work::new("after-gone");
    let function = pid(&local, &work.after());
    work.has_begun();
    send(function, nix::sys::signal::Signal::SIGKILL);
    // There is room for one, so its end has been noticed before the next one answers.
    assert_ne!(pid(&local, "/pid"), function);
    local.shows("GET /pid");
    assert!(!local.lines().iter().any(|line| line.contains("still at work")), "{:?}", local.lines());
}

#[test]
fn the_timeout_ends_it() {
    let local = Local::with(&["--timeout", "1", "--max-concurrency", "1"]);
    let work = Work::new("after-late");
    let function = pid(&local, &work.after());
    let line = local.shows("still at work");
    assert!(line.contains("timeout of 1 s"), "{line}");
    until("it is gone", || !is_alive(function));
    assert_ne!(pid(&local, "/pid"), function);
    assert!(!work.is_done());
}
