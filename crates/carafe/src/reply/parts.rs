//! What the tuples around a reply said, kept until the reply is there.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use mime::Mime;

use crate::error::Error;
use crate::response::Response;

/// Status, media type and headers that stand beside a reply.
#[derive(Debug, Default)]
pub struct Parts {
    status: Option<StatusCode>,
    mime: Option<Mime>,
    headers: Option<HeaderMap>,
    /// What a success becomes when no tuple named a status: a catcher answers for an error.
    instead_of_success: Option<StatusCode>,
}

/// A thing that can stand beside a reply in a tuple.
pub trait Part {
    /// Puts it with the others.
    fn add_to(self, parts: &mut Parts);
}

impl Part for StatusCode {
    fn add_to(self, parts: &mut Parts) {
        parts.status.get_or_insert(self);
    }
}

impl Part for Mime {
    fn add_to(self, parts: &mut Parts) {
        parts.mime.get_or_insert(self);
    }
}

impl Part for HeaderMap {
    fn add_to(self, parts: &mut Parts) {
        // What stands further out wins, as with status and media type.
        let outer = parts.headers.take().unwrap_or_default();
        let mut all = self;
        overlay(&mut all, outer);
        parts.headers = Some(all);
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

impl Parts {
    /// Nothing said yet.
    #[must_use]
    pub fn new() -> Parts {
        Parts::default()
    }

    /// For a catcher: what it answers carries the status of the error, unless it names one itself.
    #[must_use]
    pub fn caught(error: &Error) -> Parts {
        Parts { instead_of_success: Some(error.status()), ..Parts::default() }
    }

    /// The reply, as the tuples say.
    ///
    /// # Errors
    ///
    /// The error that the reply itself was; the tuples around it then say nothing.
    pub fn dress(self, reply: Result<Response, Error>) -> Result<Response, Error> {
        let mut response = reply?;
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
        Ok(response)
    }

    /// The status a tuple named.
    pub(crate) fn into_status(self) -> Option<StatusCode> {
        self.status
    }
}
