//! A request as the event of a load balancer (`docs/alb.md` §1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// Name and value pairs as one of the two families of fields has them.
pub(super) fn family(pairs: &[(String, String)], multi: bool) -> Value {
    let mut map = Map::new();
    for (name, value) in pairs {
        if !multi {
            map.insert(name.clone(), json!(value));
            continue;
        }
        if let Value::Array(values) = map.entry(name.clone()).or_insert_with(|| json!([])) {
            values.push(json!(value));
        }
    }
    Value::Object(map)
}

/// The body as text, or base64 where it is none, and which of the two.
pub(super) fn body(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (STANDARD.encode(bytes), true),
    }
}

/// The body of an answer document.
pub(super) fn body_of(answer: &Value) -> Vec<u8> {
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    let encoded = answer.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or_default();
    if encoded { STANDARD.decode(body).unwrap_or_default() } else { body.as_bytes().to_vec() }
}
