//! One invocation: from the payload of an event to the document that answers it.

use std::future::{Future, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Response, StatusCode};

use crate::answer::Answer;
use crate::arrival::Arrival;
use crate::context::Context;
use crate::deadline::in_time;
use crate::document::{Document, Refusal};
use crate::error_page::{ErrorDocument, error_page};
use crate::event::{Event, Told};
use crate::failure::{Failure, FailureKind};
use crate::log::{self, Level};
use crate::malloc;
use crate::options::Options;
use crate::other_events::OtherEvents;
use crate::outcome::Outcome;
use crate::oversize::Oversize;
use crate::panics;
use crate::reason;
use crate::snapshot_hooks::SnapshotHooks;

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

    /// Returns what makes another answer in place of one that is longer than its reader takes. Without it, as unless overridden,
    /// that is refused with status 500.
    fn oversize(&self) -> Option<&Oversize> {
        None
    }

    /// Returns the functions that run around a snapshot of the process (SnapStart): none, unless overridden.
    fn snapshot_hooks(&self) -> Option<&SnapshotHooks> {
        None
    }

    /// Returns the function for events that are no HTTP requests. Without one, as unless overridden, they fail the invocation.
    fn other_events(&self) -> Option<&OtherEvents> {
        None
    }
}

/// Answers one invocation with the document its sender expects, as the run loop does for each.
///
/// An event that cannot be read is answered 400, a panic 500, a missed deadline 504, and a response that exceeds a limit
/// 500. One log line is written to standard error.
///
/// With a deadline in the context and a service that waits, it must run inside a tokio runtime whose timer is enabled.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Answer, Context, Event, Options, Service, respond};
///
/// struct Hello;
///
/// impl Service for Hello {
///     async fn call(&self, event: Event) -> Answer {
///         Answer::new(http::Response::new(Bytes::from(format!("Hello {}!", event.raw_path()))))
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let payload = Bytes::from(
///     r#"{"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/Ann", "queryStringParameters": {},
///         "headers": {}, "body": "", "isBase64Encoded": false}"#,
/// );
/// let outcome = respond(&Hello, payload, Context::new("8476a536"), &Options::default()).await;
/// let document: serde_json::Value = serde_json::from_slice(&outcome.answer.unwrap()).unwrap();
/// assert_eq!((&document["statusCode"], &document["body"]), (&200.into(), &"Hello /Ann!".into()));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn respond<S: Service>(
    service: &S,
    payload: Bytes,
    context: Context,
    options: &Options,
) -> Outcome {
    let arrival = Arrival::now(payload.len());
    malloc::used(arrival.bytes_in);
    // Reading decodes texts where they stand, so a function for other events gets a copy.
    let whole = service.other_events().map(|_| payload.clone());
    let event = match Event::read(payload, context) {
        Ok(event) => event,
        // Boxed, like all that is rare, so that the usual future is small.
        Err(unreadable) => {
            let (told, event) = Event::of_unreadable(unreadable, whole);
            return Box::pin(answer_unreadable(service, told, event, &arrival, options)).await;
        }
    };
    drop(whole);
    let (sent, failure) = match panics::caught(answered(service, &event, options)).await {
        Ok(answered) => answered,
        Err(panic) => (Box::pin(stand_in(service, FAILED, &event, options)).await, Some(panic)),
    };
    if options.log_requests || failure.is_some() {
        let (method, path) = (Some(event.method().as_str()), Some(event.raw_path()));
        log_answer(&event, method, path, &sent, failure.as_ref(), &arrival);
    }
    let answer = match failure {
        Some(failure) if options.fail_on_error && failure.kind != FailureKind::Request => Err(failure),
        _ => Ok(sent.json),
    };
    Outcome::new(answer, &event, options)
}

/// Writes the log line of an answer. Apart from the generic future, so that a program has it once.
#[inline(never)]
fn log_answer(
    event: &Event,
    method: Option<&str>,
    path: Option<&str>,
    sent: &Sent,
    failure: Option<&Failure>,
    arrival: &Arrival,
) {
    let context = event.context();
    log::request(&log::Entry {
        method,
        route: event.noted_route().as_deref(),
        path,
        status: sent.status.as_u16(),
        took: arrival.started.elapsed(),
        bytes_in: arrival.bytes_in,
        bytes_out: sent.body_len,
        request_id: &context.request_id,
        trace_id: event.header("x-amzn-trace-id"),
        xray_trace_id: context.trace_id.as_deref(),
        cold_start: arrival.cold_start,
        health_check: event.is_health_check(),
        failure,
    });
}

/// The status where the service has no answer that can be sent.
const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// Answers an event that cannot be read with 400. One that is not an HTTP request is for the function that the service has
/// for these, and fails the invocation where there is none.
async fn answer_unreadable<S: Service>(
    service: &S,
    told: Told,
    event: Event,
    arrival: &Arrival,
    options: &Options,
) -> Outcome {
    let Told { error, method, has_path } = told;
    if error.is_foreign()
        && let Some(function) = service.other_events()
    {
        return function.answer(event, arrival, options).await;
    }
    let failure = Failure::new(FailureKind::Event, error.to_string());
    if error.is_foreign() {
        log::failure(Level::Error, &failure, Some(&event.context().request_id));
        return Outcome::new(Err(failure), &event, options);
    }
    let sent = stand_in(service, StatusCode::BAD_REQUEST, &event, options).await;
    let path = has_path.then(|| event.raw_path());
    log_answer(&event, method.as_deref(), path, &sent, Some(&failure), arrival);
    Outcome::new(Ok(sent.json), &event, options)
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

/// Tells whether a response to this event could be sent: whether it exceeds no limit of where the event came from, with so many
/// bytes of JSON left for headers that it does not have yet.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Event, EventSource, HeaderMode, fits};
/// use http::Response;
///
/// let event = Event::builder().source(EventSource::Alb(HeaderMode::Single)).build();
/// let response = |length| Response::new(Bytes::from(vec![b'x'; length]));
/// assert!(fits(response(1_000), &event, 200));
/// // A load balancer takes 1 MB of JSON.
/// assert!(!fits(response(2_000_000), &event, 200));
/// ```
pub fn fits(response: Response<Bytes>, event: &Event, room: usize) -> bool {
    Document::new(response, event.method(), event.source()).leaves(room)
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
            Err(refused) => match Box::pin(shorter(service.oversize(), refused, event, margin)).await {
                Ok((sent, failure)) => return (sent, failure.or(answer.failure)),
                Err(failed) => failed,
            },
        },
        None => late(margin),
    };
    (Box::pin(stand_in(service, status, event, options)).await, Some(failure))
}

/// Returns what is sent in place of an answer that is too long, or the status and the failure if nothing is.
async fn shorter(
    oversize: Option<&Oversize>,
    refused: Refused,
    event: &Event,
    margin: Duration,
) -> Result<(Sent, Option<Failure>), (StatusCode, Failure)> {
    let (Some(oversize), Some(response)) = (oversize, refused.too_long) else {
        return Err((FAILED, refused.failure));
    };
    let Some(answer) = oversize.answer(event, *response, margin).await else { return Err(late(margin)) };
    match checked(answer.response, event) {
        Ok(sent) => Ok((sent, answer.failure)),
        Err(refused) => Err((FAILED, refused.failure)),
    }
}

/// Returns the status and the failure of an answer that is not ready in time.
fn late(margin: Duration) -> (StatusCode, Failure) {
    let message = format!("no answer {} ms before the deadline", margin.as_millis());
    (StatusCode::GATEWAY_TIMEOUT, Failure::new(FailureKind::Deadline, message))
}
