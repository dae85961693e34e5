//! The reason why a body cannot be read as a form.

use http::header::ACCEPT_ENCODING;
use http::{HeaderValue, StatusCode};

use crate::error::Error;

/// The reason why a body cannot be read as a form; kept, because every argument that asks gets the same answer.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    message: String,
    accept_encoding: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Problem {
        Problem { status, message: message.into(), accept_encoding: None }
    }

    pub(super) fn bad(message: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, message)
    }

    /// Adds the content codings that would have been read.
    pub(super) fn accepting(self, codings: &'static str) -> Problem {
        Problem { accept_encoding: Some(codings), ..self }
    }

    pub(super) fn to_error(&self) -> Error {
        let error = Error::new(self.status, self.message.clone());
        match self.accept_encoding {
            Some(codings) => error.with_header(ACCEPT_ENCODING, HeaderValue::from_static(codings)),
            None => error,
        }
    }
}
