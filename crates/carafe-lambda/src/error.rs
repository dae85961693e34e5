//! The errors of the run loop.

use std::fmt;

/// The reason why the run loop could not start or had to stop.
///
/// ```
/// use carafe_lambda::Error;
///
/// let error = Error::Init("the table has no name".to_owned());
/// assert_eq!(error.to_string(), "initialization failed: the table has no name");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An environment variable that Lambda always sets is missing or unreadable.
    Environment {
        /// The name of the variable.
        name: &'static str,
        /// The problem with it.
        problem: String,
    },
    /// The application's own initialization failed; it has been reported to Lambda.
    Init(String),
    /// A hook failed after the process was restored from a snapshot; it has been reported to Lambda.
    Restore(String),
    /// The Runtime API did not answer, or not as it should.
    Runtime(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Environment { name, problem } => write!(f, "environment variable {name}: {problem}"),
            Error::Init(problem) => write!(f, "initialization failed: {problem}"),
            Error::Restore(problem) => write!(f, "restoring from the snapshot failed: {problem}"),
            Error::Runtime(problem) => write!(f, "Lambda Runtime API: {problem}"),
        }
    }
}

impl std::error::Error for Error {}
