//! Futures that are not inlined into their callers.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Waits for a future whose code a program is to have once, however many callers wait for one of its kind.
pub(crate) async fn apart<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|task| poll(work.as_mut(), task)).await
}

#[inline(never)]
fn poll<F: Future>(work: Pin<&mut F>, task: &mut Context<'_>) -> Poll<F::Output> {
    work.poll(task)
}
