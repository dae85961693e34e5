//! Work that has to be done before the deadline.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use crate::context::time_before;
use crate::event::Event;
use crate::log::{self, Level};
use crate::panics;

/// Returns the output of the service's work, or `None` if it is not ready so long before the deadline. Work that blocks the
/// thread cannot be interrupted; its answer is sent when it comes, if Lambda has not killed the function by then.
///
/// It starts the work itself, so that the future is made where it is pinned.
pub(crate) async fn in_time<F: Future>(
    start: impl FnOnce() -> F,
    event: &Event,
    margin: Duration,
) -> Option<F::Output> {
    let mut work = pin!(Some(start()));
    // Most services are ready at once; only those that wait pay for a timer.
    let mut timer: Option<Pin<Box<tokio::time::Sleep>>> = None;
    poll_fn(|task| {
        if let Some(work) = work.as_mut().as_pin_mut()
            && let Poll::Ready(output) = work.poll(task)
        {
            return Poll::Ready(Some(output));
        }
        let Some(deadline) = event.context().deadline else { return Poll::Pending };
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(time_before(deadline, margin))));
        timer.as_mut().poll(task).map(|()| {
            // What unfinished work holds may panic when it is dropped; that is not what the client is told.
            if let Err(panic) = panics::caught_sync(|| work.set(None)) {
                log::failure(Level::Error, &panic, Some(&event.context().request_id));
            }
            None
        })
    })
    .await
}
