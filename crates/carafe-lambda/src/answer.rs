//! What a service gives back for a request.

mod cookies;
mod guard;
mod headers;
mod wire;

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::json::Writer;
pub(crate) use wire::Wire;

/// What a service gives back: the response, and what the log line wants to know about it beside the route
/// ([`Request::note_route`](crate::Request::note_route)).
#[derive(Debug, Default)]
pub struct Answer {
    /// The response, as the client is to see it.
    pub response: Response<Bytes>,
    /// Why the response is not what the handler wanted, if nobody handled that.
    pub error: Option<Failure>,
}

impl Answer {
    /// An answer without an error.
    pub fn new(response: Response<Bytes>) -> Answer {
        Answer { response, error: None }
    }
}

impl From<Response<Bytes>> for Answer {
    fn from(response: Response<Bytes>) -> Answer {
        Answer::new(response)
    }
}

/// An unhandled failure: for the log, and for [`crate::Options::fail_on_error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A stable name, such as `Handler.Panic`; Lambda's metrics and logs group by it.
    pub kind: &'static str,
    /// What happened, for the developer. It never reaches the client.
    pub message: String,
    /// Where, as `file:line:column`, if that is known.
    pub location: Option<String>,
}

impl Failure {
    /// The handler panicked.
    pub const PANIC: &'static str = "Handler.Panic";
    /// The handler gave an error that nothing turned into an answer.
    pub const ERROR: &'static str = "Handler.Error";
    /// The handler was not ready shortly before the deadline.
    pub const DEADLINE: &'static str = "Handler.Deadline";
    /// The load balancer would have refused the answer.
    pub const REFUSED: &'static str = "Answer.Refused";
    /// The application's initialisation failed.
    pub const INIT: &'static str = "Init.Error";
    /// Lambda did not take what was posted.
    pub const LAMBDA: &'static str = "Lambda.Refused";
    /// The run loop could not start, or cannot go on.
    pub const RUNTIME: &'static str = "Runtime.Error";
    /// The event is not a request.
    pub const EVENT: &'static str = "Event.Unreadable";

    /// A failure without a location.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), location: None }
    }
}

/// What an error tells a program: a JSON object of `error`, `status` and `request_id`.
///
/// ```
/// let document = carafe_lambda::error_document("No such post", http::StatusCode::NOT_FOUND, "8476a536");
/// assert_eq!(document, r#"{"error":"No such post","status":404,"request_id":"8476a536"}"#);
/// ```
pub fn error_document(message: &str, status: StatusCode, request_id: &str) -> Bytes {
    let mut json = Writer::with_capacity(64 + message.len() + request_id.len());
    json.open(b'{');
    json.key("error");
    json.text(message.as_bytes());
    json.key("status");
    json.literal(status.as_str());
    json.key("request_id");
    json.text(request_id.as_bytes());
    json.close(b'}');
    json.into_bytes()
}

/// The small answer in place of one that cannot be sent.
pub(crate) fn stand_in(status: StatusCode, request_id: &str) -> Response<Bytes> {
    let error = status.canonical_reason().unwrap_or("Error");
    let mut response = Response::new(error_document(error, status, request_id));
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}
