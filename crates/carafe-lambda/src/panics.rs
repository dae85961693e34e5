//! Panics as values: where they happened, and one log line in place of the raw message on standard error.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::pin::pin;
use std::task::Poll;

use crate::failure::Failure;
use crate::log::{self, Level};

thread_local! {
    /// Set while a service runs: whoever set it will report the panic.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Takes over the panic message of the process: a message made from input could write anything into the log.
pub(crate) fn install_hook() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let location = info.location().map(ToString::to_string);
        if CAUGHT.get() {
            LOCATION.set(location);
        } else {
            let message = format!("panic: {}", message(info.payload()));
            log::failure(Level::Error, &Failure { kind: Failure::PANIC, message, location }, None);
        }
    }));
}

/// A future's output, or the panic that ended it. What it held is dropped in here as well.
pub(crate) async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let mut work = pin!(work);
    poll_fn(|task| match catch(|| work.as_mut().poll(task)) {
        Ok(poll) => poll.map(Ok),
        Err(failure) => Poll::Ready(Err(failure)),
    })
    .await
}

/// Runs something that may panic.
fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    let outer = CAUGHT.replace(true);
    // Of a panic that somebody else has caught.
    LOCATION.take();
    // Whatever the work left half done belongs to the one request it was for, or is behind a lock that says so.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    result.map_err(|payload| Failure::from_panic(payload.as_ref()))
}

impl Failure {
    /// What [`std::panic::catch_unwind`] caught; inside a [`crate::Service`] with the place it came from.
    pub fn from_panic(payload: &(dyn Any + Send)) -> Failure {
        Failure { kind: Failure::PANIC, message: message(payload).to_owned(), location: LOCATION.take() }
    }
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("a value that is no text")
}
