//! The reason why a body cannot be read as a form.

use http::StatusCode;

use crate::error::Error;

/// The reason why a body cannot be read as a form; kept, because every argument that asks gets the same answer.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    message: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Problem {
        Problem { status, message: message.into() }
    }

    pub(super) fn bad(message: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn to_error(&self) -> Error {
        Error::new(self.status, self.message.clone())
    }
}
