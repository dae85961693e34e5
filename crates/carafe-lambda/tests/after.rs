//! How long work after the answer may go on, on a clock that stands still while nobody waits; and what becomes of work that
//! nobody runs.
#![expect(clippy::expect_used, reason = "a test whose set-up fails may end there")]

use std::future::{pending, poll_fn, ready};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use carafe_lambda::{After, Context};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

/// Runs tasks that take so many milliseconds each, until `end`. Returns which of them were done, and the time of the end.
fn done(context: &Context, tasks: &[u64], end: bool) -> (Vec<u64>, Duration) {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let (after, done) = (After::new(context), Arc::new(Mutex::new(Vec::new())));
        for millis in tasks.iter().copied() {
            let done = Arc::clone(&done);
            after.spawn(async move {
                sleep(Duration::from_millis(millis)).await;
                done.lock().expect("no panic").push(millis);
                Ok(())
            });
        }
        let started = Instant::now();
        match end {
            true => after.run_until(ready(())).await,
            false => after.run().await,
        }
        let done = done.lock().expect("no panic").clone();
        (done, started.elapsed())
    })
}

#[test]
fn sigterm_leaves_250_ms() {
    let context = Context::new("1");
    assert_eq!(done(&context, &[200], true), (vec![200], Duration::from_millis(200)));
    assert_eq!(done(&context, &[300, 100, 240], true), (vec![100, 240], Duration::from_millis(250)));
    assert_eq!(done(&context, &[300, 100, 240], false), (vec![100, 240, 300], Duration::from_millis(300)));
}

#[test]
fn the_deadline_cuts_work_whatever_the_end() {
    // The deadline is a time of the clock on the wall, which goes on: far away, and over.
    let context = |deadline: SystemTime| {
        let mut context = Context::new("1");
        context.deadline = Some(deadline);
        context
    };
    let far = context(SystemTime::now() + Duration::from_secs(3600));
    assert_eq!(done(&far, &[60_000], false).0, [60_000]);
    assert_eq!(done(&far, &[3_600_000], false).0, []);
    let over = context(SystemTime::now() - Duration::from_secs(1));
    assert_eq!(done(&over, &[0], false), (vec![], Duration::ZERO));
}

/// Leaves work behind that is ready at once and leaves more behind, so many times.
fn chain(after: &After, times: u32, step: Arc<dyn Fn(u32) -> bool + Send + Sync>) {
    let own = after.clone();
    after.spawn(async move {
        if step(times) && times > 0 {
            chain(&own, times - 1, step);
        }
        Ok(())
    });
}

#[test]
fn sigterm_is_seen_between_ready_work_and_what_it_leaves() {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let seen = Arc::new(AtomicU32::new(0));
    let (asked, at_the_end) = (Arc::clone(&seen), Arc::new(AtomicU32::new(0)));
    let (count, last) = (Arc::clone(&seen), Arc::clone(&at_the_end));
    let after = After::new(&Context::new("1"));
    chain(
        &after,
        100,
        Arc::new(move |left| {
            last.store(if left == 0 { count.load(Ordering::Relaxed) } else { 0 }, Ordering::Relaxed);
            true
        }),
    );
    runtime.block_on(after.run_until(poll_fn(move |_| {
        asked.fetch_add(1, Ordering::Relaxed);
        Poll::Pending
    })));
    assert_eq!(at_the_end.load(Ordering::Relaxed), 100, "it is asked after each piece of work");
}

#[test]
fn ready_work_that_never_ends_is_cut_at_the_deadline() {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut context = Context::new("1");
    context.deadline = Some(SystemTime::now() + Duration::from_millis(400));
    let (after, started) = (After::new(&context), std::time::Instant::now());
    let gave_up = Arc::new(AtomicU32::new(0));
    let noted = Arc::clone(&gave_up);
    // The minute is for a run that is not cut.
    let step = move |_| {
        let goes_on = started.elapsed() < Duration::from_secs(60);
        noted.fetch_add(u32::from(!goes_on), Ordering::Relaxed);
        goes_on
    };
    chain(&after, u32::MAX, Arc::new(step));
    runtime.block_on(after.run());
    assert_eq!(gave_up.load(Ordering::Relaxed), 0, "it was not cut");
}

/// Not a test: a program whose work is lost, as the variable says.
#[test]
#[ignore = "another test starts it"]
fn loses_work() {
    let Ok(how) = std::env::var(HOW) else { return };
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let after = After::new(&Context::new("lost-1"));
        match how.as_str() {
            "none" => {}
            "not run" => after.spawn(ready(Ok(()))),
            "done" => {
                after.spawn(ready(Ok(())));
                after.run().await;
            }
            _ => {
                after.spawn(pending());
                after.spawn(pending());
                let mut run = after.run();
                let is_pending = poll_fn(|task| Poll::Ready(run.as_mut().poll(task).is_pending())).await;
                assert!(is_pending);
            }
        }
    });
}

const HOW: &str = "CARAFE_TEST_LOSES_WORK";

#[test]
fn the_log_tells_of_work_that_is_lost() {
    let log = |how: &str| {
        let tests = std::env::current_exe().expect("a test knows its program");
        let arguments = ["loses_work", "--exact", "--ignored", "--nocapture"];
        let output = Command::new(tests).args(arguments).env(HOW, how).output().expect("it starts");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).expect("text")
    };
    for (how, message) in [
        ("not run", "a task after the answer was not started: no run loop ran it"),
        ("cut", "2 tasks after the answer were cut: the run loop did not wait for it"),
    ] {
        let log = log(how);
        assert!(log.contains(message) && log.contains("lost-1"), "{how}: {log}");
        assert_eq!(log.matches("after the answer").count(), 1, "{log}");
    }
    for how in ["none", "done"] {
        assert!(!log(how).contains("after the answer"), "{how}");
    }
}
