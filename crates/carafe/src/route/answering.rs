//! What a call of the author's code returns: an answer that is there, or a future of one.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::error::{Error, Result};
use crate::response::Response;

/// The outcome of calling a handler, a catcher or a middleware.
///
/// A function that waits for nothing has answered when its call returns, so it pays for no future.
#[expect(missing_debug_implementations, reason = "a future cannot be shown, and nobody holds this")]
pub enum Answering<'r> {
    /// The answer.
    Now(Result<Response>),
    /// The future of the answer.
    Later(Pin<Box<dyn Future<Output = Result<Response>> + Send + 'r>>),
}

impl<'r> Answering<'r> {
    /// Runs a future at once if it never waits, else puts it on the heap.
    pub fn of(waits: bool, work: impl Future<Output = Result<Response>> + Send + 'r) -> Answering<'r> {
        if waits {
            return Answering::Later(Box::pin(work));
        }
        match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Answering::Now(outcome),
            Poll::Pending => Answering::Now(Err(Error::from_source(
                "an extractor has waited that says that it does not".into(),
            ))),
        }
    }
}
