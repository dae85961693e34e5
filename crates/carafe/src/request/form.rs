//! The body as a form: urlencoded, multipart, or a JSON object.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use super::content_type::{Kind, kind, quoted};
use super::multipart::{self, Part};
use super::problem::Problem;
use super::query::Pair;

/// The fields of a form's body.
#[derive(Debug)]
pub(crate) enum FormData {
    Empty,
    Pairs(Vec<Pair>),
    Multipart(Vec<Part>),
    Json(Map<String, Value>),
}

/// Decodes a body by its content type.
pub(super) fn decode(content_type: Option<&str>, body: &Bytes) -> Result<FormData, Problem> {
    if body.is_empty() {
        return Ok(FormData::Empty);
    }
    match content_type.map_or(Kind::Other, kind) {
        Kind::Urlencoded => Ok(FormData::Pairs(urlencoded(body))),
        Kind::Multipart => multipart::read(content_type.unwrap_or_default(), body).map(FormData::Multipart),
        Kind::Json => object(body).map(FormData::Json),
        Kind::Other => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!(
                "expected a form (`application/x-www-form-urlencoded`, `multipart/form-data` or a JSON object), got {}",
                quoted(content_type)
            ),
        )),
    }
}

/// Splits at `&` and at each piece's first `=`; `+` is a space (the URL standard's parser of
/// `application/x-www-form-urlencoded`).
fn urlencoded(body: &[u8]) -> Vec<Pair> {
    let first = |body| split(body, memchr::memchr(b'&', body));
    let pieces =
        std::iter::successors(Some(first(body)), |(_, rest)| (!rest.is_empty()).then(|| first(rest)));
    let pieces = pieces.map(|(piece, _)| piece).filter(|piece| !piece.is_empty());
    let pairs = pieces.map(|piece| {
        // Byte by byte: names are short.
        let (name, value) = split(piece, piece.iter().position(|byte| *byte == b'='));
        Pair::decoded(name, value)
    });
    let mut pairs: Vec<Pair> = pairs.collect();
    super::query::sort(&mut pairs);
    pairs
}

/// Splits at this place, and leaves out the byte there.
fn split(bytes: &[u8], place: Option<usize>) -> (&[u8], &[u8]) {
    let (start, rest) = bytes.split_at(place.unwrap_or(bytes.len()));
    (start, rest.get(1..).unwrap_or_default())
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::bad("expected a JSON object with the fields as its keys")),
        Err(error) => Err(Problem::bad(format!("the JSON body does not parse: {error}"))),
    }
}
