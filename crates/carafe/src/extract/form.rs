//! The whole form as one struct.

use std::ops::Deref;

use http::StatusCode;
use serde::Deserialize;

use super::{FromRequest, json, pairs};
use crate::error::Error;
use crate::request::{FormData, Request};
use crate::value::Field;

/// All fields of a form as one struct or map: urlencoded, multipart without its files, or a JSON object. A field that
/// does not fit is named.
///
/// ```
/// use carafe::{App, Form, post, routes};
///
/// #[derive(serde::Deserialize)]
/// struct Post { title: String, stars: u8 }
///
/// #[post("/posts")]
/// fn create(post: Form<Post>) -> String {
///     format!("{} {}", post.title, post.stars)
/// }
///
/// let app = App::new().routes(routes![create]);
/// assert_eq!(app.post("/posts").form(&[("title", "Hi"), ("stars", "3")]).send().text(), "Hi 3");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form<T>(
    /// The value.
    pub T,
);

impl<T> Deref for Form<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

const PLACE: &str = "form field";

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Form<T> {
    fn from_request(request: &'r Request) -> Result<Form<T>, Error> {
        let value = match request.form()? {
            FormData::Empty => pairs::read_pairs(PLACE, &[])?,
            FormData::Pairs(list) => pairs::read_pairs(PLACE, list)?,
            FormData::Multipart(parts) => {
                let groups = parts.chunk_by(|one, other| one.name() == other.name());
                let texts = groups.filter(|group| group.iter().any(|part| part.text().is_some()));
                let fields = texts.filter_map(|group| Some(Field::parts(group.first()?.name(), group)));
                pairs::read(PLACE, fields)?
            }
            FormData::Json(map) => serde_path_to_error::deserialize(map).map_err(|error| {
                let text =
                    json::misfit("the JSON body", &error.path().to_string(), &error.inner().to_string());
                Error::new(StatusCode::BAD_REQUEST, text)
            })?,
        };
        Ok(Form(value))
    }
}
