//! Events that are no HTTP requests, for a program that has a function for them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

use crate::arrival::Arrival;
use crate::deadline::in_time;
use crate::event::Event;
use crate::failure::{Failure, FailureKind};
use crate::log;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::panics::caught;

/// A function for events that are no HTTP requests: what [`Service::other_events`](crate::Service::other_events) returns.
///
/// It gets an [`Event`] whose body is the payload of the invocation. What it returns is posted as it is; a failure fails the
/// invocation, so that Lambda tries again, and so do a panic and a missed deadline.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::OtherEvents;
///
/// let echo = OtherEvents::new(|event| Box::pin(async move { Ok(event.body().clone()) }));
/// # drop(echo);
/// ```
pub struct OtherEvents(Box<dyn Answer>);

/// A future of the answer's JSON.
type Answering<'a> = Pin<Box<dyn Future<Output = Result<Bytes, Failure>> + Send + 'a>>;

/// The way of an event through the function, behind a pointer: a program that makes no [`OtherEvents`] is linked without it.
trait Answer: Send + Sync {
    fn answer<'a>(
        &'a self,
        event: Event,
        arrival: &'a Arrival,
        options: &'a Options,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;
}

impl OtherEvents {
    /// Makes it of a function.
    pub fn new(function: impl Fn(Event) -> Answering<'static> + Send + Sync + 'static) -> OtherEvents {
        OtherEvents(Box::new(Function(function)))
    }

    pub(crate) async fn answer(&self, event: Event, arrival: &Arrival, options: &Options) -> Outcome {
        self.0.answer(event, arrival, options).await
    }
}

impl fmt::Debug for OtherEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtherEvents")
    }
}

struct Function<F>(F);

impl<F: Fn(Event) -> Answering<'static> + Send + Sync> Answer for Function<F> {
    fn answer<'a>(
        &'a self,
        event: Event,
        arrival: &'a Arrival,
        options: &'a Options,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async move {
            let work = caught(in_time(|| self.0(event.clone()), &event, options.margin)).await;
            let late = || {
                let message = format!("not done {} ms before the deadline", options.margin.as_millis());
                Err(Failure::new(FailureKind::Deadline, message))
            };
            let answer = work.and_then(|done| done.unwrap_or_else(late));
            if options.log_requests || answer.is_err() {
                let context = event.context();
                log::event(&log::EventEntry {
                    took: arrival.started.elapsed(),
                    bytes_in: arrival.bytes_in,
                    bytes_out: answer.as_ref().map_or(0, Bytes::len),
                    request_id: &context.request_id,
                    xray_trace_id: context.trace_id.as_deref(),
                    cold_start: arrival.cold_start,
                    failure: answer.as_ref().err(),
                });
            }
            Outcome::new(answer, &event, options)
        })
    }
}
