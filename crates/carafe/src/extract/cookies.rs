//! Cookies as an argument.

use std::ops::Deref;
use std::sync::Arc;

use super::FromRequest;
use crate::error::Error;
use crate::request::{Jar, Request};

/// The cookies that came, and a way to set and delete some with the answer, whatever that will be.
///
/// ```
/// use carafe::{App, Cookies, get, routes};
///
/// #[get("/visit")]
/// fn visit(cookies: Cookies) -> String {
///     let visits = cookies.get("visits").and_then(|text| text.parse().ok()).unwrap_or(0) + 1;
///     cookies.set(("visits", visits.to_string()));
///     format!("Visit {visits}")
/// }
///
/// let app = App::new().routes(routes![visit]);
/// let reply = app.get("/visit").cookie("visits", "1").send();
/// assert_eq!(reply.text(), "Visit 2");
/// assert_eq!(reply.cookie("visits"), Some("2"));
/// ```
#[derive(Clone, Debug)]
pub struct Cookies(Arc<Jar>);

impl Deref for Cookies {
    type Target = Jar;

    fn deref(&self) -> &Jar {
        &self.0
    }
}

impl FromRequest<'_> for Cookies {
    fn from_request(request: &Request) -> Result<Cookies, Error> {
        Ok(Cookies(Arc::clone(request.cookies())))
    }
}
