//! The body as a form: urlencoded, multipart, or a JSON object.

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

pub(super) fn decode(event: &carafe_lambda::Event) -> Result<FormData, Problem> {
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
        None => "no content type".to_owned(),
    }
}

/// Pairs between `&`, halves around the first `=`, `+` a space (the URL standard's form parser, but what is not UTF-8 is
/// refused and not repaired).
fn urlencoded(body: &[u8]) -> Result<Vec<Pair>, Problem> {
    let mut pairs = Vec::new();
    for piece in body.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()) {
        let equals = piece.iter().position(|byte| *byte == b'=');
        let (name, rest) = piece.split_at(equals.unwrap_or(piece.len()));
        let (name, good_name) = super::query::decode(name);
        let (value, good_value) = super::query::decode(rest.strip_prefix(b"=").unwrap_or_default());
        if !(good_name && good_value) {
            return Err(Problem::bad(super::query::not_text("form field", &name).message().to_owned()));
        }
        pairs.push((name, value));
    }
    super::query::sort(&mut pairs);
    Ok(pairs)
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::bad("expected a JSON object with the fields as its keys")),
        Err(error) => Err(Problem::bad(format!("the JSON body does not parse: {error}"))),
    }
}
