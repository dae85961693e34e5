//! What an error looks like when no catcher makes it look otherwise.

use carafe_lambda::{ErrorDocument, ErrorSettings, error_page};
use http::header::{ACCEPT, CACHE_CONTROL};

use crate::error::Error;
use crate::request::Request;
use crate::response::Response;

/// A small page for those who prefer HTML, else JSON.
pub(crate) fn page(request: &Request, error: &Error) -> Response {
    let id = &request.context().request_id;
    let document = ErrorDocument::new(error.status(), error.message(), id);
    let mut response = error_page(request.header(ACCEPT.as_str()), &document, ErrorSettings::default());
    if error.headers().is_some_and(|headers| headers.contains_key(CACHE_CONTROL)) {
        response.headers_mut().remove(CACHE_CONTROL);
    }
    add_headers(&mut response, error);
    response
}

/// The headers of an error, where the answer has none of that name.
pub(crate) fn add_headers(response: &mut Response, error: &Error) {
    for (name, value) in error.headers().into_iter().flatten() {
        if !response.headers().contains_key(name)
            || error.headers().is_some_and(|all| all.get_all(name).iter().count() > 1)
        {
            response.headers_mut().append(name, value.clone());
        }
    }
}
