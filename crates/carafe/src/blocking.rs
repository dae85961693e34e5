//! Waits for futures where there is no runtime: in tests and on the command line.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

/// One for the process, so that connections opened by one request are there for the next.
static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();

fn runtime() -> Result<&'static Runtime, String> {
    let made = RUNTIME.get_or_init(|| {
        Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())
    });
    made.as_ref().map_err(Clone::clone)
}

/// Runs a future to its end on this thread, or beside it when the thread already runs others.
pub(crate) fn block_on<T: Send>(work: impl Future<Output = T> + Send) -> Result<T, String> {
    let runtime = runtime()?;
    if Handle::try_current().is_err() {
        return finished(runtime, work);
    }
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| finished(runtime, work));
        thread.join().map_err(|_| "a panic while a request was answered".to_owned())?
    })
}

/// The same for a future that stays on this thread, outside any runtime.
pub(crate) fn block_here<T>(work: impl Future<Output = T>) -> Result<T, String> {
    if Handle::try_current().is_ok() {
        return Err("`carafe::run` makes a runtime of its own: call it from a plain `fn main`".to_owned());
    }
    finished(runtime()?, work)
}

/// Runs a future to its end, and returns its output.
fn finished<T>(runtime: &Runtime, work: impl Future<Output = T>) -> Result<T, String> {
    let mut output = None;
    run(runtime, pin!(async { output = Some(work.await) }));
    output.ok_or_else(|| "a future ended without its output".to_owned())
}

/// Not generic, so that a program has tokio's loop once, and not a second time for each kind of future.
fn run(runtime: &Runtime, work: Pin<&mut dyn Future<Output = ()>>) {
    runtime.block_on(work);
}
