//! How long work after the answer may go on, on a clock that stands still while nobody waits.
#![expect(clippy::expect_used, reason = "a test whose set-up fails may end there")]

use std::future::ready;
use std::sync::{Arc, Mutex};
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
