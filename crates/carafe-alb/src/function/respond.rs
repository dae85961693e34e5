//! Replies of the Runtime API.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

pub(super) fn accepted() -> Response<Full<Bytes>> {
    json(StatusCode::ACCEPTED, Bytes::from_static(br#"{"status":"OK"}"#))
}

pub(super) fn problem(status: StatusCode, kind: &str, message: &str) -> Response<Full<Bytes>> {
    let text = serde_json::json!({"errorMessage": message, "errorType": kind}).to_string();
    json(status, Bytes::from(text))
}

pub(super) fn json(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    response
}
