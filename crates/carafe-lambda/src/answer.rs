//! What a service gives back for a request.

mod cookies;
mod guard;
mod headers;
mod wire;

use std::borrow::Cow;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Serialize;

pub(crate) use wire::Wire;

/// What a service gives back: the response, and what the log line wants to know about it.
#[derive(Debug, Default)]
pub struct Answer {
    /// The response, as the client is to see it.
    pub response: Response<Bytes>,
    /// The pattern of the route that took the request, such as `/hello/<name>`; `None` where none did.
    pub route: Option<Cow<'static, str>>,
    /// Why the response is not what the handler wanted, if nobody handled that.
    pub error: Option<Failure>,
}

impl Answer {
    /// An answer without route or error.
    pub fn new(response: Response<Bytes>) -> Answer {
        Answer { response, route: None, error: None }
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
    /// The event is not a request.
    pub const EVENT: &'static str = "Event.Unreadable";

    /// A failure without a location.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), location: None }
    }
}

/// What a stand-in says.
#[derive(Serialize)]
struct Facts<'a> {
    error: &'a str,
    status: u16,
    request_id: &'a str,
}

/// The small answer in place of one that cannot be sent.
pub(crate) fn stand_in(status: StatusCode, request_id: &str) -> Response<Bytes> {
    let error = status.canonical_reason().unwrap_or("Error");
    let facts = Facts { error, status: status.as_u16(), request_id };
    // Two texts and a number always are JSON.
    let mut response = Response::new(Bytes::from(serde_json::to_vec(&facts).unwrap_or_default()));
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}
