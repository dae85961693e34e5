//! A JSON body as one value.

use std::ops::Deref;

use http::StatusCode;
use serde::{Deserialize, Serialize, Serializer};

use crate::argument::mismatch::{JSON_FIELD, sentence, shown};
use crate::argument::misused::OfSerde;
use crate::argument::pointer;
#[cfg(feature = "garde")]
use crate::argument::valid::{self, NoContext, ValidBody};
use crate::argument::{FromRequest, OptionalFromRequest};
use crate::error::{Error, Fault, Result, is_secret};
use crate::request::{Kind, Request, kind, quoted};
use crate::response::{Responder, Response, json};

/// A JSON body as an argument, and JSON as a reply where the type alone would not say so (text, for example).
///
/// `Option<Json<T>>` is `None` for a request without a body. Another content type is answered 415, JSON that does not parse 400 with line and column, a value that does not fit
/// 400 with the name of the field.
///
/// ```
/// use carafe::{App, Json, post, routes};
///
/// #[derive(serde::Deserialize)]
/// struct Post { title: String, stars: u8 }
///
/// #[post("/posts")]
/// fn create(Json(post): Json<Post>) -> String {
///     format!("{} {}", post.title, post.stars)
/// }
///
/// let client = App::new().routes(routes![create]).test();
/// let reply = client.post("/posts").json(&serde_json::json!({"title": "Hi", "stars": 3})).send();
/// assert_eq!(reply.text(), "Hi 3");
///
/// let reply = client.post("/posts").json(&serde_json::json!({"title": "Hi", "stars": "many"})).send();
/// assert_eq!(reply.status(), 400);
/// assert!(reply.text().contains("`stars`"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(
    /// The value.
    pub T,
);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'r, T: Deserialize<'r> + Send> FromRequest<'r> for Json<T> {
    const WAITS: bool = false;

    async fn from_request(request: &'r Request) -> Result<Self> {
        let content_type = request.header("content-type");
        if !matches!(content_type.map(kind), Some(Kind::Json)) {
            return Err(Error::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("expected `application/json`, got {}", quoted(content_type)),
            ));
        }
        let body = request.content()?;
        if body.is_empty() {
            return Err(Error::new(StatusCode::BAD_REQUEST, "the body is empty: expected JSON"));
        }
        serde_json::from_slice(body).map(Json).map_err(|error| explained::<T>(body, &error))
    }
}

/// Absent is a request without a body.
impl<'r, T: Deserialize<'r> + Send> OptionalFromRequest<'r> for Json<T> {
    async fn from_request_optional(request: &'r Request) -> Result<Option<Self>> {
        if request.content()?.is_empty() {
            return Ok(None);
        }
        Json::from_request(request).await.map(Some)
    }
}

impl<T: Serialize> Responder for Json<T> {
    fn respond_to(self, _: &Request) -> Result<Response> {
        json(&self.0)
    }
}

/// As the value: what a function of [`App::on_event`](crate::App::on_event) returns may have it in its `Ok`.
impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // As a newtype: a `Result` in it is data.
        serializer.serialize_newtype_struct("Json", &self.0)
    }
}

/// Reads once more what could not be read, to find out where in the value that was.
fn explained<'r, T: Deserialize<'r>>(body: &'r [u8], error: &serde_json::Error) -> Error {
    if !error.is_data() {
        return Error::new(StatusCode::BAD_REQUEST, format!("the JSON body does not parse: {error}"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Err(error) => error.path().to_string(),
        Ok(_) => ".".to_owned(),
    };
    // What serde_json says of a body ends with the place in it.
    let reason = error.to_string();
    match reason.rsplit_once(" at line ") {
        Some((words, place)) => misfit(&path, words, &format!(" at line {place}")),
        None => misfit(&path, &reason, ""),
    }
}

/// Makes the 400 for a value that parses but does not fit: `words` as serde has them, such as
/// ``missing field `x` `` or `invalid type: string "x", expected u8`.
pub(crate) fn misfit(path: &str, words: &str, position: &str) -> Error {
    let field = words.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    // What came stands in serde's words, and may in those of a type.
    let words = match words.rsplit_once(", expected ") {
        _ if field.is_some() || !is_secret(path) => words,
        Some((_, expected)) => &format!("not valid, expected {expected}"),
        None => "not valid",
    };
    let is_whole = path == "." || path == "?";
    let reason = format!("{}{position}", sentence(words));
    let (name, expected, got) = match (field, words.rsplit_once(", expected ")) {
        (Some(field), _) if is_whole => (shown(field), "a value".to_owned(), None),
        (Some(field), _) => (shown(&format!("{path}.{field}")), "a value".to_owned(), None),
        (None, _) if is_whole => {
            return Error::new(StatusCode::BAD_REQUEST, format!("the JSON body: {reason}"));
        }
        (None, Some((came, expected))) => {
            (shown(path), sentence(expected), came.split_once(": ").map(|(_, came)| shown(came)))
        }
        (None, None) => (shown(path), sentence(words), None),
    };
    let pointer = match field {
        Some(field) => pointer::of(path).below(field),
        None => pointer::of(path),
    };
    Error::of_faults(vec![Fault {
        name,
        place: JSON_FIELD,
        expected: Some(expected.into()),
        reason: field.is_none().then_some(reason),
        got,
        missing: field.is_some(),
        pointer: pointer.told(),
        refused: false,
    }])
}

impl<T> OfSerde for Json<T> {
    type Value = T;
}

#[cfg(feature = "garde")]
impl<'r, T: Deserialize<'r> + Send + garde::Validate + 'r> ValidBody<'r> for Json<T> {
    type Value = T;

    fn validated(self, request: &'r Request) -> Result<Self>
    where
        T::Context: NoContext,
    {
        let Err(report) = valid::check(&self.0) else { return Ok(self) };
        let body = serde_json::from_slice(request.content()?).unwrap_or_default();
        Err(Error::invalid(&report, JSON_FIELD, &body))
    }
}
