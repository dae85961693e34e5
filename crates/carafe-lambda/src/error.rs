//! Why the run loop could not start or had to stop.

use std::fmt;

/// Why the run loop could not start or had to stop.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An environment variable that Lambda always sets is missing or unreadable.
    Environment {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The application's own initialisation failed; it has been reported to Lambda.
    Init(String),
    /// The Runtime API did not answer, or not as it should.
    Runtime(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Environment { name, problem } => write!(f, "environment variable {name}: {problem}"),
            Error::Init(problem) => write!(f, "initialisation failed: {problem}"),
            Error::Runtime(problem) => write!(f, "Lambda Runtime API: {problem}"),
        }
    }
}

impl std::error::Error for Error {}
