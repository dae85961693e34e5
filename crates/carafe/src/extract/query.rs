//! The whole query as one struct.

use std::ops::Deref;

use serde::Deserialize;

use super::{FromRequest, pairs};
use crate::error::Error;
use crate::request::Request;

/// All query parameters as one struct or map. A field that does not fit is named.
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
/// let app = App::new().routes(routes![search]);
/// assert_eq!(app.get("/search?q=a&tag=x&tag=y").send().text(), r#"a None ["x", "y"]"#);
/// let reply = app.get("/search?q=a&page=two").send();
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

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Query<T> {
    fn from_request(request: &'r Request) -> Result<Query<T>, Error> {
        pairs::read_pairs("query parameter", request.readable_query()?).map(Query)
    }
}
