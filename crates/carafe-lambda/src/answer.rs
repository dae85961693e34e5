//! What a service gives back for a request.

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::failure::Failure;
use crate::json::Writer;

/// What a service gives back: the response, and what the log line wants to know about it beside the route
/// ([`Event::note_route`](crate::Event::note_route)).
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Answer {
    /// The response, as the client is to see it.
    pub response: Response<Bytes>,
    /// Why the response is not what the handler wanted, if nobody handled that.
    pub failure: Option<Failure>,
}

impl Answer {
    /// Makes an answer without a failure.
    pub fn new(response: Response<Bytes>) -> Answer {
        Answer { response, failure: None }
    }

    /// Adds the failure that nobody handled, if there is one.
    #[must_use]
    pub fn with_failure(mut self, failure: impl Into<Option<Failure>>) -> Answer {
        self.failure = failure.into();
        self
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
    json.open_object().key("error").text(message).key("status").literal(status.as_str());
    json.key("request_id").text(request_id).close_object();
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
