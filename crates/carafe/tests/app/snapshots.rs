//! `App::before_snapshot` and `App::after_restore`: their order, their arguments, their errors.

#![expect(clippy::needless_pass_by_value, reason = "hooks are written so")]

use std::sync::Mutex;

use carafe::{App, Context, Result, State, abort};
use carafe_lambda::{Failure, Service};

#[derive(Default)]
struct Log(Mutex<Vec<&'static str>>);

impl Log {
    fn note(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }
}

fn first(log: State<Log>) {
    log.note("first");
}

async fn second(log: State<Log>, _: Context) -> std::io::Result<()> {
    tokio::task::yield_now().await;
    log.note("second");
    Ok(())
}

fn read(log: State<Log>) -> Result {
    let all = log.0.lock().unwrap().join(" ");
    Err(abort(503, all))
}

/// Runs the hooks of an app, up to the first that fails.
fn hooks(app: App) -> std::result::Result<(), Failure> {
    let service = carafe::__private::assembled(&app.state(Log::default())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        service.before_snapshot().await?;
        service.after_restore().await
    })
}

#[test]
fn they_run_in_mirrored_order() {
    let app = App::new().before_snapshot(first).before_snapshot(second).after_restore(first);
    let failure = hooks(app.after_restore(second).after_restore(read)).unwrap_err();
    assert_eq!(failure.message, "second first first second");
    assert_eq!(hooks(App::new()), Ok(()));
    assert_eq!(hooks(App::new().before_snapshot(|| ()).after_restore(async || ())), Ok(()));
}

#[test]
fn the_first_error_ends_them() {
    let broken = || Err::<(), _>(std::io::Error::other("no pool"));
    let failure = hooks(App::new().before_snapshot(broken).after_restore(read)).unwrap_err();
    assert_eq!(failure.message, "no pool");
    let failure = hooks(App::new().after_restore(broken).after_restore(read)).unwrap_err();
    assert_eq!(failure.message, "no pool");
}

#[test]
fn what_they_require_is_checked() {
    for app in [App::new().before_snapshot(first), App::new().after_restore(second)] {
        let told = app.check().unwrap_err().to_string();
        assert!(told.contains("Log") && told.contains("snapshots.rs:"), "{told}");
    }
}
