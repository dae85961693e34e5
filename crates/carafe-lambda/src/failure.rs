//! Failures, as the log and Lambda get them.

use std::fmt;

/// A failure that was not handled: written to the log, and reported to Lambda with
/// [`Options::fail_on_error`](crate::Options::fail_on_error). It never reaches the client.
///
/// ```
/// use carafe_lambda::{Failure, FailureKind};
///
/// let failure = Failure::new(FailureKind::Error, "the database is away");
/// assert_eq!(failure.to_string(), "Handler.Error: the database is away");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The kind of failure; Lambda's metrics and logs group by its name.
    pub kind: FailureKind,
    /// The message for the developer.
    pub message: String,
    /// The location as `file:line:column`, if it is known.
    pub location: Option<String>,
}

/// The kind of a failure.
///
/// ```
/// use carafe_lambda::FailureKind;
///
/// assert_eq!(FailureKind::Panic.as_str(), "Handler.Panic");
/// assert_eq!(FailureKind::Deadline.as_str(), "Handler.Deadline");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The handler panicked.
    Panic,
    /// The handler returned an error that nothing turned into an answer.
    Error,
    /// The handler was not ready shortly before the deadline.
    Deadline,
    /// The answer exceeds a limit of the load balancer.
    Refused,
    /// Work after the answer failed, was cut, or did not start.
    After,
    /// The application's initialization failed.
    Init,
    /// A hook after the snapshot was restored failed.
    Restore,
    /// Lambda refused a posted answer.
    Lambda,
    /// The run loop could not start or had to stop.
    Runtime,
    /// The event cannot be read as a request.
    Event,
    /// The request was refused, with a reason that only the log has. It fails no invocation.
    Request,
}

impl FailureKind {
    /// Returns the stable name, such as `Handler.Panic`.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureKind::Panic => "Handler.Panic",
            FailureKind::Error => "Handler.Error",
            FailureKind::Deadline => "Handler.Deadline",
            FailureKind::Refused => "Answer.Refused",
            FailureKind::After => "After.Failed",
            FailureKind::Init => "Init.Error",
            // As other runtimes call it.
            FailureKind::Restore => "Runtime.AfterRestoreError",
            FailureKind::Lambda => "Lambda.Refused",
            FailureKind::Runtime => "Runtime.Error",
            FailureKind::Event => "Event.Unreadable",
            FailureKind::Request => "Request.Refused",
        }
    }
}

impl FailureKind {
    /// Returns whether the client made the mistake, not the application.
    pub(crate) fn is_of_the_client(self) -> bool {
        matches!(self, FailureKind::Event | FailureKind::Request)
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Failure {
    /// Makes a failure without a location.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), location: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for Failure {}
