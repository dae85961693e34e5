//! The outcome of an invocation, for the run loop.

use bytes::Bytes;

use crate::after::After;
use crate::event::Event;
use crate::failure::Failure;
use crate::options::Options;

/// The outcome of one invocation.
#[derive(Debug)]
#[must_use = "the answer is to be posted, and then the work after it to be run"]
#[non_exhaustive]
pub struct Outcome {
    /// The document to post, or the failure with which the invocation should fail: the event is not an HTTP request, or
    /// [`Options::fail_on_error`] is on and something was not handled.
    pub answer: Result<Bytes, Failure>,
    /// The work for the time after that, if somebody asked for it: to be run once Lambda has accepted what was posted, and
    /// before the next event is asked for.
    pub after: Option<After>,
}

impl Outcome {
    pub(crate) fn new(answer: Result<Bytes, Failure>, event: &Event, options: &Options) -> Outcome {
        Outcome { answer, after: event.touched_after().map(|after| after.with_margin(options.margin)) }
    }
}
