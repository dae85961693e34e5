//! A JSON body as one value.

use std::ops::Deref;

use http::StatusCode;
use serde::Deserialize;

use super::FromRequest;
use crate::error::Error;
use crate::request::{Kind, Request, kind, shown};

/// A JSON body as an argument, and JSON as a reply where the type alone would not say so (text, for example).
///
/// Another content type is answered 415, JSON that does not parse 400 with line and column, a value that does not fit
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
/// let app = App::new().routes(routes![create]);
/// let reply = app.post("/posts").json(&serde_json::json!({"title": "Hi", "stars": 3})).send();
/// assert_eq!(reply.text(), "Hi 3");
///
/// let reply = app.post("/posts").json(&serde_json::json!({"title": "Hi", "stars": "many"})).send();
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

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Json<T> {
    fn from_request(request: &'r Request) -> Result<Json<T>, Error> {
        let content_type = request.header("content-type");
        if !matches!(content_type.map(kind), Some(Kind::Json)) {
            return Err(Error::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("expected `application/json`, got {}", shown(content_type)),
            ));
        }
        let body = request.body();
        if body.is_empty() {
            return Err(Error::new(StatusCode::BAD_REQUEST, "the body is empty: expected JSON"));
        }
        match serde_json::from_slice(body) {
            Ok(value) => Ok(Json(value)),
            Err(error) => Err(explained::<T>(body, &error)),
        }
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
    Error::new(StatusCode::BAD_REQUEST, misfit("the JSON body", &path, &error.to_string()))
}

/// The sentence for a value that parses but does not fit.
pub(super) fn misfit(place: &str, path: &str, reason: &str) -> String {
    let reason: String = reason.chars().take(200).collect();
    if path == "." || path == "?" {
        return format!("{place}: {reason}");
    }
    let path: String = path.chars().take(80).collect();
    format!("{place}: `{path}`: {reason}")
}
