//! One invocation: from the payload of an event to the document that answers it.

use std::future::{Future, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Response, StatusCode};

use crate::answer::Answer;
use crate::context::Context;
use crate::document::{Document, Refusal};
use crate::error_page::{ErrorDocument, error_page};
use crate::event::{Event, Unreadable};
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

    /// Makes the answer to an event that [`Service::call`] did not answer, or not so that it can be sent. The status says why:
    /// 400 for an event that cannot be read (this one has what is readable, GET and `/` where there is nothing), 500 for a
    /// panic and for an answer that exceeds a limit, 504 for a missed deadline.
    ///
    /// Returns `None`, unless overridden, for the default page. That is also sent where this panics, exceeds a limit, or is not
    /// ready when half of [`Options::deadline_margin`] is left.
    fn refuse(&self, event: Event, status: StatusCode) -> impl Future<Output = Option<Answer>> + Send {
        let _ = (event, status);
        ready(None)
    }

    /// Makes another answer in place of one that is longer than its reader takes: `response` is that one, with its whole body. It
    /// has as much time as [`Service::call`].
    ///
    /// Returns `None`, unless overridden, and then the answer is refused with status 500.
    fn oversize(
        &self,
        event: Event,
        response: Response<Bytes>,
    ) -> impl Future<Output = Option<Answer>> + Send {
        let _ = (event, response);
        ready(None)
    }
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
        // Boxed, like all that is rare, so that the usual future is small.
        Err(unreadable) => return Box::pin(answer_unreadable(service, &unreadable, &unread, options)).await,
    };
    let (sent, failure) = match panics::caught(answered(service, &event, options)).await {
        Ok(answered) => answered,
        Err(panic) => (Box::pin(stand_in(service, FAILED, &event, options)).await, Some(panic)),
    };
    if options.log_requests || failure.is_some() {
        let (method, path) = (Some(event.method().as_str()), Some(event.raw_path()));
        log_answer(&event, method, path, &sent, failure.as_ref(), &unread);
    }
    match failure {
        Some(failure) if options.fail_on_error && failure.kind != FailureKind::Request => Err(failure),
        _ => Ok(sent.json),
    }
}

/// Writes the log line of an answer. Apart from the generic future, so that a program has it once.
#[inline(never)]
fn log_answer(
    event: &Event,
    method: Option<&str>,
    path: Option<&str>,
    sent: &Sent,
    failure: Option<&Failure>,
    unread: &Unread,
) {
    let context = event.context();
    log::request(&log::Entry {
        method,
        route: event.noted_route().as_deref(),
        path,
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

/// The status where the service has no answer that can be sent.
const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// True once this process has had an invocation.
static WARM: AtomicBool = AtomicBool::new(false);

/// The facts about an invocation that are known before its payload is read.
struct Unread {
    started: Instant,
    cold_start: bool,
    bytes_in: usize,
}

/// Answers an event that cannot be read with 400. One that is not an HTTP request fails the invocation.
async fn answer_unreadable<S: Service>(
    service: &S,
    unreadable: &Unreadable,
    unread: &Unread,
    options: &Options,
) -> Result<Bytes, Failure> {
    let failure = Failure::new(FailureKind::Event, unreadable.error.to_string());
    let event = Event::of_unreadable(unreadable);
    if unreadable.error.is_foreign() {
        log::failure(Level::Error, &failure, Some(&event.context().request_id));
        return Err(failure);
    }
    let sent = stand_in(service, StatusCode::BAD_REQUEST, &event, options).await;
    log_answer(&event, unreadable.method.as_deref(), unreadable.path(), &sent, Some(&failure), unread);
    Ok(sent.json)
}

/// The document that is sent, and the facts about it for the log line.
struct Sent {
    status: StatusCode,
    body_len: usize,
    json: Bytes,
}

impl Sent {
    fn new(document: &Document, json: Bytes) -> Sent {
        Sent { status: document.response().status(), body_len: document.body().len(), json }
    }
}

/// Makes the answer in place of one that cannot be sent: the service's own, else the default page.
async fn stand_in<S: Service>(service: &S, status: StatusCode, event: &Event, options: &Options) -> Sent {
    let own = panics::caught(async {
        let refusal = || service.refuse(event.clone(), status);
        let answer = in_time(refusal, event, options.margin / 2).await.flatten()?;
        stand_in_of(answer, event)
    });
    match own.await {
        Ok(Some(sent)) => sent,
        Ok(None) => default_page(status, event, options),
        Err(panic) => {
            log::failure(Level::Error, &panic, Some(&event.context().request_id));
            default_page(status, event, options)
        }
    }
}

/// Returns what the service itself says in place of its answer; `None` if that cannot be sent either.
#[inline(never)]
fn stand_in_of(answer: Answer, event: &Event) -> Option<Sent> {
    let Answer { mut response, failure } = answer;
    response.headers_mut().entry(CACHE_CONTROL).or_insert(NO_STORE);
    let (sent, failure) = match checked(response, event) {
        Ok(sent) => (Some(sent), failure),
        Err(refused) => (None, Some(refused.failure)),
    };
    if let Some(failure) = failure {
        log::failure(Level::Error, &failure, Some(&event.context().request_id));
    }
    sent
}

/// The next request may be answered, so no cache should keep the error.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

fn default_page(status: StatusCode, event: &Event, options: &Options) -> Sent {
    let document = ErrorDocument::new(status, reason::phrase(status), &event.context().request_id);
    let mut response = error_page(event.header("accept"), &document, options.errors);
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    let document = Document::new(response, event.method(), event.source());
    Sent::new(&document, document.to_bytes())
}

/// Tells whether a response to this event could be sent: whether it exceeds no limit of where the event came from.
pub fn fits(response: Response<Bytes>, event: &Event) -> bool {
    Document::new(response, event.method(), event.source()).within_limits().is_ok()
}

/// A response that cannot be sent.
struct Refused {
    failure: Failure,
    /// The response itself, if its length is the reason.
    too_long: Option<Box<Response<Bytes>>>,
}

/// Returns the document of a response, or the failure if it exceeds a limit.
fn checked(response: Response<Bytes>, event: &Event) -> Result<Sent, Refused> {
    malloc::used(response.body().len());
    let mut document = Document::new(response, event.method(), event.source());
    let json = match document.within_limits() {
        Ok(json) => json,
        Err(refusal) => {
            let failure = Failure::new(FailureKind::Refused, refusal.to_string());
            let is_too_long = matches!(refusal, Refusal::Document { .. });
            let too_long = is_too_long.then(|| Box::new(document.into_response()));
            return Err(Refused { failure, too_long });
        }
    };
    let lost = document.lost();
    if !lost.is_empty() {
        let message = format!("only the last value of {lost:?} was sent: this header mode has room for one");
        let failure = Failure::new(FailureKind::Refused, message);
        log::failure(Level::Warn, &failure, Some(&event.context().request_id));
    }
    Ok(Sent::new(&document, json))
}

/// Calls the service and writes the document of its answer. The only fence against panics is around all of this, because
/// values that the service made may also panic when they are dropped, such as a response.
async fn answered<S: Service>(service: &S, event: &Event, options: &Options) -> (Sent, Option<Failure>) {
    let margin = options.margin;
    let (status, failure) = match in_time(|| service.call(event.clone()), event, margin).await {
        Some(answer) => match checked(answer.response, event) {
            Ok(sent) => return (sent, answer.failure),
            Err(refused) => match Box::pin(shorter(service, refused, event, margin)).await {
                Ok((sent, failure)) => return (sent, failure.or(answer.failure)),
                Err(failed) => failed,
            },
        },
        None => late(margin),
    };
    (Box::pin(stand_in(service, status, event, options)).await, Some(failure))
}

/// Returns what the service sends in place of an answer that is too long, or the status and the failure if it sends nothing.
async fn shorter<S: Service>(
    service: &S,
    refused: Refused,
    event: &Event,
    margin: Duration,
) -> Result<(Sent, Option<Failure>), (StatusCode, Failure)> {
    let Refused { failure, too_long } = refused;
    let Some(response) = too_long else { return Err((FAILED, failure)) };
    match in_time(|| service.oversize(event.clone(), *response), event, margin).await {
        None => Err(late(margin)),
        Some(None) => Err((FAILED, failure)),
        Some(Some(answer)) => match checked(answer.response, event) {
            Ok(sent) => Ok((sent, answer.failure)),
            Err(refused) => Err((FAILED, refused.failure)),
        },
    }
}

/// Returns the status and the failure of an answer that is not ready in time.
fn late(margin: Duration) -> (StatusCode, Failure) {
    let message = format!("no answer {} ms before the deadline", margin.as_millis());
    (StatusCode::GATEWAY_TIMEOUT, Failure::new(FailureKind::Deadline, message))
}

/// Returns the output of the service's work, or `None` if it is not ready so long before the deadline. Work that blocks the
/// thread cannot be interrupted; its answer is sent when it comes, if Lambda has not killed the function by then.
///
/// It starts the work itself, so that the future is made where it is pinned.
async fn in_time<F: Future>(start: impl FnOnce() -> F, event: &Event, margin: Duration) -> Option<F::Output> {
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
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(until(deadline, margin))));
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

fn until(deadline: SystemTime, margin: Duration) -> Duration {
    deadline.duration_since(SystemTime::now()).unwrap_or_default().saturating_sub(margin)
}
