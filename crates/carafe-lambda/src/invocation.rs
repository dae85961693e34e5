//! One invocation: from the payload of an event to the document that answers it.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use crate::answer::Answer;
use crate::context::Context;
use crate::document::Document;
use crate::error_page::{ErrorDocument, ErrorSettings, error_page};
use crate::event::{Event, EventError};
use crate::failure::{Failure, FailureKind};
use crate::log::{self, Level};
use crate::malloc;
use crate::options::Options;
use crate::panics;
use crate::reason;

/// A handler of events.
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
    /// Answers one event. A panic is caught and answered 500.
    fn call(&self, event: Event) -> impl Future<Output = Answer> + Send;
}

/// Answers one invocation with the document its sender expects, as the run loop does for each.
///
/// An event that cannot be read is answered 400, a panic 500, a missed deadline 504, and a response that exceeds a limit
/// 500. One log line is written to standard error.
///
/// With a deadline in the context and a service that waits, it must run inside a tokio runtime whose timer is enabled.
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
    let unread = Unread { started, cold_start, bytes_in };
    let event = match Event::read(payload, context) {
        Ok(event) => event,
        Err(refused) => return unreadable(&refused.0, &refused.1, &unread, options),
    };
    let (sent, failure) =
        panics::caught(answered(service, &event, options)).await.unwrap_or_else(|failure| {
            (Sent::stand_in(StatusCode::INTERNAL_SERVER_ERROR, &event, options), Some(failure))
        });
    if options.log_requests || failure.is_some() {
        log_answer(&event, &sent, failure.as_ref(), &unread);
    }
    match failure {
        Some(failure) if options.fail_on_error => Err(failure),
        _ => Ok(sent.json),
    }
}

/// Writes the log line of an answered event. Apart from the generic future, so that a program has it once.
#[inline(never)]
fn log_answer(event: &Event, sent: &Sent, failure: Option<&Failure>, unread: &Unread) {
    let context = event.context();
    log::request(&log::Entry {
        method: Some(event.method().as_str()),
        route: event.noted_route().as_deref(),
        path: Some(event.raw_path()),
        status: sent.status.as_u16(),
        took: unread.started.elapsed(),
        bytes_in: unread.bytes_in,
        bytes_out: sent.body_len,
        request_id: &context.request_id,
        trace_id: event.header("x-amzn-trace-id"),
        xray_trace_id: context.trace_id.as_deref(),
        cold_start: unread.cold_start,
        health_check: event.is_health_check(),
        failure,
    });
}

/// True once this process has had an invocation.
static WARM: AtomicBool = AtomicBool::new(false);

/// The facts about an invocation that are known before its payload is read.
struct Unread {
    started: Instant,
    cold_start: bool,
    bytes_in: usize,
}

/// Answers an event that cannot be read with 400. One that is not an HTTP request fails the invocation.
#[cold]
fn unreadable(
    error: &EventError,
    context: &Context,
    unread: &Unread,
    options: &Options,
) -> Result<Bytes, Failure> {
    let failure = Failure::new(FailureKind::Event, error.to_string());
    if error.is_foreign() {
        log::failure(Level::Error, &failure, Some(&context.request_id));
        return Err(failure);
    }
    let known = error.known();
    let response =
        stand_in(StatusCode::BAD_REQUEST, known.accept.as_deref(), &context.request_id, options.errors);
    let method = known.method.as_deref().and_then(|method| method.parse().ok()).unwrap_or(Method::GET);
    let document = Document::new(response, &method, error.event_source());
    let sent = Sent::new(&document, document.to_bytes());
    log::request(&log::Entry {
        method: known.method.as_deref(),
        route: None,
        path: known.path.as_deref(),
        status: sent.status.as_u16(),
        took: unread.started.elapsed(),
        bytes_in: unread.bytes_in,
        bytes_out: sent.body_len,
        request_id: &context.request_id,
        trace_id: known.trace_id.as_deref(),
        xray_trace_id: context.trace_id.as_deref(),
        cold_start: unread.cold_start,
        health_check: false,
        failure: Some(&failure),
    });
    Ok(sent.json)
}

/// Makes the small answer in place of one that cannot be sent.
fn stand_in(
    status: StatusCode,
    accept: Option<&str>,
    request_id: &str,
    settings: ErrorSettings,
) -> Response<Bytes> {
    error_page(accept, &ErrorDocument::new(status, reason::phrase(status), request_id), settings)
}

/// The document that is sent, and the facts about it for the log line.
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

    /// Makes the small answer in place of one that cannot be sent.
    #[cold]
    fn stand_in(status: StatusCode, event: &Event, options: &Options) -> Sent {
        let request_id = &event.context().request_id;
        let response = stand_in(status, event.header("accept"), request_id, options.errors);
        let document = Document::new(response, event.method(), event.source());
        Sent::new(&document, document.to_bytes())
    }
}

/// Returns the document of a response, or of a small answer in its place and the failure if it exceeds a limit.
fn checked(response: Response<Bytes>, event: &Event, options: &Options) -> (Sent, Option<Failure>) {
    malloc::used(response.body().len());
    let mut document = Document::new(response, event.method(), event.source());
    let json = match document.within_limits() {
        Ok(json) => json,
        Err(refusal) => {
            let failure = Failure::new(FailureKind::Refused, refusal.to_string());
            return (Sent::stand_in(StatusCode::INTERNAL_SERVER_ERROR, event, options), Some(failure));
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

/// Calls the service and writes the document of its answer. The only fence against panics is around all of this, because
/// values that the service made may also panic when they are dropped: an unfinished future, or a response.
async fn answered<S: Service>(service: &S, event: &Event, options: &Options) -> (Sent, Option<Failure>) {
    match call(service, event, options.margin).await {
        Ok(answer) => {
            let (sent, refusal) = checked(answer.response, event, options);
            (sent, refusal.or(answer.failure))
        }
        Err(late) => (Sent::stand_in(StatusCode::GATEWAY_TIMEOUT, event, options), Some(late)),
    }
}

/// Calls the service, and gives up shortly before the deadline. A service that blocks the thread cannot be interrupted;
/// its answer is sent when it comes, if Lambda has not killed the function by then.
async fn call<S: Service>(service: &S, event: &Event, margin: Duration) -> Result<Answer, Failure> {
    let mut work = pin!(Some(service.call(event.clone())));
    // Most services are ready at once; only those that wait pay for a timer.
    let mut timer: Option<Pin<Box<tokio::time::Sleep>>> = None;
    let answer = poll_fn(|task| {
        if let Some(work) = work.as_mut().as_pin_mut()
            && let Poll::Ready(answer) = work.poll(task)
        {
            return Poll::Ready(Some(answer));
        }
        let Some(deadline) = event.context().deadline else { return Poll::Pending };
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(until(deadline, margin))));
        timer.as_mut().poll(task).map(|()| None)
    })
    .await;
    let Some(answer) = answer else {
        // What the unfinished service holds may panic when it is dropped; that is not what the client is told.
        if let Err(panic) = panics::caught_sync(|| work.set(None)) {
            log::failure(Level::Error, &panic, Some(&event.context().request_id));
        }
        let message = format!("no answer {} ms before the deadline", margin.as_millis());
        return Err(Failure::new(FailureKind::Deadline, message));
    };
    Ok(answer)
}

fn until(deadline: SystemTime, margin: Duration) -> Duration {
    deadline.duration_since(SystemTime::now()).unwrap_or_default().saturating_sub(margin)
}
