//! What went wrong, for the log and for Lambda.

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
