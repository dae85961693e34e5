//! The headers that every message to a client carries.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, DATE};
use http::{HeaderValue, Method, Response, StatusCode};

/// Adds `date` and `content-length`, and takes the body away where HTTP has none (RFC 9110 §6.4.1).
pub(crate) fn complete(mut response: Response<Bytes>, method: &Method) -> Response<Bytes> {
    let length = response.body().len();
    let head = method == Method::HEAD;
    let bodyless = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let headers = response.headers_mut();
    if let Ok(date) = HeaderValue::try_from(httpdate::fmt_http_date(SystemTime::now())) {
        headers.entry(DATE).or_insert(date);
    }
    // After HEAD the length is that of the reply to GET; an empty body may mean that the function did not make one, and
    // then the length is the one that it stated, if any.
    if !(bodyless || head && length == 0) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if bodyless || head {
        *response.body_mut() = Bytes::new();
    }
    response
}
