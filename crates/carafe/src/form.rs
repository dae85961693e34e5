//! The whole form as one struct, and what a page shows of it that was refused.

mod filled;
mod shown;

use std::ops::Deref;

use serde::Deserialize;

use crate::argument::groups::{Groups, Source};
use crate::argument::handover::Reading;
#[cfg(feature = "garde")]
use crate::argument::mismatch::JSON_FIELD;
use crate::argument::misused::OfSerde;
use crate::argument::pairs;
#[cfg(feature = "garde")]
use crate::argument::valid::{self, NoContext, ValidBody};
use crate::argument::{FromRequest, OptionalFromRequest};
#[cfg(feature = "garde")]
use crate::error::Error;
use crate::error::Result;
use crate::json::misfit;
use crate::request::{FormData, Request};
#[cfg(feature = "garde")]
use crate::request::{Pair, Part};

pub use filled::FilledForm;
pub(crate) use shown::Page;

/// All fields of a form as one struct or map: urlencoded, multipart, or a JSON object. A field that
/// does not fit is named; a `bool` that is missing from a form that is not JSON is an unticked checkbox, `false`.
///
/// `Result<Form<T>>` hands a refused form to the handler, whose [`Error::show`](crate::Error::show) shows it again with what was
/// typed. `Option<Form<T>>` is `None` for a request without a body.
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
        let form = request.form()?;
        let _reading = matches!(form, FormData::Multipart(_)).then(Reading::begin);
        let fields = match form {
            FormData::Empty => Groups::of_pairs(Source::Form, &[]),
            FormData::Pairs(list) => Groups::of_pairs(Source::Form, list),
            FormData::Multipart(parts) => Groups::of_parts(parts),
            FormData::Json(map) => {
                let value = serde_path_to_error::deserialize(map);
                let explain = |error: serde_path_to_error::Error<serde_json::Error>| {
                    misfit(&error.path().to_string(), &error.inner().to_string(), "")
                };
                let value: Result<T> = value.map_err(explain);
                return value.map(Form).map_err(|error| shown::with_texts(error, request));
            }
        };
        pairs::read(fields).map(Form).map_err(|error| shown::with_texts(error, request))
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

#[cfg(feature = "garde")]
impl<'r, T: Deserialize<'r> + Send + garde::Validate + 'r> ValidBody<'r> for Form<T> {
    type Value = T;

    fn validated(self, request: &'r Request) -> Result<Self>
    where
        T::Context: NoContext,
    {
        let Err(report) = valid::check(&self.0) else { return Ok(self) };
        let (place, body) = match request.form()? {
            FormData::Json(map) => (JSON_FIELD, map.clone().into()),
            FormData::Pairs(pairs) => (FORM_FIELD, valid::names_of(pairs.iter().map(Pair::name))),
            FormData::Multipart(parts) => (FORM_FIELD, valid::names_of(parts.iter().map(Part::name))),
            FormData::Empty => (FORM_FIELD, valid::names_of(std::iter::empty())),
        };
        Err(shown::with_texts(Error::invalid(&report, place, &body), request))
    }
}

#[cfg(feature = "garde")]
const FORM_FIELD: &str = "form field";
