//! Waits for futures where there is no runtime: in tests and on the command line.

use std::future::Future;
use std::pin::Pin;
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
        return Ok(runtime.block_on(work));
    }
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| runtime.block_on(work));
        thread.join().map_err(|_| "a panic while a request was answered".to_owned())
    })
}

/// The same for a future that stays on this thread, outside any runtime.
pub(crate) fn block_here<T>(work: impl Future<Output = T>) -> Result<T, String> {
    if Handle::try_current().is_ok() {
        return Err("`carafe::run` makes a runtime of its own: call it from a plain `fn main`".to_owned());
    }
    let mut output = None;
    // Boxed, so that a program has the waiting once.
    let work: Pin<Box<dyn Future<Output = ()> + '_>> = Box::pin(async { output = Some(work.await) });
    runtime()?.block_on(work);
    output.ok_or_else(|| "the future has no output".to_owned())
}
