//! The body as a form: urlencoded, multipart, or a JSON object.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use super::multipart::{self, Part};
use super::query::Pair;
use crate::error::Error;

/// What a form's body holds.
#[derive(Debug)]
pub(crate) enum FormData {
    Empty,
    Pairs(Vec<Pair>),
    Multipart(Vec<Part>),
    Json(Map<String, Value>),
}

/// Why the body is no form; kept, because every argument that asks gets the same answer.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    message: String,
}

impl Problem {
    pub(super) fn bad(message: impl Into<String>) -> Problem {
        Problem { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    pub(super) fn to_error(&self) -> Error {
        Error::new(self.status, self.message.clone())
    }
}

/// The kind of body a content type announces.
pub(crate) enum Kind {
    Urlencoded,
    Multipart,
    Json,
    Other,
}

/// The kind, by the type without its parameters, whatever the case (RFC 9110 §8.3.1).
pub(crate) fn kind(content_type: &str) -> Kind {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let is = |name: &str| essence.eq_ignore_ascii_case(name);
    let suffix = essence.len().checked_sub(5).and_then(|at| essence.get(at..));
    if is("application/x-www-form-urlencoded") {
        Kind::Urlencoded
    } else if is("multipart/form-data") {
        Kind::Multipart
    } else if is("application/json") || suffix.is_some_and(|end| end.eq_ignore_ascii_case("+json")) {
        Kind::Json
    } else {
        Kind::Other
    }
}

pub(super) fn decode(event: &carafe_lambda::Request) -> Result<FormData, Problem> {
    let body = event.body();
    if body.is_empty() {
        return Ok(FormData::Empty);
    }
    let content_type = event.header("content-type");
    match content_type.map_or(Kind::Other, kind) {
        Kind::Urlencoded => urlencoded(body).map(FormData::Pairs),
        Kind::Multipart => {
            multipart::read(content_type.unwrap_or_default(), body.clone()).map(FormData::Multipart)
        }
        Kind::Json => object(body).map(FormData::Json),
        Kind::Other => Err(Problem {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message: format!(
                "expected a form (`application/x-www-form-urlencoded`, `multipart/form-data` or a JSON object), got {}",
                shown(content_type)
            ),
        }),
    }
}

/// A content type for a message.
pub(crate) fn shown(content_type: Option<&str>) -> String {
    match content_type {
        Some(text) => format!("`{}`", text.chars().take(80).collect::<String>()),
        None => "a body without a content type".to_owned(),
    }
}

fn urlencoded(body: &Bytes) -> Result<Vec<Pair>, Problem> {
    let mut pairs: Vec<Pair> = serde_urlencoded::from_bytes(body)
        .map_err(|error| Problem::bad(format!("the form does not parse: {error}")))?;
    let replaced = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
    if pairs.iter().any(|(name, value)| replaced(name) || replaced(value))
        && let Some(name) = unreadable(body)
    {
        return Err(Problem::bad(super::query::not_text("form field", &name).message().to_owned()));
    }
    super::query::sort(&mut pairs);
    Ok(pairs)
}

/// The first field that is not UTF-8: the parser puts U+FFFD there, which may also be what the client meant.
fn unreadable(body: &[u8]) -> Option<String> {
    let mut pieces = body.split(|byte| *byte == b'&');
    pieces.find_map(|piece| {
        let mut halves = piece.splitn(2, |byte| *byte == b'=');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        let good = |raw: &[u8]| std::str::from_utf8(raw).is_ok_and(|raw| super::query::decode(raw).1);
        let name_text = || super::query::decode(&String::from_utf8_lossy(name)).0.into_owned();
        (!(good(name) && good(value))).then(name_text)
    })
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::bad("expected a JSON object with the fields as its keys")),
        Err(error) => Err(Problem::bad(format!("the JSON body does not parse: {error}"))),
    }
}
