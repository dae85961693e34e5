//! The error for a payload that is not a request.

use std::fmt;

use crate::event_source::{EventSource, HeaderMode};

/// The reason why a payload is not a request.
///
/// An event that came from an HTTP client but cannot be read is answered 400, in the shape that
/// [`EventError::event_source`] tells. One that is not HTTP must fail the invocation, because its sender would take any
/// answer for success.
///
/// ```
/// use bytes::Bytes;
/// use carafe_lambda::{Context, Event};
///
/// let read = |payload: &'static str| Event::from_payload(Bytes::from(payload), Context::new("8476a536"));
/// let error = read(r#"{"Records": [{"eventSource": "aws:sqs"}]}"#).unwrap_err();
/// assert!(error.is_foreign() && error.to_string().starts_with("this looks like an SQS event"), "{error}");
///
/// let error = read(r#"{"requestContext": {"elb": {}}, "path": "/"}"#).unwrap_err();
/// assert!(!error.is_foreign(), "a load balancer waits for an answer: {error}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventError {
    problem: Problem,
    source: EventSource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    NotJson { at: usize, expected: &'static str },
    NotHttp(String),
    Field { name: &'static str, problem: &'static str },
    TooLong(usize),
}

impl EventError {
    fn new(problem: Problem, source: EventSource) -> EventError {
        EventError { problem, source }
    }

    pub(super) fn not_json(at: usize, expected: &'static str) -> EventError {
        EventError::new(Problem::NotJson { at, expected }, EventSource::Alb(HeaderMode::Both))
    }

    pub(super) fn not_http(looks_like: String) -> EventError {
        EventError::new(Problem::NotHttp(looks_like), EventSource::Direct)
    }

    pub(super) fn field(source: EventSource, name: &'static str, problem: &'static str) -> EventError {
        EventError::new(Problem::Field { name, problem }, source)
    }

    pub(super) fn too_long(len: usize) -> EventError {
        EventError::new(Problem::TooLong(len), EventSource::Direct)
    }

    /// Tells whether the payload is not an HTTP event of a supported front door.
    pub fn is_foreign(&self) -> bool {
        matches!(self.problem, Problem::NotHttp(_) | Problem::TooLong(_))
    }

    /// Returns the front door that the event came through, or the best guess.
    pub fn event_source(&self) -> EventSource {
        self.source
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::NotJson { at, expected } => {
                write!(f, "the event is not JSON: expected {expected} at byte {at}")
            }
            Problem::NotHttp(looks_like) => write!(
                f,
                "this looks like {looks_like}; carafe answers HTTP requests from an Application Load Balancer, \
                 API Gateway (REST or HTTP API), VPC Lattice or a function URL"
            ),
            Problem::Field { name, problem } => write!(f, "event field {name}: {problem}"),
            Problem::TooLong(len) => write!(f, "an event of {len} bytes is too long"),
        }
    }
}

impl std::error::Error for EventError {}
