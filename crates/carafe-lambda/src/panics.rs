//! Panics as values with their location, and one log line in place of the raw message on standard error.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::pin::pin;
use std::task::Poll;

use crate::failure::{Failure, FailureKind};
use crate::log::{self, Level};

thread_local! {
    static FENCE: Cell<Fence> = const { Cell::new(Fence::Absent) };
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The state of the innermost fence of a thread. It is a plain byte, so that a fence without a panic costs next to nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fence {
    /// Panics are not caught here.
    Absent,
    /// Code runs whose panics are caught and reported.
    Up,
    /// The same, and the hook has noted the location of a panic.
    Hit,
}

/// Replaces the panic hook of the process, because a message made from input could write anything into the log.
pub(crate) fn install_hook() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let location = info.location().map(ToString::to_string);
        if FENCE.get() == Fence::Absent {
            let failure = Failure { location, ..panicked(info.payload()) };
            log::failure(Level::Error, &failure, None);
        } else {
            LOCATION.set(location);
            FENCE.set(Fence::Hit);
        }
    }));
}

/// Waits for a future and returns its output, or the panic that ended it. The future is dropped inside the fence, so a
/// destructor that panics is caught as well.
///
/// It asserts unwind safety: state that a panic leaves half changed belongs to one request, or is behind a lock that is
/// then poisoned.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use carafe_lambda::caught;
///
/// assert_eq!(caught(async { 6 * 7 }).await, Ok(42));
/// let failure = caught(async { [0; 3].iter().position(|n| *n > 0).expect("none") }).await.unwrap_err();
/// assert_eq!(failure.message, "none");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The panic: its message and, in a process that runs [`run`](crate::run), its location.
pub async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let mut work = pin!(Some(work));
    // Outside the fence: a destructor of the future that panics must not drop it while unwinding.
    let mut output = None;
    let ended = poll_fn(|task| {
        let polled = caught_sync(|| {
            let Some(future) = work.as_mut().as_pin_mut() else { return Poll::Pending };
            let Poll::Ready(value) = future.poll(task) else { return Poll::Pending };
            output = Some(value);
            work.set(None);
            Poll::Ready(())
        });
        match polled {
            Ok(poll) => poll.map(Ok),
            Err(failure) => Poll::Ready(Err(failure)),
        }
    })
    .await;
    let failure = match (ended, output.take()) {
        (Ok(()), Some(output)) => return Ok(output),
        (Ok(()), None) => Failure::new(FailureKind::Panic, "the future has no output"),
        (Err(failure), unused) => {
            // The first panic is reported, whatever the destructors do now.
            let _ = caught_sync(|| drop(unused));
            failure
        }
    };
    let _ = caught_sync(|| work.set(None));
    Err(failure)
}

/// Runs a function and returns its result, or the panic that ended it.
///
/// ```
/// use carafe_lambda::caught_sync;
///
/// assert_eq!(caught_sync(|| 6 * 7), Ok(42));
/// assert_eq!(caught_sync(|| -> u32 { panic!("no idea") }).unwrap_err().message, "no idea");
/// ```
///
/// # Errors
/// As for [`caught`].
pub fn caught_sync<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    let outer = FENCE.replace(Fence::Up);
    let result = panic::catch_unwind(AssertUnwindSafe(work)).map_err(reported);
    // What was noted belongs to a panic that is over.
    FENCE.set(if outer == Fence::Absent { Fence::Absent } else { Fence::Up });
    result
}

/// Makes the failure for the payload of a panic, with the location that the hook noted, and drops the payload.
#[cold]
fn reported(payload: Box<dyn Any + Send>) -> Failure {
    let location = if FENCE.get() == Fence::Hit { LOCATION.take() } else { None };
    let failure = Failure { location, ..panicked(payload.as_ref()) };
    dispose(payload);
    failure
}

/// Drops the payload of a panic. Its destructor may panic with a payload whose destructor panics, and so on; the second
/// payload is leaked to end that.
fn dispose(payload: Box<dyn Any + Send>) {
    if let Err(second) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

/// Makes the failure for the payload of a panic.
fn panicked(payload: &(dyn Any + Send)) -> Failure {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Failure::new(FailureKind::Panic, text.unwrap_or("a value that is not text"))
}

#[cfg(test)]
mod tests {
    use super::{caught, caught_sync};
    use std::panic::panic_any;

    /// Panics so many times when it is dropped: with one of itself that panics once less.
    struct Fragile(u32);

    impl Drop for Fragile {
        fn drop(&mut self) {
            match self.0 {
                0 => {}
                1 => panic!("dropped"),
                more => panic_any(Fragile(more - 1)),
            }
        }
    }

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn a_panic_is_a_value() {
        let number = 7;
        for (failure, message) in [
            (caught_sync(|| -> () { panic!("text") }), "text"),
            (caught_sync(|| -> () { panic!("number {number}") }), "number 7"),
            (caught_sync(|| -> () { panic_any(7) }), "a value that is not text"),
            (block_on(caught(async { panic!("text") })), "text"),
        ] {
            assert_eq!(failure.map_err(|failure| failure.message), Err(message.to_owned()));
        }
        assert_eq!(block_on(caught(async { 7 })), Ok(7));
    }

    #[test]
    fn what_a_panic_carries_may_panic_as_often_as_it_likes() {
        for times in 0..5 {
            let failure = caught_sync(|| -> () { panic_any(Fragile(times)) }).expect_err("a panic");
            assert_eq!(failure.message, "a value that is not text", "{times}");
        }
    }

    #[test]
    fn a_destructor_that_panics_is_caught() {
        let failure = caught_sync(|| drop(Fragile(1))).expect_err("a panic");
        assert_eq!(failure.message, "dropped");
        let own = block_on(caught(async {
            let _fragile = Fragile(1);
            tokio::task::yield_now().await;
        }));
        assert_eq!(own.expect_err("a panic").message, "dropped");

        /// Ready at once, but not well to drop.
        struct Ready(#[expect(dead_code, reason = "it is there to be dropped")] Fragile, u32);
        impl Future for Ready {
            type Output = Fragile;
            fn poll(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Fragile> {
                std::task::Poll::Ready(Fragile(self.1))
            }
        }
        for output in 0..3 {
            assert!(block_on(caught(Ready(Fragile(1), output))).is_err(), "{output}");
        }
    }

    #[test]
    fn fences_may_stand_in_each_other() {
        let outer = caught_sync(|| {
            assert!(caught_sync(|| panic!("inner")).is_err());
            7
        });
        assert_eq!(outer, Ok(7));
    }
}
