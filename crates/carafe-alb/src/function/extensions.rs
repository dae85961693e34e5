//! The extensions of one copy of the function: they register and wait. Events of theirs are not handed out.

use std::future::pending;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use super::freezer::Freezer;
use super::respond::{json, problem};
use crate::FUNCTION_NAME;

const IDENTIFIER: &str = "lambda-extension-identifier";

/// The identifiers of those that have registered.
#[derive(Debug, Default)]
pub(super) struct Extensions(Mutex<Vec<String>>);

impl Extensions {
    /// Registers an extension, as long as the function has not asked for its first event.
    pub(super) fn register(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        freezer: &Freezer,
    ) -> Response<Full<Bytes>> {
        if let Err((status, kind, message)) = check(headers, body, freezer) {
            return problem(status, kind, message);
        }
        let identifier = format!("{:016x}-{:016x}", fastrand::u64(..), fastrand::u64(..));
        let function =
            json!({"functionName": FUNCTION_NAME, "functionVersion": "$LATEST", "handler": "bootstrap"});
        let mut response = json(StatusCode::OK, function.to_string().into());
        if let Ok(value) = HeaderValue::from_str(&identifier) {
            response.headers_mut().insert(IDENTIFIER, value);
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(identifier);
        freezer.registers();
        response
    }

    /// Has an extension wait for an event: for ever, but a call of nobody who has registered is refused.
    pub(super) async fn next(&self, headers: &HeaderMap, freezer: &Freezer) -> Response<Full<Bytes>> {
        let Some(identifier) = headers.get(IDENTIFIER) else {
            let message = "the header `lambda-extension-identifier` is missing";
            return problem(StatusCode::FORBIDDEN, "Extension.MissingHeader", message);
        };
        let is_known = {
            let registered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            registered.iter().any(|own| identifier.as_bytes() == own.as_bytes())
        };
        if !is_known {
            let message = "no extension has registered with this identifier";
            return problem(StatusCode::FORBIDDEN, "Extension.UnknownExtensionIdentifier", message);
        }
        let _waiting = freezer.waits();
        pending().await
    }
}

/// Checks a registration as Lambda does. The types of the errors are Lambda's.
fn check(
    headers: &HeaderMap,
    body: &[u8],
    freezer: &Freezer,
) -> Result<(), (StatusCode, &'static str, &'static str)> {
    let refused = |kind, message| Err((StatusCode::FORBIDDEN, kind, message));
    if freezer.has_started() {
        let message = "extensions register before the function asks for its first event";
        return refused("Extension.RegistrationClosed", message);
    }
    if headers.get("lambda-extension-name").is_none_or(HeaderValue::is_empty) {
        return refused("Extension.InvalidExtensionName", "the header `lambda-extension-name` is missing");
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(events) = body.get("events").and_then(Value::as_array) else {
        let message = "the body has to be an object with a list `events`";
        return Err((StatusCode::BAD_REQUEST, "InvalidRequestFormat", message));
    };
    if events.iter().any(|event| event == "SHUTDOWN") {
        let message = "an extension inside the function's process cannot have SHUTDOWN";
        return refused("ShutdownEventNotSupportedForInternalExtension", message);
    }
    if events.iter().any(|event| event != "INVOKE") {
        return refused("Extension.InvalidEventType", "the only event for an internal extension is INVOKE");
    }
    Ok(())
}
