//! The answer to an error that no catcher takes.

use carafe_lambda::{ErrorDocument, ErrorSettings, FieldError};
use http::header::CACHE_CONTROL;

use crate::error::{Error, Fault};
use crate::request::Request;
use crate::response::Response;

/// Makes a small page for clients that prefer HTML, else JSON.
pub(crate) fn error_page(request: &Request, error: &Error) -> Response {
    let errors: Vec<FieldError> = error.faults().iter().map(field_error).collect();
    let document = ErrorDocument::new(error.status(), error.message(), &request.context().request_id);
    let settings = ErrorSettings::default().problem_details(request.app().problem_details);
    let mut response =
        carafe_lambda::error_page(request.header("accept"), &document.errors(&errors), settings)
            .map(crate::Body::from);
    if error.headers().is_some_and(|headers| headers.contains_key(CACHE_CONTROL)) {
        response.headers_mut().remove(CACHE_CONTROL);
    }
    add_headers(&mut response, error);
    response
}

fn field_error(fault: &Fault) -> FieldError {
    let field = FieldError::new(fault.name().to_owned(), fault.place(), fault.expected().to_owned())
        .sentence(fault.expected.is_none());
    let field = match fault.got() {
        Some(got) => field.with_got(got.to_owned()),
        None => field,
    };
    match fault.pointer() {
        Some(pointer) => field.with_pointer(pointer.to_owned()),
        None => field,
    }
}

/// Adds the headers of an error, where the answer has none of that name.
pub(crate) fn add_headers(response: &mut Response, error: &Error) {
    let headers =
        error.headers().into_iter().flat_map(|headers| headers.keys().map(move |name| (name, headers)));
    for (name, headers) in headers {
        if !response.headers().contains_key(name) {
            for value in headers.get_all(name) {
                response.headers_mut().append(name.clone(), value.clone());
            }
        }
    }
}
