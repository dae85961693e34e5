//! The way out of an answer, through layers or to another server.

use carafe_lambda::Failure;
use http::Method;
use http::header::{CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};

use crate::body::Body;
use crate::request::Request;
use crate::response::Response;

/// Makes an answer ready for the way out through layers, and perhaps for another server than Lambda's.
pub(super) fn leaving(request: &Request, (mut response, failure): (Response, Option<Failure>)) -> Response {
    request.values().leave_with(response.extensions_mut());
    if let Some(failure) = failure {
        response.extensions_mut().insert(failure);
    }
    if !request.has_origin() {
        frame(request.method(), &mut response);
        if let Some(after) = request.event().touched_after() {
            run_here(after);
        }
    }
    response
}

/// Runs work after the answer that no run loop and no caller will run.
fn run_here(after: carafe_lambda::After) {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn(async move { after.run().await })),
        Err(_) => after.abandon(
            "there is no tokio runtime, and the caller has put no `carafe::After` into the request's extensions",
        ),
    }
}

/// Makes the length right, as Lambda's codec does by itself: another server sends what there is (RFC 9110 §6.4, §8.6).
fn frame(method: &Method, response: &mut Response) {
    let has_no_body = matches!(response.status().as_u16(), 100..200 | 204 | 304);
    let is_head = method == Method::HEAD;
    let headers = response.headers_mut();
    headers.remove(TRANSFER_ENCODING);
    // The answer to HEAD may tell the length that GET's would have.
    let told = headers.remove(CONTENT_LENGTH);
    let len = response.body().len();
    let told = told.filter(|_| len == 0);
    if is_head || has_no_body {
        *response.body_mut() = Body::empty();
    }
    if is_head && !has_no_body {
        response.headers_mut().insert(CONTENT_LENGTH, told.unwrap_or_else(|| HeaderValue::from(len)));
    }
}
