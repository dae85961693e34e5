//! The whole query as one struct.

use std::ops::Deref;

use serde::Deserialize;

use crate::argument::groups::{Groups, Source};
use crate::argument::misused::OfSerde;
use crate::argument::pairs;
#[cfg(feature = "garde")]
use crate::argument::valid::{self, NoContext, ValidBody};
use crate::argument::{FromRequest, OptionalFromRequest};
#[cfg(feature = "garde")]
use crate::error::Error;
use crate::error::Result;
#[cfg(feature = "garde")]
use crate::request::Pair;
use crate::request::Request;

/// All query parameters as one struct or map. A field that does not fit is named.
///
/// `Option<Query<T>>` is `None` for a URL without parameters.
///
/// ```
/// use carafe::{App, Query, get, routes};
///
/// #[derive(serde::Deserialize)]
/// struct Search { q: String, page: Option<u32>, #[serde(default)] tag: Vec<String> }
///
/// #[get("/search")]
/// fn search(search: Query<Search>) -> String {
///     format!("{} {:?} {:?}", search.q, search.page, search.tag)
/// }
///
/// let client = App::new().routes(routes![search]).test().multi_value_headers();
/// assert_eq!(client.get("/search?q=a&tag=x&tag=y").send().text(), r#"a None ["x", "y"]"#);
/// let reply = client.get("/search?q=a&page=two").send();
/// assert_eq!(reply.status(), 400);
/// assert!(reply.text().contains("`page`"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<T>(
    /// The value.
    pub T,
);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'r, T: Deserialize<'r> + Send> FromRequest<'r> for Query<T> {
    const WAITS: bool = false;

    async fn from_request(request: &'r Request) -> Result<Self> {
        pairs::read(Groups::of_pairs(Source::Query, request.query_pairs())).map(Query)
    }
}

/// Absent is a query string without parameters.
impl<'r, T: Deserialize<'r> + Send> OptionalFromRequest<'r> for Query<T> {
    async fn from_request_optional(request: &'r Request) -> Result<Option<Self>> {
        if request.query_pairs().is_empty() {
            return Ok(None);
        }
        Query::from_request(request).await.map(Some)
    }
}

impl<T> OfSerde for Query<T> {
    type Value = T;
}

#[cfg(feature = "garde")]
impl<'r, T: Deserialize<'r> + Send + garde::Validate + 'r> ValidBody<'r> for Query<T> {
    type Value = T;

    fn validated(self, request: &'r Request) -> Result<Self>
    where
        T::Context: NoContext,
    {
        let Err(report) = valid::check(&self.0) else { return Ok(self) };
        let names = valid::names_of(request.query_pairs().iter().map(Pair::name));
        Err(Error::invalid(&report, "query parameter", &names))
    }
}
