//! The whole form as one struct.

use std::ops::Deref;

use serde::Deserialize;

use crate::argument::field::Field;
use crate::argument::misused::OfSerde;
use crate::argument::pairs::{self, Source};
use crate::argument::{FromRequest, OptionalFromRequest};
use crate::error::Result;
use crate::json::misfit;
use crate::request::{FormData, Part, Request};

/// All fields of a form as one struct or map: urlencoded, multipart without its files, or a JSON object. A field that
/// does not fit is named; a `bool` that is missing from a form that is not JSON is an unticked checkbox, `false`.
///
/// `Option<Form<T>>` is `None` for a request without a body.
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
/// let client = App::new().routes(routes![create]).test();
/// assert_eq!(client.post("/posts").form(&[("title", "Hi"), ("stars", "3")]).send().text(), "Hi 3");
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

impl<'r, T: Deserialize<'r> + Send> FromRequest<'r> for Form<T> {
    const WAITS: bool = false;

    async fn from_request(request: &'r Request) -> Result<Self> {
        let value = match request.form()? {
            FormData::Empty => pairs::read_pairs(Source::Form, &[])?,
            FormData::Pairs(list) => pairs::read_pairs(Source::Form, list)?,
            FormData::Multipart(parts) => {
                let groups = parts.chunk_by(|one, other| one.name() == other.name());
                let fields = groups.filter(|group| group.iter().any(Part::is_field));
                let fields =
                    fields.filter_map(|group| Some(Field::parts(group.first()?.name(), group).of_form()));
                pairs::read(Source::Form, &fields)?
            }
            FormData::Json(map) => serde_path_to_error::deserialize(map)
                .map_err(|error| misfit(&error.path().to_string(), &error.inner().to_string(), ""))?,
        };
        Ok(Form(value))
    }
}

/// Absent is a request without a body.
impl<'r, T: Deserialize<'r> + Send> OptionalFromRequest<'r> for Form<T> {
    async fn from_request_optional(request: &'r Request) -> Result<Option<Self>> {
        if request.content()?.is_empty() {
            return Ok(None);
        }
        Form::from_request(request).await.map(Some)
    }
}

impl<T> OfSerde for Form<T> {
    type Value = T;
}
