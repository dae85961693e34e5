//! One event in, one answer out: everything between the bytes of the two.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Method, StatusCode};

use crate::answer::{Answer, stand_in};
use crate::context::Context;
use crate::document::Document;
use crate::event::{Event, EventError};
use crate::failure::{Failure, FailureKind};
use crate::log::{self, Level};
use crate::malloc;
use crate::options::Options;
use crate::panics;

/// Something that answers requests.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Answer, Event, Service};
///
/// struct Hello;
///
/// impl Service for Hello {
///     async fn call(&self, event: Event) -> Answer {
///         Answer::new(http::Response::new(Bytes::from(format!("Hello {}!", event.raw_path()))))
///     }
/// }
/// ```
pub trait Service: Send + Sync + 'static {
    /// Answers one request. A panic is caught and answered 500.
    fn call(&self, event: Event) -> impl Future<Output = Answer> + Send;
}

/// Answers one event with the JSON its sender expects: what the run loop does for each invocation.
///
/// Whatever a client can cause is an answer: an event that cannot be read is a 400, a panic a 500, a missed deadline
/// a 504, an answer that would be refused a 500. One log line goes to standard error.
///
/// With a deadline in the context and a service that waits, it must run inside a tokio runtime with its timer on.
///
/// # Errors
/// The event is not an HTTP request, or [`Options::fail_on_error`] is on and something was not handled. The
/// invocation should fail then.
pub async fn respond<S: Service>(
    service: &S,
    payload: Bytes,
    context: Context,
    options: &Options,
) -> Result<Bytes, Failure> {
    let started = Instant::now();
    let cold_start = !WARM.swap(true, Ordering::Relaxed);
    let bytes_in = payload.len();
    malloc::used(bytes_in);
    let request_id = context.request_id.clone();
    let event = match Event::from_payload(payload, context) {
        Ok(event) => event,
        Err(error) => return unreadable(&error, &request_id),
    };
    let (sent, failure) = panics::caught(answered(service, &event, options))
        .await
        .unwrap_or_else(|failure| (Sent::stand_in(StatusCode::INTERNAL_SERVER_ERROR, &event), Some(failure)));
    if options.log_requests || failure.is_some() {
        let context = event.context();
        log::request(&log::Entry {
            method: event.method().as_str(),
            route: event.noted_route(),
            path: event.raw_path(),
            status: sent.status.as_u16(),
            took: started.elapsed(),
            bytes_in,
            bytes_out: sent.body_len,
            request_id: &context.request_id,
            trace_id: event.header("x-amzn-trace-id"),
            xray_trace_id: context.trace_id.as_deref(),
            cold_start,
            health_check: event.is_health_check(),
            failure: failure.as_ref(),
        });
    }
    match failure {
        Some(failure) if options.fail_on_error => Err(failure),
        _ => Ok(sent.json),
    }
}

/// Whether this process has been asked before.
static WARM: AtomicBool = AtomicBool::new(false);

fn unreadable(error: &EventError, request_id: &str) -> Result<Bytes, Failure> {
    let failure = Failure::new(FailureKind::Event, error.to_string());
    if error.is_foreign() {
        log::failure(Level::Error, &failure, Some(request_id));
        return Err(failure);
    }
    log::failure(Level::Warn, &failure, Some(request_id));
    let response = stand_in(StatusCode::BAD_REQUEST, request_id);
    Ok(Document::new(response, &Method::GET, error.event_source()).to_bytes())
}

/// What goes out, and what the log line tells of it.
struct Sent {
    status: StatusCode,
    body_len: usize,
    json: Bytes,
}

impl Sent {
    fn new(document: &Document, json: Bytes) -> Sent {
        let response = document.response();
        Sent { status: response.status(), body_len: response.body().len(), json }
    }

    /// The small answer in place of one that cannot be sent.
    fn stand_in(status: StatusCode, event: &Event) -> Sent {
        let response = stand_in(status, &event.context().request_id);
        let document = Document::new(response, event.method(), event.source());
        Sent::new(&document, document.to_bytes())
    }
}

/// The answer if its reader will take it, else a small one in its place and the reason.
fn checked(response: http::Response<Bytes>, event: &Event) -> (Sent, Option<Failure>) {
    malloc::used(response.body().len());
    let mut document = Document::new(response, event.method(), event.source());
    let json = match document.within_limits() {
        Ok(json) => json,
        Err(refusal) => {
            let failure = Failure::new(FailureKind::Refused, refusal.to_string());
            return (Sent::stand_in(StatusCode::INTERNAL_SERVER_ERROR, event), Some(failure));
        }
    };
    let lost = document.lost();
    if !lost.is_empty() {
        let message = format!("only the last value of {lost:?} was sent: this header mode has room for one");
        let failure = Failure::new(FailureKind::Refused, message);
        log::failure(Level::Warn, &failure, Some(&event.context().request_id));
    }
    (Sent::new(&document, json), None)
}

/// Asks the service, and makes the document of its answer. The one fence against panics is around all of this, because
/// what the service made may also panic when it is dropped: a future that did not finish in time, or a response.
async fn answered<S: Service>(service: &S, event: &Event, options: &Options) -> (Sent, Option<Failure>) {
    match call(service, event, options.margin).await {
        Ok(answer) => {
            let (sent, refusal) = checked(answer.response, event);
            (sent, refusal.or(answer.failure))
        }
        Err(late) => (Sent::stand_in(StatusCode::GATEWAY_TIMEOUT, event), Some(late)),
    }
}

/// Lets the service work, until shortly before the deadline. A service that blocks the thread instead of waiting
/// cannot be interrupted; its answer is sent when it comes, if Lambda has not killed the function by then.
async fn call<S: Service>(service: &S, event: &Event, margin: Duration) -> Result<Answer, Failure> {
    let mut work = pin!(service.call(event.clone()));
    // Most services are ready at once; only those that wait pay for a timer.
    let mut timer: Option<Pin<Box<tokio::time::Sleep>>> = None;
    poll_fn(|task| {
        if let Poll::Ready(answer) = work.as_mut().poll(task) {
            return Poll::Ready(Ok(answer));
        }
        let Some(deadline) = event.context().deadline else { return Poll::Pending };
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(until(deadline, margin))));
        timer.as_mut().poll(task).map(|()| {
            let message = format!("no answer {} ms before the deadline", margin.as_millis());
            Err(Failure::new(FailureKind::Deadline, message))
        })
    })
    .await
}

fn until(deadline: SystemTime, margin: Duration) -> Duration {
    deadline.duration_since(SystemTime::now()).unwrap_or_default().saturating_sub(margin)
}
