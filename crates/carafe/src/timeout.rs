//! The most time that some routes may take.

use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use carafe_lambda::caught_sync;

use crate::{Middleware, Next, Request, Requirements, Response, Result, abort};

/// Ends what takes too long with a 504: middleware for a group, or the app.
///
/// The handler is dropped where it waits (`async`). One that blocks its thread cannot be ended; the function's own timeout
/// ends that. The 504 of the function's deadline stays, whatever this allows.
///
/// ```
/// use std::time::Duration;
/// use carafe::{App, Timeout, get, routes};
///
/// #[get("/slow")]
/// async fn slow() -> &'static str {
///     std::future::pending::<()>().await; // a database that does not answer
///     "here it is"
/// }
///
/// let client = App::new().routes(routes![slow].around(Timeout::after(Duration::from_millis(1)))).test();
/// assert_eq!(client.get("/slow").send().status(), 504);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Timeout(Duration);

impl Timeout {
    /// Makes one that ends what is not ready after this time. Of several on a route's way the shortest counts.
    #[must_use]
    pub fn after(time: Duration) -> Timeout {
        Timeout(time)
    }
}

impl Middleware for Timeout {
    async fn handle(&self, request: &Request, next: Next<'_>) -> Result<Response> {
        let mut work = pin!(Some(next.run(request)));
        let answer = poll_fn(|task| match work.as_mut().as_pin_mut() {
            Some(work) => work.poll(task),
            None => Poll::Pending,
        });
        if let Ok(response) = tokio::time::timeout(self.0, answer).await {
            return Ok(response);
        }
        // What unfinished work holds may panic when it is dropped; that is not what the client is told.
        let panic = caught_sync(|| work.set(None)).err();
        let cause = TimedOut { allowed: self.0, panic: panic.map(|panic| panic.message) };
        Err(abort(504, "This took too long").with_source(cause))
    }

    fn requires(&self, requirements: &mut Requirements<'_>) {
        if self.0.is_zero() {
            requirements.problem("`Timeout::after`: nothing can be ready after no time");
        }
    }
}

/// The cause of the 504 that [`Timeout`] answers: the handler was dropped in the middle of what it did. Middleware that keeps what a
/// handler has done asks for it.
///
/// ```
/// use carafe::{Response, ResponseExt as _, TimedOut};
///
/// fn is_half_done(response: &Response) -> bool {
///     let error = response.error();
///     error.is_some_and(|error| error.is_panic() || error.source().is_some_and(|cause| cause.is::<TimedOut>()))
/// }
/// ```
#[derive(Debug)]
pub struct TimedOut {
    allowed: Duration,
    /// What the handler's destructors panicked with.
    panic: Option<String>,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer after {:?}, which `Timeout` allows", self.allowed)?;
        match &self.panic {
            Some(panic) => write!(f, "; what the handler held panicked when it was dropped: {panic}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TimedOut {}
