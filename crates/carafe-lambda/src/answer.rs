//! The answer of a service.

use bytes::Bytes;
use http::Response;

use crate::failure::Failure;

/// The answer of a service: the response, and the failure that the log line reports. The route is reported by
/// [`Event::note_route`](crate::Event::note_route).
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Answer, Failure, FailureKind};
/// use http::{Response, StatusCode};
///
/// let mut response = Response::new(Bytes::from("Back in a minute"));
/// *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
/// let answer = Answer::new(response).with_failure(Failure::new(FailureKind::Error, "the database is away"));
/// assert_eq!(answer.failure.unwrap().to_string(), "Handler.Error: the database is away");
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Answer {
    /// The response for the client.
    pub response: Response<Bytes>,
    /// The failure behind the response, if nothing handled it.
    pub failure: Option<Failure>,
}

impl Answer {
    /// Makes an answer without a failure.
    pub fn new(response: Response<Bytes>) -> Answer {
        Answer { response, failure: None }
    }

    /// Adds the unhandled failure, if there is one.
    #[must_use]
    pub fn with_failure(mut self, failure: impl Into<Option<Failure>>) -> Answer {
        self.failure = failure.into();
        self
    }
}
