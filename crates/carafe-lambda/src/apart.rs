//! Futures that are not inlined into their callers.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Waits for a future whose code a program is to have once, however many callers wait for one of its kind. It comes pinned,
/// because moving one of these futures costs more than calling it.
pub(crate) fn apart<F: Future>(mut work: Pin<&mut F>) -> impl Future<Output = F::Output> {
    poll_fn(move |task| poll(work.as_mut(), task))
}

#[inline(never)]
fn poll<F: Future>(work: Pin<&mut F>, task: &mut Context<'_>) -> Poll<F::Output> {
    work.poll(task)
}
