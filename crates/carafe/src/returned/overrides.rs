//! Overrides from the tuples around a returned value: status, media type, headers.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use mime::Mime;

use crate::error::Error;
use crate::response::{IfSuccess, Response};

/// Status, media type and headers that stand beside a returned value, kept until it is an answer.
#[derive(Debug, Default)]
pub struct Overrides {
    status: Option<StatusCode>,
    mime: Option<Mime>,
    headers: Option<HeaderMap>,
    /// The status that replaces a success when no tuple named one: a catcher answers for an error.
    instead_of_success: Option<StatusCode>,
}

/// An override that can stand beside a returned value in a tuple: a status, a media type, headers.
pub trait Override {
    /// Adds it to the others.
    fn add_to(self, overrides: &mut Overrides);
}

impl Override for StatusCode {
    fn add_to(self, overrides: &mut Overrides) {
        overrides.status.get_or_insert(self);
    }
}

impl Override for Mime {
    fn add_to(self, overrides: &mut Overrides) {
        overrides.mime.get_or_insert(self);
    }
}

impl Override for HeaderMap {
    fn add_to(self, overrides: &mut Overrides) {
        // What stands further out wins, as with status and media type.
        let outer = overrides.headers.take().unwrap_or_default();
        let mut all = self;
        overlay(&mut all, outer);
        overrides.headers = Some(all);
    }
}

/// Replaces each name that `over` has by all of its values.
fn overlay(headers: &mut HeaderMap, over: HeaderMap) {
    let mut current = None;
    for (name, value) in over {
        if let Some(name) = name {
            headers.insert(name.clone(), value);
            current = Some(name);
        } else if let Some(name) = &current {
            headers.append(name.clone(), value);
        }
    }
}

impl Overrides {
    /// Makes an empty set.
    #[must_use]
    pub fn new() -> Overrides {
        Overrides::default()
    }

    /// Makes the set of a catcher, whose answer carries the status of the error unless it names one itself.
    #[must_use]
    pub fn caught(error: &Error) -> Overrides {
        Overrides { instead_of_success: Some(error.status()), ..Overrides::default() }
    }

    /// Applies what the tuples say to the answer, in its place; not to an error, which says itself what it answers.
    pub fn apply(self, reply: &mut Result<Response, Error>) {
        self.settle(reply);
        let Ok(response) = reply else { return };
        let caught = self.instead_of_success.filter(|_| response.status().is_success());
        if let Some(status) = self.status.or(caught) {
            *response.status_mut() = status;
        }
        if let Some(headers) = self.headers {
            overlay(response.headers_mut(), headers);
        }
        if let Some(mime) = self.mime
            && let Ok(value) = HeaderValue::from_str(mime.as_ref())
        {
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
    }

    /// Makes what a conditional answer has become, unless a status is named for it.
    fn settle(&self, reply: &mut Result<Response, Error>) {
        if let Ok(response) = reply
            && !response.extensions().is_empty()
            && let Some(IfSuccess(settle)) = response.extensions_mut().remove()
            && self.status.or(self.instead_of_success).is_none()
        {
            let whole = std::mem::take(response);
            *reply = settle(whole);
        }
    }

    /// Applies status and headers to an error; its page has a media type of its own.
    pub(crate) fn apply_to_error(self, mut error: Error) -> Error {
        if let Some(status) = self.status {
            error = error.with_status(status);
        }
        if let Some(headers) = self.headers {
            error = error.with_headers(headers);
        }
        error
    }

    /// Returns the status that a tuple named.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.status
    }
}
