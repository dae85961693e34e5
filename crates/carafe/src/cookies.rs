//! Cookies that came with the request, and cookies that leave with the answer (RFC 6265).

mod cookie;

use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderValue;

pub use cookie::{Cookie, SameSite};

use crate::error::Error;
use cookie::is_name;

/// The cookies of a request and of its answer.
///
/// As an argument it reads the cookies that came and sets or deletes some with the answer, whatever that will be.
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
/// let client = App::new().routes(routes![visit]).test();
/// assert_eq!(client.get("/visit").send().text(), "Visit 1");
/// assert_eq!(client.get("/visit").send().text(), "Visit 2"); // the client keeps cookies
/// ```
#[derive(Clone, Debug)]
pub struct Cookies(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    event: carafe_lambda::Event,
    written: Mutex<Vec<Cookie>>,
}

impl Cookies {
    pub(crate) fn new(event: carafe_lambda::Event) -> Cookies {
        Cookies(Arc::new(Inner { event, written: Mutex::new(Vec::new()) }))
    }

    /// Returns the value of a cookie that came with the request, as it stands but without enclosing quotes. Of several
    /// with the name the last counts.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().filter(|(own, _)| *own == name).last().map(|(_, value)| value)
    }

    /// Returns all cookies that came with the request. A piece without `=` is passed over.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let header = self.0.event.header("cookie").unwrap_or_default();
        header.split(';').filter_map(|piece| {
            let (name, value) = piece.trim().split_once('=')?;
            let value = value.trim();
            let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            is_name(name).then_some((name, bare.unwrap_or(value)))
        })
    }

    /// Sets a cookie with the answer, whatever that will be: a [`Cookie`], or a name and a value.
    ///
    /// A name or value that a cookie cannot have makes the answer a 500, and the log says why.
    pub fn set(&self, cookie: impl Into<Cookie>) {
        let cookie = cookie.into();
        let mut written = self.0.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.retain(|old| !old.replaces(&cookie));
        written.push(cookie);
    }

    /// Deletes a cookie with the answer. Path and domain must be those it was set with: for others than the usual
    /// give a whole [`Cookie`].
    pub fn delete(&self, cookie: impl Into<Cookie>) {
        self.set(cookie.into().expired());
    }

    /// Returns the `set-cookie` values for the answer.
    pub(crate) fn headers(&self) -> Result<Vec<HeaderValue>, Error> {
        let written = self.0.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.iter().map(Cookie::header).collect()
    }
}
