//! The outcome of an invocation, for the run loop.

use bytes::Bytes;

use crate::after::After;
use crate::event::Event;
use crate::failure::Failure;
use crate::options::Options;

/// The outcome of one invocation.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Answer, Context, Event, Options, Service, respond};
///
/// struct Slow;
///
/// impl Service for Slow {
///     async fn call(&self, event: Event) -> Answer {
///         event.after().spawn(async { Ok(()) });
///         Answer::default()
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let payload = Bytes::from(r#"{"Records": []}"#);
/// let outcome = respond(&Slow, payload, Context::new("8476a536"), &Options::default()).await;
/// assert!(outcome.answer.is_err(), "not an HTTP request");
/// // A run loop posts the answer first.
/// if let Some(after) = outcome.after {
///     after.run().await;
/// }
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
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
