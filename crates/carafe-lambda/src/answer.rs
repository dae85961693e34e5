//! What a service gives back for a request.

use bytes::Bytes;
use http::Response;

use crate::failure::Failure;

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
