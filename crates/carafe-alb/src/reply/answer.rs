//! The answer of a function, checked as strictly as a load balancer does (rules 1 to 4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use hyper::ext::ReasonPhrase;
use serde_json::{Map, Value};

use crate::refusal::{Reason, Refusal};

/// Bytes in the JSON of an answer.
const MOST: usize = 1024 * 1024;
/// Bytes from which there is a warning: the limit may as well be meant in thousands.
const NEARLY: usize = 1_000_000;
/// Bytes in all headers of an answer.
const MOST_HEADERS: usize = 32 * 1024;

/// An answer that is in order.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) reason: Option<ReasonPhrase>,
    /// The headers of the mode's family; each spelling is its own name here.
    pub(crate) headers: Vec<(String, Vec<HeaderValue>)>,
    /// There are no headers of the family of the mode at all.
    pub(crate) no_family: bool,
    pub(crate) body: Bytes,
    pub(crate) warnings: Vec<String>,
}

/// Reads the JSON of an answer.
pub(crate) fn read(json: &[u8], multi: bool) -> Result<Answer, Refusal> {
    if json.len() > MOST {
        let why = format!("the answer has {} bytes of JSON; 1 MiB ({MOST} bytes) is the most", json.len());
        return Err(Refusal::bad_gateway(Reason::LambdaResponseTooLarge, why));
    }
    let mut warnings = Vec::new();
    if json.len() > NEARLY {
        warnings.push(format!(
            "the answer has {} bytes of JSON; the limit may be {NEARLY} as well as {MOST}",
            json.len()
        ));
    }
    let value = match serde_json::from_slice(json) {
        Ok(value) => value,
        Err(_) if json.contains(&0) => {
            return invalid("the answer is a streamed one; a load balancer takes only whole answers");
        }
        Err(error) => return invalid(format!("the answer is not JSON: {error}")),
    };
    let Value::Object(mut fields) = value else {
        return invalid(format!("the answer is {}; it has to be an object", kind(&value)));
    };
    let status = status(&fields)?;
    let reason = reason(&fields, status, &mut warnings)?;
    let (family, other) =
        if multi { ("multiValueHeaders", "headers") } else { ("headers", "multiValueHeaders") };
    let (headers, no_family) = match fields.get(family) {
        Some(Value::Object(map)) => (headers(map, family, multi)?, false),
        Some(value) => {
            return invalid(format!("`{family}` is {}; it has to be an object, or left out", kind(value)));
        }
        None => (Vec::new(), true),
    };
    if no_family && fields.contains_key(other) {
        let on = if multi { "on" } else { "off" };
        warnings.push(format!(
            "the answer has `{other}`, and with multi-value headers {on} the load balancer reads only `{family}`"
        ));
    }
    let body = body(&mut fields)?;
    Ok(Answer { status, reason, headers, no_family, body, warnings })
}

fn invalid<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::bad_gateway(Reason::LambdaInvalidResponse, why))
}

/// Names the type of a value, for a sentence.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn status(fields: &Map<String, Value>) -> Result<StatusCode, Refusal> {
    let value = match fields.get("statusCode") {
        Some(Value::Number(number)) => number,
        Some(value) => return invalid(format!("`statusCode` is {}; it has to be an integer", kind(value))),
        None => return invalid("`statusCode` is missing"),
    };
    let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.filter(|&status| status >= 200).and_then(|status| StatusCode::from_u16(status).ok());
    match status {
        Some(status) => Ok(status),
        None => invalid(format!("`statusCode` is {value}; it has to be an integer from 200 to 999")),
    }
}

/// Returns `404 Not Found` without its number.
fn reason(
    fields: &Map<String, Value>,
    status: StatusCode,
    warnings: &mut Vec<String>,
) -> Result<Option<ReasonPhrase>, Refusal> {
    let text = match fields.get("statusDescription") {
        None => return Ok(None),
        Some(Value::String(text)) => text,
        Some(value) => {
            return invalid(format!(
                "`statusDescription` is {}; it has to be a string, or left out",
                kind(value)
            ));
        }
    };
    let phrase = text.strip_prefix(status.as_str()).and_then(|rest| rest.strip_prefix(' '));
    let phrase = phrase.and_then(|phrase| ReasonPhrase::try_from(phrase.as_bytes().to_vec()).ok());
    if phrase.is_none() {
        warnings.push(format!("`statusDescription` is {text:?}; it should read like \"{status}\""));
    }
    Ok(phrase)
}

fn headers(
    map: &Map<String, Value>,
    family: &str,
    multi: bool,
) -> Result<Vec<(String, Vec<HeaderValue>)>, Refusal> {
    let mut headers = Vec::with_capacity(map.len());
    let mut length = 0;
    for (name, value) in map {
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return invalid(format!("{name:?} in `{family}` is not the name of a header"));
        }
        let values = match (value, multi) {
            (Value::String(value), false) => vec![text(name, family, value)?],
            (Value::Array(values), true) => {
                let values = values.iter().map(|value| match value {
                    Value::String(value) => text(name, family, value),
                    value => invalid(format!(
                        "`{family}[{name:?}]` has {} in it; each has to be a string",
                        kind(value)
                    )),
                });
                values.collect::<Result<_, _>>()?
            }
            (value, _) => {
                let wanted = if multi { "an array of strings" } else { "a string" };
                return invalid(format!("`{family}[{name:?}]` is {}; it has to be {wanted}", kind(value)));
            }
        };
        length += values.iter().map(|value| name.len() + value.len() + ": \r\n".len()).sum::<usize>();
        headers.push((name.clone(), values));
    }
    if length > MOST_HEADERS {
        return invalid(format!("the headers of the answer have {length} bytes; {MOST_HEADERS} is the most"));
    }
    Ok(headers)
}

fn text(name: &str, family: &str, value: &str) -> Result<HeaderValue, Refusal> {
    let why = || format!("`{family}[{name:?}]` is {value:?}, which cannot be the value of a header");
    HeaderValue::from_bytes(value.as_bytes()).or_else(|_| invalid(why()))
}

fn body(fields: &mut Map<String, Value>) -> Result<Bytes, Refusal> {
    let base64 = match fields.get("isBase64Encoded") {
        None => false,
        Some(Value::Bool(base64)) => *base64,
        Some(value) => {
            return invalid(format!(
                "`isBase64Encoded` is {}; it has to be a boolean, or left out",
                kind(value)
            ));
        }
    };
    match fields.remove("body") {
        None => Ok(Bytes::new()),
        Some(Value::String(text)) if !base64 => Ok(Bytes::from(text)),
        Some(Value::String(text)) => match STANDARD.decode(text) {
            Ok(bytes) => Ok(Bytes::from(bytes)),
            Err(error) => invalid(format!(
                "`isBase64Encoded` is true and `body` is not base64: {error} (padded, without line breaks: RFC 4648 §4)"
            )),
        },
        Some(value) => invalid(format!("`body` is {}; it has to be a string, or left out", kind(&value))),
    }
}
